import { runSupabase } from '../../local/supabase-cli.ts'

/** The types of schema `public`, as the official CLI writes them. */
export async function databaseTypes(databaseUrl: string): Promise<string> {
  const { success, stdout, stderr } = await runSupabase([
    'gen',
    'types',
    '--lang=typescript',
    '--schema=public',
    `--remote=${databaseUrl}`,
  ])
  if (!success) throw new Error(stderr)
  return `// Written by \`npm run generate\` from the migrations, with \`supabase gen types\`.\n${stdout}`
}
