import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readKeys } from '../../local/keys.ts'

it('the keys of a data folder stay as they are; one that is older than a key gets it', async () => {
  const folder = await Deno.makeTempDir({ prefix: 'dial-smart-' })
  try {
    const first = await readKeys(folder)
    expect(first.functionsSecret.length).toBeGreaterThanOrEqual(32)
    expect(await readKeys(folder)).toEqual(first)
    const { functionsSecret: _new, ...older } = first
    await Deno.writeTextFile(join(folder, 'keys.json'), JSON.stringify(older))
    const second = await readKeys(folder)
    expect(second).toMatchObject(older)
    expect(second.functionsSecret).toMatch(/^[\w-]{40,}$/)
    expect(await readKeys(folder)).toEqual(second)
  } finally {
    await Deno.remove(folder, { recursive: true })
  }
})
