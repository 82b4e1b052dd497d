import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UsageAnswer } from '../../shared/contract/usage.ts'
import { ask, type Call } from './support/ask.ts'
import { type Actor, as, type Cast, found, join, signUp, stage } from './support/cast.ts'
import { inTransaction, type Transaction } from './support/database.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'

// What an organization used, read by days of its time zone: equal to counting its rows, whatever clocks do. On a database
// of its own, because folding takes what all organizations have appended.

let database: NewDatabase
beforeAll(async () => {
  database = await createMigrated()
}, 300_000)
afterAll(() => database.drop())
const story = (tell: (tx: Transaction) => Promise<void>) => inTransaction(tell, database.sql)

interface Query {
  from?: string
  to?: string
  by?: string
  compare?: boolean
}

const get = (organization: string, { from, to, by = 'day', compare = false }: Query = {}): Call => (tx) =>
  tx`get_usage(${organization}, ${from ?? null}::text::date, ${to ?? null}::text::date, ${by}, ${compare})`

const read = async (tx: Transaction, cast: Cast, query: Query, actor: Actor = 'mia'): Promise<UsageAnswer['usage']> =>
  (await ask(tx, cast, actor, get(cast.acme, query))).usage

const list = (limit = 50, cursor: string | null = null, { from, to }: Query = {}): Call => (tx) =>
  tx`list_usage(${from ?? null}::text::date, ${to ?? null}::text::date, ${limit}, ${cursor})`

const moveTo = (tx: Transaction, organization: string, zone: string) =>
  tx`update organizations set timezone = ${zone} where id = ${organization}`

const calls = (tx: Transaction, organization: string, times: string[]) =>
  tx`insert into call_logs ${
    tx(times.map((created_at) => ({
      organization_id: organization,
      phone_number: '+1',
      created_at,
      duration_seconds: 90,
    })))
  }`

/** Calls, texts and leads at random times between two. */
async function scatter(tx: Transaction, organization: string, from: string, to: string, count: number): Promise<void> {
  const time = tx`${from}::timestamptz + random() * (${to}::timestamptz - ${from}::timestamptz)`
  await tx`insert into call_logs (organization_id, phone_number, created_at, answered_at, duration_seconds)
    select ${organization}, '+1', t.at, case when n % 3 = 0 then t.at end, n % 200
    from (select n, ${time} as at from generate_series(1, ${count}::int) as n) as t`
  await tx`insert into sms_messages (organization_id, from_number, to_number, body, direction, created_at)
    select ${organization}, '+1', '+2', 'Hello', case when n % 4 = 0 then 'inbound' else 'outbound' end, ${time}
    from generate_series(1, ${count}::int) as n`
  await tx`insert into leads (organization_id, phone_number, created_at)
    select ${organization}, '+1', ${time} from generate_series(1, ${count}::int) as n`
}

/** The days from one to another, counted from the rows themselves by the date that clocks there showed. */
const countDays = (tx: Transaction, organization: string, zone: string, from: string, to: string) =>
  tx<{ start: string; calls: number; answered_calls: number; seconds: number; texts: number; leads_added: number }[]>`
    select d::date::text as start, coalesce(c.calls, 0)::int as calls, coalesce(c.answered, 0)::int as answered_calls,
      coalesce(c.seconds, 0)::int as seconds, coalesce(t.texts, 0)::int as texts, coalesce(l.leads, 0)::int as leads_added
    from generate_series(${from}::timestamp, ${to}::timestamp, '1 day') as d
    left join (
      select (created_at at time zone ${zone})::date as day, count(*) as calls, count(answered_at) as answered,
        sum(duration_seconds) as seconds
      from call_logs where organization_id = ${organization} group by 1
    ) as c on c.day = d
    left join (
      select (created_at at time zone ${zone})::date as day, count(*) as texts
      from sms_messages where organization_id = ${organization} and direction = 'outbound' group by 1
    ) as t on t.day = d
    left join (
      select (created_at at time zone ${zone})::date as day, count(*) as leads
      from leads where organization_id = ${organization} group by 1
    ) as l on l.day = d
    order by d`

type Counted = Awaited<ReturnType<typeof countDays>>[number][]
const toMinutes = (seconds: number) => Math.round(seconds / 60 * 100) / 100
const asPeriod = ({ seconds, ...day }: Counted[number]) => ({ ...day, call_minutes: toMinutes(seconds) })
const total = (days: Counted) => {
  const sum = (key: 'calls' | 'answered_calls' | 'seconds' | 'texts' | 'leads_added') =>
    days.reduce((all, day) => all + day[key], 0)
  return {
    calls: sum('calls'),
    answered_calls: sum('answered_calls'),
    call_minutes: toMinutes(sum('seconds')),
    texts: sum('texts'),
    leads_added: sum('leads_added'),
  }
}

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** A week around a day, and the week before it, equal a count of the rows. */
async function expectWeek(tx: Transaction, cast: Cast, zone: string, day: string): Promise<void> {
  const [from, to] = [addDays(day, -3), addDays(day, 3)]
  const counted = [...await countDays(tx, cast.acme, zone, from, to)]
  const before = [...await countDays(tx, cast.acme, zone, addDays(from, -7), addDays(from, -1))]
  const usage = await read(tx, cast, { from, to, compare: true })
  expect(usage).toMatchObject({ from, to, by: 'day', timezone: zone, totals: total(counted) })
  expect(usage.periods.map(({ active_members: _, ...period }) => period)).toEqual(counted.map(asPeriod))
  expect(usage.previous).toMatchObject({ from: addDays(from, -7), to: addDays(from, -1), totals: total(before) })
}

const fold = (tx: Transaction) => tx`select tenancy.fold_usage()`

/** Blocks that don't say what their quarter hours do. */
const wrongBlocks = (tx: Transaction) =>
  tx`select organization_id, bucket from (
      select organization_id, bucket, calls, answered_calls, call_seconds, texts, leads, members from tenancy.usage_blocks
      union all
      select organization_id, date_bin('3 hours', bucket, '2000-01-01 00:00+00'), -calls, -answered_calls, -call_seconds,
        -texts, -leads, -members
      from tenancy.usage_counts
    ) as b
    group by 1, 2
    having (sum(calls), sum(answered_calls), sum(call_seconds), sum(texts), sum(leads), sum(members)) <> (0, 0, 0, 0, 0, 0)`

const clocks: [zone: string, day: string, what: string][] = [
  ['UTC', '2026-06-15', 'keep still'],
  ['America/New_York', '2026-03-08', 'go forward'],
  ['America/New_York', '2026-11-01', 'go back'],
  ['Europe/Berlin', '2026-10-25', 'go back'],
  ['America/Havana', '2026-11-01', 'strike midnight twice'],
  ['America/Havana', '2026-03-08', 'skip midnight'],
  ['America/Sao_Paulo', '2018-02-18', 'go back at midnight to the day before'],
  ['America/Sao_Paulo', '2017-10-15', 'skip midnight'],
  ['Australia/Lord_Howe', '2026-04-05', 'go back half an hour'],
  ['Australia/Lord_Howe', '2026-10-04', 'go forward half an hour'],
  ['America/St_Johns', '2026-03-08', 'have an offset of half an hour, and go forward'],
  ['Asia/Kathmandu', '2026-06-15', 'have an offset of three quarters'],
  ['Pacific/Chatham', '2026-09-27', 'have an offset of three quarters, and go forward'],
  ['Pacific/Apia', '2011-12-30', 'skip a day'],
  ['Antarctica/Casey', '2021-03-14', 'go back three hours at midnight'],
  ['Asia/Pyongyang', '2018-05-05', 'skip the last half hour of a day'],
]

describe('days', () => {
  it.each(clocks)('in %s around %s, where clocks %s, equal the rows', (zone, day) =>
    story(async (tx) => {
      const cast = await stage(tx)
      await moveTo(tx, cast.acme, zone)
      const [begin, end] = [addDays(day, -12), addDays(day, 6)]
      await scatter(tx, cast.acme, begin, end, 300)
      await scatter(tx, cast.globex, begin, end, 100)
      // Some around that day's midnight, to the second.
      const edges =
        await tx`select (${day}::timestamp at time zone ${zone} + n * interval '15 minutes' - s * interval '1 second')
        as at from generate_series(-16, 16) as n, generate_series(0, 1) as s`
      await calls(tx, cast.acme, edges.map(({ at }) => at))
      await expectWeek(tx, cast, zone, day)
      await fold(tx)
      await expectWeek(tx, cast, zone, day)
      // Late: calls end, move to another day, go.
      await tx`update call_logs set duration_seconds = 77, answered_at = created_at
        where organization_id = ${cast.acme} and id::text < '4'`
      await tx`update call_logs set created_at = created_at - interval '26 hours'
        where organization_id = ${cast.acme} and id::text > 'c'`
      await tx`delete from leads where organization_id = ${cast.acme} and id::text > 'a'`
      await scatter(tx, cast.acme, begin, end, 50)
      await expectWeek(tx, cast, zone, day)
      await fold(tx)
      await expectWeek(tx, cast, zone, day)
      expect(await wrongBlocks(tx)).toEqual([])
      // And in whatever zone the organization moves to.
      for (const other of ['Asia/Kolkata', 'America/Los_Angeles']) {
        await moveTo(tx, cast.acme, other)
        await expectWeek(tx, cast, other, day)
      }
    }))

  it('begin at the first quarter hour that has their date, in each of these zones, all year', () =>
    story(async (tx) => {
      for (const [zone, day] of clocks) {
        const wrong = await tx`
          with quarters as (
            select q as at, (q at time zone ${zone})::date as day
            from generate_series(${day}::timestamptz - interval '200 days', ${day}::timestamptz + interval '200 days', '15 minutes') as q
          ), days as (select day, min(at) as first from quarters group by 1)
          select day, first, tenancy.start_of_day(${zone}, day) as said from days
          where day > (select min(day) from days) and first <> tenancy.start_of_day(${zone}, day)`
        expect(wrong, zone).toEqual([])
      }
    }))

  it('are the same whatever the session’s own zone', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      await moveTo(tx, cast.acme, 'America/Havana')
      await calls(tx, cast.acme, ['2026-11-01 03:59Z', '2026-11-01 04:00Z', '2026-11-01 05:00Z', '2026-11-02 05:00Z'])
      const answers = []
      for (const zone of ['UTC', 'America/New_York', 'Pacific/Apia']) {
        await tx`select set_config('timezone', ${zone}, true)`
        answers.push(await read(tx, cast, { from: '2026-10-31', to: '2026-11-02' }))
      }
      expect(answers[0]?.periods.map(({ calls }) => calls)).toEqual([1, 2, 1])
      expect(answers[1]).toEqual(answers[0])
      expect(answers[2]).toEqual(answers[0])
    }))

  it('without a word are the last thirty, today there the last of them', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
        await moveTo(tx, cast.acme, zone)
        const [now] = await tx`select (now() at time zone ${zone})::date::text as today`
        const usage = await read(tx, cast, {})
        expect(usage).toMatchObject({ from: addDays(now?.today, -29), to: now?.today, previous: null })
        expect(usage.periods.map(({ start }) => start)).toEqual(
          Array.from({ length: 30 }, (_, n) => addDays(usage.from, n)),
        )
      }
    }))
})

describe('months', () => {
  it('are whole, begin with the first of two midnights, and equal the rows', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      const zone = 'America/Havana'
      await moveTo(tx, cast.acme, zone)
      await scatter(tx, cast.acme, '2026-08-25', '2026-12-05', 400)
      // October's last quarter hour, the first midnight of November, the second, and December's first.
      const edges = ['2026-11-01 03:59Z', '2026-11-01 04:00Z', '2026-11-01 05:00Z', '2026-12-01 05:00Z']
      await calls(tx, cast.acme, edges)
      await fold(tx)
      const usage = await read(tx, cast, { from: '2026-10-17', to: '2026-11-02', by: 'month', compare: true })
      const months = []
      for (const month of ['10', '11']) {
        const last = month === '10' ? '31' : '30'
        months.push(total([...await countDays(tx, cast.acme, zone, `2026-${month}-01`, `2026-${month}-${last}`)]))
      }
      const all = total([...await countDays(tx, cast.acme, zone, '2026-10-01', '2026-11-30')])
      const before = total([...await countDays(tx, cast.acme, zone, '2026-08-01', '2026-09-30')])
      expect(usage).toMatchObject({
        from: '2026-10-01',
        to: '2026-11-30',
        by: 'month',
        totals: all,
        periods: [{ start: '2026-10-01', ...months[0] }, { start: '2026-11-01', ...months[1] }],
        previous: { from: '2026-08-01', to: '2026-09-30', totals: before },
      })
      expect(before.calls).toBeGreaterThan(0)
    }))

  it('without a word are the last twelve', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      const usage = await read(tx, cast, { by: 'month' })
      const [now] = await tx`select date_trunc('month', now() at time zone 'UTC')::date::text as month`
      expect(usage.periods).toHaveLength(12)
      expect(usage.periods.at(-1)?.start).toBe(now?.month)
    }))
})

describe('active members', () => {
  it('are those at the end of each day, whenever they came', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      const joined = async (days: number) => {
        const user = await signUp(tx, `${crypto.randomUUID()}@example.test`)
        await tx`insert into organization_users (organization_id, user_id, role, joined_at)
          values (${cast.acme}, ${user}, 'member', now() - make_interval(days => ${days}))`
        return user
      }
      const [long] = [await joined(100), await joined(40), await joined(5), await joined(5), await joined(2)]
      for (const folded of [false, true]) {
        if (folded) await fold(tx)
        const { periods, totals } = await read(tx, cast, {})
        expect(periods.map(({ active_members }) => active_members)).toEqual(
          [...Array(24).fill(2), 4, 4, 4, 5, 5, 9],
        )
        expect(totals.active_members).toBe(9)
      }
      await tx`update organization_users set suspended_at = now() where user_id = ${long}`
      await tx`delete from organization_users where user_id = ${cast.users.mona}`
      const { periods, previous } = await read(tx, cast, { compare: true })
      expect(periods.slice(-2).map(({ active_members }) => active_members)).toEqual([5, 7])
      expect(previous?.totals.active_members).toBe(2)
    }))
})

describe('a range', () => {
  it.each<[string, Query, string]>([
    ['that ends before it begins', { from: '2026-11-02', to: '2026-11-01' }, '/from'],
    ['that begins after today', { from: '2099-01-01' }, '/from'],
    ['of 367 days', { from: '2025-01-01', to: '2026-01-02' }, '/from'],
    ['of 37 months', { from: '2023-01-31', to: '2026-01-01', by: 'month' }, '/from'],
    ['before 2000', { from: '1999-12-31', to: '2000-01-02' }, '/from'],
    ['after 2099', { from: '2099-12-01', to: '2100-01-01' }, '/to'],
    ['from the beginning of time', { from: '-infinity', to: '2026-01-01' }, '/from'],
    ['to the end of time', { from: '2026-01-01', to: 'infinity' }, '/to'],
    ['to the last day there is', { to: '5874897-12-31' }, '/to'],
    ['by week', { by: 'week' }, '/by'],
    ['by nothing', { by: '' }, '/by'],
  ])('%s is refused', (_, query, pointer) =>
    story(async (tx) => {
      const cast = await stage(tx)
      expect(await ask(tx, cast, 'mia', get(cast.acme, query))).toBe('validation_failed')
      const { from, to, by = 'day' } = query
      const told = await tx.savepoint((tx) =>
        tx`select tenancy.usage_days('UTC', ${from ?? null}::text::date, ${to ?? null}::text::date, ${by})`
      ).then(() => null, (error) => JSON.parse(error.detail))
      expect(told).toMatchObject({ errors: [{ pointer, code: 'invalid_range', message: expect.stringMatching(/\S/) }] })
    }))

  it.each<[string, Query, number]>([
    ['of one day', { from: '2026-11-01', to: '2026-11-01' }, 1],
    ['of 366 days', { from: '2025-01-01', to: '2026-01-01' }, 366],
    ['of 36 months', { from: '2023-02-28', to: '2026-01-01', by: 'month' }, 36],
    ['that is to come', { from: '2099-12-31', to: '2099-12-31' }, 1],
    ['at the beginning', { from: '2000-01-01', to: '2000-01-02', compare: true }, 2],
    ['that only ends', { to: '2026-03-31' }, 30],
  ])('%s is answered, with every period', (_, query, count) =>
    story(async (tx) => {
      const cast = await stage(tx)
      expect((await read(tx, cast, query)).periods).toHaveLength(count)
    }))
})

describe('who may read', () => {
  it('members, in any role, what is theirs; to others it is not there', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      await calls(tx, cast.acme, [new Date().toISOString()])
      for (const actor of ['alice', 'adam', 'mona', 'mia'] as const) {
        expect((await read(tx, cast, {}, actor)).totals.calls, actor).toBe(1)
      }
      for (const actor of ['bob', 'eve'] as const) {
        expect(await ask(tx, cast, actor, get(cast.acme)), actor).toBe('not_found')
        expect(await ask(tx, cast, actor, get(crypto.randomUUID())), actor).toBe('not_found')
        // Also what would be refused for itself tells nothing.
        expect(await ask(tx, cast, actor, get(cast.acme, { by: 'week' })), actor).toBe('not_found')
      }
      expect(await ask(tx, cast, 'anon', get(cast.acme))).toBe('42501')
    }))

  it('members of a suspended organization, and nobody who is suspended, out, or of a deleted one', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await read(tx, cast, {})).toMatchObject({ by: 'day' })
      await tx`update organization_users set suspended_at = now() where user_id = ${cast.users.mia}`
      expect(await ask(tx, cast, 'mia', get(cast.acme))).toBe('not_found')
      await tx`delete from organization_users where user_id = ${cast.users.mona}`
      expect(await ask(tx, cast, 'mona', get(cast.acme))).toBe('not_found')
      await tx`update organizations set deleted_at = now() where id = ${cast.acme}`
      expect(await ask(tx, cast, 'alice', get(cast.acme))).toBe('not_found')
    }))

  it('nobody reads the counts themselves', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      for (const actor of ['alice', 'anon'] as const) {
        for (
          const table of ['usage', 'unfolded_usage', 'usage_counts', 'usage_changes', 'usage_blocks', 'call_counters']
        ) {
          const asked = await as(tx, cast, actor, (tx) => tx`select from ${tx(`tenancy.${table}`)}`)
          expect(asked.refused?.state, `${actor} ${table}`).toBe('42501')
        }
      }
    }))

  it('calls of this quarter hour are there, which are added up in place', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      for (let n = 0; n < 4; n++) {
        await tx`insert into call_logs (organization_id, phone_number, answered_at, duration_seconds)
          values (${cast.acme}, '+1', now(), 30)`
      }
      const [inPlace] = await tx`select sum(calls)::int as calls from tenancy.call_counters
        where organization_id = ${cast.acme}`
      expect(inPlace?.calls).toBeGreaterThan(1)
      const { totals, periods } = await read(tx, cast, {})
      expect(totals).toMatchObject({ calls: 4, answered_calls: 4, call_minutes: 2 })
      expect(periods.at(-1)).toMatchObject({ calls: 4, answered_calls: 4, call_minutes: 2 })
    }))

  it('the plan and its quotas come along', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      const [row] = await tx`select tenancy.quotas_of(${cast.acme}) as quotas`
      expect(await ask(tx, cast, 'mia', get(cast.acme))).toMatchObject({ plan: 'basic', quotas: row?.quotas })
      expect(row?.quotas[0]).toMatchObject({ quota: 'users' })
    }))
})

describe('all organizations that one owns', () => {
  const day = (n: number) => `2026-10-0${n}`

  it('are each read in its own zone, page by page, with the totals of all', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      const second = await found(tx, 'Second')
      const third = await found(tx, 'Third')
      await tx`insert into organization_users (organization_id, user_id, role, joined_at)
        select o.id, ${cast.users.alice}, 'owner', '2026-01-05' from organizations as o where o.id in ${
        tx([second, third])
      }`
      await join(tx, cast.globex, cast.users.alice, 'admin')
      await tx`update organizations as o set created_at = t.at, timezone = t.zone
        from (values (${cast.acme}::uuid, '2026-01-01'::timestamptz, 'America/New_York'), (${second}, '2026-01-02', 'Asia/Kathmandu'),
          (${third}, '2026-01-03', 'UTC')) as t (id, at, zone) where o.id = t.id`
      // 18:15 in UTC is midnight in Kathmandu; New York is still in the day before.
      for (const organization of [cast.acme, second, third, cast.globex]) {
        await calls(tx, organization, [
          '2026-10-01 18:14Z',
          '2026-10-01 18:15Z',
          '2026-10-02 03:59Z',
          '2026-10-02 04:00Z',
        ])
      }
      await fold(tx)
      const range = { from: day(2), to: day(2) }
      const items = []
      let cursor: string | null = null
      do {
        const page = await ask(tx, cast, 'alice', list(2, cursor, range))
        expect(page.totals).toEqual({
          calls: 6,
          answered_calls: 0,
          call_minutes: 9,
          texts: 0,
          leads_added: 0,
          active_members: 2,
        })
        items.push(...page.organizations)
        cursor = page.next_cursor
      } while (cursor)
      expect(items).toMatchObject([
        { organization: { id: cast.acme, name: 'Acme' }, ...range, timezone: 'America/New_York', totals: { calls: 1 } },
        { organization: { id: second }, ...range, timezone: 'Asia/Kathmandu', totals: { calls: 3 } },
        { organization: { id: third }, plan: 'basic', totals: { calls: 2, active_members: 1 } },
      ])
    }))

  it('are none for whoever owns none, and only those that are there', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      await calls(tx, cast.acme, [new Date().toISOString()])
      const nothing = { calls: 0, answered_calls: 0, call_minutes: 0, texts: 0, leads_added: 0, active_members: 0 }
      const none = { organizations: [], totals: nothing, next_cursor: null }
      for (const actor of ['adam', 'mia', 'eve'] as const) {
        expect(await ask(tx, cast, actor, list()), actor).toEqual(none)
      }
      expect(await ask(tx, cast, 'alice', list())).toMatchObject({ organizations: [{}], totals: { calls: 1 } })
      const [bobs] = (await ask(tx, cast, 'bob', list())).organizations
      expect(bobs).toMatchObject({ organization: { id: cast.globex }, totals: { calls: 0 } })
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await ask(tx, cast, 'alice', list())).toMatchObject({ totals: { calls: 1 } })
      await tx`update organizations set deleted_at = now() where id = ${cast.acme}`
      expect(await ask(tx, cast, 'alice', list())).toEqual(none)
      expect(await ask(tx, cast, 'anon', list())).toBe('42501')
      expect(await ask(tx, cast, 'bob', list(0))).toBe('validation_failed')
      expect(await ask(tx, cast, 'bob', list(1, 'x'))).toBe('validation_failed')
      expect(await ask(tx, cast, 'bob', list(1, null, { from: day(2), to: day(1) }))).toBe('validation_failed')
    }))
})

describe('blocks', () => {
  it('follow what is folded, repaired by hand, and removed', () =>
    story(async (tx) => {
      const cast = await stage(tx)
      await scatter(tx, cast.acme, '2026-10-01', '2026-10-03', 50)
      await fold(tx)
      const [some] = await tx`select count(*)::int as blocks, sum(calls)::int as calls from tenancy.usage_blocks
        where organization_id = ${cast.acme}`
      expect(some?.calls).toBe(50)
      expect(some?.blocks).toBeLessThanOrEqual(18)
      await tx`update tenancy.usage_counts set calls = calls + 1, bucket = bucket + interval '1 year'
        where organization_id = ${cast.acme}`
      expect(await wrongBlocks(tx)).toEqual([])
      await tx`delete from tenancy.usage_counts where organization_id = ${cast.acme} and leads = 0`
      expect(await wrongBlocks(tx)).toEqual([])
      await tx`delete from organizations where id = ${cast.acme}`
      expect(await tx`select from tenancy.usage_blocks where organization_id = ${cast.acme}`).toHaveLength(0)
    }))
})
