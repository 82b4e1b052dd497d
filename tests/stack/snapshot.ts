import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import postgres from 'postgres'
import { homeOf, prepareHome } from '../../local/database/account.ts'
import { exists } from '../../local/database/binaries.ts'
import { templateName } from '../../local/database/template.ts'
import { root } from '../../local/settings.ts'
import { migrateUp } from '../database/support/migrate-up.ts'
import { removeData, startStack } from './start.ts'

/** A database with all migrations and nothing else, in every stack that was started from a snapshot: for copies. */
export const migratedName = 'stack_migrated'

/** What a stack's database is made of, and by. */
const ingredients = ['supabase/migrations', 'supabase/config.toml', 'local', 'tests/stack', 'package-lock.json']

/**
 * Gives a data folder that is empty the keys and the database of a stack that applied all migrations and was stopped:
 * copying it takes a moment, and making it many seconds. It is made the first time, and again when what it is made of
 * has changed.
 */
export async function restoreSnapshot(dataDir: string): Promise<void> {
  const snapshot = await haveSnapshot()
  const { folder } = await prepareHome(dataDir)
  await copy(`${join(snapshot, 'database')}/.`, folder)
  await copy(join(snapshot, 'keys.json'), dataDir)
}

/** The folder of the snapshot, which is made if there is none. */
export async function haveSnapshot(): Promise<string> {
  const snapshot = join(root, 'node_modules', '.tests', 'stacks', await fingerprint())
  if (!await exists(snapshot)) await makeSnapshot(snapshot)
  return snapshot
}

async function makeSnapshot(snapshot: string): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: 'dial-smart-' })
  try {
    const stack = await startStack({ seed: false, fresh: true, limits: true, dataDir, without: ['mail', 'web'] })
    try {
      const owner = postgres(stack.status.DB_URL, { max: 1, onnotice: () => {} })
      await owner`create database ${owner(migratedName)} template ${owner(templateName)}`
      await owner.end()
      const url = new URL(stack.status.DB_URL)
      url.pathname = migratedName
      await migrateUp(url.href)
    } finally {
      await stack.stop()
    }
    await store(dataDir, snapshot)
  } finally {
    await removeData(dataDir)
  }
}

/** In one step, should another run make the same one; what was made of other ingredients goes. */
async function store(dataDir: string, snapshot: string): Promise<void> {
  const stacks = dirname(snapshot)
  await Deno.mkdir(stacks, { recursive: true })
  const made = await Deno.makeTempDir({ dir: dirname(stacks) })
  try {
    await copy(homeOf(dataDir), join(made, 'database'))
    await copy(join(dataDir, 'keys.json'), made)
    if (!await exists(snapshot)) await Deno.rename(made, snapshot)
  } finally {
    if (await exists(made)) await Deno.remove(made, { recursive: true })
  }
  for await (const { name } of Deno.readDir(stacks)) {
    if (name !== basename(snapshot)) await Deno.remove(join(stacks, name), { recursive: true })
  }
}

/** With owners and permissions, which Postgres insists on. */
async function copy(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command('cp', { args: ['-a', from, to] }).output()
  if (!success) throw new Error(new TextDecoder().decode(stderr))
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of ingredients) {
    for (const file of await filesOf(join(root, path))) hash.update(file).update(await Deno.readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await Deno.stat(path)).isDirectory) return [path]
  const entries = await Array.fromAsync(Deno.readDir(path))
  const below = await Promise.all(entries.map(({ name }) => filesOf(join(path, name))))
  return below.flat().sort()
}
