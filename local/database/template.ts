import { join } from 'node:path'
import type postgres from 'postgres'
import { type Keys, postgresPassword } from '../keys.ts'
import type { Settings } from '../settings.ts'
import { databaseUrl, withConnection } from './connection.ts'

/** The database that every other one is copied from: roles' schemas, extensions, auth and relay, but no migration. */
export const templateName = 'stack_template'

const script = (name: string): Promise<string> => Deno.readTextFile(join(import.meta.dirname ?? '.', name))

/** Makes a new cluster what a new hosted project is: its roles, the template, and database `postgres` copied from it. */
export async function createDatabases(settings: Settings, keys: Keys): Promise<void> {
  const urlOf = (database: string) => databaseUrl(settings, keys, 'supabase_admin', database)
  await withConnection(urlOf('postgres'), async (sql) => {
    await sql.unsafe(await script('roles.sql'))
    for (const [role, password] of Object.entries({ ...keys.passwords, postgres: postgresPassword })) {
      await sql.unsafe(`alter role ${role} password '${password}'`)
    }
    await sql.unsafe(`create database ${templateName}`)
  })
  await withConnection(urlOf(templateName), fillTemplate)
  await withConnection(urlOf('template1'), async (sql) => {
    await sql.unsafe(`alter database ${templateName} is_template true allow_connections false`)
    await sql.unsafe('drop database postgres')
    await sql.unsafe(`create database postgres template ${templateName} owner postgres`)
  })
}

async function fillTemplate(sql: postgres.Sql): Promise<void> {
  const { getAuthSchemaSql } = await import('@supabase/lite')
  await sql.unsafe(await script('template.sql'))
  await sql.unsafe('set role supabase_auth_admin')
  await sql.unsafe(getAuthSchemaSql())
  await sql.unsafe(await script('auth.sql'))
  await sql.unsafe('reset role')
  await sql.unsafe(await script('relay.sql'))
}
