import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../supabase/functions/_kit/app.ts'
import type { LogEntry } from '../../supabase/functions/_kit/log.ts'
import { createStripeWebhook } from '../../supabase/functions/stripe-webhook/stripe-webhook.ts'
import { createFunctions } from '../unit/support/functions.ts'
import { permutationsOf } from '../database/support/billing.ts'
import { sql } from '../database/support/database.ts'
import { webhookSecret } from '../stack/stripe.ts'
import { type Stage, stage } from './support/cast.ts'
import { send } from './support/http.ts'
import { expectProblem } from './support/problems.ts'
import {
  type Event,
  invoiceEvent,
  newCustomerId,
  newEventId,
  newSubscriptionId,
  sign,
  subscriptionEvent,
  tell,
} from './support/stripe.ts'
import { stack } from './support/stack.ts'
import { rowsOf } from './support/world.ts'

// What Stripe tells, signed as its own library signs it, from the raw body to the row.

const url = `${stack('FUNCTIONS_URL')}/stripe-webhook`

async function openAccount(): Promise<Stage & { customer: string; id: string }> {
  const cast = await stage()
  const customer = newCustomerId()
  await sql`insert into tenancy.billing_customers (organization_id, customer_id, livemode) values (${cast.acme}, ${customer}, false)`
  return { ...cast, customer, id: newSubscriptionId() }
}

const stateOf = async ({ acme }: Stage) =>
  (await sql`select subscription_tier, subscription_status, status_cause, trial_ends_at from organizations where id = ${acme}`)[
    0
  ]

const noted = async ({ id }: Event) => (await sql`select type, outcome from tenancy.stripe_events where id = ${id}`)[0]

describe('a subscription', () => {
  it('makes the plan, the status and the trial of its organization, and ends them', async () => {
    const account = await openAccount()
    const trial_end = Math.floor(Date.now() / 1000) + 86_400
    const told: [Event, object][] = [
      [subscriptionEvent('created', { ...account, status: 'incomplete' }), {
        subscription_status: 'trial',
        subscription_tier: 'basic',
      }],
      [subscriptionEvent('updated', { ...account, status: 'trialing', trial_end }, 1), {
        subscription_status: 'trial',
        status_cause: 'operator',
        subscription_tier: 'professional',
        trial_ends_at: new Date((trial_end + 3 * 86_400) * 1000),
      }],
      [subscriptionEvent('updated', { ...account, trial_end }, 2), {
        subscription_status: 'active',
        status_cause: 'billing',
      }],
      [invoiceEvent('payment_failed', { ...account, subscription: account.id, created: 3 }, 3), {
        subscription_status: 'past_due',
      }],
      [invoiceEvent('paid', { ...account, subscription: account.id, created: 3 }, 4), {
        subscription_status: 'active',
      }],
      [subscriptionEvent('updated', { ...account, price: 'price_basic' }, 5), { subscription_tier: 'basic' }],
      [subscriptionEvent('updated', { ...account, status: 'unpaid' }, 6), { subscription_status: 'suspended' }],
      // Whatever the last picture of it says: it is over.
      [subscriptionEvent('deleted', { ...account, status: 'active' }, 7), { subscription_status: 'cancelled' }],
    ]
    for (const [event, state] of told) {
      const { status, body } = await tell(event)
      expect([status, body]).toEqual([200, { outcome: 'applied' }])
      expect(await stateOf(account)).toMatchObject(state)
    }
    const before = await rowsOf(account)
    for (const [event] of told.reverse()) expect((await tell(event)).body).toEqual({ outcome: 'duplicate' })
    expect(await rowsOf(account)).toEqual(before)
  })

  it('that was never paid for ends nothing when it is removed', async () => {
    const account = await openAccount()
    const before = await stateOf(account)
    const { body } = await tell(subscriptionEvent('deleted', { ...account, status: 'incomplete_expired' }))
    expect([body, await stateOf(account)]).toEqual([{ outcome: 'applied' }, before])
    await tell(subscriptionEvent('deleted', { ...account, id: newSubscriptionId() }))
    expect(await stateOf(account)).toMatchObject({ subscription_status: 'cancelled' })
  })

  it('comes to the same in every order, though each event comes twice', async () => {
    const outcomes = new Set<string>()
    const story = (account: { customer: string; id: string }) => [
      subscriptionEvent('created', { ...account, status: 'incomplete' }),
      subscriptionEvent('updated', { ...account, price: 'price_basic' }, 1),
      invoiceEvent('payment_failed', { ...account, subscription: account.id, created: 8 }, 9),
      subscriptionEvent('updated', { ...account, price: 'price_basic', status: 'past_due' }, 9),
    ]
    await Promise.all(
      permutationsOf([0, 1, 2, 3]).map(async (order) => {
        const account = await openAccount()
        const events = story(account)
        for (const place of [...order, ...order]) expect((await tell(events[place]!)).status).toBe(200)
        outcomes.add(JSON.stringify(await stateOf(account)))
      }),
    )
    expect([...outcomes].map((outcome) => JSON.parse(outcome))).toMatchObject([
      { subscription_tier: 'basic', subscription_status: 'past_due', status_cause: 'billing' },
    ])
  }, 120_000)

  it('is whose customer it is, whatever metadata says', async () => {
    const [account, victim] = [await openAccount(), await openAccount()]
    const event = subscriptionEvent('created', account)
    event.data.object.metadata = { organization_id: victim.acme, tier: 'enterprise' }
    const before = await stateOf(victim)
    expect((await tell(event)).body).toEqual({ outcome: 'applied' })
    expect(await stateOf(account)).toMatchObject({ subscription_tier: 'professional', subscription_status: 'active' })
    expect(await stateOf(victim)).toEqual(before)
  })

  it('takes effect on the next request: who paid writes again', async () => {
    const account = await openAccount()
    const write = () => account.call('mia', 'POST', '/records/leads', { json: { phone_number: '+15550100' } })
    await tell(subscriptionEvent('updated', { ...account, status: 'unpaid' }))
    expectProblem(await write(), 'organization_suspended')
    await tell(subscriptionEvent('updated', account, 1))
    expect((await write()).status).toBe(201)
  })
})

describe('an event that changes nothing', () => {
  it.each<[string, (account: { customer: string; id: string }) => Event, string]>([
    [
      'of an unknown customer',
      ({ id }) => subscriptionEvent('created', { id, customer: newCustomerId() }),
      'unknown_customer',
    ],
    [
      'of an unknown price',
      (one) => subscriptionEvent('created', { ...one, price: 'price_elsewhere' }),
      'unknown_price',
    ],
    ['of the other mode', (one) => ({ ...subscriptionEvent('created', one), livemode: true }), 'other_mode'],
    [
      'of an invoice without a subscription',
      (one) => invoiceEvent('payment_failed', { ...one, subscription: null }),
      'irrelevant',
    ],
    [
      'of an invoice that somebody wrote',
      ({ customer, id }) => invoiceEvent('payment_failed', { customer, subscription: id, billing_reason: 'manual' }),
      'irrelevant',
    ],
    ['of another kind', ({ customer }) => ({
      ...invoiceEvent('paid', { customer, subscription: null }),
      type: 'checkout.session.completed',
    }), 'irrelevant'],
    ['of something without a customer', () => ({
      ...invoiceEvent('paid', { customer: '', subscription: null }),
      type: 'balance.available',
      data: { object: { object: 'balance', customer: 7 } },
    }), 'irrelevant'],
  ])('is noted all the same: %s', async (_what, make, outcome) => {
    const account = await openAccount()
    const before = await rowsOf(account)
    const event = make(account)
    const { status, body } = await tell(event)
    expect([status, body]).toEqual([200, { outcome }])
    expect(await rowsOf(account)).toEqual(before)
    expect(await noted(event)).toEqual({ type: event.type, outcome })
  })

  it('is one about a deleted organization, until it is restored', async () => {
    const account = await openAccount()
    await sql`update organizations set deleted_at = now() where id = ${account.acme}`
    const before = await stateOf(account)
    const event = subscriptionEvent('created', account)
    expect((await tell(event)).body).toEqual({ outcome: 'deleted_organization' })
    expect(await stateOf(account)).toEqual(before)
    expect((await account.call('alice', 'POST', `/organizations/${account.acme}/restore`)).status).toBe(200)
    expect(await stateOf(account)).toMatchObject({ subscription_status: 'active', subscription_tier: 'professional' })
    await sql`delete from organizations where id = ${account.acme}`
    expect((await tell(subscriptionEvent('updated', account, 1))).body).toEqual({ outcome: 'unknown_customer' })
  })
})

describe('a signature', () => {
  let account: Awaited<ReturnType<typeof openAccount>>
  beforeAll(async () => {
    account = await openAccount()
  })
  const now = () => Math.floor(Date.now() / 1000)
  const of = (event: Event) => JSON.stringify(event)

  it.each<[string, (body: string) => Promise<Record<string, string>> | Record<string, string>]>([
    ['none', () => ({})],
    ['an empty one', () => ({ 'stripe-signature': '' })],
    ['one of another secret', async (body) => ({ 'stripe-signature': await sign(body, { secret: 'whsec_another' }) })],
    ['one of another body', async (body) => ({ 'stripe-signature': await sign(body.replace('active', 'unpaid')) })],
    ['one of the body as somebody wrote it anew', async (body) => ({
      'stripe-signature': await sign(JSON.stringify(JSON.parse(body), null, 2)),
    })],
    ['an old one', async (body) => ({ 'stripe-signature': await sign(body, { timestamp: now() - 301 }) })],
    ['one with another time', async (body) => ({
      'stripe-signature': (await sign(body, { timestamp: now() - 400 })).replace(/t=\d+/, `t=${now()}`),
    })],
    ['one of another scheme', async (body) => ({ 'stripe-signature': (await sign(body)).replace('v1=', 'v0=') })],
    ['the secret itself', () => ({ 'x-webhook-secret': webhookSecret })],
  ])('that is wrong is refused in the same words, and nothing is noted: %s', async (_what, make) => {
    const event = subscriptionEvent('created', account)
    const body = of(event)
    const answer = await send('POST', url, { body, headers: await make(body) })
    expectProblem(answer, 'unauthenticated')
    expect(answer.body).toEqual({
      ...Object((await send('POST', url, { body })).body),
      instance: Object(answer.body).instance,
    })
    expect(await noted(event)).toBeUndefined()
    expect(await stateOf(account)).toMatchObject({ subscription_status: 'trial' })
  })

  it('is of the bytes that came, not of what they mean', async () => {
    const own = await openAccount()
    const event = subscriptionEvent('created', own)
    const body = JSON.stringify(event, null, 2)
    expectProblem(
      await send('POST', url, { body, headers: { 'stripe-signature': await sign(of(event)) } }),
      'unauthenticated',
    )
    expect(await noted(event)).toBeUndefined()
    expect((await send('POST', url, { body, headers: { 'stripe-signature': await sign(body) } })).body)
      .toEqual({ outcome: 'applied' })
  })

  it('that is right beside a wrong one, and almost five minutes old, is right', async () => {
    const own = await openAccount()
    const body = of(subscriptionEvent('created', own))
    const timestamp = now() - 290
    const header = (await sign(body, { timestamp })).replace(',v1=', `,v1=${'0'.repeat(64)},v1=`)
    expect((await send('POST', url, { body, headers: { 'stripe-signature': header } })).status).toBe(200)
    expect(await stateOf(own)).toMatchObject({ subscription_status: 'active' })
  })
})

describe('a body', () => {
  const withSize = (event: Event, size: number) => {
    event.data.object.padding = ''
    event.data.object.padding = 'x'.repeat(size - JSON.stringify(event).length)
    return event
  }

  it('of 1 MiB is read, and a larger one is not', async () => {
    const account = await openAccount()
    expect((await tell(withSize(subscriptionEvent('created', account), 1_048_576))).body).toEqual({
      outcome: 'applied',
    })
    expect(await stateOf(account)).toMatchObject({ subscription_status: 'active' })
    const larger = withSize(subscriptionEvent('deleted', account, 1), 1_048_577)
    expectProblem(await tell(larger), 'payload_too_large')
    const text = new TextEncoder().encode(JSON.stringify(larger))
    const inChunks = new ReadableStream({
      start(controller) {
        for (let at = 0; at < text.length; at += 65_536) controller.enqueue(text.slice(at, at + 65_536))
        controller.close()
      },
    })
    const signature = await sign(JSON.stringify(larger))
    expectProblem(
      await send('POST', url, { body: inChunks, headers: { 'stripe-signature': signature } }),
      'payload_too_large',
    )
    expect(await stateOf(account)).toMatchObject({ subscription_status: 'active' })
  })

  const event = { id: 'evt_1', type: 'customer.subscription.updated', livemode: false, created: 1 }
  it.each(
    [
      ['no JSON', 'hello', 'malformed_json'],
      ['a text', '"hello"', 'validation_failed'],
      ['nothing of an event', '{}', 'validation_failed'],
      ['no object', JSON.stringify({ ...event, data: {} }), 'validation_failed'],
      [
        'a subscription of another API version',
        JSON.stringify({ ...event, data: { object: { id: 'sub_1', plan: 'x' } } }),
        'validation_failed',
      ],
      [
        'a status that nobody knows',
        JSON.stringify({
          ...event,
          data: { object: { id: 'sub_1', customer: 'cus_1', status: 'excellent', created: 1, items: { data: [] } } },
        }),
        'validation_failed',
      ],
    ] as const,
  )('that Stripe signed and that is %s comes again: it is not guessed at', async (_what, body, code) => {
    expectProblem(await send('POST', url, { body, headers: { 'stripe-signature': await sign(body) } }), code)
  })
})

describe('the function', () => {
  const ask = async (
    secret: string | undefined,
    answer: () => Response,
    { header, event = subscriptionEvent('created', { id: 'sub_1', customer: 'cus_1' }) }: {
      header?: string
      event?: Event
    } = {},
  ) => {
    const { deps, logged, asked } = createFunctions(answer)
    const app = createApp('stripe-webhook', deps)
      .route('/', createStripeWebhook({ secret, secretKeyPastRowSecurity: 'sb_secret_unit' }))
    const body = JSON.stringify(event)
    const response = await app.request('/stripe-webhook', {
      method: 'POST',
      headers: { 'stripe-signature': header ?? await sign(body) },
      body,
    })
    return { status: response.status, body: await response.json(), logged: logged as LogEntry[], asked }
  }

  it('tells the log which check failed, and nobody else', async () => {
    const { status, body, logged } = await ask(webhookSecret, () => Response.json({}), { header: 't=1,v1=x' })
    expect([status, JSON.stringify(body)]).toEqual([401, expect.not.stringContaining('signature')])
    expect(logged).toMatchObject([{
      problem: 'unauthenticated',
      level: 'warn',
      cause: expect.stringMatching(/^stripe-signature: No signatures found/),
    }])
  })

  it('asks with the secret key, and passes on what the database goes by and nothing else', async () => {
    const { status, asked, logged } = await ask(webhookSecret, () => Response.json({ outcome: 'unknown_customer' }))
    expect(status).toBe(200)
    expect(asked[0]?.headers.get('apikey')).toBe('sb_secret_unit')
    expect(asked[0]?.body).toEqual({
      event: {
        id: expect.stringMatching(/^evt_/),
        type: 'customer.subscription.created',
        livemode: false,
        created: expect.any(Number),
        customer: 'cus_1',
        subscription: {
          id: 'sub_1',
          status: 'active',
          created: expect.any(Number),
          trial_end: null,
          prices: ['price_professional'],
        },
      },
    })
    // Somebody has to look at it.
    expect(logged).toMatchObject([{
      level: 'warn',
      cause: expect.stringMatching(/^stripe-webhook: evt_\w+: unknown_customer$/),
    }])
  })

  it('warns of nothing where what nobody knows is over', async () => {
    const unknown = () => Response.json({ outcome: 'unknown_customer' })
    const event = subscriptionEvent('deleted', { id: 'sub_1', customer: 'cus_1' })
    expect((await ask(webhookSecret, unknown, { event })).logged).toMatchObject([{ level: 'info', status: 200 }])
  })

  it('has Stripe come again while the database is away, or while there is no secret', async () => {
    expect((await ask(webhookSecret, () => new Response('', { status: 503 }))).status).toBe(503)
    const { status, asked } = await ask(undefined, () => Response.json({}))
    expect([status, asked]).toEqual([503, []])
  })

  it('is closed to everybody without a signature: no browser, no owner, no secret key', async () => {
    const account = await openAccount()
    const event = { id: newEventId() }
    expectProblem(await account.call('alice', 'POST', '/stripe-webhook', { json: event }), 'unauthenticated')
    const rpc = await account.rest('alice', 'POST', '/rpc/receive_stripe_event', { json: { event } })
    expect(Object(rpc.body).code).toBe('42501')
  })
})
