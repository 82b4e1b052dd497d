import { projectUpTo } from '../../../prove/upgrade/project.ts'
import { runSupabase } from '../../../local/supabase-cli.ts'

/** Applies the project's migrations up to a version with the official CLI, and answers what it printed. */
export async function migrateUp(url: string, upTo = '99999999999999'): Promise<string> {
  const workdir = await projectUpTo(upTo)
  try {
    const { success, stdout, stderr } = await runSupabase(
      ['migration', 'up', '--yes', '--workdir', workdir, `--remote=${url}`],
      workdir,
    )
    if (!success) throw new Error(stdout + stderr)
    return stdout + stderr
  } finally {
    await Deno.remove(workdir, { recursive: true })
  }
}
