import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { acme, acmeRow, createFunctions } from './support/functions.ts'

const refusal = (status: number, error: Record<string, unknown>) =>
  Response.json({ code: '', message: '', details: null, hint: null, ...error }, { status })

const readAcme = async (answer: () => Response | Promise<Response>) => {
  const functions = createFunctions(answer)
  const response = await functions.sendAsAlice('GET', `/organizations/${acme}`)
  return { ...functions, response, body: await response.json() }
}

describe('a refusal of the database', () => {
  it.each([
    ['PT403', 403, 'forbidden'],
    ['PT409', 409, 'last_owner'],
    ['PT400', 400, 'organization_required'],
    ['PT402', 402, 'quota_exceeded'],
    ['PT429', 429, 'rate_limited'],
  ])('raised as %s is a %i %s, in its own words', async (code, status, hint) => {
    const { response, body } = await readAcme(() => refusal(status, { code, hint, message: 'In its own words.' }))
    expect(response.status).toBe(status)
    expect(body).toMatchObject({ code: hint, detail: 'In its own words.', status })
  })

  it('brings its further members, and its time to wait', async () => {
    const details = JSON.stringify({ limit: 5, used: 5, plan: 'basic', retry_after: 30, status: 200, code: 'x' })
    const { response, body } = await readAcme(() => refusal(429, { code: 'PT429', hint: 'rate_limited', details }))
    expect(body).toMatchObject({ limit: 5, used: 5, plan: 'basic', status: 429, code: 'rate_limited' })
    expect(response.headers.get('retry-after')).toBe('30')
  })

  it('that a limit made says so in the header fields of the IETF draft', async () => {
    const members = { policy: 'resends_per_invitation', limit: 1, window: 60, remaining: 0, retry_after: 42, reset: 42 }
    const { response, body } = await readAcme(() =>
      refusal(429, { code: 'PT429', hint: 'rate_limited', message: 'Wait.', details: JSON.stringify(members) })
    )
    expect(body).toMatchObject({ ...members, status: 429, code: 'rate_limited', detail: 'Wait.' })
    expect(response.headers.get('retry-after')).toBe('42')
    expect(response.headers.get('ratelimit-policy')).toBe('"resends_per_invitation";q=1;w=60')
    expect(response.headers.get('ratelimit')).toBe('"resends_per_invitation";r=0;t=42')
  })

  it.each([
    ['an unknown hint', 403, { code: 'PT403', hint: 'whatever' }, 500, 'internal'],
    ['a hint of another status', 403, { code: 'PT403', hint: 'not_found' }, 500, 'internal'],
    ['a row policy', 403, { code: '42501' }, 403, 'forbidden'],
    ['a policy, for nobody', 401, { code: '42501' }, 401, 'unauthenticated'],
    ['a token it does not believe', 401, { code: 'PGRST301' }, 401, 'unauthenticated'],
    ['a foreign key', 409, { code: '23503' }, 409, 'conflict'],
    ['a unique rule', 409, { code: '23505' }, 409, 'conflict'],
    ['a check', 400, { code: '23514' }, 422, 'validation_failed'],
    ['a missing value', 400, { code: '23502' }, 422, 'validation_failed'],
    ['a wrong value', 400, { code: '22P02' }, 422, 'validation_failed'],
    ['a value that is too long', 400, { code: '22001' }, 422, 'validation_failed'],
    ['a function that is missing', 404, { code: 'PGRST202' }, 500, 'internal'],
    ['a raised text', 400, { code: 'P0001' }, 500, 'internal'],
    ['a timeout', 500, { code: '57014' }, 503, 'unavailable'],
    ['a deadlock', 500, { code: '40P01' }, 503, 'unavailable'],
    ['a serialization failure', 500, { code: '40001' }, 503, 'unavailable'],
    ['a lost connection', 503, { code: '08006' }, 503, 'unavailable'],
    ['too many connections', 503, { code: '53300' }, 503, 'unavailable'],
    ['a shutdown', 503, { code: '57P01' }, 503, 'unavailable'],
    ['a replica', 405, { code: '25006' }, 503, 'unavailable'],
    ['a schema cache that loads', 503, { code: 'PGRST002' }, 503, 'unavailable'],
    ['a pool that is full', 504, { code: 'PGRST003' }, 503, 'unavailable'],
  ])('for %s is a problem of ours', async (_why, given, error, status, code) => {
    const message = 'new row for relation "secret_table" with value (4711)'
    const { response, body, logged } = await readAcme(() =>
      refusal(given, { ...error, message, details: 'Key (x)=(4711)' })
    )
    expect(response.status).toBe(status)
    expect(body).toMatchObject({ code, status })
    expect(JSON.stringify(body)).not.toMatch(/secret_table|4711/)
    if (status === 503) expect(response.headers.get('retry-after')).toBe('5')
    if (status >= 500) expect(logged[0]?.cause).toMatch(error.code)
  })

  it.each([
    ['no answer', () => Promise.reject(new TypeError('connection refused'))],
    ['a gateway’s page', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ])('that is %s means unavailable', async (_what, answer) => {
    const { response, body } = await readAcme(answer)
    expect(response.status).toBe(503)
    expect(body).toMatchObject({ code: 'unavailable' })
  })
})

describe('no answer within ten seconds', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([['GET', `/organizations/${acme}`, undefined], ['POST', '/records/leads', {}]])(
    'to %s %s means unavailable, and not a moment earlier',
    async (method, path, body) => {
      const functions = createFunctions()
      const asked = Promise.withResolvers<void>()
      functions.deps.fetch = (_input, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
          asked.resolve()
        })
      const answered = vi.fn()
      const sent = functions.sendAsAlice(method, path, body)
      sent.then(answered)
      await asked.promise
      await vi.advanceTimersByTimeAsync(9_999)
      expect(answered).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect((await sent).status).toBe(503)
      expect(functions.logged[0]?.cause).toMatch(/No answer within 10000 ms/)
    },
  )

  it('is waited for by nobody after an answer', async () => {
    await readAcme(() => Response.json({ organization: acmeRow }))
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an answer of the database', () => {
  it('that breaks the contract is refused', async () => {
    const { response, logged } = await readAcme(() => Response.json({ organization: { ...acmeRow, role: 'king' } }))
    expect(response.status).toBe(500)
    expect(logged[0]?.cause).toMatch(/breaks the contract/)
  })

  it('shows only what the contract names', async () => {
    const { body } = await readAcme(() =>
      Response.json({ organization: { ...acmeRow, stripe_customer_id: 'cus_1' }, more: 1 })
    )
    expect(body).toEqual({ organization: acmeRow })
  })
})

describe('readiness', () => {
  it.each([
    ['true', () => Response.json(true), 200],
    ['a refusal', () => refusal(404, { code: 'PGRST202' }), 503],
    ['nothing', () => Promise.reject(new TypeError('connection refused')), 503],
  ])('with %s is %#', async (_what, answer, status) => {
    const { send } = createFunctions(answer)
    expect((await send('/health/ready')).status).toBe(status)
    expect((await send('/health/live')).status).toBe(200)
  })
})
