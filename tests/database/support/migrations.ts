import postgres from 'postgres'
import { inject } from 'vitest'
import { templateName } from '../../../local/database/template.ts'
import { migratedName } from '../../stack/snapshot.ts'

export { migrateUp } from './migrate-up.ts'

/** A database beside the one that all tests share. */
export interface NewDatabase {
  sql: postgres.Sql
  url: string
  drop: () => Promise<void>
}

/**
 * Makes a database that has auth and the roles but no migration yet, or a copy of another one; in the stack of all tests
 * or in another one.
 */
export async function createDatabase(
  stackUrl = inject('stack').DB_URL,
  template = templateName,
): Promise<NewDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  const owner = postgres(stackUrl, { max: 1, onnotice: () => {} })
  await owner`create database ${owner(name)} template ${owner(template)}`
  const url = new URL(stackUrl)
  url.pathname = name
  const database = postgres(url.href, { max: 1, onnotice: () => {} })
  return {
    sql: database,
    url: url.href,
    drop: async () => {
      await database.end()
      await owner`drop database ${owner(name)} with (force)`
      await owner.end()
    },
  }
}

/** Makes a database that has all migrations and nothing else. */
export async function createMigrated(): Promise<NewDatabase> {
  const database = await createDatabase(undefined, migratedName)
  // What a database itself grants is not copied with it.
  const name = new URL(database.url).pathname.slice(1)
  await database.sql`revoke temporary on database ${database.sql(name)} from public`
  return database
}

/** Runs `work` on a database of its own that has all migrations, and drops it. */
export async function withMigrated(work: (database: postgres.Sql, url: string) => Promise<void>): Promise<void> {
  const { sql: database, url, drop } = await createMigrated()
  await work(database, url).finally(drop)
}

/** Runs `work` on a database of its own, and drops it. */
export async function withNewDatabase(
  work: (database: postgres.Sql, url: string) => Promise<void>,
  stackUrl?: string,
  template?: string,
): Promise<void> {
  const { sql: database, url, drop } = await createDatabase(stackUrl, template)
  try {
    await work(database, url)
  } finally {
    await drop()
  }
}
