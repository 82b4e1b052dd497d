import { describe, expect, it } from 'vitest'
import { QuotaExceeded } from '../../shared/contract/quotas.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf } from './support/problems.ts'
import { worldOf } from './support/world.ts'

// What a plan allows, refused over HTTP: by the functions as a problem, by the Data API in its own form.

const store = (cast: Stage, table: string, json: unknown, headers = {}) =>
  cast.call('alice', 'POST', `/records/${table}`, { json, headers })

const rows = (row: object, count: number) => Array.from({ length: count }, () => row)

const limitTo = (cast: Stage, changes: Record<string, unknown>) =>
  sql`update organizations set ${sql(changes)} where id = ${cast.acme}`

describe.each([
  ['campaigns', 'max_campaigns', { name: 'Spring' }],
  ['phone_numbers', 'max_phone_numbers', { number: '+15550101' }],
  ['call_logs', 'monthly_call_limit', { phone_number: '+15550102' }],
])('%s', (table, limit, row) => {
  it('beyond the plan are refused with 402 and all there is to say, and none is stored', async () => {
    const cast = await stage()
    await limitTo(cast, { [limit]: 3 })
    expect((await store(cast, table, rows(row, 2))).status).toBe(201)
    const before = await worldOf(cast)
    const refused = await store(cast, table, rows(row, 2))
    expectProblem(refused, 'quota_exceeded')
    const quota = table === 'call_logs' ? 'calls' : table
    expect(QuotaExceeded.parse(refused.body)).toEqual({
      quota,
      limit: 3,
      used: 2,
      requested: 2,
      plan: 'basic',
      resets_at: quota === 'calls' ? expect.stringMatching(/T00:00:00\+00:00$/) : null,
    })
    const direct = await cast.rest('alice', 'POST', `/${table}`, { json: rows(row, 2) })
    expect(direct.status).toBe(402)
    expect(direct.body).toMatchObject({ code: 'PT402', hint: 'quota_exceeded' })
    expect(await worldOf(cast)).toEqual(before)
    expect((await store(cast, table, row)).status).toBe(201)
  })
})

it('a call that is too old or yet to come is refused where calls are limited, with its reason', async () => {
  const cast = await stage()
  await limitTo(cast, { monthly_call_limit: 3 })
  for (const days of [-2, 1]) {
    const created_at = new Date(Date.now() + days * 86_400_000).toISOString()
    const refused = await store(cast, 'call_logs', { phone_number: '+15550102', created_at })
    expectProblem(refused, 'validation_failed')
    expect(pointersOf(refused)).toEqual(['/created_at'])
  }
  expect((await store(cast, 'call_logs', rows({ phone_number: '+15550102' }, 3))).status).toBe(201)
})
