import { join } from 'node:path'
import { root } from '../local/settings.ts'

const folder = join(root, 'supabase', 'migrations')

/** The SQL that makes a function as the migrations do, by its name with its arguments' types. */
export async function definitionOf(signature: string): Promise<string> {
  const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).filter((name) =>
    name.endsWith('.sql')
  )
  const name = signature.slice(0, signature.indexOf('('))
  const pattern = new RegExp(
    `^create (?:or replace )?function (${name.replaceAll('.', '\\.')}\\([\\s\\S]*?^\\$\\$;)`,
    'gm',
  )
  let definition: string | undefined
  for (const file of files.sort()) {
    const text = await Deno.readTextFile(join(folder, file))
    for (const [, body] of text.matchAll(pattern)) definition = `create or replace function ${body}`
  }
  if (definition === undefined) throw new Error(`no migration makes ${signature}: npm run generate`)
  return definition
}
