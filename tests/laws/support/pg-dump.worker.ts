import { connect, type Socket } from 'node:net'
import { hand, isWhole, type Start } from './pg-dump.wire.ts'

// The half of pg-dump.ts that talks to the server, while the other half stands still until it is answered.

let server: { socket: Socket; memory: SharedArrayBuffer } | undefined
let received = new Uint8Array(0)

const start = ({ host, port, memory }: Start) => {
  const socket = connect({ host, port })
  server = { socket, memory }
  socket.on('data', (chunk: Uint8Array) => {
    const all = new Uint8Array(received.length + chunk.length)
    all.set(received)
    all.set(chunk, received.length)
    received = all
    if (isWhole(received)) answer()
  })
  // Whatever came is all there is: pg_dump says that the connection was lost.
  socket.on('close', () => answer())
  socket.on('error', () => undefined)
}

const answer = () => {
  if (!server) return
  hand(server.memory, received)
  received = new Uint8Array(0)
}

addEventListener('message', ({ data }: MessageEvent<Start | Uint8Array>) => {
  if (data instanceof Uint8Array) server?.socket.write(data)
  else start(data)
})
