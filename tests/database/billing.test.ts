import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSigner } from '../../supabase/functions/_kit/sign.ts'
import { ask, type Call } from './support/ask.ts'
import { entriesOf, faultsOf } from './support/audit.ts'
import {
  functionsSecret,
  type Heard,
  invoice,
  link,
  moment,
  newId,
  permutationsOf,
  prove,
  snapshot,
  tell,
} from './support/billing.ts'
import { type Actor, as, type Cast, found, join, stage } from './support/cast.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'
import { attempt, rolledBack, type Transaction } from './support/outcome.ts'
import { race } from './support/race.ts'

// What Stripe's events make of an organization, in whatever order they come, and what owners may ask for a checkout.
// In a database of its own: it changes what plans cost, and moves the clock.

let own: NewDatabase
let runners: postgres.Sql
beforeAll(async () => {
  own = await createMigrated()
  await own.sql`update subscription_plans set stripe_price_id = 'price_' || tier where tier <> 'enterprise'`
  await own.sql`insert into tenancy.secrets (name, value) values ('functions', ${functionsSecret})`
  runners = postgres(own.url, { max: 4, onnotice: () => undefined })
}, 150_000)
afterAll(async () => {
  await runners?.end()
  await own?.drop()
})
const inOwn = (story: (tx: Transaction) => Promise<void>) => rolledBack(own.sql, story)

interface State {
  subscription_tier: string
  subscription_status: string
  status_cause: string
  trial_ends_at: Date | null
}

const stateOf = async (tx: Transaction | postgres.Sql, id: string): Promise<State> => {
  const [state] = await tx<State[]>`
    select subscription_tier, subscription_status, status_cause, trial_ends_at from organizations where id = ${id}`
  if (!state) throw new Error('It is gone.')
  return { ...state }
}

/** An organization as something left it, long before any event is heard. */
async function inState(tx: Transaction, status: string, cause: string): Promise<string> {
  const id = await found(tx, 'Acme')
  await tx`alter table organizations disable trigger keep_to_transitions`
  await tx`update organizations set subscription_status = ${status}, status_cause = ${cause},
    status_changed_at = '2026-01-01', trial_ends_at = '2026-01-10' where id = ${id}`
  await tx`alter table organizations enable trigger keep_to_transitions`
  return id
}

const begins: [status: string, cause: string][] = [
  ['trial', 'operator'],
  ['active', 'operator'],
  ['past_due', 'schedule'],
  ['suspended', 'schedule'],
  ['cancelled', 'schedule'],
  ['suspended', 'operator'],
]

/** What becomes of an organization that hears these, in this order. */
async function hear(tx: Transaction, [status, cause]: [string, string], events: Heard[]): Promise<State> {
  const id = await inState(tx, status, cause)
  const customer = await link(tx, id)
  for (const event of events) await tell(tx, { ...event, id: newId('evt') }, customer)
  return await stateOf(tx, id)
}

describe('the same events come to the same', () => {
  const stories: [string, Heard[], Partial<State>][] = [
    ['bought', [
      snapshot('incomplete', 0, { type: 'created' }),
      invoice(true, 1),
      snapshot('active', 1),
      snapshot('active', 1, { type: 'pending_update_applied' }),
    ], { subscription_status: 'active', subscription_tier: 'professional', status_cause: 'billing' }],
    ['bought, and the second payment failed', [
      snapshot('active', 0, { type: 'created', price: 'price_basic' }),
      invoice(true, 1),
      invoice(false, 100, { invoiced: 99 }),
      snapshot('past_due', 101),
    ], { subscription_status: 'past_due', subscription_tier: 'professional' }],
    ['bought, failed, and paid after all', [
      snapshot('active', 0, { type: 'created' }),
      invoice(false, 100, { invoiced: 99 }),
      snapshot('past_due', 101),
      invoice(true, 200, { invoiced: 99 }),
    ], { subscription_status: 'active' }],
    ['bought, failed, unpaid, and over', [
      snapshot('active', 0, { type: 'created' }),
      invoice(false, 100, { invoiced: 99 }),
      snapshot('unpaid', 150),
      snapshot('canceled', 200, { type: 'deleted', price: 'price_basic' }),
    ], { subscription_status: 'cancelled', subscription_tier: 'basic' }],
    ['tried, then bought', [
      snapshot('trialing', 0, { type: 'created', trial_end: moment + 600 }),
      snapshot('trialing', 10, { trial_end: moment + 900 }),
      snapshot('active', 900, { trial_end: moment + 900 }),
      invoice(true, 901, { invoiced: 900 }),
    ], { subscription_status: 'active', trial_ends_at: new Date((moment + 900 + 3 * 86_400) * 1000) }],
    ['over, and bought again', [
      snapshot('active', 0, { type: 'created' }),
      snapshot('canceled', 100, { type: 'deleted' }),
      snapshot('active', 90, { type: 'created', subscription: 'sub_2', subscribed: 90, price: 'price_basic' }),
      invoice(true, 91, { subscription: 'sub_2' }),
    ], { subscription_status: 'active', subscription_tier: 'basic' }],
  ]

  it.each(stories)('in any order, each heard twice: %s', (_what, events, outcome) =>
    inOwn(async (tx) => {
      for (const order of permutationsOf(events)) {
        const id = await inState(tx, 'trial', 'operator')
        const customer = await link(tx, id)
        const sent = order.map((event) => ({ ...event, id: newId('evt') }))
        for (const event of sent) await tell(tx, event, customer)
        const state = await stateOf(tx, id)
        expect(state, JSON.stringify(order)).toMatchObject(outcome)
        for (const event of sent.reverse()) expect(await tell(tx, event, customer)).toBe('duplicate')
        expect(await stateOf(tx, id)).toEqual(state)
      }
    }), 60_000)

  it('from every state, whatever they are', () =>
    inOwn(async (tx) => {
      const status = fc.constantFrom(
        'incomplete',
        'incomplete_expired',
        'trialing',
        'active',
        'past_due',
        'paused',
        'unpaid',
        'canceled',
      )
      // Few moments, so that many events are of the same second.
      const at = fc.integer({ min: 0, max: 4 })
      const subscription = fc.constantFrom('sub_1', 'sub_2')
      const event = fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            status,
            at,
            subscription,
            type: fc.constantFrom('created', 'updated'),
            price: fc.constantFrom('price_basic', 'price_professional', 'price_elsewhere'),
            trial_end: fc.constantFrom(undefined, moment + 1000, moment + 2000),
          }).map(({ status, at, ...more }) => snapshot(status, at, more)),
        },
        {
          weight: 2,
          arbitrary: fc.record({ paid: fc.boolean(), at, subscription, invoiced: at })
            .map(({ paid, at, ...more }) => invoice(paid, at, more)),
        },
      )
      const told = fc.array(event, { minLength: 2, maxLength: 5 }).chain((events) =>
        fc.record({
          events: fc.constant(events),
          other: fc.shuffledSubarray(events, { minLength: events.length }),
          begin: fc.constantFrom(...begins),
        })
      )
      await fc.assert(
        fc.asyncProperty(told, async ({ events, other, begin }) => {
          // Of the same second, ids decide at last: they stay with their events.
          const named = new Map(events.map((one, place) => [one, { ...one, id: `evt_${place}` }]))
          const outcomes: Partial<State>[] = []
          for (const order of [events, other]) {
            const id = await inState(tx, ...begin)
            const customer = await link(tx, id)
            const mark = newId('evt')
            for (const one of order) {
              const { id, ...rest } = named.get(one) ?? one
              await tell(tx, { ...rest, id: `${id}${mark.slice(4)}` }, customer)
            }
            // By what it was set before matters for what is closed alone: everything may change what is open.
            const { status_cause, ...state } = await stateOf(tx, id)
            const isClosed = ['suspended', 'cancelled'].includes(state.subscription_status)
            outcomes.push({ ...state, ...(isClosed && { status_cause }) })
          }
          expect(outcomes[0]).toEqual(outcomes[1])
        }),
        { numRuns: 120 },
      )
    }), 240_000)
})

describe('a status of Stripe makes an organization', () => {
  it.each([
    ['incomplete', 'trial'],
    ['incomplete_expired', 'trial'],
    ['trialing', 'trial'],
    ['active', 'active'],
    ['past_due', 'past_due'],
    ['paused', 'suspended'],
    ['unpaid', 'suspended'],
    ['canceled', 'cancelled'],
  ])('%s: %s', (status, becomes) =>
    inOwn(async (tx) => {
      const { subscription_status } = await hear(tx, ['trial', 'operator'], [snapshot(status, 0)])
      expect(subscription_status).toBe(becomes)
    }))

  it('that is paid for again: as it was before', () =>
    inOwn(async (tx) => {
      const failed = [snapshot('active', 0), invoice(false, 10, { invoiced: 9 })]
      expect(await hear(tx, ['trial', 'operator'], failed)).toMatchObject({ subscription_status: 'past_due' })
      // An older invoice that is paid late says nothing about the last one.
      expect(await hear(tx, ['trial', 'operator'], [...failed, invoice(true, 11, { invoiced: 5 })]))
        .toMatchObject({ subscription_status: 'past_due' })
      expect(await hear(tx, ['trial', 'operator'], [...failed, invoice(true, 11, { invoiced: 9 })]))
        .toMatchObject({ subscription_status: 'active' })
      // The subscription itself has the last word.
      expect(await hear(tx, ['trial', 'operator'], [...failed, snapshot('active', 10)]))
        .toMatchObject({ subscription_status: 'active' })
    }))
})

describe('of all that was said counts', () => {
  /** What it comes to in a trial of the basic plan, or from another state; in both orders, which must not matter. */
  const comesTo = async (tx: Transaction, events: Heard[], begin: [string, string] = ['trial', 'operator']) => {
    const [one, other] = [await hear(tx, begin, events), await hear(tx, begin, events.toReversed())]
      .map(({ subscription_status, subscription_tier }) => [subscription_status, subscription_tier])
    expect(other).toEqual(one)
    return one
  }

  it('of one second what changed after what was made, and else the later status', () =>
    inOwn(async (tx) => {
      expect(await comesTo(tx, [snapshot('active', 0, { type: 'created' }), snapshot('trialing', 0)]))
        .toEqual(['trial', 'professional'])
      // Whichever is handed out last is the later one by its id.
      for (const statuses of [['active', 'past_due'], ['past_due', 'active']]) {
        const events = statuses.map((status, place) => ({ ...snapshot(status, 0), id: `evt_${place}${newId('evt')}` }))
        const state = await inTurn(tx, events)
        expect(state.subscription_status).toBe('past_due')
      }
    }))

  it('that it is over, whatever is told of a later moment', () =>
    inOwn(async (tx) => {
      const over = snapshot('canceled', 5, { type: 'deleted' })
      for (const status of ['active', 'past_due', 'incomplete']) {
        expect(await comesTo(tx, [over, snapshot(status, 9), invoice(true, 10)])).toEqual(['cancelled', 'professional'])
      }
      expect(await comesTo(tx, [snapshot('active', 0), snapshot('incomplete', 9)])).toEqual(['active', 'professional'])
    }))

  it('that an invoice was paid, whatever is said of an earlier attempt', () =>
    inOwn(async (tx) => {
      const due = snapshot('past_due', 0)
      const failed = invoice(false, 2, { invoiced: 9 })
      expect(await comesTo(tx, [due, failed])).toEqual(['past_due', 'professional'])
      expect(await comesTo(tx, [due, failed, invoice(true, 1, { invoiced: 9 })])).toEqual(['active', 'professional'])
    }))

  it('what is said of an invoice, until the subscription is told of again', () =>
    inOwn(async (tx) => {
      expect(await comesTo(tx, [invoice(true, 1), snapshot('past_due', 0)])).toEqual(['active', 'professional'])
      expect(await comesTo(tx, [invoice(true, 1), snapshot('past_due', 2)])).toEqual(['past_due', 'professional'])
      expect(await comesTo(tx, [invoice(false, 1), snapshot('active', 0)])).toEqual(['past_due', 'professional'])
      expect(await comesTo(tx, [invoice(false, 1), snapshot('active', 2)])).toEqual(['active', 'professional'])
    }))

  it('a payment of what is not said to have begun, for good', () =>
    inOwn(async (tx) => {
      expect(await comesTo(tx, [snapshot('incomplete', 2), invoice(true, 1)])).toEqual(['active', 'professional'])
      expect(
        await comesTo(tx, [snapshot('incomplete', 0), invoice(true, 1), invoice(false, 2, { invoiced: 2 })]),
      ).toEqual(['past_due', 'professional'])
      expect(await comesTo(tx, [snapshot('incomplete', 0), invoice(false, 2)])).toEqual(['trial', 'basic'])
    }))

  it('of several subscriptions the one that is paid, else the one that is best, else the newest', () =>
    inOwn(async (tx) => {
      const of = (subscription: string, status: string, subscribed: number, price = 'price_professional') =>
        snapshot(status, subscribed, { subscription, subscribed, price })
      expect(await comesTo(tx, [of('sub_1', 'active', 0), of('sub_2', 'past_due', 10, 'price_basic')]))
        .toEqual(['active', 'professional'])
      expect(await comesTo(tx, [of('sub_1', 'past_due', 0), of('sub_2', 'unpaid', 10, 'price_basic')]))
        .toEqual(['past_due', 'professional'])
      expect(await comesTo(tx, [of('sub_1', 'unpaid', 0), of('sub_2', 'canceled', 10, 'price_basic')]))
        .toEqual(['suspended', 'professional'])
      expect(await comesTo(tx, [of('sub_2', 'active', 0), of('sub_1', 'active', 10, 'price_basic')]))
        .toEqual(['active', 'basic'])
      expect(await comesTo(tx, [of('sub_1', 'active', 0), of('sub_2', 'active', 10, 'price_basic')]))
        .toEqual(['active', 'basic'])
    }))

  it('of several prices that of the largest plan', () =>
    inOwn(async (tx) => {
      for (const prices of [['price_basic', 'price_professional'], ['price_professional', 'price_x', 'price_basic']]) {
        const { subscription, ...event } = snapshot('active', 0)
        expect(await comesTo(tx, [{ ...event, subscription: { ...subscription!, prices } }]))
          .toEqual(['active', 'professional'])
      }
    }))

  it('once the grace is over, only a payment for a plan of ours', () =>
    inOwn(async (tx) => {
      const due = snapshot('past_due', 0)
      const over: [string, string] = ['suspended', 'schedule']
      for (
        const other of [
          snapshot('active', 1, { subscription: 'sub_2', price: 'price_elsewhere' }),
          invoice(true, 1, { subscription: 'sub_2' }),
        ]
      ) expect(await comesTo(tx, [due, other], over)).toEqual(['suspended', 'professional'])
      expect(await comesTo(tx, [due, snapshot('active', 1, { subscription: 'sub_2' })], over))
        .toEqual(['active', 'professional'])
      // And with it everything, though it was a payment of before.
      expect(await comesTo(tx, [snapshot('active', 0), snapshot('past_due', 5)], over))
        .toEqual(['past_due', 'professional'])
    }))

  /** What becomes of an organization that hears these, with the ids that they have. */
  async function inTurn(tx: Transaction, events: Heard[]): Promise<State> {
    const id = await inState(tx, 'trial', 'operator')
    const customer = await link(tx, id)
    for (const event of events) await tell(tx, event, customer)
    return await stateOf(tx, id)
  }
})

describe('what others decided', () => {
  it('stays: no payment lifts what an operator suspended, though the plan is bought', () =>
    inOwn(async (tx) => {
      expect(await hear(tx, ['suspended', 'operator'], [snapshot('active', 0), invoice(true, 1)]))
        .toMatchObject({
          subscription_status: 'suspended',
          status_cause: 'operator',
          subscription_tier: 'professional',
        })
      expect(await hear(tx, ['past_due', 'operator'], [snapshot('active', 0)]))
        .toMatchObject({ subscription_status: 'active', status_cause: 'billing' })
    }))

  it.each(['suspended', 'cancelled'])(
    'an organization whose grace is over (%s) hears only that it is paid for',
    (status) =>
      inOwn(async (tx) => {
        for (const bad of ['past_due', 'paused', 'unpaid', 'canceled']) {
          expect(await hear(tx, [status, 'schedule'], [snapshot(bad, 0), invoice(false, 1)]))
            .toMatchObject({ subscription_status: status, status_cause: 'schedule' })
        }
        expect(await hear(tx, [status, 'schedule'], [snapshot('past_due', 0), invoice(true, 1)]))
          .toMatchObject({ subscription_status: 'active', status_cause: 'billing' })
        expect(await hear(tx, [status, 'schedule'], [snapshot('trialing', 0, { trial_end: moment + 86_400 })]))
          .toMatchObject({ subscription_status: 'trial', status_cause: 'billing' })
      }),
  )

  it('an old payment brings nobody back whose grace is over since', () =>
    inOwn(async (tx) => {
      const id = await inState(tx, 'trial', 'operator')
      const customer = await link(tx, id)
      for (const event of [snapshot('active', 0), snapshot('past_due', 100)]) await tell(tx, event, customer)
      await tx`update tenancy.subscription_facts set heard_at = now() - interval '20 days' where organization_id = ${id}`
      await tx`update organizations set status_changed_at = now() - interval '15 days' where id = ${id}`
      await tx`select tenancy.advance_organizations()`
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'suspended', status_cause: 'schedule' })
      expect(await tell(tx, snapshot('past_due', 200), customer)).toBe('applied')
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'suspended', status_cause: 'schedule' })
      await tell(tx, invoice(true, 300, { invoiced: 99 }), customer)
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'active', status_cause: 'billing' })
    }))

  it('our schedule ends no trial before Stripe does', () =>
    inOwn(async (tx) => {
      const id = await inState(tx, 'trial', 'operator')
      const end = Math.floor(Date.now() / 1000) + 86_400
      await tell(tx, snapshot('trialing', 0, { trial_end: end }), await link(tx, id))
      const advance = async (at: number) => {
        await tx`select tenancy.advance_organizations(to_timestamp(${at}))`
        return (await stateOf(tx, id)).subscription_status
      }
      expect(await advance(end)).toBe('trial')
      expect(await advance(end + 3 * 86_400 - 1)).toBe('trial')
      // Should Stripe's word be lost, it ends all the same.
      expect(await advance(end + 3 * 86_400)).toBe('past_due')
    }))
})

describe('an event that is about nobody here', () => {
  /** The outcome, and that nothing but the event was noted. */
  const ignored = async (tx: Transaction, id: string, event: Heard, customer: string) => {
    const before = await stateOf(tx, id)
    let outcome = ''
    const entries = await entriesOf(tx, id, async () => outcome = await tell(tx, event, customer))
    expect(await stateOf(tx, id)).toEqual(before)
    expect(entries).toEqual([])
    const [noted] = await tx`select type, outcome from tenancy.stripe_events where id = ${event.id}`
    expect(noted).toEqual({ type: event.type, outcome })
    return outcome
  }

  it('is noted, and that is all', () =>
    inOwn(async (tx) => {
      const id = await inState(tx, 'trial', 'operator')
      const customer = await link(tx, id)
      expect(await ignored(tx, id, snapshot('active', 0), newId('cus'))).toBe('unknown_customer')
      expect(await ignored(tx, id, { ...snapshot('active', 0), livemode: true }, customer)).toBe('other_mode')
      expect(await ignored(tx, id, snapshot('active', 0, { price: 'price_elsewhere' }), customer)).toBe('unknown_price')
      expect(
        await ignored(tx, id, { ...snapshot('active', 0), subscription: undefined, type: 'charge.refunded' }, customer),
      )
        .toBe('irrelevant')
      // The control: the same with all that was wrong put right.
      expect(await tell(tx, snapshot('active', 0), customer)).toBe('applied')
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'active', subscription_tier: 'professional' })
    }))

  it('counts when Stripe sends it again, once it is about somebody', () =>
    inOwn(async (tx) => {
      const id = await inState(tx, 'trial', 'operator')
      const [customer, early] = [newId('cus'), snapshot('active', 0)]
      expect(await tell(tx, early, customer)).toBe('unknown_customer')
      await link(tx, id, customer)
      const later = snapshot('active', 1, { price: 'price_enterprise' })
      expect([await tell(tx, early, customer), await tell(tx, early, customer)]).toEqual(['applied', 'duplicate'])
      expect(await tell(tx, later, customer)).toBe('unknown_price')
      expect(await stateOf(tx, id)).toMatchObject({ subscription_tier: 'professional' })
      await tx`update subscription_plans set stripe_price_id = 'price_enterprise' where tier = 'enterprise'`
      expect([await tell(tx, later, customer), await tell(tx, later, customer)]).toEqual(['applied', 'duplicate'])
      expect(await stateOf(tx, id)).toMatchObject({ subscription_tier: 'enterprise' })
    }))

  it('counts from when it was sent again: who waited out the grace meanwhile is paid for', () =>
    inOwn(async (tx) => {
      const id = await inState(tx, 'suspended', 'schedule')
      const customer = await link(tx, id)
      const event = snapshot('active', 0, { price: 'price_enterprise' })
      expect(await tell(tx, event, customer)).toBe('unknown_price')
      await tx`update tenancy.subscription_facts set heard_at = '2025-12-31' where organization_id = ${id}`
      await tx`update subscription_plans set stripe_price_id = 'price_enterprise' where tier = 'enterprise'`
      expect(await tell(tx, event, customer)).toBe('applied')
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'active', subscription_tier: 'enterprise' })
    }))

  it('of an organization that is deleted waits until it is restored, and of one that is purged is about nobody', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      const customer = await link(tx, cast.acme)
      await tell(tx, snapshot('active', 0), customer)
      await tx`update organizations set deleted_at = now() where id = ${cast.acme}`
      expect(await ignored(tx, cast.acme, snapshot('canceled', 5, { type: 'deleted' }), customer))
        .toBe('deleted_organization')
      const entries = await entriesOf(
        tx,
        cast.acme,
        () => ask(tx, cast, 'alice', (tx) => tx`restore_organization(${cast.acme})`),
      )
      expect(entries.map(({ action }) => action)).toEqual(['organization.restored', 'organization.status_changed'])
      expect(await stateOf(tx, cast.acme)).toMatchObject({ subscription_status: 'cancelled', status_cause: 'billing' })
      await tx`delete from organizations where id = ${cast.acme}`
      expect(await tell(tx, snapshot('active', 9), customer)).toBe('unknown_customer')
      expect([...await tx`select from tenancy.subscription_facts where organization_id = ${cast.acme}`]).toEqual([])
    }))
})

describe('the audit log', () => {
  it('has one entry for each change of plan and of status, and none of Stripe’s ids', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      const customer = newId('cus')
      const entries = await entriesOf(tx, cast.acme, async () => {
        await link(tx, cast.acme, customer)
        await tell(tx, snapshot('active', 0), customer)
        await tell(tx, snapshot('active', 1), customer)
        await tell(tx, snapshot('active', 2, { price: 'price_basic' }), customer)
      })
      expect(entries.map(({ action, actor_type, before, after }) => [action, actor_type, before, after])).toEqual([
        ['billing.customer_linked', 'system', null, { livemode: false }],
        ['organization.plan_changed', 'service', { subscription_tier: 'basic' }, { subscription_tier: 'professional' }],
        [
          'organization.status_changed',
          'service',
          expect.anything(),
          expect.objectContaining({
            subscription_status: 'active',
            status_cause: 'billing',
          }),
        ],
        ['organization.plan_changed', 'service', { subscription_tier: 'professional' }, { subscription_tier: 'basic' }],
      ])
      expect(JSON.stringify(entries)).not.toMatch(/cus_|sub_|price_|evt_/)
      expect([...await faultsOf(tx, cast.acme)]).toEqual([])
      const unlinked = await entriesOf(
        tx,
        cast.acme,
        () => tx`delete from tenancy.billing_customers where organization_id = ${cast.acme}`,
      )
      expect(unlinked.map(({ action }) => action)).toEqual(['billing.customer_unlinked'])
    }))
})

type Asks = (
  cast: Cast,
  said?: string[],
  more?: { time?: number; secret?: string },
  organization?: string,
) => Promise<Call>
const signedBy = (secret?: string) => secret === undefined ? undefined : createSigner(secret)

const checkout: Asks = async (
  cast,
  said = ['billing-checkout', cast.acme, 'professional'],
  { time, secret } = {},
  organization = cast.acme,
) => {
  const proof = await prove(said, time, signedBy(secret))
  return (tx) => tx`start_checkout(${organization}, ${said[2] ?? 'professional'}, ${proof})`
}
const portal: Asks = async (cast, said = ['billing-portal', cast.acme], { time, secret } = {}) => {
  const proof = await prove(said, time, signedBy(secret))
  return (tx) => tx`start_portal(${cast.acme}, ${proof})`
}
const linking = (customer = newId('cus')): Asks => async (cast, said, { time, secret } = {}) => {
  const proof = await prove(said ?? ['billing-customer', cast.acme, customer, 'false'], time, signedBy(secret))
  return (tx) => tx`link_customer(${cast.acme}, ${customer}, false, ${proof})`
}

describe.each([['start_checkout', checkout], ['start_portal', portal], ['link_customer', linking()]])(
  '%s',
  (name, asks) => {
    it('is for owners, also of a suspended or cancelled organization', () =>
      inOwn(async (tx) => {
        const cast = await stage(tx)
        const call = await asks(cast)
        if (name === 'start_portal') await link(tx, cast.acme)
        for (
          const [actor, code] of [
            ['adam', 'forbidden'],
            ['mona', 'forbidden'],
            ['mia', 'forbidden'],
            ['bob', 'not_found'],
            ['eve', 'not_found'],
          ] as [Actor, string][]
        ) expect([actor, await ask(tx, cast, actor, call)]).toEqual([actor, code])
        for (const status of ['trial', 'past_due', 'suspended', 'cancelled']) {
          if (
            status !== 'trial'
          ) await tx`update organizations set subscription_status = ${status} where id = ${cast.acme}`
          expect(await ask(tx, cast, 'alice', call), status).toHaveProperty('customer_id')
        }
        await tx`update tenancy.organization_states set may_bill = false where status = 'cancelled'`
        expect(await ask(tx, cast, 'alice', call)).toBe('organization_suspended')
        await tx`update organizations set deleted_at = now() where id = ${cast.acme}`
        expect(await ask(tx, cast, 'alice', call)).toBe('not_found')
      }))

    it('tells nobody but the functions, though it is an owner who asks', () =>
      inOwn(async (tx) => {
        const cast = await stage(tx)
        if (name === 'start_portal') await link(tx, cast.acme)
        const now = Math.floor(Date.now() / 1000)
        const forged = [
          asks(cast, undefined, { secret: 'a secret that is not that of functions' }),
          asks(cast, undefined, { time: now - 90 }),
          asks(cast, undefined, { time: now + 90 }),
          asks(cast, ['domain-proof', cast.acme]),
          asks(cast, ['billing-checkout', cast.globex, 'professional']),
        ]
        for (const call of forged) expect(await ask(tx, cast, 'alice', await call)).toBe('forbidden')
        const { rows, refused } = await as(tx, cast, 'alice', (tx) => tx`select * from tenancy.billing_customers`)
        expect([rows, refused?.state]).toEqual([[], '42501'])
        expect(await ask(tx, cast, 'alice', await asks(cast))).toHaveProperty('customer_id')
      }))
  },
)

describe('a proof', () => {
  it('is of one question: of another plan, customer or mode, or of another door, it opens nothing', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      const customer = await link(tx, cast.acme)
      const basic = await prove(['billing-checkout', cast.acme, 'basic'])
      const linked = await prove(['billing-customer', cast.acme, customer, 'false'])
      const calls: Call[] = [
        (tx) => tx`start_checkout(${cast.acme}, 'professional', ${basic})`,
        (tx) => tx`start_portal(${cast.acme}, ${basic})`,
        (tx) => tx`link_customer(${cast.acme}, ${newId('cus')}, false, ${linked})`,
        (tx) => tx`link_customer(${cast.acme}, ${customer}, true, ${linked})`,
        (tx) => tx`start_checkout(${cast.acme}, 'basic', ${`${basic}0`})`,
        (tx) => tx`start_checkout(${cast.acme}, 'basic', ${basic.replace(/^\d+/, (time) => String(Number(time) + 1))})`,
        (tx) => tx`start_checkout(${cast.acme}, 'basic', null)`,
      ]
      for (const call of calls) expect(await ask(tx, cast, 'alice', call)).toBe('forbidden')
      // The controls: what they are of.
      expect(await ask(tx, cast, 'alice', (tx) => tx`start_checkout(${cast.acme}, 'basic', ${basic})`))
        .toHaveProperty('customer_id')
      expect(await ask(tx, cast, 'alice', (tx) => tx`link_customer(${cast.acme}, ${customer}, false, ${linked})`))
        .toEqual({ customer_id: customer })
    }))
})

describe('a checkout', () => {
  const ofTier = (cast: Cast, tier: string) => checkout(cast, ['billing-checkout', cast.acme, tier])

  it('is of a plan that is for sale', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      for (const tier of ['enterprise', 'gold', '']) {
        expect([tier, await ask(tx, cast, 'alice', await ofTier(cast, tier))]).toEqual([tier, 'validation_failed'])
      }
      expect(await ask(tx, cast, 'alice', await ofTier(cast, 'basic'))).toEqual({
        price_id: 'price_basic',
        customer_id: null,
      })
    }))

  it.each([
    ['trialing', 'conflict'],
    ['active', 'conflict'],
    ['past_due', 'conflict'],
    ['unpaid', 'conflict'],
    ['paused', 'conflict'],
    ['incomplete', 'begins'],
    ['incomplete_expired', 'begins'],
    ['canceled', 'begins'],
  ])('beside a subscription that is %s: %s', (status, outcome) =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      const customer = await link(tx, cast.acme)
      await tell(tx, snapshot(status, 0), customer)
      const answer = await ask(tx, cast, 'alice', await checkout(cast))
      expect(answer).toEqual(
        outcome === 'conflict' ? 'conflict' : { price_id: 'price_professional', customer_id: customer },
      )
      expect(await ask(tx, cast, 'alice', await portal(cast))).toEqual({ customer_id: customer })
    }))

  it('can be begun 20 times an hour by one person, portal visits among them', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      await link(tx, cast.acme)
      await join(tx, cast.acme, cast.users.eve, 'owner')
      for (let time = 0; time < 20; time++) {
        expect(await ask(tx, cast, 'alice', await (time % 2 ? checkout : portal)(cast))).toHaveProperty('customer_id')
      }
      expect(await ask(tx, cast, 'alice', await checkout(cast))).toBe('rate_limited')
      expect(await ask(tx, cast, 'alice', await portal(cast))).toBe('rate_limited')
      expect(await ask(tx, cast, 'eve', await checkout(cast))).toHaveProperty('customer_id')
    }))
})

describe('a customer', () => {
  it('pays for one organization, and an organization has one: the first', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      const customer = newId('cus')
      expect(await ask(tx, cast, 'alice', await linking(customer)(cast))).toEqual({ customer_id: customer })
      expect(await ask(tx, cast, 'alice', await linking()(cast))).toEqual({ customer_id: customer })
      const other = await prove(['billing-customer', cast.globex, customer, 'false'])
      expect(await ask(tx, cast, 'bob', (tx) => tx`link_customer(${cast.globex}, ${customer}, false, ${other})`))
        .toBe('conflict')
      const odd = await prove(['billing-customer', cast.globex, 'acct_1', 'false'])
      expect(await ask(tx, cast, 'bob', (tx) => tx`link_customer(${cast.globex}, 'acct_1', false, ${odd})`)).toBe(
        '23514',
      )
      const links =
        await tx`select customer_id from tenancy.billing_customers where organization_id in (${cast.acme}, ${cast.globex})`
      expect([...links]).toEqual([{ customer_id: customer }])
    }))

  it('is what a portal is opened for', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      await link(tx, cast.globex)
      expect(await ask(tx, cast, 'alice', await portal(cast))).toBe('conflict')
      const customer = await link(tx, cast.acme)
      expect(await ask(tx, cast, 'alice', await portal(cast))).toEqual({ customer_id: customer })
    }))

  it('that is unlinked takes with it what was said of it', () =>
    inOwn(async (tx) => {
      const cast = await stage(tx)
      const customer = await link(tx, cast.acme)
      const unlink = () => tx`delete from tenancy.billing_customers where customer_id = ${customer}`
      const buying = async (organization: string, person: Actor) =>
        await ask(tx, cast, person, await checkout(cast, ['billing-checkout', organization, 'basic'], {}, organization))
      await tell(tx, snapshot('active', 0), customer)
      await tell(tx, { ...snapshot('active', 1, { subscription: 'sub_2', price: 'price_new' }) }, customer)
      expect(await buying(cast.acme, 'alice')).toBe('conflict')
      await unlink()
      expect(await buying(cast.acme, 'alice')).toEqual({ price_id: 'price_basic', customer_id: null })
      // The plan stays until something is said of the customer that comes after.
      expect(await stateOf(tx, cast.acme)).toMatchObject({
        subscription_status: 'active',
        subscription_tier: 'professional',
      })
      const next = await link(tx, cast.acme)
      expect(await buying(cast.acme, 'alice')).toEqual({ price_id: 'price_basic', customer_id: next })
      await tell(tx, snapshot('past_due', 2, { subscription: 'sub_3', price: 'price_basic' }), next)
      expect(await stateOf(tx, cast.acme)).toMatchObject({
        subscription_status: 'past_due',
        subscription_tier: 'basic',
      })
      // Nor does it say anything of another organization that has the customer now, but for what comes then.
      await link(tx, cast.globex, customer)
      expect(await buying(cast.globex, 'bob')).toEqual({ price_id: 'price_basic', customer_id: customer })
      await tx`update subscription_plans set stripe_price_id = 'price_new' where tier = 'enterprise'`
      const [noted] = await tx`select event_id from tenancy.subscription_facts where subscription_id = 'sub_2'`
      const again = { ...snapshot('active', 1, { subscription: 'sub_2', price: 'price_new' }), id: noted?.event_id }
      expect(await tell(tx, again, customer)).toBe('applied')
      expect(await stateOf(tx, cast.globex)).toMatchObject({
        subscription_status: 'active',
        subscription_tier: 'enterprise',
      })
      expect(await buying(cast.globex, 'bob')).toBe('conflict')
      // Linked again to where it was, it counts there again.
      await unlink()
      await tx`delete from tenancy.billing_customers where organization_id = ${cast.acme}`
      await link(tx, cast.acme, customer)
      expect(await buying(cast.acme, 'alice')).toBe('conflict')
    }))

  it('is one, when two owners go to checkout at the same moment', async () => {
    const cast = await own.sql.begin(async (tx) => {
      const cast = await stage(tx)
      await join(tx, cast.acme, cast.users.eve, 'owner')
      return cast
    })
    const calls = [await linking()(cast), await linking()(cast)]
    const answers: unknown[] = []
    const outcomes = await race(
      own.sql,
      runners,
      (['alice', 'eve'] as const).map((person, place) => ({
        user: cast.users[person],
        run: async (tx) => answers.push((await tx`select ${calls[place]!(tx)} as answer`)[0]?.answer),
      })),
    )
    expect(outcomes).toEqual(['done', 'done'])
    expect(answers[0]).toEqual(answers[1])
    expect(await own.sql`select from tenancy.billing_customers where organization_id = ${cast.acme}`).toHaveLength(1)
    expect(
      await own.sql`select from audit_log where organization_id = ${cast.acme} and action = 'billing.customer_linked'`,
    )
      .toHaveLength(1)
  })
})

describe('at the same moment', () => {
  /** Lets each be told on a connection of its own, once all of them are there. */
  async function tellAtOnce(events: Heard[], customer: string): Promise<string[]> {
    const outcomes: Promise<string>[] = []
    await own.sql.begin(async (tx) => {
      // The organization is what they wait for.
      await tx`select 1 from organizations as o join tenancy.billing_customers as c on c.organization_id = o.id
        where c.customer_id = ${customer} for update of o`
      const pids: Promise<number>[] = []
      for (const event of events) {
        const pid = Promise.withResolvers<number>()
        pids.push(pid.promise)
        outcomes.push(runners.begin(async (tx) => {
          const [me] = await tx`select pg_backend_pid() as pid`
          pid.resolve(me?.pid)
          return await tell(tx, event, customer)
        }))
      }
      const all = await Promise.all(pids)
      for (;;) {
        const [waiting] = await tx`select count(*)::int as n from unnest(${all}::int[]) as p (pid)
          where cardinality(pg_blocking_pids(p.pid)) > 0`
        if (waiting?.n === events.length) break
      }
    })
    return await Promise.all(outcomes)
  }

  it('one event that comes four times happens once', async () => {
    const id = await own.sql.begin((tx) => found(tx, 'Acme'))
    const customer = await own.sql.begin((tx) => link(tx, id))
    const event = snapshot('active', 0)
    const outcomes = await tellAtOnce([event, event, event, event], customer)
    expect(outcomes.sort()).toEqual(['applied', 'duplicate', 'duplicate', 'duplicate'])
    expect(await own.sql`select from tenancy.subscription_facts where organization_id = ${id}`).toHaveLength(1)
  })

  it('four events come to what they come to one after the other', async () => {
    const id = await own.sql.begin((tx) => found(tx, 'Acme'))
    const customer = await own.sql.begin((tx) => link(tx, id))
    const outcomes = await tellAtOnce([
      snapshot('past_due', 30),
      snapshot('active', 0, { type: 'created', price: 'price_basic' }),
      invoice(false, 29, { invoiced: 20 }),
      snapshot('active', 10),
    ], customer)
    expect(outcomes).toEqual(['applied', 'applied', 'applied', 'applied'])
    expect(await stateOf(own.sql, id)).toMatchObject({
      subscription_status: 'past_due',
      subscription_tier: 'professional',
    })
  })
})

describe('nonsense', () => {
  it.each([
    ['an id that is none', { id: 'x' }],
    ['a status that is none', { subscription: { id: 'sub_1', status: 'excellent', created: moment, prices: [] } }],
    ['a subscription that is none', { subscription: { id: 'in_1', status: 'active', created: moment, prices: [] } }],
    ['a time that is none', { created: 'now' }],
  ])('is refused, and nothing is noted: %s', (_what, wrong) =>
    inOwn(async (tx) => {
      const id = await inState(tx, 'trial', 'operator')
      const customer = await link(tx, id)
      const event = { ...snapshot('active', 0), customer, ...wrong }
      const { refused } = await attempt(tx, (tx) => tx`select receive_stripe_event(${tx.json(event)})`)
      expect(refused?.state).toMatch(/^2/)
      expect(await tx`select from tenancy.stripe_events where customer_id = ${customer}`).toHaveLength(0)
      expect(await stateOf(tx, id)).toMatchObject({ subscription_status: 'trial' })
    }))
})
