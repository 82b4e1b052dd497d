import { root } from '../../local/settings.ts'

/** Formats a text as `npm run check` wants it. */
export async function format(extension: 'ts' | 'json' | 'md', text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ['fmt', '--ext', extension, '-'],
    cwd: root,
    stdin: 'piped',
    stdout: 'piped',
    stderr: 'piped',
  }).spawn()
  const writer = child.stdin.getWriter()
  await writer.write(new TextEncoder().encode(text))
  await writer.close()
  const { success, stdout, stderr } = await child.output()
  if (!success) throw new Error(new TextDecoder().decode(stderr))
  return new TextDecoder().decode(stdout)
}
