import { createClient } from '@supabase/supabase-js'
import { describe, expect, it } from 'vitest'
import { BillingPageAnswer } from '../../shared/contract/billing.ts'
import { createApp } from '../../supabase/functions/_kit/app.ts'
import { resolveDeps } from '../../supabase/functions/_kit/deps.ts'
import { createStripe } from '../../supabase/functions/_kit/stripe.ts'
import { createBilling } from '../../supabase/functions/billing/billing.ts'
import { join } from '../database/support/cast.ts'
import { sql } from '../database/support/database.ts'
import { createFunctions } from '../unit/support/functions.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf } from './support/problems.ts'
import { callsAbout, newCustomerId, newSubscriptionId, prices, say, subscriptionEvent, tell } from './support/stripe.ts'
import { stack } from './support/stack.ts'
import { rowsOf } from './support/world.ts'

// From an owner's click to Stripe, of which a stand-in plays the part and notes what it is asked.

const checkout = (cast: Stage, actor: Actor = 'alice', json: object = { tier: 'professional' }) =>
  cast.call(actor, 'POST', `/billing/${cast.acme}/checkout`, { json })
const portal = (cast: Stage, actor: Actor = 'alice', json: object = {}) =>
  cast.call(actor, 'POST', `/billing/${cast.acme}/portal`, { json })
const customerOf = async ({ acme }: Stage) =>
  (await sql`select customer_id from tenancy.billing_customers where organization_id = ${acme}`)[0]?.customer_id
const made = async (about: string, path: string) =>
  (await callsAbout(about)).filter((call) => call.method === 'POST' && call.path === path)
const appUrl = new URL(stack('WEB_URL'))

describe('the plans', () => {
  it('are there for whoever has the publishable key', async () => {
    const cast = await stage()
    const { status, body, text } = await cast.call('anon', 'GET', '/billing/plans')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      plans: [{ tier: 'basic', for_sale: true }, { tier: 'professional', for_sale: true }, {
        tier: 'enterprise',
        for_sale: false,
      }],
    })
    expect(text).not.toContain('price_')
    expectProblem(
      await cast.call('anon', 'GET', '/billing/plans', { headers: { apikey: 'sb_publishable_x' } }),
      'unauthenticated',
    )
  })
})

describe('a checkout', () => {
  it('makes the organization a customer, once, and leads to a page for the plan', async () => {
    const cast = await stage()
    const urls = {
      success_url: `${appUrl.origin}/thanks?s={CHECKOUT_SESSION_ID}`,
      cancel_url: `${appUrl.origin}/plans`,
    }
    const first = await checkout(cast, 'alice', { tier: 'professional', ...urls })
    expect(first.status, first.text).toBe(201)
    const customer = await customerOf(cast)
    expect(BillingPageAnswer.strict().parse(first.body).url).toMatch(/\/checkout\/cs_test_/)
    const [asked] = await made(customer, '/v1/checkout/sessions')
    expect(asked?.params).toEqual({
      mode: 'subscription',
      customer,
      'line_items[0][price]': prices.professional,
      'line_items[0][quantity]': '1',
      ...urls,
    })
    expect(asked?.version).toMatch(/^20\d\d-\d\d-\d\d\.\w+$/)

    expect((await checkout(cast, 'alice', { tier: 'basic' })).status).toBe(201)
    const customers = await made(cast.acme, '/v1/customers')
    expect(customers.map(({ params, idempotencyKey }) => [params, idempotencyKey])).toEqual([
      [{ 'metadata[organization_id]': cast.acme }, `customer-of-${cast.acme}`],
    ])
    const sessions = await made(customer, '/v1/checkout/sessions')
    expect(sessions).toHaveLength(2)
    expect(sessions[1]?.params).toMatchObject({
      success_url: `${appUrl.origin}/billing?checkout=success`,
      cancel_url: `${appUrl.origin}/billing?checkout=cancelled`,
    })
    // Nothing was bought yet.
    const [organization] =
      await sql`select subscription_tier, subscription_status from organizations where id = ${cast.acme}`
    expect(organization).toEqual({ subscription_tier: 'basic', subscription_status: 'trial' })
  })

  it('ends the one before it: two pages never sell two subscriptions', async () => {
    const cast = await stage()
    const first = BillingPageAnswer.parse((await checkout(cast)).body).url.split('/').at(-1) ?? ''
    expect((await checkout(cast)).status).toBe(201)
    expect((await callsAbout(first)).filter(({ method }) => method === 'POST').map(({ path }) => path))
      .toEqual([`/v1/checkout/sessions/${first}/expire`])
    // One that was paid a moment ago can't be ended.
    const second = await checkout(cast)
    await say({ about: `${BillingPageAnswer.parse(second.body).url.split('/').at(-1)}/expire`, status: 400 })
    const third = await checkout(cast)
    expectProblem(third, 'conflict')
  })

  it('makes one customer, when two owners click at the same moment', async () => {
    const cast = await stage()
    await sql.begin((tx) => join(tx, cast.acme, cast.users.eve, 'owner'))
    const answers = await Promise.all([checkout(cast, 'alice'), checkout(cast, 'eve'), checkout(cast, 'eve')])
    for (const answer of answers) expect([201, 409]).toContain(answer.status)
    const customer = await customerOf(cast)
    const sessions = (await callsAbout('/v1/checkout/sessions')).filter(({ params }) => params.customer === customer)
    expect(sessions.length).toBeGreaterThanOrEqual(1)
    expect(await sql`select from audit_log where organization_id = ${cast.acme} and action = 'billing.customer_linked'`)
      .toHaveLength(1)
    const keys = new Set((await made(cast.acme, '/v1/customers')).map(({ idempotencyKey }) => idempotencyKey))
    expect([...keys]).toEqual([`customer-of-${cast.acme}`])
  })

  it('is refused beside a subscription, whether we have heard of it or Stripe alone knows', async () => {
    const cast = await stage()
    const customer = newCustomerId()
    await sql`insert into tenancy.billing_customers (organization_id, customer_id, livemode) values (${cast.acme}, ${customer}, false)`
    await say({ about: customer, subscriptions: [{ id: 'sub_old', status: 'incomplete' }] })
    expect((await checkout(cast)).status).toBe(201)
    await say({
      about: customer,
      subscriptions: [{ id: 'sub_old', status: 'incomplete' }, { id: 'sub_new', status: 'active' }],
    })
    expectProblem(await checkout(cast), 'conflict')
    await say({ about: customer, subscriptions: [] })
    expect((await checkout(cast)).status).toBe(201)
    const before = await callsAbout(customer)
    await tell(subscriptionEvent('created', { id: newSubscriptionId(), customer }))
    const refused = await checkout(cast)
    expectProblem(refused, 'conflict')
    expect(refused.body).toMatchObject({ detail: expect.stringContaining('portal') })
    expect(await callsAbout(customer)).toEqual(before)
    expect((await portal(cast)).status).toBe(201)
  })

  it('is open to owners of a suspended organization', async () => {
    const cast = await stage()
    await sql`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
    expect((await checkout(cast)).status).toBe(201)
    expect((await portal(cast)).status).toBe(201)
  })

  it.each([
    ['no such plan', { tier: 'gold' }, ['/tier']],
    ['a plan that is not for sale', { tier: 'enterprise' }, ['/tier']],
    ['no plan', {}, ['/tier']],
    ['a price', { tier: 'basic', price_id: 'price_1' }, ['/price_id']],
    ['another origin', { tier: 'basic', success_url: 'https://evil.example/' }, ['/success_url']],
    ['another port', { tier: 'basic', cancel_url: `http://${appUrl.hostname}:1/` }, ['/cancel_url']],
    ['both elsewhere', { tier: 'basic', success_url: 'https://a.test', cancel_url: 'https://b.test' }, [
      '/success_url',
      '/cancel_url',
    ]],
    ['an origin in the name', { tier: 'basic', success_url: `${appUrl.origin}@evil.example/` }, ['/success_url']],
    ['an origin as a subdomain', { tier: 'basic', success_url: `${appUrl.origin}.evil.example/` }, ['/success_url']],
    ['a backslash', { tier: 'basic', success_url: `http:\\\\evil.example` }, ['/success_url']],
    ['a script', { tier: 'basic', success_url: 'javascript:alert(1)' }, ['/success_url']],
    ['a path', { tier: 'basic', success_url: '/billing' }, ['/success_url']],
    ['a line break', { tier: 'basic', success_url: `${appUrl.origin}/\nx` }, ['/success_url']],
  ])('refuses %s, and nobody asks Stripe', async (_what, body, pointers) => {
    const cast = await stage()
    const before = await rowsOf(cast)
    const answer = await checkout(cast, 'alice', body)
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual(pointers)
    expect(await callsAbout(cast.acme)).toEqual([])
    expect(await rowsOf(cast)).toEqual(before)
  })

  it.each(
    [['adam', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], ['eve', 'not_found'], [
      'anon',
      'unauthenticated',
    ]] as const,
  )(
    'is not for %s',
    async (actor, code) => {
      const cast = await stage()
      expectProblem(await checkout(cast, actor), code)
      expectProblem(await portal(cast, actor), code)
      expect(await callsAbout(cast.acme)).toEqual([])
      expect(await customerOf(cast)).toBeUndefined()
    },
  )
})

describe('the portal', () => {
  it('opens for the organization’s own customer, and leads back to the app', async () => {
    const cast = await stage()
    expectProblem(await portal(cast), 'conflict')
    await checkout(cast)
    const customer = await customerOf(cast)
    const answer = await portal(cast, 'alice', { return_url: `${appUrl.origin}/settings` })
    expect([answer.status, answer.body]).toEqual([201, { url: expect.stringMatching(/\/portal\//) }])
    expect((await portal(cast)).status).toBe(201)
    expect((await made(customer, '/v1/billing_portal/sessions')).map(({ params }) => params)).toEqual([
      { customer, return_url: `${appUrl.origin}/settings` },
      { customer, return_url: `${appUrl.origin}/billing` },
    ])
    const elsewhere = await portal(cast, 'alice', { return_url: 'https://evil.example' })
    expectProblem(elsewhere, 'validation_failed')
    expect(pointersOf(elsewhere)).toEqual(['/return_url'])
  })
})

describe('a Stripe that is down', () => {
  it.each([
    ['makes the customer, and its answer gets lost', { afterwards: 503 }],
    ['has too many requests', { status: 429 }],
  ])('and %s: 503, and the retry has the one customer', async (_what, outage) => {
    const cast = await stage()
    await say({ about: cast.acme, ...outage })
    const before = await rowsOf(cast)
    const failed = await checkout(cast)
    expectProblem(failed, 'unavailable')
    expect(Number(failed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(failed.text).not.toMatch(/stand-in|stripe\.com|cus_/)
    expect(await rowsOf(cast)).toEqual(before)
    await say({ about: cast.acme })
    expect((await checkout(cast)).status).toBe(201)
    const keys = (await made(cast.acme, '/v1/customers')).map(({ idempotencyKey, params }) => [idempotencyKey, params])
    expect(new Set(keys.map((key) => JSON.stringify(key))).size).toBe(1)
    expect(keys.length).toBeGreaterThanOrEqual(2)
  })

  it('and fails at the customer: 503, and no retry is told of that failure again', async () => {
    const cast = await stage()
    await say({ about: cast.acme, status: 500 })
    const before = await rowsOf(cast)
    for (let n = 0; n < 2; n++) expectProblem(await checkout(cast), 'unavailable')
    expect(await rowsOf(cast)).toEqual(before)
    await say({ about: cast.acme })
    expect((await checkout(cast)).status).toBe(201)
    const keys = (await made(cast.acme, '/v1/customers')).map(({ idempotencyKey }) => idempotencyKey)
    const key = `customer-of-${cast.acme}`
    expect([...new Set(keys)]).toEqual([key, `${key}-2`, `${key}-3`])
  })

  it.each<[string, () => Response]>([
    ['can’t be reached', () => {
      throw new TypeError('connection refused')
    }],
    ['breaks off in its answer', () =>
      new Response(
        new ReadableStream({
          start: (body) => {
            body.enqueue(new TextEncoder().encode('{"id": "cus_'))
            body.error(new TypeError('connection reset'))
          },
        }),
        { headers: { 'content-type': 'application/json' } },
      )],
  ])('and %s: 503, and no customer is linked', async (_what, atStripe) => {
    const organization = crypto.randomUUID()
    const { sendAsAlice, asked } = createFunctions(({ url }) =>
      url.hostname === 'stripe.test' ? atStripe() : Response.json({ price_id: 'price_basic', customer_id: null })
    )
    const response = await sendAsAlice('POST', `/billing/${organization}/checkout`, { tier: 'basic' })
    expect([response.status, (await response.json()).code]).toEqual([503, 'unavailable'])
    const [started, ...customers] = asked.map(({ url, headers }) => [url.pathname, headers.get('idempotency-key')])
    expect(started?.[0]).toBe('/rest/v1/rpc/start_checkout')
    expect(customers.length).toBeGreaterThan(0)
    expect(new Set(customers.map((one) => one.join()))).toEqual(
      new Set([`/v1/customers,customer-of-${organization}`]),
    )
  })

  it('keeps the customer that is linked already', async () => {
    const cast = await stage()
    expect((await checkout(cast)).status).toBe(201)
    const customer = await customerOf(cast)
    await say({ about: customer, status: 500 })
    expectProblem(await checkout(cast), 'unavailable')
    expectProblem(await portal(cast), 'unavailable')
    await say({ about: customer })
    expect((await checkout(cast)).status).toBe(201)
    expect([await customerOf(cast), await made(cast.acme, '/v1/customers')]).toEqual([customer, [expect.anything()]])
  })

  it('that refuses for good is ours to mend', async () => {
    const cast = await stage()
    await say({ about: cast.acme, status: 400 })
    expectProblem(await checkout(cast), 'internal')
  })
})

describe('without', () => {
  /** The function in this process, on the stack's data, without something that it needs. */
  function withoutSomething(environment: Record<string, string>, url?: string) {
    const { d: _private, ...publicKey } = JSON.parse(stack('SIGNING_KEY'))
    const logged: unknown[] = []
    const deps = resolveDeps({
      SUPABASE_URL: stack('API_URL'),
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack('PUBLISHABLE_KEY') }),
      SUPABASE_JWKS: JSON.stringify({ keys: [publicKey] }),
      SITE_URL: 'https://app.test',
      ...environment,
    })
    const openStripe = url === undefined ? undefined : createStripe({ secretKey: 'sk_test_x', url })
    const app = createApp('billing', { ...deps, log: (entry) => logged.push(entry) }).route(
      '/',
      createBilling(openStripe),
    )
    const ask = async (cast: Stage, path: string, body?: object) => {
      const response = await app.request(`/billing/${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          apikey: stack('PUBLISHABLE_KEY'),
          authorization: `Bearer ${cast.tokens.alice}`,
          'content-type': 'application/json',
        },
        body: body && JSON.stringify(body),
      })
      return { status: response.status, body: await response.json() }
    }
    return { ask, logged }
  }

  it.each([
    ['a key of Stripe', { FUNCTIONS_SECRET: 'x'.repeat(32) }, undefined, 'STRIPE_SECRET_KEY'],
    ['a secret of the functions', {}, 'http://127.0.0.1:1', 'FUNCTIONS_SECRET'],
  ])('%s nothing can be bought, and the plans are there', async (_what, environment, url, missing) => {
    const cast = await stage()
    const { ask, logged } = withoutSomething(environment as Record<string, string>, url)
    for (const [path, body] of [['checkout', { tier: 'basic' }], ['portal', {}]] as const) {
      expect(await ask(cast, `${cast.acme}/${path}`, body)).toMatchObject({
        status: 503,
        body: { code: 'unavailable' },
      })
    }
    expect(JSON.stringify(logged)).toContain(missing)
    expect(await ask(cast, 'plans')).toMatchObject({ status: 200, body: { plans: expect.any(Array) } })
    expect(await customerOf(cast)).toBeUndefined()
  })
})

it('tells nobody of Stripe’s ids: not an owner, by no table and no function', async () => {
  const cast = await stage()
  await checkout(cast)
  const supabase = createClient(stack('API_URL'), stack('PUBLISHABLE_KEY'), {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { headers: { authorization: `Bearer ${cast.tokens.alice}` } },
  })
  for (const proof of ['', 'x', `${Math.floor(Date.now() / 1000)}.${'0'.repeat(64)}`]) {
    for (
      const { error } of [
        await supabase.rpc('start_checkout', { organization_id: cast.acme, tier: 'basic', proof }),
        await supabase.rpc('start_portal', { organization_id: cast.acme, proof }),
        await supabase.rpc('link_customer', {
          organization_id: cast.acme,
          customer_id: newCustomerId(),
          livemode: false,
          proof,
        }),
      ]
    ) expect(error).toMatchObject({ code: 'PT403', hint: 'forbidden' })
  }
  const log = await cast.call('alice', 'GET', `/organizations/${cast.acme}/audit`)
  expect(log.text).toContain('billing.customer_linked')
  expect(log.text).not.toMatch(/cus_|price_/)
})
