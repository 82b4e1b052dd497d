import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import type { Keys } from '../keys.ts'
import { Part } from '../part.ts'
import type { Settings } from '../settings.ts'
import { type Home, prepareHome } from './account.ts'
import { exists, nativeFolder } from './binaries.ts'

/**
 * A power cut loses nothing. A throwaway stack doesn't wait for the disk (a killed process loses nothing there either),
 * and doesn't log what was refused: its tests read the answers.
 */
const durability = (durable: boolean): Record<string, string> =>
  durable ? {} : { fsync: 'off', full_page_writes: 'off', log_min_messages: 'fatal' }

export interface Cluster {
  part: Part
  /** True when this start made it: it has no database of ours yet. */
  isNew: boolean
}

/** Starts PostgreSQL on the settings' port, making its data folder the first time. */
export async function startCluster(
  settings: Settings,
  keys: Keys,
  logs: string,
  onStart: (part: Part) => Promise<unknown>,
): Promise<Cluster> {
  const home = await prepareHome(settings.dataDir)
  const data = dataOf(home)
  const isNew = !await isInitialized(home, keys)
  if (isNew) await initialize(settings, keys, home, await nativeFolder(home), data)
  else await checkVersion(settings, data)

  return { part: await startServer('database', settings, home, data, logs, onStart), isNew }
}

/** Runs PostgreSQL on a data folder, on the settings' port, and resolves once it takes connections. */
export async function startServer(
  name: string,
  settings: Settings,
  home: Home,
  data: string,
  logs: string,
  onStart: (part: Part) => Promise<unknown>,
): Promise<Part> {
  const part = new Part({
    name,
    command: join(await nativeFolder(home), 'bin', 'postgres'),
    args: ['-D', data, ...serverOptions(settings)],
    cwd: home.folder,
    uid: home.account?.uid,
    gid: home.account?.gid,
    logs,
    stopSignal: 'SIGINT',
  })
  await onStart(part)
  await accepting(part, data, logs)
  return part
}

/** The data folder of the cluster. */
export const dataOf = ({ folder }: Home): string => join(folder, 'data')

/** Marks the cluster as complete, and as belonging to these keys, once its databases are made. */
export async function markInitialized(folder: string, keys: Keys): Promise<void> {
  await Deno.writeTextFile(join(folder, 'initialized'), fingerprint(keys))
}

/** A cluster without the mark was left half made: nothing was ever served from it. */
async function isInitialized(home: Home, keys: Keys): Promise<boolean> {
  const mark = join(home.folder, 'initialized')
  if (!await exists(mark)) return false
  if (await Deno.readTextFile(mark) === fingerprint(keys)) return true
  // Root's database is outside the data folder: it was left behind when that folder was deleted by hand.
  if (home.account) return false
  throw new Failure(`keys.json is not the one that ${home.folder} was made with: restore it, or npm run reset`)
}

const fingerprint = (keys: Keys): string => createHash('sha256').update(keys.passwords.supabase_admin).digest('hex')

async function initialize(settings: Settings, keys: Keys, home: Home, native: string, data: string): Promise<void> {
  await Deno.remove(data, { recursive: true }).catch(() => undefined)
  const passwordFile = await Deno.makeTempFile({ dir: home.folder })
  try {
    await Deno.writeTextFile(passwordFile, keys.passwords.supabase_admin)
    if (home.account) await Deno.chown(passwordFile, home.account.uid, home.account.gid)
    const { success, stderr } = await new Deno.Command(join(native, 'bin', 'initdb'), {
      args: [
        `--pgdata=${data}`,
        '--username=supabase_admin',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=icu',
        '--icu-locale=en',
        ...(settings.durable ? [] : ['--no-sync']),
      ],
      cwd: home.folder,
      uid: home.account?.uid,
      gid: home.account?.gid,
      stdout: 'null',
    }).output()
    if (!success) throw new Failure(`initdb failed: ${new TextDecoder().decode(stderr).trim().split('\n').join(' · ')}`)
  } finally {
    await Deno.remove(passwordFile)
  }
}

async function checkVersion(settings: Settings, data: string): Promise<void> {
  const found = (await Deno.readTextFile(join(data, 'PG_VERSION')).catch(() => '')).trim()
  const wanted = String(settings.config.db.major_version)
  if (found === wanted) return
  throw new Failure(
    `the data in ${data} is of PostgreSQL ${found || '(unknown)'}, this is ${wanted}: ` +
      'dump it with the old version, or start over with npm run reset',
  )
}

function serverOptions(settings: Settings): string[] {
  const options: Record<string, string> = {
    port: String(settings.ports.db),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '100',
    log_line_prefix: '%m [%p] %q%u@%d ',
    ...durability(settings.durable),
  }
  return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The last line of postmaster.pid says how far the server is. */
async function accepting(part: Part, data: string, logs: string): Promise<void> {
  let ended = false
  part.ended.then(() => ended = true)
  while (!ended) {
    const [pid, , , , , , , status] = (await Deno.readTextFile(join(data, 'postmaster.pid')).catch(() => '')).split(
      '\n',
    )
    if (pid === String(part.pid) && ['ready', 'standby'].includes(status?.trim() ?? '')) return
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  const log = (await Deno.readTextFile(join(logs, `${part.name}.log`))).trim().split('\n')
  const reason = log.findLast((line) => line.includes('FATAL')) ?? log.at(-1)
  throw new Failure(`the ${part.name} did not start: ${reason}`)
}
