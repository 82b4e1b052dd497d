import { join } from 'node:path'
import { Failure, messageOf } from './failure.ts'

/** What `npm run status` prints: the names that `supabase status -o json` uses, and a few more. */
export type Status =
  & Record<
    | 'API_URL'
    | 'REST_URL'
    | 'AUTH_URL'
    | 'FUNCTIONS_URL'
    | 'DOCS_URL'
    | 'DB_URL'
    | 'ADMIN_DB_URL'
    | 'WEB_URL'
    | 'MAIL_URL'
    | 'SMTP_URL'
    | 'PUBLISHABLE_KEY'
    | 'SECRET_KEY'
    | 'JWT_SECRET'
    | 'SIGNING_KEY'
    | 'LOGS',
    string
  >
  & {
    /** The standby, where there is one. */
    REPLICA_DB_URL?: string
  }

/** What a running stack leaves in its data folder. */
export interface State {
  pid: number
  status?: Status
  /** Every process it started, with what tells it from a later process of the same number. */
  processes: { name: string; pid: number; identity: string }[]
}

const pathOf = (dataDir: string): string => join(dataDir, 'state.json')

/**
 * Takes the data folder for this process, until it ends in whatever way: the lock is the operating system's.
 * Returns `undefined` when another process has it.
 */
export function lockDataDir(dataDir: string): Deno.FsFile | undefined {
  let file: Deno.FsFile
  try {
    Deno.mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    file = Deno.openSync(join(dataDir, 'lock'), { create: true, write: true })
  } catch (error) {
    throw new Failure(`can't write to the data folder ${dataDir}: ${messageOf(error)} (DIAL_SMART_DATA names another)`)
  }
  if (file.tryLockSync(true)) return file
  file.close()
  return undefined
}

/** Reads what the running stack, or the last one, said of itself. */
export async function readState(dataDir: string): Promise<State | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(pathOf(dataDir)))
  } catch {
    return undefined
  }
}

/** Written beside and renamed, so that a reader never sees half of it. */
export function writeState(dataDir: string, state: State): void {
  const path = pathOf(dataDir)
  Deno.writeTextFileSync(`${path}.new`, JSON.stringify(state, null, 2), { mode: 0o600 })
  Deno.renameSync(`${path}.new`, path)
}

export const removeState = (dataDir: string): Promise<void> => Deno.remove(pathOf(dataDir)).catch(() => undefined)
