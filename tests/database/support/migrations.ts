import postgres from 'postgres'
import { inject } from 'vitest'
import { sql } from './database.ts'

export { migrateUp } from './migrate-up.ts'

/** A database beside the one that all tests share. */
export interface NewDatabase {
  sql: postgres.Sql
  url: string
  drop: () => Promise<void>
}

/** Makes a database that has auth and the roles but no migration yet. */
export async function createDatabase(): Promise<NewDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  await sql`create database ${sql(name)} template stack_template`
  const url = new URL(inject('stack').DB_URL)
  url.pathname = name
  const database = postgres(url.href, { max: 1, onnotice: () => {} })
  return {
    sql: database,
    url: url.href,
    drop: async () => {
      await database.end()
      await sql`drop database ${sql(name)} with (force)`
    },
  }
}

/** Runs `work` on a database of its own, and drops it. */
export async function withNewDatabase(work: (database: postgres.Sql, url: string) => Promise<void>): Promise<void> {
  const { sql: database, url, drop } = await createDatabase()
  try {
    await work(database, url)
  } finally {
    await drop()
  }
}
