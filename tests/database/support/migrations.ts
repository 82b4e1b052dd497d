import { join } from 'node:path'
import postgres from 'postgres'
import { inject } from 'vitest'
import { root } from '../../../local/settings.ts'
import { runSupabase } from '../../../local/supabase-cli.ts'
import { sql } from './database.ts'

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

/** Applies the project's migrations up to a version with the official CLI, and answers what it printed. */
export async function migrateUp(url: string, upTo = '99999999999999'): Promise<string> {
  const workdir = await Deno.makeTempDir()
  try {
    await Deno.mkdir(join(workdir, 'supabase', 'migrations'), { recursive: true })
    await Deno.copyFile(join(root, 'supabase', 'config.toml'), join(workdir, 'supabase', 'config.toml'))
    for await (const { name } of Deno.readDir(join(root, 'supabase', 'migrations'))) {
      if (name.split('_')[0]! > upTo) continue
      await Deno.copyFile(join(root, 'supabase', 'migrations', name), join(workdir, 'supabase', 'migrations', name))
    }
    const { success, stdout, stderr } = await runSupabase(
      ['migration', 'up', '--yes', '--workdir', workdir, `--remote=${url}`],
      workdir,
    )
    if (!success) throw new Error(stdout + stderr)
    return stdout + stderr
  } finally {
    await Deno.remove(workdir, { recursive: true })
  }
}
