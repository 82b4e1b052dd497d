import { describe, expect, it } from 'vitest'
import { OwnedUsageAnswer, UsageAnswer } from '../../shared/contract/usage.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf, withoutInstance } from './support/problems.ts'

// Reading usage from end to end. What it must equal is in tests/database/usage.test.ts.

const path = ({ acme }: Stage, query = '') => `/organizations/${acme}/usage${query}`

/** Three calls of Acme's, the first of them in October. */
const call = ({ acme }: Stage) =>
  sql`insert into call_logs ${
    sql(['2026-10-31T22:59:59Z', '2026-10-31T23:00:00Z', '2026-11-30T22:59:59Z'].map((created_at) => ({
      organization_id: acme,
      phone_number: '+15550102',
      created_at,
      answered_at: created_at,
      duration_seconds: 50,
    })))
  }`

describe('the usage of an organization', () => {
  it('is read by day and by month of its own time zone, with the time before, the quotas and the plan', async () => {
    const cast = await stage()
    await sql`update organizations set timezone = 'Europe/Berlin' where id = ${cast.acme}`
    await call(cast)
    const days = UsageAnswer.parse(
      (await cast.call('mia', 'GET', path(cast, '?from=2026-10-31&to=2026-11-01&compare=true'))).body,
    )
    const nothing = { calls: 0, answered_calls: 0, call_minutes: 0, texts: 0, leads_added: 0, active_members: 0 }
    const one = { ...nothing, calls: 1, answered_calls: 1, call_minutes: 0.83 }
    expect(days).toMatchObject({
      usage: {
        from: '2026-10-31',
        to: '2026-11-01',
        by: 'day',
        timezone: 'Europe/Berlin',
        totals: { ...one, calls: 2, answered_calls: 2, call_minutes: 1.67 },
        periods: [{ ...one, start: '2026-10-31' }, { ...one, start: '2026-11-01' }],
        previous: { from: '2026-10-29', to: '2026-10-30', totals: nothing },
      },
      plan: 'basic',
    })
    expect(days.quotas.map(({ quota }) => quota)).toContain('users')
    const months = await cast.call('mia', 'GET', path(cast, '?from=2026-11-15&to=2026-11-15&by=month&compare=true'))
    expect(months.body).toMatchObject({
      usage: {
        from: '2026-11-01',
        to: '2026-11-30',
        by: 'month',
        totals: { calls: 2 },
        periods: [{ start: '2026-11-01', calls: 2 }],
        previous: { from: '2026-10-01', to: '2026-10-31', totals: { calls: 1 } },
      },
    })
    const plain = UsageAnswer.parse((await cast.call('mia', 'GET', path(cast))).body)
    expect(plain.usage.periods).toHaveLength(30)
    expect(plain.usage.periods.at(-1)).toMatchObject({ start: plain.usage.to, active_members: 4 })
    expect(plain.usage.previous).toBeNull()
  })

  it('stays the same when it is folded, and follows the time zone', async () => {
    const cast = await stage()
    await call(cast)
    const november = path(cast, '?from=2026-11-01&to=2026-11-30')
    const before = await cast.call('mia', 'GET', november)
    expect(before.body).toMatchObject({ usage: { totals: { calls: 1 } } })
    await sql`select tenancy.fold_usage()`
    expect((await cast.call('mia', 'GET', november)).body).toEqual(before.body)
    const changed = await cast.call('adam', 'PATCH', `/organizations/${cast.acme}`, {
      json: { timezone: 'Europe/Berlin' },
    })
    expect(changed.status).toBe(200)
    expect((await cast.call('mia', 'GET', november)).body).toMatchObject({ usage: { totals: { calls: 2 } } })
  })

  it('is not there for others, and looks to them like one that never was', async () => {
    const cast = await stage()
    await call(cast)
    for (const actor of ['bob', 'eve'] as const) {
      const theirs = await cast.call(actor, 'GET', path(cast))
      expectProblem(theirs, 'not_found')
      const none = await cast.call(actor, 'GET', `/organizations/${crypto.randomUUID()}/usage`)
      expect(withoutInstance(theirs)).toEqual(withoutInstance(none))
      expectProblem(await cast.call(actor, 'GET', path(cast, '?from=2026-11-02&to=2026-11-01')), 'not_found')
    }
    expect((await cast.call('mia', 'GET', path(cast))).status).toBe(200)
    await sql`delete from organization_users where user_id = ${cast.users.mia}`
    expectProblem(await cast.call('mia', 'GET', path(cast)), 'not_found')
  })

  it('of a suspended organization is read by its members', async () => {
    const cast = await stage()
    await sql`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
    expect((await cast.call('mia', 'GET', path(cast))).status).toBe(200)
    expect((await cast.call('alice', 'GET', '/organizations/usage')).body).toMatchObject({ organizations: [{}] })
  })

  it.each([
    ['?from=yesterday', '/from'],
    ['?from=2026-02-30', '/from'],
    ['?from=2026-11-01T00:00:00Z', '/from'],
    ['?to=', '/to'],
    ['?to=infinity', '/to'],
    ['?to=2026-1-1', '/to'],
    ['?by=week', '/by'],
    ['?by=Day', '/by'],
    ['?compare=yes', '/compare'],
    ['?from=2026-11-02&to=2026-11-01', '/from'],
    ['?from=2099-01-01', '/from'],
    ['?from=1999-12-31', '/from'],
    ['?from=2025-01-01&to=2026-01-02', '/from'],
    ['?from=2023-01-01&to=2026-01-01&by=month', '/from'],
    ['?to=2100-01-01', '/to'],
  ])('with %s is refused', async (query, pointer) => {
    const cast = await stage()
    const answer = await cast.call('mia', 'GET', path(cast, query))
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
  })
})

describe('the usage of all organizations that one owns', () => {
  it('comes in pages, with the totals of all', async () => {
    const cast = await stage()
    await call(cast)
    const founded = await cast.call('alice', 'POST', '/organizations', {
      json: { name: 'West', timezone: 'Asia/Kolkata' },
    })
    const west: string = Object(founded.body).organization.id
    await call({ ...cast, acme: west })
    const ids = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query = new URLSearchParams({ from: '2026-11-01', to: '2026-11-30', limit: '1', ...(cursor && { cursor }) })
      const page = OwnedUsageAnswer.parse((await cast.call('alice', 'GET', `/organizations/usage?${query}`)).body)
      // One of Acme's, two of West's.
      expect(page.totals).toMatchObject({ calls: 3, answered_calls: 3, call_minutes: 2.5 })
      ids.push(...page.organizations.map(({ organization, totals }) => [organization.id, totals.calls]))
      cursor = page.next_cursor
    }
    expect(ids).toEqual([[cast.acme, 1], [west, 2]])
    const bobs = await cast.call('bob', 'GET', '/organizations/usage?from=2026-11-01&to=2026-11-30')
    expect(bobs.body).toMatchObject({ organizations: [{ organization: { id: cast.globex } }], totals: { calls: 0 } })
    expect((await cast.call('adam', 'GET', '/organizations/usage')).body).toMatchObject({ organizations: [] })
    expectProblem(await cast.call('anon', 'GET', '/organizations/usage'), 'unauthenticated')
    const wrong = await cast.call('alice', 'GET', '/organizations/usage?from=2026-11-02&to=2026-11-01')
    expectProblem(wrong, 'validation_failed')
    expect(pointersOf(wrong)).toEqual(['/from'])
  })
})
