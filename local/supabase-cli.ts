import { join } from 'node:path'
import { root } from './settings.ts'

/** What a run of the official CLI came to. */
export interface CliResult {
  success: boolean
  stdout: string
  stderr: string
}

/** The official Supabase CLI of this project, without telemetry and without asking anything. */
export const supabaseCommand = (args: string[], options: Deno.CommandOptions = {}): Deno.Command =>
  new Deno.Command('node', {
    args: [join(root, 'node_modules', 'supabase', 'dist', 'supabase.js'), ...args],
    env: {
      // Where it tries TLS first, it says among what it prints that there was none.
      PGSSLMODE: 'disable',
      DO_NOT_TRACK: '1',
      SUPABASE_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
      // It runs for a second or two: optimizing its code, as Bun's engine does, takes longer than it saves.
      BUN_JSC_useDFGJIT: '0',
    },
    stdin: 'null',
    ...options,
  })

/** Runs it, and answers what it came to. */
export async function runSupabase(args: string[], cwd = root): Promise<CliResult> {
  const { success, stdout, stderr } = await supabaseCommand(args, { cwd }).output()
  return { success, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) }
}
