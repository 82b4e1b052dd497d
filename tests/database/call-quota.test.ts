import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { as, found, stage } from './support/cast.ts'
import { inTransaction, sql, type Transaction } from './support/database.ts'
import { overtake, race } from './support/race.ts'

// Calls of a calendar month, exactly, under concurrency and however they are written.

const runners = postgres(inject('stack').DB_URL, { max: 30, onnotice: () => {} })
afterAll(() => runners.end())

const call = (tx: Transaction, organization: string, count = 1, more: Record<string, unknown> = {}) =>
  tx`insert into call_logs ${
    tx(Array.from({ length: count }, () => ({ organization_id: organization, phone_number: '+15550102', ...more })))
  } returning id, created_at`

const limitTo = (tx: Transaction, organization: string, changes: Record<string, unknown>) =>
  tx`update organizations set ${tx(changes)} where id = ${organization}`

async function callsOf(tx: Transaction | postgres.Sql, organization: string) {
  const [row] = await tx`select tenancy.quotas_of(${organization}) -> 3 as quota`
  return row?.quota
}

async function refusalOf(tx: Transaction, statement: (tx: Transaction) => Promise<unknown>) {
  try {
    await tx.savepoint((savepoint) => statement(savepoint))
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error
    return { state: error.code, code: error.hint, ...JSON.parse(error.detail || '{}') }
  }
  return undefined
}

const driftOf = (tx: Transaction | postgres.Sql, organization: string) =>
  tx`select * from tenancy.recount(${organization})`

/** A company whose own limit is this, and who owns it. It goes again after the story. */
async function withCompany(limit: number | null, story: (company: { acme: string; alice: string }) => Promise<void>) {
  const { acme, globex, users } = await sql.begin(async (tx) => {
    const cast = await stage(tx)
    await limitTo(tx, cast.acme, { monthly_call_limit: limit, subscription_tier: 'enterprise' })
    return cast
  })
  try {
    await story({ acme, alice: users.alice })
  } finally {
    await sql`delete from organizations where id in ${sql([acme, globex])}`
    await sql`delete from auth.users where id in ${sql(Object.values(users))}`
  }
}

describe('calls', () => {
  it.each([5, 1000])(
    'are exactly as many as the limit of %i, one by one and in batches',
    (limit) =>
      inTransaction(async (tx) => {
        const acme = await found(tx, 'Acme')
        await limitTo(tx, acme, { monthly_call_limit: limit })
        await call(tx, acme, 1)
        await call(tx, acme, limit - 4)
        expect(await refusalOf(tx, (tx) => call(tx, acme, 4))).toEqual({
          state: 'PT402',
          code: 'quota_exceeded',
          quota: 'calls',
          limit,
          used: limit - 3,
          requested: 4,
          plan: 'basic',
          resets_at: (await callsOf(tx, acme)).resets_at,
        })
        for (let n = 0; n < 3; n++) await call(tx, acme)
        expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: limit, requested: 1 })
        expect(await callsOf(tx, acme)).toMatchObject({ limit, used: limit })
        expect(await driftOf(tx, acme)).toEqual([])
      }),
  )

  it('are never more than an allowance has, where a statement writes many', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 1000 })
      // Allowances are there now, of six calls each.
      for (let n = 0; n < 3; n++) await call(tx, acme)
      let used = 3
      while (await refusalOf(tx, (tx) => call(tx, acme, 9)) === undefined) used += 9
      expect(used).toBe(993)
      await call(tx, acme, 7)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 1000 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('that are deleted stay used', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 5 })
      await call(tx, acme, 5)
      await tx`delete from call_logs where organization_id = ${acme}`
      expect(await callsOf(tx, acme)).toMatchObject({ used: 5 })
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 5 })
      // Also where the month is counted anew.
      await limitTo(tx, acme, { monthly_call_limit: 6 })
      await call(tx, acme)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 6 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('follow a limit that is lowered, raised, taken away and set', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 1000 })
      await call(tx, acme, 10)
      await limitTo(tx, acme, { monthly_call_limit: 12 })
      expect(await refusalOf(tx, (tx) => call(tx, acme, 3))).toMatchObject({ limit: 12, used: 10, requested: 3 })
      await call(tx, acme, 2)
      await limitTo(tx, acme, { monthly_call_limit: 4 })
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ limit: 4, used: 12 })
      await limitTo(tx, acme, { monthly_call_limit: null, subscription_tier: 'enterprise' })
      await call(tx, acme, 5)
      await limitTo(tx, acme, { monthly_call_limit: 18 })
      await call(tx, acme)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ limit: 18, used: 18 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('are given out in allowances far from the limit, of which a recount finds none lost', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 100_000 })
      for (let n = 0; n < 5; n++) await call(tx, acme, 2)
      const [given] = await tx`select sum(remaining)::int as remaining, count(*)::int as shards
        from tenancy.call_counters where organization_id = ${acme}`
      expect(given?.shards).toBe(64)
      const [counter] =
        await tx`select used::int from tenancy.quota_counters where organization_id = ${acme} and quota = 'calls'`
      expect(counter?.used - given?.remaining).toBe(10)
      expect(await callsOf(tx, acme)).toMatchObject({ used: 10 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))
})

describe('when a call was', () => {
  const month = { past: '2026-01-15 12:00+00', future: '2031-01-15 12:00+00' }

  it('a person can write calls of the last day only, where calls are limited', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const write = (at: string) => (tx: Transaction) =>
        tx`insert into call_logs (phone_number, created_at) values ('+1', now() + ${at}::interval)`
      const outcome = async (at: string) => {
        const { refused, count } = await as(tx, cast, 'alice', write(at))
        return refused ? [refused.state, refused.code] : count
      }
      await limitTo(tx, cast.acme, { monthly_call_limit: 1000 })
      expect(await outcome('0')).toBe(1)
      expect(await outcome('-23 hours -59 minutes')).toBe(1)
      expect(await outcome('-24 hours -1 second')).toEqual(['PT422', 'validation_failed'])
      expect(await outcome('1 hour')).toEqual(['PT422', 'validation_failed'])
      const { refused } = await as(
        tx,
        cast,
        'alice',
        (tx) => tx`update call_logs set created_at = now() - interval '40 days' where created_at = now()`,
      )
      expect(refused).toMatchObject({ state: 'PT422', code: 'validation_failed' })
      const [kept] = await tx`select count(*)::int as n from call_logs where organization_id = ${cast.acme}`
      expect(kept?.n).toBe(2)
      // Control: without a limit there is nothing to dodge.
      await limitTo(tx, cast.acme, { monthly_call_limit: null, subscription_tier: 'enterprise' })
      expect(await outcome('-40 days')).toBe(1)
    }))

  it('an import is counted to the month it was in, and does not count in this one', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 5 })
      await call(tx, acme, 20, { created_at: month.past })
      await call(tx, acme, 20, { created_at: month.future })
      expect(await callsOf(tx, acme)).toMatchObject({ used: 0 })
      await call(tx, acme, 5)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 5 })
      const [usage] = await tx`select sum(calls)::int as calls from tenancy.usage
        where organization_id = ${acme} and bucket = ${month.past}`
      expect(usage?.calls).toBe(20)
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('a statement across two months is counted to both', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 3 })
      await tx`insert into call_logs (organization_id, phone_number, created_at)
        select ${acme}, '+1', t from unnest(array[now(), now(), ${month.past}::timestamptz]) as t`
      expect(await callsOf(tx, acme)).toMatchObject({ used: 2 })
      await call(tx, acme)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 3 })
    }))

  it('an import that is moved into this month needs room, and gives it back when it moves on', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 5 })
      await call(tx, acme, 3)
      await call(tx, acme, 3, { created_at: month.past })
      const move = (tx: Transaction) =>
        tx`update call_logs set created_at = now() where organization_id = ${acme} and created_at = ${month.past}`
      expect(await refusalOf(tx, move)).toMatchObject({ used: 3, requested: 3 })
      await limitTo(tx, acme, { monthly_call_limit: 6 })
      await move(tx)
      expect(await callsOf(tx, acme)).toMatchObject({ used: 6 })
      await tx`update call_logs set created_at = ${month.past} where organization_id = ${acme}`
      expect(await callsOf(tx, acme)).toMatchObject({ used: 0 })
      await call(tx, acme, 6)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 6 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('a call that a person moves to another month stays used in its own', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { monthly_call_limit: 5 })
      await call(tx, cast.acme, 5)
      // What the trigger asks for on the one day on which a person can do so.
      const move = (tx: Transaction) =>
        tx`select tenancy.take_calls(${cast.acme}, array[date_bin('15 minutes', now(), '2000-01-01 00:00+00'),
          ${month.past}::timestamptz], '{-2,2}', now(), now())`
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users.alice })}, true)`
      await move(tx)
      await tx`select set_config('request.jwt.claims', '', true)`
      const [kept] =
        await tx`select sum(removed_calls)::int as n from tenancy.usage where organization_id = ${cast.acme}`
      expect(kept?.n).toBe(2)
      expect(await refusalOf(tx, (tx) => call(tx, cast.acme))).toMatchObject({ used: 5 })
      // Control: an operator who corrects it gives the room back.
      await move(tx)
      await call(tx, cast.acme, 2)
      expect(await refusalOf(tx, (tx) => call(tx, cast.acme))).toMatchObject({ used: 5 })
    }))
})

describe('the month', () => {
  const monthOf = async (at: string, zone: string) => {
    const [row] = await sql`select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as starts,
      to_char(ends_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as ends
      from tenancy.month_of(${at}::timestamptz, ${zone})`
    return [row?.starts, row?.ends]
  }

  it.each([
    ['UTC', '2026-02-28 23:59:59+00', '2026-02-01 00:00', '2026-03-01 00:00'],
    ['UTC', '2026-03-01 00:00:00+00', '2026-03-01 00:00', '2026-04-01 00:00'],
    ['Asia/Kathmandu', '2026-03-01 00:00:00+00', '2026-02-28 18:15', '2026-03-31 18:15'],
    ['Europe/Berlin', '2026-03-31 21:59:59+00', '2026-02-28 23:00', '2026-03-31 22:00'],
    ['Europe/Berlin', '2026-03-31 22:00:00+00', '2026-03-31 22:00', '2026-04-30 22:00'],
    // Midnight comes twice, an hour apart: the month begins with the first.
    ['America/Havana', '2026-11-01 03:59:59+00', '2026-10-01 04:00', '2026-11-01 04:00'],
    ['America/Havana', '2026-11-01 04:00:00+00', '2026-11-01 04:00', '2026-12-01 05:00'],
    ['America/Havana', '2026-11-01 05:30:00+00', '2026-11-01 04:00', '2026-12-01 05:00'],
    // Midnight does not come: the month begins where the clock goes on.
    ['America/Asuncion', '2017-10-01 03:59:59+00', '2017-09-01 04:00', '2017-10-01 04:00'],
    ['America/Asuncion', '2017-10-01 04:00:00+00', '2017-10-01 04:00', '2017-11-01 03:00'],
  ])('in %s at %s is that from %s to %s', async (zone, at, starts, ends) => {
    expect(await monthOf(at, zone)).toEqual([starts, ends])
  })

  it('begins and ends on quarter hours in every time zone', async () => {
    const rows = await sql`select z.name, m.starts_at from pg_timezone_names as z
      cross join generate_series(timestamptz '2026-01-10', timestamptz '2026-12-10', interval '1 month') as t
      cross join lateral tenancy.month_of(t, z.name) as m
      where m.starts_at <> date_bin('15 minutes', m.starts_at, '2000-01-01 00:00+00') or t < m.starts_at or t >= m.ends_at`
    expect(rows).toEqual([])
  })

  /** In this transaction, months are those of another time: it is that quarter of an hour, and goes on. */
  const pretend = (tx: Transaction, quarter: string) =>
    tx.unsafe(`
      alter function tenancy.month_of(timestamptz, text) rename to month_by_the_clock;
      create function tenancy.month_of(
        p_at timestamptz, p_zone text, out starts_at timestamptz, out ends_at timestamptz, out month date
      ) language plpgsql stable set search_path = '' as $$
      declare
        v_ahead constant interval := timestamptz '${quarter}' - date_bin('15 minutes', now(), '2000-01-01 00:00+00');
      begin
        select m.starts_at - v_ahead, m.ends_at - v_ahead, m.month into starts_at, ends_at, month
        from tenancy.month_by_the_clock(p_at + v_ahead, p_zone) as m;
      end $$`)
  /** Calls of some time ago. */
  const callAgo = (tx: Transaction, organization: string, ago: string, count = 1) =>
    tx`insert into call_logs (organization_id, phone_number, created_at)
      select ${organization}, '+1', now() - ${ago}::interval from generate_series(1, ${count})`

  it('moves with the organization’s time zone, and the count with it', () =>
    inTransaction(async (tx) => {
      await pretend(tx, '2026-11-15 12:00+00')
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 1000, timezone: 'Pacific/Pago_Pago' })
      await call(tx, acme, 3)
      // On the 1st at one in the morning in UTC, and on the last day of October at noon.
      await callAgo(tx, acme, '14 days 11 hours', 2)
      await callAgo(tx, acme, '15 days', 4)
      expect(await callsOf(tx, acme)).toMatchObject({ used: 3 })
      await limitTo(tx, acme, { timezone: 'UTC' })
      expect(await callsOf(tx, acme)).toMatchObject({ used: 5 })
      await limitTo(tx, acme, { timezone: 'Pacific/Kiritimati', monthly_call_limit: 10 })
      expect(await callsOf(tx, acme)).toMatchObject({ used: 9 })
      await call(tx, acme)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 10, limit: 10 })
      expect(await driftOf(tx, acme)).toEqual([])
      // It has begun on that day in October, and does not begin again further west.
      await limitTo(tx, acme, { timezone: 'Pacific/Pago_Pago' })
      expect(await callsOf(tx, acme)).toMatchObject({ used: 10 })
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 10, limit: 10 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('does not begin again in one time zone after the other', () =>
    inTransaction(async (tx) => {
      await pretend(tx, '2026-10-31 11:30+00')
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 5, timezone: 'Pacific/Kiritimati' })
      // November began there at ten and an hour later in Apia; elsewhere it is October yet.
      await callAgo(tx, acme, '75 minutes', 5)
      let used = 5
      for (const timezone of ['Pacific/Kiritimati', 'Pacific/Apia', 'Pacific/Kiritimati', 'Pacific/Apia']) {
        await limitTo(tx, acme, { timezone })
        for (const west of ['UTC', 'Pacific/Pago_Pago']) {
          expect(await refusalOf(tx, (tx) => limitTo(tx, acme, { timezone: west })), west)
            .toEqual({ state: 'PT409', code: 'conflict' })
        }
        expect(await callsOf(tx, acme), timezone).toMatchObject({ used })
        for (const ago of ['0', '75 minutes']) {
          expect(await refusalOf(tx, (tx) => callAgo(tx, acme, ago)), timezone).toMatchObject({ used })
        }
        await limitTo(tx, acme, { monthly_call_limit: ++used })
        await call(tx, acme)
        expect(await driftOf(tx, acme), timezone).toEqual([])
      }
      const months = await tx`select month::text from tenancy.call_months where organization_id = ${acme} order by 1`
      expect(months.map(({ month }) => month)).toEqual(['2026-11-01'])
      // A call that a person dates back, before the month has begun in Apia, stays used.
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: crypto.randomUUID() })}, true)`
      await tx`update call_logs set created_at = now() - interval '100 minutes' where organization_id = ${acme}`
      await tx`select set_config('request.jwt.claims', '', true)`
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used })
      // Control: whoever has been in Apia all along has these calls in October.
      const globex = await found(tx, 'Globex')
      await limitTo(tx, globex, { monthly_call_limit: 5, timezone: 'Pacific/Apia' })
      await callAgo(tx, globex, '75 minutes', 5)
      expect(await callsOf(tx, globex)).toMatchObject({ used: 0 })
      await call(tx, globex, 5)
      // And what counts in November is not October's, which takes late calls to a limit of its own.
      const initech = await found(tx, 'Initech')
      await limitTo(tx, initech, { monthly_call_limit: 5, timezone: 'Pacific/Kiritimati' })
      await callAgo(tx, initech, '75 minutes', 5)
      await limitTo(tx, initech, { timezone: 'Pacific/Apia' })
      await callAgo(tx, initech, '2 hours', 5)
      expect(await refusalOf(tx, (tx) => callAgo(tx, initech, '2 hours'))).toMatchObject({ used: 5, requested: 1 })
      expect(await driftOf(tx, initech)).toEqual([])
    }))

  it('is warned of by itself, also where the one before goes on in the time zone of then', () =>
    inTransaction(async (tx) => {
      await pretend(tx, '2026-10-31 11:30+00')
      const { acme } = await stage(tx)
      await limitTo(tx, acme, { monthly_call_limit: 5, timezone: 'UTC' })
      await callAgo(tx, acme, '2 hours', 5)
      await limitTo(tx, acme, { timezone: 'Pacific/Kiritimati' })
      await call(tx, acme, 5)
      const told = await tx`select payload -> 'percent' as percent, payload -> 'used' as used from tenancy.outbox
        where topic = 'notice.quota_reached' and payload ->> 'organization_id' = ${acme} order by position`
      expect([...told]).toEqual([{ percent: 100, used: 5 }, { percent: 100, used: 5 }])
    }))

  it('that has just ended takes late calls to its limit, and what was given out for it goes first', () =>
    inTransaction(async (tx) => {
      await pretend(tx, '2026-11-01 00:30+00')
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 5, timezone: 'UTC' })
      await callAgo(tx, acme, '1 hour', 2)
      // As it was when October ended: one of the five was given out and not used.
      await tx`insert into tenancy.call_counters (organization_id, shard, remaining, starts_at, ends_at)
        select ${acme}, s, (s = 7)::int, m.starts_at, m.ends_at
        from generate_series(0, 63) as s, tenancy.month_of(now() - interval '1 hour', 'UTC') as m`
      await callAgo(tx, acme, '1 hour', 2)
      const [left] =
        await tx`select sum(remaining)::int as n from tenancy.call_counters where organization_id = ${acme}`
      expect(left?.n).toBe(0)
      await callAgo(tx, acme, '1 hour')
      const [october] = await tx`select ends_at from tenancy.month_of(now() - interval '1 hour', 'UTC')`
      const late = await refusalOf(tx, (tx) => callAgo(tx, acme, '1 hour'))
      expect(late).toMatchObject({ state: 'PT402', used: 5, requested: 1 })
      expect(new Date(late?.resets_at)).toEqual(october?.ends_at)
      // November has its own five, also in a statement with a late one that October has room for.
      expect(await callsOf(tx, acme)).toMatchObject({ used: 0 })
      await limitTo(tx, acme, { monthly_call_limit: 6 })
      await tx`insert into call_logs (organization_id, phone_number, created_at)
        select ${acme}, '+1', t from unnest(array[now(), now(), now() - interval '1 hour']) as t`
      expect(await callsOf(tx, acme)).toMatchObject({ used: 2 })
      expect(await refusalOf(tx, (tx) => callAgo(tx, acme, '1 hour'))).toMatchObject({ used: 6 })
      await call(tx, acme, 4)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 6 })
      // What is older than the month before is counted, and not limited.
      await callAgo(tx, acme, '40 days', 7)
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('that moves takes its allowances with it', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 1000, timezone: 'UTC' })
      await call(tx, acme)
      await limitTo(tx, acme, { timezone: 'Pacific/Pago_Pago' })
      await call(tx, acme, 995)
      for (let n = 0; n < 4; n++) await call(tx, acme)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 1000, limit: 1000 })
    }))

  it('that has ended gives its room to the next, not its count', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { monthly_call_limit: 100_000 })
      for (let n = 0; n < 2; n++) await call(tx, acme, 2)
      // As the counter and its allowances are when the next month begins.
      await tx`update tenancy.quota_counters set used = 100000, starts_at = starts_at - interval '40 days',
        ends_at = ends_at - interval '40 days' where organization_id = ${acme} and quota = 'calls'`
      await tx`update tenancy.call_counters set starts_at = starts_at - interval '40 days',
        ends_at = ends_at - interval '40 days' where organization_id = ${acme}`
      await call(tx, acme, 1)
      const [stale] = await tx`select count(*)::int as n from tenancy.call_counters
        where organization_id = ${acme} and ends_at <= now()`
      expect(stale?.n).toBe(0)
      expect(await callsOf(tx, acme)).toMatchObject({ used: 5 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))
})

describe('at once', () => {
  const calling = (user: string) => ({
    user,
    run: (tx: Transaction) => tx`insert into call_logs (phone_number) values ('+15550102')`,
  })

  // 200 rounds, over HTTP, are in `npm run bench -- quotas`.
  it('30 at limit − 3: exactly 3 pass', () =>
    withCompany(100, async ({ acme, alice }) => {
      let used = 97
      await sql.begin((tx) => call(tx, acme, used))
      for (let round = 0; round < 50; round++) {
        const outcomes = await race(sql, runners, Array.from({ length: 30 }, () => calling(alice)))
        expect(outcomes.sort()).toEqual([...Array(3).fill('done'), ...Array(27).fill('quota_exceeded')])
        used += 3
        expect(await callsOf(sql, acme)).toMatchObject({ used })
        await sql`update organizations set monthly_call_limit = ${used + 3} where id = ${acme}`
      }
      expect(await driftOf(sql, acme)).toEqual([])
    }), 120_000)
})

describe.each([['with a limit', 100_000], ['without one', null]])('counting in place, %s', (_, limit) => {
  const quarter = (tx: Transaction) => tx`date_bin('15 minutes', now(), '2000-01-01 00:00+00')`
  const usageOf = async (tx: Transaction | postgres.Sql, organization: string) =>
    (await tx`select calls::int, answered_calls::int, call_seconds::int from tenancy.usage
      where organization_id = ${organization} order by bucket`).map((row) => Object.values(row))
  const appended = async (tx: Transaction | postgres.Sql, organization: string) =>
    (await tx`select count(*)::int as n from tenancy.usage_changes where organization_id = ${organization}`)[0]?.n

  /** A company whose connection has a row that counts the quarter hour of now: two calls are behind it. */
  const counting = async (tx: Transaction) => {
    const cast = await stage(tx)
    await limitTo(tx, cast.acme, { monthly_call_limit: limit, subscription_tier: 'enterprise' })
    for (let n = 0; n < 2; n++) await call(tx, cast.acme)
    return cast
  }
  /** As its rows are when so much time has passed since. */
  const later = (tx: Transaction, organization: string, time: string) =>
    tx`update tenancy.call_counters set bucket = bucket - ${time}::interval
      where organization_id = ${organization} and bucket > '-infinity'`

  it('appends nothing for the calls of a quarter hour', () =>
    inTransaction(async (tx) => {
      const { acme } = await counting(tx)
      const before = await appended(tx, acme)
      const answered = await tx`select now() as answered_at, 7 as duration_seconds`
      for (let n = 0; n < 3; n++) await call(tx, acme)
      await call(tx, acme, 4, answered[0])
      expect(await appended(tx, acme)).toBe(before)
      expect(await usageOf(tx, acme)).toEqual([[9, 4, 28]])
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('leaves a quarter hour that is over what it was', () =>
    inTransaction(async (tx) => {
      const { acme } = await counting(tx)
      await call(tx, acme, 1, (await tx`select now() as answered_at, 7 as duration_seconds`)[0])
      await later(tx, acme, '15 minutes')
      await call(tx, acme)
      await call(tx, acme)
      // The first was appended, when there was no row yet.
      expect(await usageOf(tx, acme)).toEqual([[2, 1, 7], [3, 0, 0]])
      // One of before goes to where it belongs, and the row on.
      await tx`insert into call_logs (organization_id, phone_number, created_at)
        values (${acme}, '+1', now() - interval '15 minutes')`
      await call(tx, acme)
      expect(await usageOf(tx, acme)).toEqual([[3, 1, 7], [4, 0, 0]])
    }))

  it('is of the quarter hours and companies that a statement is about', () =>
    inTransaction(async (tx) => {
      const { acme, globex } = await counting(tx)
      await tx`insert into call_logs (organization_id, phone_number)
        select o, '+1' from unnest(${[acme, globex, globex]}::uuid[]) as o`
      expect([await usageOf(tx, acme), await usageOf(tx, globex)]).toEqual([[[3, 0, 0]], [[2, 0, 0]]])
      await later(tx, acme, '15 minutes')
      const before = await usageOf(tx, acme)
      await tx`insert into call_logs (organization_id, phone_number, created_at)
        select ${acme}, '+1', t from unnest(array[now() - interval '15 minutes', now()]) as t`
      expect(await usageOf(tx, acme)).toEqual(before.map(([calls]) => [calls + 1, 0, 0]))
      expect(await driftOf(tx, globex)).toEqual([])
    }))

  it('keeps what was counted when the limit changes', () =>
    inTransaction(async (tx) => {
      const { acme } = await counting(tx)
      await limitTo(tx, acme, { monthly_call_limit: limit === null ? 5 : null })
      expect(await usageOf(tx, acme)).toEqual([[2, 0, 0]])
      await limitTo(tx, acme, { monthly_call_limit: 5 })
      await call(tx, acme, 3)
      expect(await refusalOf(tx, (tx) => call(tx, acme))).toMatchObject({ used: 5 })
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('lets no person write a call of another time, whatever row there is', () =>
    inTransaction(async (tx) => {
      const cast = await counting(tx)
      const write = async (at: string) => {
        await tx`update tenancy.call_counters set bucket = ${quarter(tx)} + ${at}::interval
          where organization_id = ${cast.acme} and bucket > '-infinity'`
        const written = tx`insert into call_logs (phone_number, created_at) values ('+1', now() + ${at}::interval)`
        return (await as(tx, cast, 'alice', () => written)).refused?.code ?? 'done'
      }
      const refused = limit === null ? 'done' : 'validation_failed'
      expect([await write('-2 days'), await write('1 hour'), await write('0')]).toEqual([refused, refused, 'done'])
    }))

  /** Two connections whose first choice is the same row. */
  async function withTwoOfOneRow(story: (one: postgres.Sql, other: postgres.Sql) => Promise<void>): Promise<void> {
    const open = async () => {
      const connection = postgres(inject('stack').DB_URL, { max: 1, onnotice: () => {} })
      const [own] = await connection`select pg_backend_pid() % 64 as row`
      return { connection, row: own?.row }
    }
    const one = await open()
    let other = await open()
    while (other.row !== one.row) {
      await other.connection.end()
      other = await open()
    }
    await story(one.connection, other.connection).finally(() =>
      Promise.all([one, other].map(({ connection }) => connection.end()))
    )
  }

  it(
    'waits for nobody who has the same row, has made it, or is making it',
    () =>
      withCompany(limit, ({ acme }) =>
        withTwoOfOneRow(async (one, other) => {
          const hurried = (sql: postgres.Sql) =>
            sql.begin(async (tx) => {
              await tx`set local lock_timeout = '100ms'`
              await call(tx, acme, 1, { answered_at: new Date(), duration_seconds: 7 })
            })
          // The counter is had by who makes the allowances, so there these have to be there.
          if (limit !== null) await hurried(other)
          for (let n = 0; n < 3; n++) {
            await one.begin(async (tx) => {
              await call(tx, acme)
              await hurried(other)
            })
          }
          expect(await callsOf(sql, acme)).toMatchObject({ used: limit === null ? 6 : 7 })
          const [answered] = await sql`select sum(answered_calls)::int as calls, sum(call_seconds)::int as seconds
          from tenancy.usage where organization_id = ${acme}`
          expect(answered).toEqual(limit === null ? { calls: 3, seconds: 21 } : { calls: 4, seconds: 28 })
          const [rows] = await sql`select count(*)::int as n from tenancy.call_counters where organization_id = ${acme}`
          expect(rows?.n).toBe(limit === null ? 1 : 64)
          expect(await driftOf(sql, acme)).toEqual([])
        })),
    60_000,
  )
})

describe('an allowance', () => {
  it('that somebody has is waited for before a call is refused, and what they give back is had', () =>
    withCompany(1000, async ({ acme, alice }) => {
      const write = (count: number) => ({
        user: alice,
        run: (tx: Transaction) =>
          tx`insert into call_logs (phone_number) select '+1' from generate_series(1, ${count})`,
      })
      await race(sql, runners, [write(1)])
      const [given] =
        await sql`select min(remaining)::int as least from tenancy.call_counters where organization_id = ${acme}`
      expect(given?.least).toBeGreaterThan(0)
      // 1000 − 1 − 1: what the first one holds is all that could be missing for the second.
      const [first, second] = await overtake(sql, runners, write(1), write(999))
      expect([first, second]).toEqual(['done', 'quota_exceeded'])
      expect(await callsOf(sql, acme)).toMatchObject({ used: 2 })
      const failed = await overtake(sql, runners, write(1), write(998), 'undone')
      expect(failed).toEqual(['undone', 'done'])
      expect(await callsOf(sql, acme)).toMatchObject({ used: 1000 })
      expect(await driftOf(sql, acme)).toEqual([])
    }))

  it('that somebody has is passed over: writers do not wait while any other is left', () =>
    withCompany(100_000, async ({ acme, alice }) => {
      const one = `insert into call_logs (phone_number) values ('+1')`
      await race(sql, runners, [{ user: alice, run: (tx) => tx.unsafe(one) }])
      const [first, second] = await overtake(
        sql,
        runners,
        {
          user: alice,
          run: async (tx) => {
            await tx`reset role`
            await tx`select 1 from tenancy.quota_counters where organization_id = ${acme} for update`
            await tx`select 1 from tenancy.call_counters where organization_id = ${acme} and shard <> 7 for update`
          },
        },
        { user: alice, run: (tx) => tx.unsafe(`set local lock_timeout = '1ms'; ${one}`) },
      )
      expect([first, second]).toEqual(['done', 'done'])
      expect(await callsOf(sql, acme)).toMatchObject({ used: 2 })
    }))
})

describe('a limit that is set while somebody writes', () => {
  it('waits for them, and counts what they wrote', () =>
    withCompany(null, async ({ acme, alice }) => {
      const [writer, limiter] = await overtake(
        sql,
        runners,
        { user: alice, run: (tx) => tx`insert into call_logs (phone_number) select '+1' from generate_series(1, 7)` },
        {
          user: alice,
          run: async (tx) => {
            await tx`reset role`
            await limitTo(tx, acme, { monthly_call_limit: 8 })
            await tx`insert into call_logs (organization_id, phone_number, created_at) values (${acme}, '+1', now())`
          },
        },
      )
      expect([writer, limiter]).toEqual(['done', 'done'])
      expect(await callsOf(sql, acme)).toMatchObject({ used: 8, limit: 8 })
      expect(await driftOf(sql, acme)).toEqual([])
    }))
})
