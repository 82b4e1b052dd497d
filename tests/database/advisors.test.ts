import { join, resolve } from 'node:path'
import { expect, inject, it } from 'vitest'

const root = resolve(import.meta.dirname ?? '.', '..', '..')

it("the advisors find nothing, but that a test's database hardly uses its indexes", { timeout: 60_000 }, async () => {
  const { success, stdout, stderr } = await new Deno.Command('node', {
    args: [
      join(root, 'node_modules/supabase/dist/supabase.js'),
      'db',
      'advisors',
      '--level',
      'info',
      '-o',
      'json',
      `--remote=${inject('stack').DB_URL}`,
    ],
    env: { DO_NOT_TRACK: '1', SUPABASE_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
    stdin: 'null',
  }).output()
  const printed = new TextDecoder().decode(stdout)
  expect(success, new TextDecoder().decode(stderr)).toBe(true)
  expect(printed, 'what the CLI printed').toMatch(/\[|no issues/i)
  const findings: { name: string; detail: string }[] = printed.includes('[')
    ? JSON.parse(printed.slice(printed.indexOf('[')))
    : []
  expect(findings.filter(({ name }) => name !== 'unused_index').map(({ name, detail }) => `${name}: ${detail}`))
    .toEqual([])
})
