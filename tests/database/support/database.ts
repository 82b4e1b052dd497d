import postgres from 'postgres'
import { inject } from 'vitest'
import { rolledBack, type Transaction } from './outcome.ts'

export { attempt, type Outcome, type Transaction } from './outcome.ts'

/** The connection of the tests: role postgres, who owns everything and passes row-level security. */
export const sql = postgres(inject('stack').DB_URL, { max: 4, onnotice: () => {} })

/**
 * Runs a story in a transaction that never commits. One that changes the schema does so in a database of its own: the
 * tests run beside each other, and its locks would stand in the others' way.
 */
export const inTransaction = (story: (tx: Transaction) => Promise<void>, database = sql): Promise<void> =>
  rolledBack(database, story)
