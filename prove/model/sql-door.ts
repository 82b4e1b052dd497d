import type postgres from 'postgres'
import { problems } from '../../shared/problems.ts'
import { attempt, type Outcome, rolledBack, toRefusal, type Transaction } from '../../tests/database/support/outcome.ts'
import { type Door, problemOf, type Reply, type Request, type Sender, type System } from './system.ts'

/**
 * The database as the Data API speaks to it; each run is one transaction that never commits. `prepare` is done first in
 * each of them.
 */
export const createSqlDoor = (
  sql: postgres.Sql,
  facts: System['facts'],
  prepare: (tx: Transaction) => Promise<unknown> = () => Promise.resolve(),
): Door => ({
  name: 'sql',
  open: (run) =>
    rolledBack(sql, async (tx) => {
      await prepare(tx)
      await run(createSystem(tx, facts))
    }),
})

const createSystem = (tx: Transaction, facts: System['facts']): System => ({
  name: 'sql',
  facts,
  owner: tx,
  own: async (statement) => toReply(await attempt(tx, statement), ({ count }) => count),
  send: async (sender, request) =>
    toReply(
      await actAs(tx, sender, toStatement(tx, request)),
      ({ rows }) => request.does === 'call' ? rows[0]?.answer : rows,
    ),
  look: async (sender, tables) => {
    const rows = tables.map((table) =>
      `'${table}', (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from "${table}" as t)`
    )
    const seen = await actAs(tx, sender, tx.unsafe(`select jsonb_build_object(${rows.join(', ')}) as seen`))
    return seen.rows[0]?.seen
  },
})

/** Runs one statement with role, claims and headers set and checked as PostgREST does. */
async function actAs(
  tx: Transaction,
  sender: Sender,
  statement: postgres.PendingQuery<postgres.Row[]>,
): Promise<Outcome> {
  const { user_id, email, session_id, organization } = sender
  const claims = { role: 'authenticated', aud: 'authenticated', sub: user_id, email, session_id }
  const headers = organization === undefined ? {} : { 'x-organization-id': organization }
  try {
    // Sent at once: waiting for each answer would be most of a run.
    const [, , , rows] = await Promise.all([
      tx`savepoint request`,
      tx`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
        set_config('request.headers', ${JSON.stringify(headers)}, true), set_config('role', 'authenticated', true)`,
      tx`select tenancy.check_request()`,
      statement,
    ])
    await Promise.all([
      tx`select set_config('role', 'postgres', true), set_config('request.jwt.claims', '', true),
        set_config('request.headers', '', true)`,
      tx`release savepoint request`,
    ])
    return { rows: [...rows], count: rows.count }
  } catch (cause) {
    const refusal = toRefusal(cause)
    // Takes the role and the rest back too.
    await tx`rollback to savepoint request`
    return refusal
  }
}

function toStatement(tx: Transaction, request: Request): postgres.PendingQuery<postgres.Row[]> {
  switch (request.does) {
    case 'call': {
      const names = Object.keys(request.args)
      const list = names.map((name, at) => `${name} => $${at + 1}${isJson(request.args[name]) ? '::text::jsonb' : ''}`)
      // Sets are answered as arrays, as the Data API does.
      const call = request.name === 'get_user_organizations'
        ? `(select coalesce(jsonb_agg(o), '[]') from ${request.name}(${list.join(', ')}) as o)`
        : `${request.name}(${list.join(', ')})`
      return tx.unsafe(`select ${call} as answer`, names.map((name) => toParameter(request.args[name])), {
        prepare: true,
      })
    }
    case 'insert':
      return Object.keys(request.row).length > 0
        ? tx`insert into ${tx(request.table)} ${tx(request.row)} returning *`
        : tx`insert into ${tx(request.table)} default values returning *`
    case 'upsert':
      return tx`insert into ${tx(request.table)} ${tx(request.row)} on conflict (id) do update set ${
        Object.keys(request.row).map((column, at) => tx`${at ? tx`,` : tx``} ${tx(column)} = excluded.${tx(column)}`)
      } returning *`
    case 'update':
      return tx`update ${tx(request.table)} set ${tx(request.change)} where id = ${request.id} returning *`
    case 'delete':
      return tx`delete from ${tx(request.table)} where id = ${request.id} returning *`
    case 'read':
      return request.id === undefined
        ? tx`select * from ${tx(request.table)}`
        : tx`select * from ${tx(request.table)} where id = ${request.id}`
  }
}

const isJson = (value: unknown): boolean => typeof value === 'object' && value !== null

function toParameter(value: unknown): string | boolean | null {
  if (value === undefined || value === null) return null
  return typeof value === 'boolean' ? value : isJson(value) ? JSON.stringify(value) : String(value)
}

function toReply(outcome: Outcome, body: (outcome: Outcome) => unknown): Reply {
  if (!outcome.refused) return { body: body(outcome) }
  const { state, code } = outcome.refused
  const refused = problemOf(state, code)
  // The state is the HTTP status, and the hint the code: they must be one problem.
  const isRaised = state.startsWith('PT')
  if (isRaised && !Object.entries(problems).some(([code, { status }]) => code === refused && state === `PT${status}`)) {
    return { refused: `${refused} as ${state}` }
  }
  return { refused }
}
