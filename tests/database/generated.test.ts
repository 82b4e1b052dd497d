import { join } from 'node:path'
import { beforeAll, expect, inject, it } from 'vitest'
import { generatedFiles, generateFiles } from '../../docs/generate/files.ts'
import { root } from '../../local/settings.ts'

let generated: Awaited<ReturnType<typeof generateFiles>>
beforeAll(async () => {
  generated = await generateFiles(inject('stack').DB_URL)
})

it.each(generatedFiles)('%s is what generation gives', async (path) => {
  const committed = await Deno.readTextFile(join(root, path))
  expect(committed, `${path} is out of date: npm run generate`).toBe(generated[path])
})
