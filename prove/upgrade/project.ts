import { join } from 'node:path'
import { root } from '../../local/settings.ts'

/** The last version of phase 1: what there is before organizations. */
export const phase1 = '20251215999999'

/** Makes a folder with this project's migrations up to a version, for the CLI or for a stack; without functions. */
export async function projectUpTo(version: string): Promise<string> {
  const workdir = await Deno.makeTempDir({ prefix: 'dial-smart-project-' })
  await Deno.mkdir(join(workdir, 'supabase', 'migrations'), { recursive: true })
  await Deno.mkdir(join(workdir, 'supabase', 'functions'))
  const config = await Deno.readTextFile(join(root, 'supabase', 'config.toml'))
  await Deno.writeTextFile(join(workdir, 'supabase', 'config.toml'), config.slice(0, config.indexOf('[functions.')))
  const imports = join('supabase', 'functions', 'deno.json')
  await Deno.copyFile(join(root, imports), join(workdir, imports))
  for await (const { name } of Deno.readDir(join(root, 'supabase', 'migrations'))) {
    if (name.split('_')[0]! > version) continue
    await Deno.copyFile(join(root, 'supabase', 'migrations', name), join(workdir, 'supabase', 'migrations', name))
  }
  return workdir
}
