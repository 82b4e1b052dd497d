import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { exists } from '../database/binaries.ts'
import { Failure } from '../failure.ts'
import { root } from '../settings.ts'

/** What the built dashboard depends on. */
const sources = ['web', 'shared', 'package-lock.json']
const cache = join(root, 'node_modules', '.dashboard')

/** The folder of the dashboard as its sources are now; built when they have changed. */
export async function builtDashboard(logs: string): Promise<string> {
  const folder = join(cache, await fingerprint())
  if (await exists(folder)) return folder
  const making = `${folder}.${Deno.pid}`
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-lock', '--cached-only', join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build']
      .concat(join(root, 'web'), '--outDir', making, '--logLevel', 'warn'),
    cwd: root,
    env: { NODE_ENV: 'production', NO_COLOR: '1' },
  }).output()
  if (!success) {
    const log = join(logs, 'dashboard-build.log')
    await Deno.writeFile(log, new Uint8Array([...stdout, ...stderr]))
    throw new Failure(`the dashboard could not be built: see ${log}`)
  }
  await takePlace(making, folder)
  return folder
}

/** Another stack may have built the same meanwhile. What older sources gave is in the memory of whoever serves it. */
async function takePlace(making: string, folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(cache)) {
    if (/^[0-9a-f]+$/.test(name)) await Deno.remove(join(cache, name), { recursive: true }).catch(() => undefined)
  }
  await Deno.rename(making, folder).catch(async (error) => {
    if (!await exists(folder)) throw error
    await Deno.remove(making, { recursive: true })
  })
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const path of await filesUnder(join(root, source))) {
      hash.update(`${path.slice(root.length)}\n`).update(await Deno.readFile(path))
    }
  }
  return hash.digest('hex').slice(0, 24)
}

async function filesUnder(path: string): Promise<string[]> {
  if ((await Deno.stat(path)).isFile) return [path]
  const found: string[] = []
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (isDirectory && name.startsWith('dist')) continue
    found.push(...(isDirectory ? await filesUnder(join(path, name)) : [join(path, name)]))
  }
  return found.sort()
}
