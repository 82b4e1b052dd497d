import { join } from 'node:path'
import { root } from '../../local/settings.ts'

/** The types of schema `public`, as the official CLI writes them. */
export async function databaseTypes(databaseUrl: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command('node', {
    args: [
      join(root, 'node_modules', 'supabase', 'dist', 'supabase.js'),
      'gen',
      'types',
      '--lang=typescript',
      '--schema=public',
      `--remote=${databaseUrl}`,
    ],
    // Where it tries TLS first, the CLI says among the types that there was none.
    env: { PGSSLMODE: 'disable', DO_NOT_TRACK: '1', SUPABASE_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    cwd: root,
    stdin: 'null',
  }).output()
  if (!success) throw new Error(new TextDecoder().decode(stderr))
  return `// Written by \`npm run generate\` from the migrations, with \`supabase gen types\`.\n${
    new TextDecoder().decode(stdout)
  }`
}
