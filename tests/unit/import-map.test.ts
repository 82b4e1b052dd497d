import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname ?? '.', '..', '..')
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))
const imports: Record<string, string> = readJson('supabase/functions/deno.json').imports
const installed: Record<string, string> = readJson('package.json').dependencies

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.types.ts'))
    .map((file) => join(folder, file))

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].flatMap(([, specifier]) =>
    specifier ?? []
  )

describe('the import map of the functions', () => {
  it.each(Object.entries(imports))('takes %s in the version that is installed', (name, target) => {
    const [, packageName = '', version, subpath = ''] = /^npm:((?:@[^/]+\/)?[^@/]+)@([^/]+)(\/.*)?$/.exec(target) ?? []
    expect(name).toBe(packageName + subpath)
    expect(version).toBe(installed[packageName])
  })

  const bundled = [
    ...sources('supabase/functions'),
    ...sources('shared/contract'),
    'shared/problems.ts',
    'shared/roles.ts',
  ]

  it('has every package that functions import, and no other', () => {
    const bare = new Set(bundled.flatMap(importsOf).filter((specifier) => !/^(\.|node:)/.test(specifier)))
    // Types are gone before a bundle is made.
    bare.delete('hono/utils/http-status')
    expect([...bare].sort()).toEqual(Object.keys(imports).sort())
  })

  it.each(bundled)('%s names files with their ending', (file) => {
    for (const specifier of importsOf(file).filter((specifier) => specifier.startsWith('.'))) {
      expect(specifier).toMatch(/\.ts$/)
    }
  })

  it('leaves hono out of what browsers import', () => {
    for (const file of [...sources('shared/client'), 'shared/problems.ts', 'shared/roles.ts']) {
      expect(importsOf(file).filter((specifier) => /hono|zod$|routes\//.test(specifier)), file).toEqual([])
    }
    for (const file of sources('shared/contract').filter((file) => !/routes|openapi/.test(file))) {
      expect(importsOf(file).filter((specifier) => specifier.includes('hono')), file).toEqual([])
    }
  })
})
