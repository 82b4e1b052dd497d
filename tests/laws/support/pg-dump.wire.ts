// What both halves of pg-dump.ts know of Postgres' wire protocol, and how one hands the other its answers.

/** What the half that talks to the server is told at its start. */
export interface Start {
  host: string
  port: number
  memory: SharedArrayBuffer
}

const header = 12
const [full, length, more] = [0, 1, 2]

/** Memory in which one half hands over what the server said, piece by piece. */
export const sharedMemory = (): SharedArrayBuffer => new SharedArrayBuffer(header + 1_048_576)

/** Hands over an answer, and returns once the other half has taken all of it. */
export function hand(memory: SharedArrayBuffer, answer: Uint8Array): void {
  const state = new Int32Array(memory, 0, 3)
  const room = new Uint8Array(memory, header)
  for (let from = 0; from === 0 || from < answer.length; from += room.length) {
    const piece = answer.subarray(from, from + room.length)
    room.set(piece)
    Atomics.store(state, length, piece.length)
    Atomics.store(state, more, from + room.length < answer.length ? 1 : 0)
    Atomics.store(state, full, 1)
    Atomics.notify(state, full)
    Atomics.wait(state, full, 1)
  }
}

/** Stands still until there is an answer, and takes it. */
export function take(memory: SharedArrayBuffer): Uint8Array {
  const state = new Int32Array(memory, 0, 3)
  const pieces: Uint8Array[] = []
  for (let last = false; !last;) {
    Atomics.wait(state, full, 0)
    pieces.push(new Uint8Array(memory, header, Atomics.load(state, length)).slice())
    last = Atomics.load(state, more) === 0
    Atomics.store(state, full, 0)
    Atomics.notify(state, full)
  }
  return concatenated(pieces)
}

/** Bytes after each other. */
export function concatenated(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  pieces.reduce((at, piece) => {
    all.set(piece, at)
    return at + piece.length
  }, 0)
  return all
}

/** The messages at the front of a stream: where each begins, its type, and where it ends. */
export function* messages(bytes: Uint8Array, from = 0): Generator<{ type: string; start: number; end: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  while (from + 5 <= bytes.length) {
    const end = from + 1 + view.getInt32(from + 1)
    if (end > bytes.length) return
    yield { type: String.fromCharCode(bytes[from]!), start: from, end }
    from = end
  }
}

/** Whether the server waits for the client now: ready for a query, refusing to start, or asking for the next proof of identity. */
export function isWhole(answer: Uint8Array): boolean {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length)
  return [...messages(answer)].some(({ type, start }) =>
    type === 'Z' || (type === 'R' && ![0, 12].includes(view.getInt32(start + 5)))
  )
}

/** Whether a client that sent this waits for an answer: it asked, ended a batch, or proved who it is. */
export const asks = (type: string): boolean => ['Q', 'S', 'p'].includes(type)
