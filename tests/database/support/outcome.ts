import postgres from 'postgres'

/** A transaction of the database owner, as a Supabase SQL editor has it. */
export type Transaction = postgres.TransactionSql

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
    return toRefusal(cause)
  }
}

/** How the database refused a statement; what is no refusal is thrown on. */
export function toRefusal(cause: unknown): Outcome {
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

class RollBack extends Error {}

/** Runs a story in a transaction that never commits. */
export async function rolledBack(database: postgres.Sql, story: (tx: Transaction) => Promise<void>): Promise<void> {
  await database.begin(async (tx) => {
    await story(tx)
    throw new RollBack()
  }).catch((cause) => {
    if (!(cause instanceof RollBack)) throw cause
  })
}
