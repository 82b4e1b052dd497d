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

/** What a test says of requests in which a text occurs. */
export interface Said {
  about: string
  /** They are answered like this. 0: not at all, the connection breaks. */
  status?: number
  /** They are done, and then answered like this: an answer that gets lost. */
  afterwards?: number
  /** The subscriptions of the customer that they are about. */
  subscriptions?: { id: string; status: string }[]
}

const random = () => crypto.randomUUID().replaceAll('-', '').slice(0, 14)

/**
 * Stands in for Stripe's API, on a free port: `/v1/…` is what functions ask, `/said` where tests say (PUT) how requests
 * about something are answered, `/calls?about=…` which there were. Like Stripe it does once what comes twice under one
 * idempotency key, and refuses other parameters under the same.
 */
export function startStripe(): { url: string; stop(): Promise<void> } {
  const calls: StripeCall[] = []
  const said = new Map<string, Said>()
  const kept = new Map<string, { params: string; answer: object }>()
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

  const list = (path: string, customer: string, found?: Said): object => ({
    object: 'list',
    has_more: false,
    url: path,
    data: path === '/v1/subscriptions'
      ? found?.subscriptions ?? []
      : [...checkouts.values()].filter((one) => one.customer === customer && one.status === 'open'),
  })

  const refusal = (status: number, type: string) =>
    Response.json({ error: { type, message: 'The stand-in was told to.' } }, {
      status,
      headers: { 'stripe-should-retry': 'false' },
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
    if (found?.status !== undefined) {
      return refusal(found.status, found.status < 500 ? 'invalid_request_error' : 'api_error')
    }
    if (request.method === 'GET') return Response.json(list(url.pathname, params.customer ?? '', found))
    const earlier = idempotencyKey === null ? undefined : kept.get(idempotencyKey)
    if (earlier && earlier.params !== text) return refusal(400, 'idempotency_error')
    const made = earlier?.answer ?? make(url.pathname, params, url.origin)
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
    const one: Said = await request.json()
    said.set(one.about, one)
    return Response.json({})
  })
  return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() }
}
