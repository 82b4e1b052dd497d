import postgres from 'postgres'
import { inject } from 'vitest'

/** A transaction of the database owner, as a Supabase SQL editor has it. */
export type Transaction = postgres.TransactionSql

/** The connection of the tests: role postgres, who owns everything and passes row-level security. */
export const sql = postgres(inject('stack').DB_URL, { max: 4, onnotice: () => {} })

class RollBack extends Error {}

/**
 * Runs a story in a transaction that never commits. One that changes the schema does so in a database of its own: the
 * tests run beside each other, and its locks would stand in the others' way.
 */
export async function inTransaction(story: (tx: Transaction) => Promise<void>, database = sql): Promise<void> {
  await database.begin(async (tx) => {
    await story(tx)
    throw new RollBack()
  }).catch((cause) => {
    if (!(cause instanceof RollBack)) throw cause
  })
}

/** What a statement did: its rows, or how the database refused it. */
export type Outcome =
  | { rows: postgres.Row[]; count: number; refused?: undefined }
  | { rows: []; count: 0; refused: { state: string; code: string; message: string; constraint: string } }

/** Runs a statement and goes on after a refusal, with whatever it changed undone. */
export async function attempt(
  tx: Transaction,
  statement: (tx: Transaction) => Promise<postgres.RowList<postgres.Row[]>>,
): Promise<Outcome> {
  try {
    const rows = await tx.savepoint(async (savepoint) => await statement(savepoint))
    return { rows: [...rows], count: rows.count }
  } catch (cause) {
    if (!(cause instanceof postgres.PostgresError)) throw cause
    return {
      rows: [],
      count: 0,
      refused: {
        state: cause.code,
        code: cause.hint ?? '',
        message: cause.message,
        constraint: cause.constraint_name ?? '',
      },
    }
  }
}
