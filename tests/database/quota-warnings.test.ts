import { describe, expect, it } from 'vitest'
import { as, join, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'

// Owners hear of a quota at 80 % and at 100 %, once.

const told = async (tx: Transaction, organization: string) => {
  const rows = await tx`select payload from tenancy.outbox where topic = 'notice.quota_reached'
    and payload ->> 'organization_id' = ${organization} order by position`
  return rows.map(({ payload }) => [payload.user_id, payload.quota, payload.percent, payload.used, payload.limit])
}

const limitTo = (tx: Transaction, organization: string, changes: Record<string, unknown>) =>
  tx`update organizations set ${tx(changes)} where id = ${organization}`

const call = (tx: Transaction, organization: string, count = 1) =>
  tx`insert into call_logs (organization_id, phone_number) select ${organization}, '+1' from generate_series(1, ${count})`

const campaigns = (tx: Transaction, organization: string, count: number) =>
  tx`insert into campaigns (organization_id, name) select ${organization}, 'Spring' from generate_series(1, ${count})`

describe('calls', () => {
  it('are warned of with the one that reaches 80 %, and again with the last', () =>
    inTransaction(async (tx) => {
      const { acme, users } = await stage(tx)
      await limitTo(tx, acme, { monthly_call_limit: 1000 })
      await call(tx, acme, 1)
      for (let n = 0; n < 7; n++) await call(tx, acme, 100)
      await call(tx, acme, 98)
      expect(await told(tx, acme)).toEqual([])
      await call(tx, acme, 1)
      const first = [users.alice, 'calls', 80, 800, 1000]
      expect(await told(tx, acme)).toEqual([first])
      await call(tx, acme, 1)
      await call(tx, acme, 198)
      expect(await told(tx, acme)).toEqual([first])
      await call(tx, acme, 1)
      expect(await told(tx, acme)).toEqual([first, [users.alice, 'calls', 100, 1000, 1000]])
      const { refused } = await attempt(tx, (tx) => call(tx, acme))
      expect(refused?.code).toBe('quota_exceeded')
      expect(await told(tx, acme)).toHaveLength(2)
    }))

  it('are warned of once by a batch that passes both marks, and not again in the month', () =>
    inTransaction(async (tx) => {
      const { acme, users } = await stage(tx)
      await limitTo(tx, acme, { monthly_call_limit: 10 })
      await call(tx, acme, 10)
      const once = [[users.alice, 'calls', 100, 10, 10]]
      expect(await told(tx, acme)).toEqual(once)
      await limitTo(tx, acme, { monthly_call_limit: 20 })
      await call(tx, acme, 6)
      expect(await told(tx, acme)).toEqual([...once, [users.alice, 'calls', 80, 16, 20]])
    }))

  it('are warned of again in another month', () =>
    inTransaction(async (tx) => {
      const { acme } = await stage(tx)
      await limitTo(tx, acme, { monthly_call_limit: 10 })
      await call(tx, acme, 8)
      await call(tx, acme, 1)
      expect(await told(tx, acme)).toHaveLength(1)
      await tx`update tenancy.quota_counters set warned_until = now() where organization_id = ${acme} and quota = 'calls'`
      await call(tx, acme, 1)
      expect(await told(tx, acme)).toHaveLength(2)
    }))
})

describe('other quotas', () => {
  it('are warned of once a month, also when they go down and up', () =>
    inTransaction(async (tx) => {
      const { acme, users } = await stage(tx)
      await limitTo(tx, acme, { max_campaigns: 10 })
      await campaigns(tx, acme, 7)
      expect(await told(tx, acme)).toEqual([])
      await campaigns(tx, acme, 1)
      const first = [users.alice, 'campaigns', 80, 8, 10]
      expect(await told(tx, acme)).toEqual([first])
      await tx`delete from campaigns where organization_id = ${acme}`
      await campaigns(tx, acme, 9)
      expect(await told(tx, acme)).toEqual([first])
      await campaigns(tx, acme, 1)
      expect(await told(tx, acme)).toEqual([first, [users.alice, 'campaigns', 100, 10, 10]])
      await tx`update campaigns set status = 'archived' where organization_id = ${acme}`
      await tx`update campaigns set status = 'draft' where organization_id = ${acme}`
      expect(await told(tx, acme)).toHaveLength(2)
    }))

  it('count invitations as they count people, and tell every owner who can be told', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { acme, users } = cast
      await join(tx, acme, users.eve, 'owner')
      await join(tx, acme, users.bob, 'owner')
      await tx`update organization_users set suspended_at = now() where organization_id = ${acme} and user_id = ${users.bob}`
      await limitTo(tx, acme, { max_users: 7 })
      const invited = await as(
        tx,
        cast,
        'alice',
        (tx) => tx`select create_invitation(${acme}, 'new@example.test', 'member')`,
      )
      expect(invited.refused).toBeUndefined()
      const owners = [users.alice, users.eve].sort()
      expect(await told(tx, acme)).toEqual(owners.map((owner) => [owner, 'users', 80, 6, 7]))
    }))

  it('are not warned of without a limit', () =>
    inTransaction(async (tx) => {
      const { acme } = await stage(tx)
      await limitTo(tx, acme, { max_users: null, subscription_tier: 'enterprise' })
      await campaigns(tx, acme, 50)
      await call(tx, acme, 50)
      expect(await told(tx, acme)).toEqual([])
    }))
})

it('the mail has what it needs', () =>
  inTransaction(async (tx) => {
    const { acme } = await stage(tx)
    await limitTo(tx, acme, { monthly_call_limit: 10 })
    await call(tx, acme, 8)
    const [row] = await tx`select read_notice(id) as notice from tenancy.outbox
      where topic = 'notice.quota_reached' and payload ->> 'organization_id' = ${acme}`
    expect(row?.notice).toMatchObject({
      topic: 'notice.quota_reached',
      organization: { name: 'Acme' },
      actor: null,
      quota: 'calls',
      percent: 80,
      limit: 10,
      used: 8,
      resets_at: expect.any(String),
    })
  }))
