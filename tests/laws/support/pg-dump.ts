import { join } from 'node:path'

/** Dumps a database with pg_dump 17, whose options `options` are, and answers the SQL. */
export async function pgDump(url: string, ...options: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-lock', '--cached-only', join(import.meta.dirname!, 'pg-dump.main.ts'), url, ...options],
  }).output()
  if (!success) throw new Error(new TextDecoder().decode(stderr))
  return new TextDecoder().decode(stdout)
}
