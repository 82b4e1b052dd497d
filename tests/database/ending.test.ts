import { describe, expect, it } from 'vitest'
import { link, newId, snapshot, tell } from './support/billing.ts'
import { as, found, stage } from './support/cast.ts'
import { ask } from './support/ask.ts'
import { inTransaction, type Transaction } from './support/database.ts'

// What Stripe is told when an organization goes, and what becomes of the events that nothing follows from any more.

const eventsOf = (tx: Transaction, customer: string) =>
  tx`select topic, payload from tenancy.outbox where order_key = ${customer} order by position`
const topicsOf = async (tx: Transaction, customer: string) => (await eventsOf(tx, customer)).map(({ topic }) => topic)
/** What the function is answered about the latest event of a customer. */
const readLatest = async (tx: Transaction, customer: string) =>
  (await tx`select read_ending(id) as ending from tenancy.outbox where order_key = ${customer} order by position desc`)[
    0
  ]
    ?.ending
/** What the audit log says of payments. */
const entriesOf = async (tx: Transaction, id: string) =>
  (await tx`select action from audit_log where organization_id = ${id} and action like 'billing.%' order by position`)
    .map(({ action }) => action)
const remove = (tx: Transaction, id: string) => tx`update organizations set deleted_at = now() where id = ${id}`
const restore = (tx: Transaction, id: string) => tx`update organizations set deleted_at = null where id = ${id}`
/** The round of a purge in which the organization goes, however long it takes. */
const purge = async (tx: Transaction, id: string) => {
  await tx`select tenancy.begin_purge(${id})`
  await tx`select tenancy.continue_purge(${id}, 'infinity')`
}

describe('Stripe is told', () => {
  it('of whom an owner deletes and restores, with the customer alone', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const customer = await link(tx, cast.acme)
      expect(await ask(tx, cast, 'alice', (tx) => tx`delete_organization(${cast.acme})`)).toHaveProperty('organization')
      expect(await ask(tx, cast, 'alice', (tx) => tx`restore_organization(${cast.acme})`)).toHaveProperty(
        'organization',
      )
      expect([...await eventsOf(tx, customer)]).toEqual([
        { topic: 'billing.deleted', payload: { customer_id: customer } },
        { topic: 'billing.restored', payload: { customer_id: customer } },
      ])
    }))

  it('of a purge, in the round that removes the customer, with nothing of the organization', () =>
    inTransaction(async (tx) => {
      const { acme } = await stage(tx)
      const customer = await link(tx, acme)
      await remove(tx, acme)
      await purge(tx, acme)
      expect(await tx`select from organizations where id = ${acme}`).toHaveLength(0)
      const events = await eventsOf(tx, customer)
      expect(events.slice(1)).toEqual([{
        topic: 'billing.purged',
        payload: { customer_id: customer, livemode: false },
      }])
      expect(JSON.stringify(events)).not.toContain(acme)
      expect(await entriesOf(tx, acme)).toEqual(['billing.customer_linked'])
    }))

  it('of an organization that SQL removes without a purge', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const customer = await link(tx, acme)
      await tx`delete from organizations where id = ${acme}`
      expect(await topicsOf(tx, customer)).toEqual(['billing.purged'])
      // Nobody unlinked it.
      expect(await entriesOf(tx, acme)).toEqual(['billing.customer_linked'])
    }))

  it('of nothing else: no other change, no organization that never paid, no customer that is unlinked', () =>
    inTransaction(async (tx) => {
      const [acme, globex] = [await found(tx, 'Acme'), await found(tx, 'Globex')]
      const customer = await link(tx, acme)
      const count = async () =>
        (await tx`select count(*)::int as n from tenancy.outbox where topic like 'billing.%'`)[0]?.n
      const before = await count()
      await tx`update organizations set name = 'Acme Ltd', deleted_at = deleted_at where id = ${acme}`
      await remove(tx, globex)
      await restore(tx, globex)
      await remove(tx, globex)
      await purge(tx, globex)
      await tx`delete from tenancy.billing_customers where organization_id = ${acme}`
      expect(await count()).toBe(before)
      // The control: the same with a customer.
      await link(tx, acme, customer)
      await remove(tx, acme)
      await tx`update organizations set deleted_at = deleted_at - interval '1 day' where id = ${acme}`
      expect(await count()).toBe(before + 1)
    }))
})

describe('the function is answered', () => {
  it('what holds of the customer now, whatever the event said', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const customer = await link(tx, acme)
      const ending = (ends: string) => ({ customer_id: customer, livemode: false, ends, attempt: expect.any(Number) })
      await remove(tx, acme)
      expect(await readLatest(tx, customer)).toEqual(ending('later'))
      const [deleted] = await tx`select id from tenancy.outbox where order_key = ${customer}`
      await restore(tx, acme)
      expect(await readLatest(tx, customer)).toEqual(ending('never'))
      const readDeleted = async () => (await tx`select read_ending(${deleted?.id}) as ending`)[0]?.ending
      expect(await readDeleted()).toEqual(ending('never'))
      await remove(tx, acme)
      expect(await readDeleted()).toEqual(ending('later'))
      await purge(tx, acme)
      expect(await readLatest(tx, customer)).toEqual(ending('now'))
      // Of a customer who is gone only the purge speaks.
      expect(await readDeleted()).toBeNull()
    }))

  it('that there is nothing to do: unlinked meanwhile, delivered, of another topic, or no event', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const customer = await link(tx, acme)
      await remove(tx, acme)
      expect(await readLatest(tx, customer)).toMatchObject({ ends: 'later' })
      await tx`update tenancy.outbox set topic = 'notice.removed' where order_key = ${customer}`
      expect(await readLatest(tx, customer)).toBeNull()
      await tx`update tenancy.outbox set topic = 'billing.deleted', request_id = null, delivered_at = now()
        where order_key = ${customer}`
      expect(await readLatest(tx, customer)).toBeNull()
      await tx`update tenancy.outbox set delivered_at = null where order_key = ${customer}`
      expect(await readLatest(tx, customer)).toMatchObject({ ends: 'later' })
      await restore(tx, acme)
      await tx`delete from tenancy.billing_customers where organization_id = ${acme}`
      expect(await readLatest(tx, customer)).toBeNull()
      expect((await tx`select read_ending(gen_random_uuid()) as ending`)[0]?.ending).toBeNull()
    }))

  it('of a customer who pays for another organization by now, what holds of that one', () =>
    inTransaction(async (tx) => {
      const [acme, globex] = [await found(tx, 'Acme'), await found(tx, 'Globex')]
      const customer = await link(tx, acme)
      await tx`delete from organizations where id = ${acme}`
      expect(await readLatest(tx, customer)).toMatchObject({ ends: 'now' })
      await link(tx, globex, customer)
      expect(await readLatest(tx, customer)).toMatchObject({ ends: 'never' })
    }))

  it('and nobody else', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const customer = await link(tx, cast.acme)
      await remove(tx, cast.acme)
      const [event] = await tx`select id from tenancy.outbox where order_key = ${customer}`
      for (const actor of ['alice', 'anon'] as const) {
        for (const call of ['public.read_ending', 'tenancy.read_ending']) {
          const { refused } = await as(tx, cast, actor, (tx) => tx`select ${tx(call)}(${event?.id})`)
          expect([actor, call, refused?.state]).toEqual([actor, call, '42501'])
        }
      }
    }))
})

describe('tidying', () => {
  it('tries an ending again that was given up, and no other event', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const customer = await link(tx, acme)
      await tx`delete from organizations where id = ${acme}`
      await tx`select tenancy.queue_event('other', ${customer}, '{}')`
      await tx`update tenancy.outbox set failed_at = now(), attempts = 40, request_id = null where order_key = ${customer}`
      await tx`select tenancy.tidy()`
      expect([
        ...await tx`select topic, failed_at is null as tried, attempts from tenancy.outbox
          where order_key = ${customer} order by position`,
      ]).toEqual([
        { topic: 'billing.purged', tried: true, attempts: 0 },
        { topic: 'other', tried: false, attempts: 40 },
      ])
    }))

  it('forgets events that nothing has followed from for 90 days, and never what says how a subscription is', () =>
    inTransaction(async (tx) => {
      const [acme, globex] = [await found(tx, 'Acme'), await found(tx, 'Globex')]
      const [customer, other, nobody] = [await link(tx, acme), await link(tx, globex), newId('cus')]
      const told = {
        applied: snapshot('active', 0),
        unknown_price: snapshot('active', 1, { price: 'price_elsewhere', subscription: 'sub_2' }),
        irrelevant: { ...snapshot('active', 2), subscription: undefined, type: 'charge.refunded' },
        purged: snapshot('active', 3),
        unknown_customer: snapshot('active', 4),
        recent: snapshot('active', 5),
      }
      for (const name of ['applied', 'unknown_price', 'irrelevant'] as const) await tell(tx, told[name], customer)
      await tell(tx, told.purged, other)
      for (const name of ['unknown_customer', 'recent'] as const) await tell(tx, told[name], nobody)
      await tx`delete from organizations where id = ${globex}`
      const ids = Object.values(told).map(({ id }) => id)
      await tx`update tenancy.stripe_events set received_at = now() - interval '91 days' where id in ${tx(ids)}`
      await tx`update tenancy.stripe_events set received_at = now() - interval '89 days' where id = ${told.recent.id}`
      const before = await tx`select * from tenancy.subscriptions_of(${acme}) order by 1`
      await tx`select tenancy.tidy()`
      const left = await tx`select id from tenancy.stripe_events where id in ${tx(ids)}`
      expect(left.map(({ id }) => id).sort()).toEqual(
        [told.applied.id, told.unknown_price.id, told.recent.id].sort(),
      )
      expect(await tx`select * from tenancy.subscriptions_of(${acme}) order by 1`).toEqual(before)
      expect(before).toHaveLength(1)
    }))
})
