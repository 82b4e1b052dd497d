import type postgres from 'postgres'
import { median } from '../statistics.ts'
import type { Asker } from './askers.ts'
import { type Connection, type openLibrary, toValues, type Values } from './libpq.ts'
import { type Statement, withParameters } from './statements.ts'
import type { Way } from './ways.ts'

/** Microseconds that one way took: medians of a turn each. */
export interface Times {
  way: string
  /** The prepared statement, from sending it until its answer is there. */
  statement: number[]
  /** Begin, claims and headers, statement, rollback. */
  transaction: number[]
  /** Every execution of the statement: of each turn all, in their order. */
  executions: string[]
}

interface Prepared {
  connection: Connection
  execute: (asker: Asker) => { statement: number; transaction: number; rows: number }
}

const now = () => performance.now() * 1000

/** One way's connection, on which only its role asks: Postgres plans anew what two roles ask in turn. */
function prepare(library: ReturnType<typeof openLibrary>, url: string, statement: Statement, way: Way): Prepared {
  const connection = library.connect(url)
  connection.run(`set role ${way.role}`)
  for (const [setting, value] of Object.entries(way.settings ?? {})) connection.run(`set ${setting} = '${value}'`)
  const { sql, names } = withParameters(statement.sql(way))
  const identify = connection.prepare(
    'identify',
    `select set_config('request.jwt.claims', $1, true), set_config('request.headers', $2, true)`,
  )
  const ask = connection.prepare('ask', sql)
  const known = new Map<Asker, { identity: Values; values: Values }>()
  return {
    connection,
    execute(asker) {
      let sent = known.get(asker)
      if (!sent) {
        sent = {
          identity: toValues(way.claims ? [asker.claims, asker.headers] : ['', '']),
          values: toValues(names.map((name) => asker[name])),
        }
        known.set(asker, sent)
      }
      const begun = now()
      connection.run('begin')
      identify(sent.identity)
      const sending = now()
      const rows = ask(sent.values)
      const answered = now()
      connection.run('rollback')
      return { statement: answered - sending, transaction: now() - begun, rows }
    },
  }
}

/**
 * Runs a statement in every way, as a client sees it: interleaved execution by execution, in another order each time,
 * after a turn to warm up. Raises when a way finds or changes other rows than the first one.
 */
export function measure(
  library: ReturnType<typeof openLibrary>,
  url: string,
  statement: Statement,
  ways: Way[],
  askers: Asker[],
  turns: number,
): Times[] {
  const prepared = ways.map((way) => prepare(library, url, statement, way))
  const times: Times[] = ways.map(({ name }) => ({ way: name, statement: [], transaction: [], executions: [] }))
  try {
    for (let turn = -1; turn < turns; turn++) {
      const taken = ways.map(() => ({ statement: [] as number[], transaction: [] as number[] }))
      for (const [place, asker] of askers.entries()) {
        const rows: number[] = []
        for (let n = 0; n < ways.length; n++) {
          const at = (n + place + turn + 1) % ways.length
          const { statement, transaction, rows: touched } = prepared[at]!.execute(asker)
          taken[at]!.statement.push(statement)
          taken[at]!.transaction.push(transaction)
          rows[at] = touched
        }
        const odd = rows.findIndex((count) => count === 0 || count !== rows[0])
        if (odd >= 0) throw new Error(`${statement.name}: ${ways[odd]!.name} touched ${rows[odd]} rows, not ${rows[0]}`)
      }
      if (turn < 0) continue
      for (const [at, { statement, transaction }] of taken.entries()) {
        times[at]!.statement.push(median(statement))
        times[at]!.transaction.push(median(transaction))
        times[at]!.executions.push(statement.map((time) => time.toFixed(1)).join(' '))
      }
    }
  } finally {
    for (const { connection } of prepared) connection.close()
  }
  return times
}

/** A statement inside the server: a function runs it for one asker after the other, by the server's own clock. */
export async function prepareInside(
  admin: postgres.Sql,
  name: string,
  statement: Statement,
  way: Way,
): Promise<void> {
  const sql = statement.sql(way).replaceAll(/\{([a-z_]+)\}/g, 'one.$1').replace(/^select /, 'perform ')
  await admin.unsafe(`
    create function bench.${name}(askers jsonb) returns double precision[] language plpgsql as $run$
    declare
      one record;
      begun timestamptz;
      times double precision[] := '{}';
    begin
      for one in
        select * from jsonb_to_recordset(askers) as a (
          organization_id uuid, user_id uuid, lead_id uuid, own_lead_id uuid, call_id uuid, phone_number text,
          claims text, headers text
        )
      loop
        perform set_config('request.jwt.claims', ${way.claims ? 'one.claims' : "''"}, true),
          set_config('request.headers', ${way.claims ? 'one.headers' : "''"}, true);
        begun := clock_timestamp();
        ${sql};
        times := times || extract(epoch from clock_timestamp() - begun)::double precision * 1e6;
      end loop;
      return times;
    end $run$;
    grant execute on function bench.${name}(jsonb) to ${way.role};`)
}

class Undo extends Error {}

/** The median of what a statement took inside the server, after a change to the schema that is undone again. */
export async function runInside(
  admin: postgres.Sql,
  name: string,
  way: Way,
  askers: Asker[],
  change?: string,
): Promise<number> {
  let answer = NaN
  await admin.begin(async (tx) => {
    if (change) await tx.unsafe(change)
    await tx.unsafe(`set local role ${way.role}`)
    const [row] = await tx.unsafe<{ times: number[] }[]>(`select bench.${name}($1::text::jsonb) as times`, [
      JSON.stringify(askers),
    ])
    answer = median(row?.times ?? [])
    throw new Undo()
  }).catch((cause) => {
    if (!(cause instanceof Undo)) throw cause
  })
  return answer
}
