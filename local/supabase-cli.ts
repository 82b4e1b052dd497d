import { join } from 'node:path'
import { root } from './settings.ts'

/** What a run of the official CLI came to. */
export interface CliResult {
  success: boolean
  stdout: string
  stderr: string
}

/** Runs the official Supabase CLI of this project, without telemetry and without asking anything. */
export async function runSupabase(args: string[], cwd = root): Promise<CliResult> {
  const { success, stdout, stderr } = await new Deno.Command('node', {
    args: [join(root, 'node_modules', 'supabase', 'dist', 'supabase.js'), ...args],
    // Where it tries TLS first, it says among what it prints that there was none.
    env: { PGSSLMODE: 'disable', DO_NOT_TRACK: '1', SUPABASE_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    cwd,
    stdin: 'null',
  }).output()
  return { success, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) }
}
