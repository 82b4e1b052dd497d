import postgres from 'postgres'
import { narrate } from './narrate.ts'
import type { Stack } from './stack.ts'

/** The database owner at the SQL editor: past every policy, and not past the rules. */
export interface Database {
  /** Runs a statement and answers its rows. */
  run(statement: string, ...values: string[]): Promise<postgres.Row[]>
  /** Runs one that has to be refused, and answers in which words it was. */
  refused(statement: string, ...values: string[]): Promise<string>
}

/** Connects to the stack's database. */
export function openDatabase(stack: Stack): Database {
  const sql = postgres(stack.DB_URL, { max: 1, onnotice: () => undefined })
  const run = async (statement: string, ...values: string[]) => {
    narrate(statement)
    return [...await sql.unsafe(statement, values)]
  }
  return {
    run,
    refused: (statement, ...values) =>
      run(statement, ...values).then(() => '', (error) => {
        if (error instanceof postgres.PostgresError) return error.message
        throw error
      }),
  }
}
