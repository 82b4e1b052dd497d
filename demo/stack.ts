import { join } from 'node:path'
import { z } from 'zod'
import { root } from '../local/settings.ts'

const Stack = z.object({ API_URL: z.url(), PUBLISHABLE_KEY: z.string(), DB_URL: z.string(), MAIL_URL: z.url() })
export type Stack = z.infer<typeof Stack>

/** What `npm run -s status` prints; where no stack runs, throws what it says instead. */
export async function findStack(): Promise<Stack> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-lock', '--cached-only', join(root, 'local', 'status.ts')],
  }).output()
  const text = new TextDecoder().decode(success ? stdout : stderr)
  if (!success) throw new Error(`The stack is ${text.replace(/^error: /, '').trim()}`)
  return Stack.parse(JSON.parse(text))
}
