import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from './support/ask.ts'
import { as, found, join, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'
import { rolledBack } from './support/outcome.ts'

// Trial, active, past due, suspended, cancelled: what may follow what, by whom, and what each allows.

const states = ['trial', 'active', 'past_due', 'suspended', 'cancelled'] as const
type Status = typeof states[number]
type Cause = 'billing' | 'schedule' | 'operator'

/** An organization in a state that one of the three set. */
async function inState(tx: Transaction, status: Status, cause: Cause, more: Record<string, unknown> = {}) {
  const id = await found(tx, 'Acme')
  await tx`alter table organizations disable trigger keep_to_transitions`
  await tx`update organizations set ${
    tx({ subscription_status: status, status_cause: cause, ...more })
  } where id = ${id}`
  await tx`alter table organizations enable trigger keep_to_transitions`
  return id
}

const stateOf = async (tx: Transaction, id: string) => {
  const [state] = await tx`select subscription_status, status_cause, status_changed_at = now() as now
    from organizations where id = ${id}`
  return state
}

/** What comes of a move: true, false, or the code it is refused with. */
const move = async (tx: Transaction, id: string, to: Status, cause: Cause) => {
  const { rows, refused } = await attempt(
    tx,
    (tx) => tx`select tenancy.move_organization(${id}, ${to}, ${cause}) as moved`,
  )
  return refused ? refused.code : rows[0]?.moved
}

/** Who may bring an organization from one state to another, where each of the three had set the first. */
const expected = (from: Status, to: Status, cause: Cause, setBy: Cause): boolean | 'conflict' => {
  if (from === to) return false
  const open = from !== 'suspended' && from !== 'cancelled'
  switch (cause) {
    case 'billing':
      return open || setBy === 'billing' || setBy === 'schedule' && to !== 'past_due'
    case 'schedule':
      if (from === 'trial' && to === 'past_due' || from === 'past_due' && to === 'suspended') return true
      return from === 'suspended' && to === 'cancelled' ? setBy !== 'operator' : 'conflict'
    case 'operator':
      return to === 'trial' && (from === 'active' || from === 'past_due') ? 'conflict' : true
  }
}

const causes: Cause[] = ['billing', 'schedule', 'operator']

describe.each(states)('an organization that is %s', (from) => {
  it.each(causes)('becomes what %s may make of it, and nothing else', (cause) =>
    inTransaction(async (tx) => {
      for (const to of states) {
        for (const setBy of causes) {
          const id = await inState(tx, from, setBy, { status_changed_at: '2026-01-01' })
          const outcome = await move(tx, id, to, cause)
          expect([to, setBy, outcome]).toEqual([to, setBy, expected(from, to, cause, setBy)])
          expect(await stateOf(tx, id)).toEqual(
            outcome === true
              ? { subscription_status: to, status_cause: cause, now: true }
              : { subscription_status: from, status_cause: setBy, now: false },
          )
        }
      }
    }))

  it('becomes the same by SQL as by an operator', () =>
    inTransaction(async (tx) => {
      for (const to of states) {
        if (to === from) continue
        const id = await inState(tx, from, 'billing')
        const { refused } = await attempt(tx, (tx) =>
          tx`update organizations set subscription_status = ${to} where id = ${id}`)
        expect([to, refused?.code ?? true]).toEqual([to, expected(from, to, 'operator', 'billing')])
        if (!refused) {
          expect(await stateOf(tx, id)).toMatchObject({ subscription_status: to, status_cause: 'operator' })
        }
      }
    }))
})

// In a database of its own: it moves every organization that is due.
describe('time', () => {
  let own: NewDatabase
  beforeAll(async () => {
    own = await createMigrated()
  }, 60_000)
  afterAll(() => own.drop())
  const inOwn = (story: (tx: Transaction) => Promise<void>) => rolledBack(own.sql, story)

  const advance = async (tx: Transaction, at: string) => {
    const [row] = await tx`select tenancy.advance_organizations(now() + ${at}::interval) as moved`
    return row?.moved
  }

  it('ends a trial, then the grace, then the suspension, one step at a time however late it comes', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      await tx`update organizations set trial_ends_at = now() + interval '14 days' where id = ${cast.acme}`
      const steps: [string, number, Status][] = [
        ['13 days 23 hours', 0, 'trial'],
        ['14 days', 1, 'past_due'],
        ['13 days 23 hours', 0, 'past_due'],
        ['500 days', 1, 'suspended'],
        ['59 days', 0, 'suspended'],
        ['60 days', 1, 'cancelled'],
        ['5000 days', 0, 'cancelled'],
      ]
      for (const [at, moved, status] of steps) {
        expect([at, await advance(tx, at)]).toEqual([at, moved])
        expect(await stateOf(tx, cast.acme)).toMatchObject({ subscription_status: status })
      }
      const entries = await tx`select action, actor_type, after ->> 'subscription_status' as status from audit_log
        where organization_id = ${cast.acme} and action = 'organization.status_changed' order by position`
      expect([...entries]).toEqual(
        ['past_due', 'suspended', 'cancelled'].map((status) => ({
          action: 'organization.status_changed',
          actor_type: 'system',
          status,
        })),
      )
      const told = await tx`select payload ->> 'user_id' as user, payload ->> 'status' as status from tenancy.outbox
        where topic = 'notice.status_changed' and payload ->> 'organization_id' = ${cast.acme} order by position`
      expect([...told]).toEqual(
        ['past_due', 'suspended', 'cancelled'].map((status) => ({ user: cast.users.alice, status })),
      )
    }))

  it('leaves alone what is deleted, what never ends, and what an operator suspended', () =>
    inOwn(async (tx) => {
      const kept = [
        await inState(tx, 'trial', 'operator', { trial_ends_at: '2026-01-01', deleted_at: new Date() }),
        await inState(tx, 'trial', 'operator', { trial_ends_at: null }),
        await inState(tx, 'active', 'billing', { status_changed_at: '2020-01-01', trial_ends_at: '2020-01-01' }),
        await inState(tx, 'suspended', 'operator', { status_changed_at: '2020-01-01' }),
        await inState(tx, 'cancelled', 'billing', { status_changed_at: '2020-01-01' }),
      ]
      const due = await inState(tx, 'suspended', 'billing', { status_changed_at: '2020-01-01' })
      const before = await Promise.all(kept.map((id) => stateOf(tx, id)))
      await advance(tx, '0')
      expect(await Promise.all(kept.map((id) => stateOf(tx, id)))).toEqual(before)
      expect(await stateOf(tx, due)).toMatchObject({ subscription_status: 'cancelled', status_cause: 'schedule' })
    }))

  it('goes on for all others where one can not be moved', () =>
    inOwn(async (tx) => {
      const due = { trial_ends_at: '2026-01-01' }
      const [one, another] = [await inState(tx, 'trial', 'operator', due), await inState(tx, 'trial', 'operator', due)]
      // The first in its turn.
      const [stuck, other] = one < another ? [one, another] : [another, one]
      await tx.unsafe(`
        create function pg_temp.keep() returns trigger language plpgsql as $$ begin raise 'It stays.'; end $$;
        create trigger keep before update of subscription_status on public.organizations
        for each row when (old.id = '${stuck}') execute function pg_temp.keep()`)
      expect(await advance(tx, '0')).toBe(1)
      expect(await stateOf(tx, other)).toMatchObject({ subscription_status: 'past_due', status_cause: 'schedule' })
      expect(await stateOf(tx, stuck)).toMatchObject({ subscription_status: 'trial', status_cause: 'operator' })
      await tx`drop trigger keep on public.organizations`
      expect(await advance(tx, '0')).toBe(1)
      expect(await stateOf(tx, stuck)).toMatchObject({ subscription_status: 'past_due', status_cause: 'schedule' })
    }))

  it('waits as long as the table says', () =>
    inOwn(async (tx) => {
      const id = await inState(tx, 'past_due', 'billing', { status_changed_at: new Date() })
      await tx`update tenancy.status_transitions set after = interval '3 days' where from_status = 'past_due' and cause = 'schedule'`
      await advance(tx, '2 days')
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'past_due' })
      await advance(tx, '3 days 1 minute')
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'suspended' })
    }))
})

describe('what a state allows', () => {
  it.each(states)('%s', (status) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const works = status !== 'suspended' && status !== 'cancelled'
      const refusal = works ? undefined : 'organization_suspended'
      await join(tx, cast.acme, cast.users.eve, 'member')
      const invite = (email: string) =>
        ask(tx, cast, 'alice', (tx) => tx`create_invitation(${cast.acme}, ${email}, 'member')`)
      const [{ email }] = await tx`select email from auth.users where id = ${cast.users.bob}` as [{ email: string }]
      const { token } = await invite(email)
      if (status !== 'trial') await tx`update organizations set subscription_status = ${status} where id = ${cast.acme}`

      const write = await as(tx, cast, 'mia', (tx) => tx`insert into leads (phone_number) values ('+15550100')`)
      expect(write.refused?.code).toBe(refusal)
      expect(Object(await invite('new@example.test')).token ? undefined : await invite('other@example.test')).toBe(
        refusal,
      )
      const link = await ask(tx, cast, 'alice', (tx) => tx`create_invitation_link(${cast.acme})`)
      expect(link.token ? undefined : link).toBe(refusal)
      const joined = await ask(tx, cast, 'bob', (tx) => tx`accept_invitation(${token})`)
      expect(joined.role ? undefined : joined).toBe(refusal)
      // Reading goes on in all of them.
      expect((await as(tx, cast, 'mia', (tx) => tx`select id from campaigns`)).refused).toBeUndefined()
      expect((await ask(tx, cast, 'mia', (tx) => tx`get_organization(${cast.acme})`)).organization)
        .toMatchObject({ subscription_status: status, status_cause: 'operator' })
    }))

  it('is what the table says', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organizations set subscription_status = 'past_due' where id = ${cast.acme}`
      await tx`update tenancy.organization_states set may_invite = false where status = 'past_due'`
      const invite = () =>
        ask(tx, cast, 'alice', (tx) => tx`create_invitation(${cast.acme}, 'new@example.test', 'member')`)
      expect(await invite()).toBe('organization_suspended')
      const lead = await as(tx, cast, 'mia', (tx) => tx`insert into leads (phone_number) values ('+15550100')`)
      expect(lead.refused).toBeUndefined()
      await tx`update tenancy.organization_states set may_invite = true where status = 'past_due'`
      expect((await invite()).invitation).toMatchObject({ status: 'pending' })
    }))
})

describe('plans', () => {
  it('can be read by anybody, without what they cost us', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update subscription_plans set stripe_price_id = null where tier = 'professional'`
      await tx`update subscription_plans set stripe_price_id = 'price_1', features = '["Calls"]' where tier = 'basic'`
      const { plans } = await ask(tx, cast, 'anon', (tx) => tx`list_plans()`)
      expect(plans).toMatchObject([
        {
          tier: 'basic',
          max_users: 5,
          max_campaigns: 10,
          max_phone_numbers: 5,
          monthly_call_limit: 1_000,
          for_sale: true,
        },
        { tier: 'professional', for_sale: false },
        { tier: 'enterprise', max_users: null, monthly_call_limit: null },
      ])
      expect(plans[0].features).toEqual(['Calls'])
      expect(JSON.stringify(plans)).not.toContain('price_1')
    }))

  it('are changed by nobody who is signed in, and neither are tier, status and limits', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const before = await tx`select * from organizations where id = ${cast.acme}`
      for (
        const column of [
          'subscription_tier',
          'subscription_status',
          'max_users',
          'monthly_call_limit',
          'trial_ends_at',
          'status_cause',
        ]
      ) {
        const { refused } = await as(
          tx,
          cast,
          'alice',
          (tx) => tx`update organizations set ${tx(column)} = null where id = ${cast.acme}`,
        )
        expect([column, refused?.state]).toEqual([column, '42501'])
      }
      const { refused } = await as(tx, cast, 'alice', (tx) => tx`update subscription_plans set max_users = 1000`)
      expect(refused?.state).toBe('42501')
      for (const changes of ['subscription_tier', 'subscription_status', 'max_users', 'status_cause']) {
        expect(
          await ask(tx, cast, 'alice', (tx) => tx`update_organization(${cast.acme}, ${tx.json({ [changes]: 'x' })})`),
        )
          .toBe('validation_failed')
      }
      expect(await tx`select * from organizations where id = ${cast.acme}`).toEqual(before)
    }))

  it.each([
    [{ max_users: -1 }, 'subscription_plans_limits_are_not_negative'],
    [{ monthly_call_limit: 2 ** 31 }, '22003'],
    [{ features: { a: 1 } }, 'subscription_plans_features_are_a_list'],
    [{ stripe_price_id: 'prod_1' }, 'subscription_plans_price_is_an_id'],
    [{ tier: 'Gold!' }, 'subscription_plans_tier_is_a_word'],
    [{ max_users: 0, max_campaigns: null }, 'accepted'],
  ])('refuse %j: %s', (values, outcome) =>
    inTransaction(async (tx) => {
      const row = Object.fromEntries(
        Object.entries(values).map((
          [key, value],
        ) => [key, value !== null && typeof value === 'object' ? tx.json(value) : value]),
      )
      const { refused } = await attempt(tx, (tx) => tx`update subscription_plans set ${tx(row)} where tier = 'basic'`)
      expect(refused ? refused.constraint || refused.state : 'accepted').toBe(outcome)
    }))
})
