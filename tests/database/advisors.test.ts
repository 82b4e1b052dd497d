import { expect, inject, it } from 'vitest'
import { runSupabase } from '../../local/supabase-cli.ts'

it("the advisors find nothing, but that a test's database hardly uses its indexes", { timeout: 60_000 }, async () => {
  const { success, stdout, stderr } = await runSupabase([
    'db',
    'advisors',
    '--level',
    'info',
    '-o',
    'json',
    `--remote=${inject('stack').DB_URL}`,
  ])
  expect(success, stderr).toBe(true)
  expect(stdout).toMatch(/\[|no issues/i)
  const findings: { name: string; detail: string }[] = stdout.includes('[')
    ? JSON.parse(stdout.slice(stdout.indexOf('[')))
    : []
  expect(findings.filter(({ name }) => name !== 'unused_index').map(({ name, detail }) => `${name}: ${detail}`))
    .toEqual([])
})
