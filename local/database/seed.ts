import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Failure, messageOf } from '../failure.ts'
import type { Keys } from '../keys.ts'
import type { Settings } from '../settings.ts'
import { databaseUrl, withConnection } from './connection.ts'

/** Runs config.toml's seed files once each, noting them where the CLI does. */
export async function seed(settings: Settings, keys: Keys): Promise<void> {
  await withConnection(databaseUrl(settings, keys, 'postgres'), async (sql) => {
    await sql.unsafe(`
      create schema if not exists supabase_migrations;
      create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null);`)
    for (const path of settings.config.db.seed.sql_paths) {
      const text = await Deno.readTextFile(join(settings.workdir, 'supabase', path)).catch(() => undefined)
      if (text === undefined) continue
      const noted = join('supabase', path)
      const done = await sql`select from supabase_migrations.seed_files where path = ${noted}`
      if (done.length > 0) continue
      const hash = createHash('sha256').update(text).digest('hex')
      try {
        await sql.begin(async (transaction) => {
          await transaction.unsafe(text)
          await transaction`insert into supabase_migrations.seed_files (path, hash) values (${noted}, ${hash})`
        })
      } catch (error) {
        throw new Failure(`${noted} failed: ${messageOf(error)}`)
      }
    }
  })
}
