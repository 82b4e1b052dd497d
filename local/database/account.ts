import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Failure } from '../failure.ts'

/** The account Postgres runs as: it refuses to run as root. */
export interface Account {
  uid: number
  gid: number
}

/** Where the database of a data folder lives, and as whom it runs. */
export interface Home {
  folder: string
  /** Absent when the person who runs the stack isn't root: then Postgres runs as them. */
  account?: Account
}

/** Root's databases are here, because the unprivileged account may not be able to reach the project's folder. */
const systemFolder = '/var/lib/dial-smart'

/** Tells where the database of `dataDir` lives; changes nothing. */
export function homeOf(dataDir: string): string {
  if (Deno.uid() !== 0) return join(dataDir, 'database')
  return join(systemFolder, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
}

/** Makes sure that the database's folder exists and belongs to the account it runs as. */
export async function prepareHome(dataDir: string): Promise<Home> {
  const folder = homeOf(dataDir)
  const account = Deno.uid() === 0 ? await unprivilegedAccount() : undefined
  try {
    if (account) await Deno.mkdir(systemFolder, { recursive: true, mode: 0o755 })
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 })
    if (account) await Deno.chown(folder, account.uid, account.gid)
  } catch (error) {
    throw new Failure(`can't write to ${folder}: ${error instanceof Error ? error.message : error}`)
  }
  return { folder, account }
}

async function unprivilegedAccount(): Promise<Account> {
  const existing = await lookUp('postgres')
  if (existing) return existing
  // A system without useradd (busybox) still has nobody.
  const created = await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/bin/false',
    'postgres',
  ])
  const account = await lookUp(created ? 'postgres' : 'nobody')
  if (!account) {
    throw new Failure('Postgres cannot run as root, and there is no account "postgres" or "nobody" to run it as')
  }
  return account
}

async function lookUp(name: string): Promise<Account | undefined> {
  const line = (await Deno.readTextFile('/etc/passwd')).split('\n').find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

async function run(command: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: 'null', stderr: 'null' }).output()).success
  } catch {
    return false
  }
}
