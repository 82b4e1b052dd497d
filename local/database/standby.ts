import { join } from 'node:path'
import { Failure } from '../failure.ts'
import type { Keys } from '../keys.ts'
import type { Part } from '../part.ts'
import { freePort } from '../ports.ts'
import type { Settings } from '../settings.ts'
import { type Home, prepareHome } from './account.ts'
import { dataOf, startServer } from './cluster.ts'
import { databaseUrl, withConnection } from './connection.ts'

/**
 * Starts a physical standby of the running cluster, on a port of its own: a copy, made anew each time, that follows the
 * cluster from then on. Answers the settings to reach it by.
 */
export async function startStandby(
  settings: Settings,
  keys: Keys,
  logs: string,
  onStart: (part: Part) => Promise<unknown>,
): Promise<Settings> {
  const home = await prepareHome(settings.dataDir)
  const data = join(home.folder, 'standby')
  await copyCluster(settings, keys, home, data)
  const own: Settings = { ...settings, ports: { ...settings.ports, db: freePort() } }
  await startServer('standby', own, home, data, logs, onStart)
  await withConnection(databaseUrl(settings, keys, 'postgres'), (sql) => sql`select tenancy.serve_replicas()`)
  return own
}

/** As pg_basebackup does it, which npm doesn't have: the server says how a copy of the files in use becomes whole. */
async function copyCluster(settings: Settings, keys: Keys, home: Home, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch(() => undefined)
  const label = await withConnection(databaseUrl(settings, keys, 'supabase_admin'), async (sql) => {
    await sql`select pg_backup_start('standby', true)`
    const { success, stderr } = await new Deno.Command('cp', { args: ['-a', dataOf(home), to] }).output()
    if (!success) throw new Failure(`the standby was not made: ${new TextDecoder().decode(stderr).trim()}`)
    const [stopped] = await sql<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`
    return stopped?.labelfile ?? ''
  })
  await Deno.remove(join(to, 'postmaster.pid'))
  const files = {
    'backup_label': label,
    'standby.signal': '',
    'postgresql.auto.conf': `primary_conninfo = '${databaseUrl(settings, keys, 'supabase_admin')}'\n`,
  }
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(to, name), text, { mode: 0o600 })
    if (home.account) await Deno.chown(join(to, name), home.account.uid, home.account.gid)
  }
}
