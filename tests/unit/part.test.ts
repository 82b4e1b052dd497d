import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Part } from '../../local/part.ts'
import { root } from '../../local/settings.ts'

// What the supervisor may believe of its parts.

let folder: string

beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: 'dial-smart-' })
})
afterAll(() => Deno.remove(folder, { recursive: true }))

/** A part that is busy for a while, and does this then. */
async function busyPart(name: string, work: string): Promise<Part> {
  const file = join(folder, `${name}.ts`)
  await Deno.writeTextFile(
    file,
    `import { listen } from '${join(root, 'local', 'speak.ts')}'
     await new Promise((resolve) => setTimeout(resolve, 300))
     ${work}`,
  )
  const args = ['run', '-A', '--no-lock', '--cached-only', file]
  return new Part({ name, command: Deno.execPath(), args, logs: folder, speaks: true })
}

it('what a part was told it knows', async () => {
  const known = join(folder, 'known')
  const part = await busyPart('listener', `await listen((message) => Deno.writeTextFileSync('${known}', message))`)
  for (const message of ['first', 'second']) {
    await part.tell(message)
    expect(await Deno.readTextFile(known)).toBe(message)
  }
  await part.stop()
})

it('a part that ends before it has heard keeps nobody waiting', async () => {
  const part = await busyPart('deserter', 'Deno.exit(3)')
  await part.tell('anything')
  expect((await part.ended).code).toBe(3)
})
