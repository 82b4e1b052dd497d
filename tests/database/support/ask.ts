import type postgres from 'postgres'
import { type Actor, as, type Cast } from './cast.ts'
import type { Transaction } from './outcome.ts'

/** A piece of SQL that calls an entry point. */
export type Call = (tx: Transaction) => postgres.PendingQuery<postgres.Row[]>

/** The answer of an entry point; of a refusal the problem code, or the state where the database itself refused. */
export async function ask(tx: Transaction, cast: Cast, actor: Actor, call: Call) {
  const { rows, refused } = await as(tx, cast, actor, (tx) => tx`select ${call(tx)} as answer`)
  return refused ? refused.code || refused.state : rows[0]?.answer
}
