/** The prices of the plans that are for sale where tests run. */
export const prices = { basic: 'price_basic', professional: 'price_professional' }

/** The signing secret of the webhook endpoint. */
export const webhookSecret = 'whsec_0123456789abcdefghij'

/** The variables with which functions ask a stand-in. */
export const stripeEnvironment = (url: string) => ({
  STRIPE_SECRET_KEY: 'sk_test_0123456789',
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  STRIPE_URL: url,
})

/** A request as it arrived. */
export interface StripeCall {
  method: string
  path: string
  params: Record<string, string>
  idempotencyKey: string | null
  version: string | null
}

/** A subscription as the stand-in has it. */
export interface KeptSubscription {
  id: string
  status: string
  cancel_at_period_end?: boolean
  metadata?: Record<string, string>
}

/** What a test says of requests in which a text occurs. */
export interface Said {
  about: string
  /** They are answered like this, and nothing is done. */
  status?: number
  /** What Stripe calls that refusal. */
  code?: string
  /** They are done, and then answered like this: an answer that gets lost. */
  afterwards?: number
  /** The subscriptions of the customer that they are about; requests change them. */
  subscriptions?: KeptSubscription[]
}

const random = () => crypto.randomUUID().replaceAll('-', '').slice(0, 14)

/**
 * Stands in for Stripe's API, on a free port: `/v1/…` is what functions ask, `/said` where tests say (PUT) how requests
 * about something are answered, or look what has become of that (GET), `/calls?about=…` which there were. Like Stripe
 * it does once what comes twice under one idempotency key, says a fault of its own again too, and refuses other parameters
 * under the same.
 */
export function startStripe(): { url: string; stop(): Promise<void> } {
  const calls: StripeCall[] = []
  const said = new Map<string, Said>()
  const kept = new Map<string, { params: string; answer: object } | { params: string; fault: number }>()
  const checkouts = new Map<string, { id: string; customer: string; status: string; url: string }>()

  const make = (path: string, params: Record<string, string>, url: string): object => {
    const [, resource, , action] =
      /^\/v1\/(customers|checkout\/sessions|billing_portal\/sessions)(\/(\w+))?/.exec(path) ?? []
    const { customer = '' } = params
    switch (resource) {
      case 'customers':
        return { id: `cus_${random()}`, object: 'customer', livemode: false }
      case 'billing_portal/sessions':
        return { id: `bps_${random()}`, object: 'billing_portal.session', customer, url: `${url}/portal/${customer}` }
      default: {
        const id = action ?? `cs_test_${random()}`
        const checkout = checkouts.get(id) ?? { id, customer, status: 'open', url: `${url}/checkout/${id}` }
        checkouts.set(id, { ...checkout, status: action ? 'expired' : 'open' })
        return { ...checkouts.get(id), object: 'checkout.session' }
      }
    }
  }

  /** Changes a subscription that a test has said there is, as Stripe would. */
  const change = (subscription: KeptSubscription, method: string, params: Record<string, string>): object => {
    if (method === 'DELETE') subscription.status = 'canceled'
    const { cancel_at_period_end } = params
    if (cancel_at_period_end !== undefined) subscription.cancel_at_period_end = cancel_at_period_end === 'true'
    for (const [name, value] of Object.entries(params)) {
      const [, key] = /^metadata\[(\w+)\]$/.exec(name) ?? []
      if (!key) continue
      subscription.metadata = { ...subscription.metadata, [key]: value }
      if (value === '') delete subscription.metadata[key]
    }
    return subscription
  }

  const list = (path: string, customer: string, found?: Said): object => ({
    object: 'list',
    has_more: false,
    url: path,
    data: path === '/v1/subscriptions'
      ? (found?.subscriptions ?? []).filter(({ status }) => status !== 'canceled').map((one) => ({
        metadata: {},
        ...one,
      }))
      : [...checkouts.values()].filter((one) => one.customer === customer && one.status === 'open'),
  })

  const refusal = (status: number, type: string, code?: string, headers: Record<string, string> = {}) =>
    Response.json({ error: { type, code, message: 'The stand-in was told to.' } }, {
      status,
      headers: { 'stripe-should-retry': 'false', ...headers },
    })

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const text = await request.text()
    const params = Object.fromEntries(new URLSearchParams(request.method === 'GET' ? url.search : text))
    const idempotencyKey = request.headers.get('idempotency-key')
    const call = {
      method: request.method,
      path: url.pathname,
      params,
      idempotencyKey,
      version: request.headers.get('stripe-version'),
    }
    calls.push(call)
    const found = [...said.values()].find(({ about }) => JSON.stringify(call).includes(about))
    const earlier = idempotencyKey === null ? undefined : kept.get(idempotencyKey)
    if (earlier && 'fault' in earlier) {
      return refusal(earlier.fault, 'api_error', undefined, { 'idempotent-replayed': 'true' })
    }
    if (found?.status !== undefined) {
      if (idempotencyKey !== null && found.status >= 500) {
        kept.set(idempotencyKey, { params: text, fault: found.status })
      }
      return refusal(found.status, found.status < 500 ? 'invalid_request_error' : 'api_error', found.code)
    }
    const [, kind, id] = /^\/v1\/(customers|subscriptions)\/(\w+)$/.exec(url.pathname) ?? []
    if (kind === 'customers') return Response.json({ id, object: 'customer', livemode: false })
    if (request.method === 'GET') return Response.json(list(url.pathname, params.customer ?? '', found))
    if (earlier && earlier.params !== text) return refusal(400, 'idempotency_error')
    const subscription = [...said.values()].flatMap(({ subscriptions = [] }) => subscriptions).find((one) =>
      one.id === id
    )
    const made = earlier?.answer ??
      (subscription ? change(subscription, request.method, params) : make(url.pathname, params, url.origin))
    if (idempotencyKey !== null) kept.set(idempotencyKey, { params: text, answer: made })
    return found?.afterwards === undefined ? Response.json(made) : refusal(found.afterwards, 'api_error')
  }

  const server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => {} }, async (request) => {
    const url = new URL(request.url)
    if (url.pathname === '/calls') {
      const about = url.searchParams.get('about') ?? ''
      return Response.json(calls.filter((call) => JSON.stringify(call).includes(about)))
    }
    if (url.pathname !== '/said') return await answer(request)
    if (request.method === 'GET') return Response.json(said.get(url.searchParams.get('about') ?? ''))
    const one: Said = await request.json()
    said.set(one.about, one)
    return Response.json({})
  })
  return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() }
}
