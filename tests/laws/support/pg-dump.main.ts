import type { PGlite } from '@electric-sql/pglite'
import { pgDump } from '@electric-sql/pglite-tools/pg_dump'
import { asks, concatenated, messages, sharedMemory, type Start, take } from './pg-dump.wire.ts'

// pg_dump, compiled to WebAssembly, against a real server: `pg-dump.main.ts <url> [options of pg_dump]` prints the dump.
// It asks its database through a function that answers at once, so the socket is another thread's and this one waits.

const [url = '', ...args] = Deno.args
const { hostname, port } = new URL(url)
const memory = sharedMemory()
const server = new Worker(new URL('./pg-dump.worker.ts', import.meta.url), { type: 'module' })
server.postMessage({ host: hostname, port: Number(port || 5432), memory } satisfies Start)

let pending = new Uint8Array(0)
let started = false

const database: PGlite = Object.assign(Object.create(null), {
  query: () => Promise.resolve({ rows: [{ search_path: '' }] }),
  exec: () => Promise.resolve([]),
  execProtocolRawSync(bytes: Uint8Array): Uint8Array {
    pending = concatenated([pending, bytes])
    const first = started ? 0 : new DataView(pending.buffer).getInt32(0)
    const whole = [...messages(pending, first)]
    const end = whole.at(-1)?.end ?? first
    const waits = !started || whole.some(({ type }) => asks(type))
    if (end === 0) return new Uint8Array(0)
    started = true
    server.postMessage(pending.slice(0, end))
    pending = pending.slice(end)
    return waits ? take(memory) : new Uint8Array(0)
  },
})

const dump = await pgDump({ pg: database, args: [`--dbname=${url}`, ...args] })
await dump.stream().pipeTo(Deno.stdout.writable)
Deno.exit(0)
