import { join } from 'node:path'
import { Failure } from '../failure.ts'
import type { Keys } from '../keys.ts'
import type { Settings } from '../settings.ts'
import { runSupabase } from '../supabase-cli.ts'
import { databaseUrl, withConnection } from './connection.ts'

/** Applies what `supabase/migrations` has and the database hasn't, with the official CLI and as role `postgres`. */
export async function migrate(settings: Settings, keys: Keys, logs: string): Promise<void> {
  const files = await migrationFiles(settings.workdir)
  const applied = await appliedVersions(settings, keys)
  const versions = files.map((file) => file.split('_')[0] ?? '')
  const pending = files.filter((_, index) => !applied.has(versions[index] ?? ''))
  // The CLI takes a second to start: it is asked only when the histories differ.
  if (pending.length === 0 && [...applied].every((version) => versions.includes(version))) return

  const { success, stdout, stderr } = await runSupabase([
    'migration',
    'up',
    '--yes',
    '--workdir',
    settings.workdir,
    `--remote=${databaseUrl(settings, keys, 'postgres')}`,
  ], settings.workdir)
  const output = `${stdout}\n${stderr}`
  await Deno.writeTextFile(join(logs, 'migrations.log'), output, { append: true })
  if (!success) throw new Failure(explain(output, logs))
}

async function migrationFiles(workdir: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(join(workdir, 'supabase', 'migrations')))
    return entries.map((entry) => entry.name).filter((name) => /^\d+_.*\.sql$/.test(name)).sort()
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return []
    throw error
  }
}

function appliedVersions(settings: Settings, keys: Keys): Promise<Set<string>> {
  return withConnection(databaseUrl(settings, keys, 'postgres'), async (sql) => {
    const [history] = await sql`select to_regclass('supabase_migrations.schema_migrations') as found`
    if (!history?.found) return new Set()
    const rows = await sql<{ version: string }[]>`select version from supabase_migrations.schema_migrations`
    return new Set(rows.map((row) => row.version))
  })
}

/** One line of what the CLI printed: the file it was at, and what Postgres said. */
function explain(output: string, logs: string): string {
  const lines = output.split('\n').map((line) => line.trim()).filter(Boolean)
  const file = lines.findLast((line) => line.includes('.sql'))?.match(/\d+_\S+?\.sql/)?.[0]
  const reason = lines.find((line) => line.includes('ERROR')) ?? lines.at(-1)
  return `migration ${file ?? ''} failed: ${reason} (see ${join(logs, 'migrations.log')})`
}
