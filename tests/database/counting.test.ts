import { describe, expect, it } from 'vitest'
import { found, join, signUp, stage } from './support/cast.ts'
import { inTransaction, type Transaction } from './support/database.ts'

// What an organization does is counted as it happens, and the counts follow the rows.

const counts = ['calls', 'answered_calls', 'call_seconds', 'texts', 'leads', 'members', 'removed_calls'] as const
type Counts = Partial<Record<typeof counts[number], number>>

/** The usage of an organization by quarter hour, without what is zero. */
async function usageOf(tx: Transaction, organization: string): Promise<Record<string, Counts>> {
  const rows = await tx`select to_char(bucket at time zone 'UTC', 'MM-DD HH24:MI') as bucket, calls::int,
    answered_calls::int, call_seconds::int, texts::int, leads::int, members::int, removed_calls::int
    from tenancy.usage where organization_id = ${organization} order by bucket`
  return Object.fromEntries(
    rows.map(({ bucket, ...row }) => [bucket, Object.fromEntries(Object.entries(row).filter(([, n]) => n !== 0))])
      .filter(([, row]) => Object.keys(row).length),
  )
}

const driftOf = (tx: Transaction, organization: string) => tx`select * from tenancy.recount(${organization})`

/** Calls of an organization at these times of 2026, as SQL writes them. */
const calls = (tx: Transaction, organization: string, rows: Record<string, unknown>[]) =>
  tx`insert into call_logs ${
    tx(rows.map((row) => ({ organization_id: organization, phone_number: '+15550102', ...row })))
  } returning id`

const at = (time: string) => `2026-${time}:00+00`

describe('calls', () => {
  it('count in the quarter hour of their created_at, with answers and seconds', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const globex = await found(tx, 'Globex')
      await calls(tx, acme, [
        { created_at: at('03-01 10:00'), answered_at: at('03-01 10:00'), duration_seconds: 90 },
        { created_at: at('03-01 10:14'), answered_at: null, duration_seconds: null },
        { created_at: at('03-01 10:15'), answered_at: null, duration_seconds: 20 },
      ])
      await calls(tx, globex, [{ created_at: at('03-01 10:15') }])
      expect(await usageOf(tx, acme)).toEqual({
        '03-01 10:00': { calls: 2, answered_calls: 1, call_seconds: 90 },
        '03-01 10:15': { calls: 1, call_seconds: 20 },
      })
      expect(await usageOf(tx, globex)).toEqual({ '03-01 10:15': { calls: 1 } })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('are corrected by what changes later, one or many', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const [one] = await calls(tx, acme, [1, 2, 3].map(() => ({ created_at: at('03-01 10:00') })))
      await tx`update call_logs set answered_at = created_at, duration_seconds = 61 where id = ${one?.id}`
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { calls: 3, answered_calls: 1, call_seconds: 61 } })
      await tx`update call_logs set duration_seconds = 10 where organization_id = ${acme}`
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { calls: 3, answered_calls: 1, call_seconds: 30 } })
      await tx`update call_logs set created_at = created_at + interval '1 day' where id = ${one?.id}`
      expect(await usageOf(tx, acme)).toEqual({
        '03-01 10:00': { calls: 2, call_seconds: 20 },
        '03-02 10:00': { calls: 1, answered_calls: 1, call_seconds: 10 },
      })
      const [before] = await tx`select count(*)::int as n from tenancy.usage_changes where organization_id = ${acme}`
      await tx`update call_logs set notes = 'Nothing that counts' where organization_id = ${acme}`
      const [after] = await tx`select count(*)::int as n from tenancy.usage_changes where organization_id = ${acme}`
      expect(after).toEqual(before)
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('that are deleted are none, but are remembered as deleted', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await calls(tx, acme, [1, 2, 3].map(() => ({ created_at: at('03-01 10:00'), duration_seconds: 5 })))
      await tx`delete from call_logs where id in (select id from call_logs where organization_id = ${acme} limit 2)`
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { calls: 1, call_seconds: 5, removed_calls: 2 } })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('count once in an upsert', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const [there] = await calls(tx, acme, [{ created_at: at('03-01 10:00'), duration_seconds: 5 }])
      await tx`insert into call_logs ${
        tx([there?.id, crypto.randomUUID()].map((id) => ({
          id,
          organization_id: acme,
          phone_number: '+15550102',
          created_at: at('03-01 10:00'),
          duration_seconds: 7,
        })))
      } on conflict (id) do update set duration_seconds = excluded.duration_seconds`
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { calls: 2, call_seconds: 14 } })
      await tx`insert into call_logs (id, organization_id, phone_number) values (${there?.id}, ${acme}, '+1')
        on conflict do nothing`
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { calls: 2, call_seconds: 14 } })
    }))
})

describe('leads and texts', () => {
  it('count when they are added, follow their time, and count no more when deleted', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const leads = [1, 2, 3].map(() => ({ organization_id: acme, phone_number: '+1', created_at: at('03-01 10:00') }))
      const [lead] = await tx`insert into leads ${tx(leads)} returning id`
      const text = { organization_id: acme, from_number: '+1', to_number: '+2', body: 'Hello' }
      const [sent, received] = await tx`insert into sms_messages ${
        tx([
          { ...text, direction: 'outbound', created_at: at('03-01 10:20') },
          { ...text, direction: 'inbound', created_at: at('03-01 10:20') },
        ])
      } returning id`
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { leads: 3 }, '03-01 10:15': { texts: 1 } })
      await tx`update leads set created_at = ${at('03-01 11:00')} where id = ${lead?.id}`
      await tx`update sms_messages set direction = 'outbound', created_at = ${
        at('03-01 11:59')
      } where id = ${received?.id}`
      await tx`update sms_messages set status = 'delivered' where organization_id = ${acme}`
      expect(await usageOf(tx, acme)).toEqual({
        '03-01 10:00': { leads: 2 },
        '03-01 10:15': { texts: 1 },
        '03-01 11:00': { leads: 1 },
        '03-01 11:45': { texts: 1 },
      })
      await tx`update sms_messages set direction = 'inbound' where id = ${received?.id}`
      await tx`delete from sms_messages where organization_id = ${acme}`
      await tx`delete from leads where id = ${lead?.id}`
      expect(sent).toBeDefined()
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { leads: 2 } })
      expect(await driftOf(tx, acme)).toEqual([])
    }))
})

describe('members', () => {
  it('count when they join, go, are suspended and come back', () =>
    inTransaction(async (tx) => {
      const { acme, users } = await stage(tx)
      const net = async () => {
        const [row] = await tx`select sum(members)::int as n from tenancy.usage where organization_id = ${acme}`
        return row?.n
      }
      expect(await net()).toBe(4)
      await tx`update organization_users set suspended_at = now() where organization_id = ${acme} and user_id = ${users.mia}`
      expect(await net()).toBe(3)
      await tx`update organization_users set role = 'manager' where organization_id = ${acme} and user_id = ${users.mia}`
      expect(await net()).toBe(3)
      await tx`update organization_users set suspended_at = null where organization_id = ${acme} and user_id = ${users.mia}`
      expect(await net()).toBe(4)
      await tx`delete from organization_users where organization_id = ${acme} and user_id = ${users.mia}`
      expect(await net()).toBe(3)
      const late = await signUp(tx, `late.${crypto.randomUUID()}@example.test`)
      await tx`insert into organization_users (organization_id, user_id, suspended_at) values (${acme}, ${late}, now())`
      expect(await net()).toBe(3)
      expect(await driftOf(tx, acme)).toEqual([])
    }))
})

describe('folding', () => {
  it('leaves the usage what it is, and nothing to fold', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      for (const minute of ['00', '01', '20']) await calls(tx, acme, [{ created_at: at(`03-01 10:${minute}`) }])
      const before = await usageOf(tx, acme)
      expect(before).toEqual({ '03-01 10:00': { calls: 2 }, '03-01 10:15': { calls: 1 } })
      await tx`select tenancy.fold_usage()`
      await calls(tx, acme, [{ created_at: at('03-01 10:29') }])
      await tx`select tenancy.fold_usage()`
      expect(await usageOf(tx, acme)).toEqual({ '03-01 10:00': { calls: 2 }, '03-01 10:15': { calls: 2 } })
      const left = await tx`select 1 from tenancy.usage_changes where organization_id = ${acme}`
      expect(left).toEqual([])
      const [folded] = await tx`select count(*)::int as n from tenancy.usage_counts where organization_id = ${acme}`
      expect(folded?.n).toBe(2)
    }))
})

describe('recounting', () => {
  it('finds what was written past the triggers, repairs it, and finds nothing the next time', () =>
    inTransaction(async (tx) => {
      const { acme, users } = await stage(tx)
      await calls(tx, acme, [{ created_at: at('03-01 10:00'), duration_seconds: 30 }])
      await tx`insert into tenancy.usage_changes (organization_id, bucket, calls, call_seconds, leads, members)
        values (${acme}, ${at('03-01 10:00')}, 5, 70, -2, 3), (${acme}, ${at('04-01 10:00')}, -5, 0, 0, 0)`
      expect(await driftOf(tx, acme)).toEqual([
        { counter: 'call_seconds', kept: '100', counted: '30', drift: '70' },
        { counter: 'calls', kept: '1', counted: '1', drift: '10' },
        { counter: 'leads', kept: '-2', counted: '0', drift: '2' },
        { counter: 'members', kept: '7', counted: '4', drift: '3' },
      ])
      expect(await driftOf(tx, acme)).toEqual([])
      expect((await usageOf(tx, acme))['03-01 10:00']).toMatchObject({ calls: 1, call_seconds: 30 })
      await join(tx, acme, users.eve, 'member')
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('finds blocks that are not what their quarter hours add up to, also one that is missing or has none', () =>
    inTransaction(async (tx) => {
      const [acme, globex] = [await found(tx, 'Acme'), await found(tx, 'Globex')]
      for (const organization of [acme, globex]) {
        for (const time of ['03-01 10:00', '03-01 10:30', '03-02 10:00']) {
          await calls(tx, organization, [{ created_at: at(time), duration_seconds: 30 }])
        }
      }
      await tx`select tenancy.fold_usage()`
      const blocksOf = (organization: string) =>
        tx`select bucket, calls, call_seconds from tenancy.usage_blocks
          where organization_id = ${organization} and calls <> 0 order by bucket`
      const [before, others] = [await blocksOf(acme), await blocksOf(globex)]
      expect(before.map(({ calls }) => calls)).toEqual(['2', '1'])
      expect(await driftOf(tx, acme)).toEqual([])
      await tx`update tenancy.usage_blocks set calls = calls + 3 where organization_id = ${acme} and bucket = ${
        at('03-01 09:00')
      }`
      await tx`delete from tenancy.usage_blocks where organization_id = ${acme} and bucket = ${at('03-02 09:00')}`
      await tx`insert into tenancy.usage_blocks
        (organization_id, bucket, calls, answered_calls, call_seconds, texts, leads, members)
        values (${acme}, ${at('03-05 00:00')}, 0, 0, 0, 0, 7, 0)`
      expect(await driftOf(tx, acme)).toEqual([
        { counter: 'blocks of call_seconds', kept: '60', counted: '90', drift: '30' },
        { counter: 'blocks of calls', kept: '5', counted: '3', drift: '4' },
        { counter: 'blocks of leads', kept: '7', counted: '0', drift: '7' },
      ])
      expect(await driftOf(tx, acme)).toEqual([])
      expect(await blocksOf(acme)).toEqual(before)
      expect(await blocksOf(globex)).toEqual(others)
    }))
})

describe('an organization that is removed', () => {
  it('leaves no usage, also none of the rows that go with it', () =>
    inTransaction(async (tx) => {
      const { acme } = await stage(tx)
      await calls(tx, acme, [{ created_at: at('03-01 10:00') }])
      await tx`insert into leads (organization_id, phone_number) values (${acme}, '+1')`
      await tx`select tenancy.fold_usage()`
      await calls(tx, acme, [{ created_at: at('03-01 10:00') }])
      await tx`delete from organizations where id = ${acme}`
      expect(await tx`select 1 from call_logs where organization_id = ${acme}`).toEqual([])
      expect(await usageOf(tx, acme)).toEqual({})
      expect(
        await tx`select 1 from tenancy.usage_changes where organization_id = ${acme}
        union all select 1 from tenancy.usage_counts where organization_id = ${acme}`,
      ).toEqual([])
    }))
})
