import { describe, expect, it } from 'vitest'
import { webhookSecrets } from '../../local/keys.ts'
import { createApp } from '../../supabase/functions/_kit/app.ts'
import { createStripe } from '../../supabase/functions/_kit/stripe.ts'
import { createBillingWebhook } from '../../supabase/functions/billing-webhook/billing-webhook.ts'
import { sql } from '../database/support/database.ts'
import { createFunctions } from '../unit/support/functions.ts'
import { type Stage, stage } from './support/cast.ts'
import { send } from './support/http.ts'
import { expectProblem } from './support/problems.ts'
import { stack } from './support/stack.ts'
import { callsAbout, newCustomerId, newSubscriptionId, say, subscriptionsOf } from './support/stripe.ts'

// From an organization that goes to the end of what was paid for it: by the outbox, the relay and the function, to the
// stand-in for Stripe.

const soon = { timeout: 20_000, interval: 100 }
const patiently = { timeout: 60_000 }
const mark = { ends_with_organization: 'yes' }

interface Account extends Stage {
  customer: string
  /** The ids of its subscriptions, in the order of their statuses. */
  ids: string[]
}

/** Acme, whose customer has subscriptions like these at Stripe. */
async function openAccount(...subscriptions: { status: string; cancel_at_period_end?: boolean }[]): Promise<Account> {
  const cast = await stage()
  const customer = newCustomerId()
  await sql`insert into tenancy.billing_customers (organization_id, customer_id, livemode)
    values (${cast.acme}, ${customer}, false)`
  const ids = subscriptions.map(newSubscriptionId)
  const kept = subscriptions.map((one, place) => ({ ...one, id: ids[place] ?? '' }))
  await say({ about: customer, subscriptions: kept })
  return { ...cast, customer, ids }
}

const remove = (one: Account) => one.call('alice', 'DELETE', `/organizations/${one.acme}`)
const restore = (one: Account) => one.call('alice', 'POST', `/organizations/${one.acme}/restore`)
const eventsOf = ({ customer }: Account) =>
  sql`select id, topic, attempts, delivered_at is not null as delivered, last_error from tenancy.outbox
    where order_key = ${customer} order by position`

/** Waits until everything has been told. */
const told = (one: Account) =>
  expect.poll(async () => {
    await sql`select tenancy.deliver_outbox()`
    return (await eventsOf(one)).map(({ delivered }) => delivered)
  }, soon).not.toContain(false)

/** Purges an organization that is deleted, until it is gone. */
const purge = ({ acme }: Account) =>
  expect.poll(async () => {
    await sql`select tenancy.purge_organization(${acme})`
    return await sql`select from organizations where id = ${acme}`
  }, soon).toHaveLength(0)

const changesOf = async ({ ids }: Account) =>
  (await Promise.all(ids.map((id) => callsAbout(`/v1/subscriptions/${id}`)))).flat()

describe('an organization that is deleted', patiently, () => {
  it('is paid for to the end of what is paid, and on as before once it is restored', async () => {
    const one = await openAccount({ status: 'active' })
    expect((await remove(one)).status).toBe(200)
    await told(one)
    expect(await subscriptionsOf(one.customer)).toMatchObject([
      { status: 'active', cancel_at_period_end: true, metadata: mark },
    ])
    expect((await restore(one)).status).toBe(200)
    await told(one)
    expect(await subscriptionsOf(one.customer)).toMatchObject([
      { status: 'active', cancel_at_period_end: false, metadata: {} },
    ])
    const events = await eventsOf(one)
    expect(events.map(({ topic, attempts }) => [topic, attempts])).toEqual([
      ['billing.deleted', 1],
      ['billing.restored', 1],
    ])
    expect((await changesOf(one)).map(({ method, params, idempotencyKey }) => [method, params, idempotencyKey]))
      .toEqual([
        [
          'POST',
          { cancel_at_period_end: 'true', 'metadata[ends_with_organization]': 'yes' },
          `${events[0]?.id}-1-${one.ids[0]}`,
        ],
        [
          'POST',
          { cancel_at_period_end: 'false', 'metadata[ends_with_organization]': '' },
          `${events[1]?.id}-1-${one.ids[0]}`,
        ],
      ])
  })

  it('does not bring back what its people had cancelled themselves', async () => {
    const one = await openAccount({ status: 'active', cancel_at_period_end: true })
    for (const change of [remove, restore]) {
      await change(one)
      await told(one)
    }
    expect(await eventsOf(one)).toHaveLength(2)
    expect(await subscriptionsOf(one.customer)).toMatchObject([{ status: 'active', cancel_at_period_end: true }])
    expect(await changesOf(one)).toEqual([])
  })

  it('has each subscription end as it can', async () => {
    const statuses = ['trialing', 'past_due', 'unpaid', 'paused', 'incomplete', 'incomplete_expired', 'canceled']
    const one = await openAccount(...statuses.map((status) => ({ status })))
    await remove(one)
    await told(one)
    const later = ['trialing', 'past_due', 'unpaid', 'paused']
    expect(await subscriptionsOf(one.customer)).toMatchObject([
      ...later.map((status) => ({ status, cancel_at_period_end: true })),
      { status: 'canceled' },
      { status: 'incomplete_expired' },
      { status: 'canceled' },
    ])
    expect((await changesOf(one)).map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'POST', 'DELETE'])
  })

  it('is sold nothing any more: the page on which somebody could pay is closed, be it that they just have', async () => {
    const one = await openAccount()
    const open = async () => {
      const { body } = await one.call('alice', 'POST', `/billing/${one.acme}/checkout`, { json: { tier: 'basic' } })
      return String(Object(body).url).split('/').at(-1) ?? ''
    }
    const page = await open()
    await remove(one)
    await told(one)
    expect((await callsAbout(`${page}/expire`)).map(({ method }) => method)).toEqual(['POST'])
    await restore(one)
    await told(one)
    const paid = await open()
    await say({ about: `${paid}/expire`, status: 400 })
    await say({ about: one.customer, subscriptions: [{ id: newSubscriptionId(), status: 'active' }] })
    await remove(one)
    await told(one)
    expect(await subscriptionsOf(one.customer)).toMatchObject([{ cancel_at_period_end: true }])
  })
})

describe('an organization that is purged', patiently, () => {
  it('is not paid for any more, whatever was paid', async () => {
    const one = await openAccount({ status: 'active' }, { status: 'past_due' }, { status: 'canceled' })
    await remove(one)
    await purge(one)
    await told(one)
    expect((await subscriptionsOf(one.customer)).map(({ status }) => status)).toEqual([
      'canceled',
      'canceled',
      'canceled',
    ])
    expect((await changesOf(one)).filter(({ method }) => method === 'DELETE')).toHaveLength(2)
    // Once is enough, and told again it does nothing.
    const [event] = await sql`update tenancy.outbox set delivered_at = null, next_attempt_at = now()
      where order_key = ${one.customer} and topic = 'billing.purged' returning id`
    expect(event).toBeDefined()
    await told(one)
    expect((await changesOf(one)).filter(({ method }) => method === 'DELETE')).toHaveLength(2)
  })

  it('of a customer whom somebody removed at Stripe is done with', async () => {
    const one = await openAccount({ status: 'active' })
    await say({ about: one.customer, status: 404, code: 'resource_missing' })
    await sql`delete from organizations where id = ${one.acme}`
    await told(one)
    expect(await eventsOf(one)).toMatchObject([{ topic: 'billing.purged', attempts: 1, last_error: null }])
  })
})

describe('a Stripe that is down', patiently, () => {
  it.each([
    ['refuses', { status: 500 }],
    ['does it, and its answer gets lost', { afterwards: 503 }],
    ['has too many requests', { status: 429 }],
  ])('and %s is asked again until it is done, under another key', async (_what, outage) => {
    const one = await openAccount({ status: 'active' })
    const [id = ''] = one.ids
    await say({ about: `/v1/subscriptions/${id}`, ...outage })
    await sql`update organizations set deleted_at = now() where id = ${one.acme}`
    await expect.poll(async () => {
      await sql`select tenancy.read_answers()`
      return [...await eventsOf(one)]
    }, soon).toMatchObject([{ attempts: 1, delivered: false, last_error: 'status 503' }])
    await say({ about: `/v1/subscriptions/${id}` })
    await sql`update tenancy.outbox set next_attempt_at = now() where order_key = ${one.customer}`
    await told(one)
    expect(await subscriptionsOf(one.customer)).toMatchObject([{ status: 'active', cancel_at_period_end: true }])
    const keys = new Set((await changesOf(one)).map(({ idempotencyKey }) => idempotencyKey))
    const [event] = await eventsOf(one)
    expect(event).toMatchObject({ delivered: true, last_error: null })
    for (const key of keys) expect(key).toMatch(new RegExp(`^${event?.id}-[12]-${id}$`))
  })
})

describe('the function', () => {
  const customer_id = 'cus_unit'
  const eventId = crypto.randomUUID()
  const secret = 'a secret of the billing webhook'
  const live = { customer_id, livemode: true, ends: 'now', attempt: 1 }

  /** The function in this process, with a database that answers this and a Stripe that nobody may ask. */
  async function post(
    answer: unknown,
    { headers = {}, key, isLive = false }: { headers?: Record<string, string>; key?: string; isLive?: boolean } = {},
  ) {
    const functions = createFunctions(() => Response.json(answer))
    const atStripe: string[] = []
    const openStripe = key === undefined ? undefined : createStripe({
      secretKey: key,
      fetch: (input) => {
        atStripe.push(new Request(input).url)
        return Promise.resolve(Response.json({ id: customer_id, deleted: true }))
      },
    })
    const app = createApp('billing-webhook', functions.deps)
      .route('/', createBillingWebhook({ openStripe, isLive, secret, secretKeyPastRowSecurity: 'sb_secret_unit' }))
    const response = await app.request('/billing-webhook', {
      method: 'POST',
      headers: { 'x-webhook-secret': secret, 'x-event-id': eventId, ...headers },
      body: '{"customer_id": "cus_another"}',
    })
    return { ...functions, atStripe, response, body: await response.json() }
  }

  it('asks the database about the event, with the secret key, and goes by nothing that was sent', async () => {
    const { response, body, asked, atStripe } = await post(live, { key: 'sk_live_unit', isLive: true })
    expect([response.status, body]).toEqual([200, { changed: 0 }])
    expect(asked.map(({ url, body }) => [url.pathname, body])).toEqual([['/rest/v1/rpc/read_ending', {
      event_id: eventId,
    }]])
    expect(asked[0]?.headers.get('apikey')).toBe('sb_secret_unit')
    expect(atStripe.map((url) => new URL(url).pathname)).toEqual([`/v1/customers/${customer_id}`])
  })

  it('asks Stripe nothing where there is nothing to do, with a key or without', async () => {
    for (const key of ['sk_test_unit', undefined]) {
      const { response, body, atStripe } = await post(null, { key })
      expect([response.status, body, atStripe]).toEqual([200, { changed: 0 }, []])
    }
  })

  it.each([
    ['without a key', undefined, 'STRIPE_SECRET_KEY is missing'],
    ['with a test key, of a customer who pays', 'sk_test_unit', 'STRIPE_SECRET_KEY is no live key'],
  ])('has the event come again, and says why in the log: %s', async (_what, key, cause) => {
    const { response, logged, atStripe } = await post(live, { key })
    expect([response.status, atStripe]).toEqual([503, []])
    expect(logged[0]).toMatchObject({ level: 'error', problem: 'unavailable', cause: expect.stringContaining(cause) })
  })

  it.each<[string, Record<string, string>, number]>([
    ['no secret', { 'x-webhook-secret': '' }, 401],
    ['a wrong secret', { 'x-webhook-secret': 'a secret of the billing w3bhook' }, 401],
    ['no event', { 'x-event-id': '' }, 422],
    ['an event that is none', { 'x-event-id': 'cus_unit' }, 422],
  ])('refuses %s, and asks nobody', async (_what, headers, status) => {
    const { response, asked, atStripe } = await post(live, { key: 'sk_live_unit', isLive: true, headers })
    expect([response.status, asked, atStripe]).toEqual([status, [], []])
  })

  it('is closed to everybody else: no owner, no secret key, and the secret of another webhook opens it not', async () => {
    const one = await openAccount({ status: 'active' })
    const url = `${stack('FUNCTIONS_URL')}/billing-webhook`
    const { NOTICES_SECRET, BILLING_WEBHOOK_SECRET } = webhookSecrets({ jwtSecret: stack('JWT_SECRET') })
    const event = { 'x-event-id': crypto.randomUUID() }
    expectProblem(
      await one.call('alice', 'POST', '/billing-webhook', { headers: event, json: { customer_id: one.customer } }),
      'unauthenticated',
    )
    for (const [name, value] of [['apikey', stack('SECRET_KEY')], ['x-webhook-secret', NOTICES_SECRET]] as const) {
      expectProblem(await send('POST', url, { headers: { ...event, [name]: value } }), 'unauthenticated')
    }
    // The control: with the right one an event that does not exist changes nothing.
    const known = await send('POST', url, { headers: { ...event, 'x-webhook-secret': BILLING_WEBHOOK_SECRET } })
    expect([known.status, known.body]).toEqual([200, { changed: 0 }])
    expect(await callsAbout(one.customer)).toEqual([])
  })
})
