import { createHmac } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IssuedInvitation } from '../../shared/contract/invitations.ts'
import { found, join, signUp } from '../database/support/cast.ts'
import { type Answer, type Request, send } from '../functions/support/http.ts'
import { claimsFor, signEs256 } from '../functions/support/mint.ts'
import { removeData, startStack, type TestStack } from '../stack/start.ts'

// The limits as they are delivered, on a stack of their own: guessing invitation tokens, from one account and from one
// address, with everything in the headers that could make one somebody else.

let stack: TestStack
let sql: postgres.Sql
let dataDir: string

async function start() {
  stack = await startStack({ seed: false, limits: true, dataDir, without: ['auth', 'mail', 'relay', 'web'] })
  sql = postgres(stack.status.DB_URL, { max: 4, onnotice: () => {} })
}

async function stop() {
  await sql?.end()
  await stack?.stop()
}

beforeAll(async () => {
  dataDir = await Deno.makeTempDir({ prefix: 'dial-smart-' })
  await start()
})

afterAll(async () => {
  await stop()
  await removeData(dataDir)
})

/** Somebody who is signed in, or nobody. */
interface Visitor {
  id?: string
  email?: string
  token?: string
}

async function newcomer(name: string): Promise<Required<Visitor>> {
  const email = `${name}.${crypto.randomUUID().slice(0, 8)}@example.test`
  const id = await sql.begin((tx) => signUp(tx, email))
  return { id, email, token: await signEs256(stack.status.SIGNING_KEY, claimsFor(id, email)) }
}

const ask = (base: string) => (visitor: Visitor, path: string, { headers, ...request }: Request = {}) =>
  send('POST', base + path, {
    ...request,
    headers: {
      apikey: stack.status.PUBLISHABLE_KEY,
      ...(visitor.token && { authorization: `Bearer ${visitor.token}` }),
      ...headers,
    },
  })
const call = (...[visitor, path, request]: Parameters<ReturnType<typeof ask>>) =>
  ask(stack.status.FUNCTIONS_URL)(visitor, path, request)
const rest = (...[visitor, path, request]: Parameters<ReturnType<typeof ask>>) =>
  ask(stack.status.REST_URL)(visitor, path, request)

/** An organization of somebody, with an invitation for the address. */
async function invite(email: string): Promise<IssuedInvitation> {
  const owner = await newcomer('owner')
  const organization = await sql.begin(async (tx) => {
    const id = await found(tx, 'Acme')
    await join(tx, id, owner.id, 'owner')
    return id
  })
  const { body } = await rest(owner, '/rpc/create_invitation', {
    json: { organization_id: organization, email, role: 'member' },
  })
  return IssuedInvitation.parse(body)
}

/** A full bucket in which no time passes until the test says so. */
const stopTime = (limit: string, key: string, tokens?: number) =>
  sql`insert into tenancy.rate_limit_buckets (limit_name, key, tokens, updated_at)
    select name, ${key}, ${
    tokens ?? null
  }::int, now() + interval '1 hour' from tenancy.rate_limits where name = ${limit}
    on conflict (limit_name, key) do update set tokens = excluded.tokens, updated_at = excluded.updated_at`

const passTime = (key: string, time: string) =>
  sql`update tenancy.rate_limit_buckets set updated_at = now() - ${time}::text::interval where key = ${key}`

const tokensOf = async (limit: string, key: string): Promise<number | undefined> =>
  (await sql`select tokens::float8 as tokens from tenancy.rate_limit_buckets where limit_name = ${limit} and key = ${key}`)[
    0
  ]
    ?.tokens

const wrong = () => ({ json: { token: `inv_${crypto.randomUUID().replaceAll('-', '').repeat(2)}` } })
const statuses = (answers: Answer[]) => answers.map(({ status }) => status)
const repeat = <Value>(times: number, value: Value) => Array<Value>(times).fill(value)

it('are these', async () => {
  const limits = await sql`
    select name, capacity, extract(epoch from refills_in)::int as seconds from tenancy.rate_limits order by name`
  expect(limits.map(({ name, capacity, seconds }) => [name, capacity, seconds])).toEqual([
    ['billing_per_user', 20, 3600],
    ['failed_attempts_per_address', 300, 60],
    ['failed_attempts_per_user', 20, 60],
    ['failed_attempts_per_visitor', 20, 60],
    ['invitations_per_organization', 50, 3600],
    ['invitations_per_recipient', 5, 3600],
    ['organizations_per_user', 10, 86400],
    ['resends_per_invitation', 1, 60],
  ])
})

describe('guessing with an account', () => {
  it('ends after 20 of 100 at once, on every path; after the window the right token works', async () => {
    const eve = await newcomer('eve')
    const { token, invitation } = await invite(eve.email)
    await stopTime('failed_attempts_per_user', eve.id, 20)

    const ways = [
      () => call(eve, '/invitations/accept', wrong()),
      () => call(eve, '/invitations/decline', wrong()),
      () => rest(eve, '/rpc/accept_invitation', wrong()),
      () => rest(eve, '/rpc/preview_invitation', { ...wrong(), headers: { prefer: 'tx=rollback' } }),
    ]
    const answers = await Promise.all(ways.flatMap((way) => Array.from({ length: 25 }, way)))
    expect(statuses(answers).sort()).toEqual([...repeat(20, 404), ...repeat(80, 429)])

    // The right one is not even looked at.
    const right = () => call(eve, '/invitations/accept', { json: { token } })
    const refused = await right()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('3')
    expect(refused.headers.get('ratelimit-policy')).toBe('"failed_attempts_per_user";q=20;w=60')
    expect(refused.headers.get('ratelimit')).toBe('"failed_attempts_per_user";r=0;t=3')
    expect(refused.body).toMatchObject({ limit: 20, remaining: 0, window: 60, retry_after: 3, reset: 60 })
    const [pending] = await sql`select accepted_at from organization_invitations where id = ${invitation.id}`
    expect(pending?.accepted_at).toBeNull()

    await passTime(eve.id, '3 seconds')
    expect((await right()).status).toBe(200)
  })

  it('is counted in the database: it goes on where it was when everything starts anew', async () => {
    const eve = await newcomer('eve')
    const { token } = await invite(eve.email)
    await stopTime('failed_attempts_per_user', eve.id, 2)
    const tryWrong = () => call(eve, '/invitations/accept', wrong())
    expect(statuses([await tryWrong()])).toEqual([404])
    expect(await tokensOf('failed_attempts_per_user', eve.id)).toBe(1)
    await stop()
    await start()
    expect(statuses([await tryWrong(), await tryWrong()])).toEqual([404, 429])
    expect((await call(eve, '/invitations/accept', { json: { token } })).status).toBe(429)
  }, 60_000)

  it('is not undone by an expression that fails on a refusal: such a request looks at no token', async () => {
    const eve = await newcomer('eve')
    const { token } = await invite(eve.email)
    const queries = [
      // Postgres itself refuses this one, before the function runs.
      ['pgrst_scalar->>code=match.(', 400, '2201B'],
      ['pgrst_scalar->>code=like.PT*', 422, 'PT422'],
      ['or=(pgrst_scalar->>role.eq.member,pgrst_scalar->>code.match.%22(%22)', 400, '2201B'],
      ['select=pgrst_scalar:pgrst_scalar->>code::int', 422, 'PT422'],
      ['select=pgrst_scalar:pgrst_scalar->>code::int,a:pgrst_scalar->>role', 422, 'PT422'],
    ] as const
    for (const [query, status, code] of queries) {
      for (const json of [{ token }, wrong().json]) {
        const answer = await rest(eve, `/rpc/preview_invitation?${query}`, { json })
        expect([answer.status, Object(answer.body).code], query).toEqual([status, code])
      }
    }
    // The controls: the answer as it is, and what is harmless about it.
    for (const query of ['', '?select=pgrst_scalar', '?limit=1']) {
      expect((await rest(eve, `/rpc/preview_invitation${query}`, { json: { token } })).status, query).toBe(200)
    }
  })

  it("counts somebody else's invitation and an unverified address, and nothing else", async () => {
    const eve = await newcomer('eve')
    const foreign = await invite('somebody.else@example.test')
    const own = await invite(eve.email)
    await stopTime('failed_attempts_per_user', eve.id, 20)
    const accept = (token: string) => call(eve, '/invitations/accept', { json: { token } })
    expect((await accept(foreign.token)).body).toMatchObject({ code: 'email_mismatch' })
    expect(await tokensOf('failed_attempts_per_user', eve.id)).toBe(19)
    await sql`update auth.users set email_confirmed_at = null where id = ${eve.id}`
    expect((await accept(own.token)).body).toMatchObject({ code: 'email_not_verified' })
    expect(await tokensOf('failed_attempts_per_user', eve.id)).toBe(18)
    await sql`update auth.users set email_confirmed_at = now() where id = ${eve.id}`
    await sql`update organization_invitations set invited_by = null where id = ${own.invitation.id}`
    expect((await accept(own.token)).body).toMatchObject({ code: 'conflict' })
    const again = await invite(eve.email)
    expect((await accept(again.token)).status).toBe(200)
    expect((await call(eve, '/invitations/accept', { json: { token: '' } })).status).toBe(422)
    expect((await rest(eve, '/rpc/get_organization', { json: { organization_id: crypto.randomUUID() } })).status).toBe(
      404,
    )
    expect(await tokensOf('failed_attempts_per_user', eve.id)).toBe(18)
    // A GET is read-only, and learns nothing.
    const headers = { apikey: stack.status.PUBLISHABLE_KEY, authorization: `Bearer ${eve.token}` }
    for (const token of ['inv_0', foreign.token]) {
      const answer = await send('GET', `${stack.status.REST_URL}/rpc/accept_invitation?token=${token}`, { headers })
      expect([answer.status, Object(answer.body).code]).toEqual([405, '25006'])
    }
  })
})

describe('guessing from an address', () => {
  const here = '127.0.0.1'
  const visitor: Visitor = {}
  const preview = (request: Request) => call(visitor, '/invitations/preview', request)

  it('ends after 20 for whoever is not signed in, whatever they say they are', async () => {
    const { token } = await invite('new@example.test')
    await stopTime('failed_attempts_per_address', here, 300)
    await stopTime('failed_attempts_per_visitor', here, 20)
    const byFunctions = await Promise.all(Array.from({ length: 12 }, () => preview(wrong())))
    const byDataApi = await Promise.all(
      Array.from({ length: 12 }, () => rest(visitor, '/rpc/preview_invitation', wrong())),
    )
    expect(statuses([...byFunctions, ...byDataApi]).sort()).toEqual([...repeat(20, 404), ...repeat(4, 429)])
    expect(await tokensOf('failed_attempts_per_address', here)).toBe(280)

    const [stored] = await sql`select value from tenancy.secrets where name = 'functions'`
    const now = Math.floor(Date.now() / 1000)
    const sign = (time: number, secret: string, id = 'request-1') => ({
      'x-client-address': '203.0.113.7',
      'x-client-signature': `${time}.${
        createHmac('sha256', secret).update(`client-address\n203.0.113.7\n${id}\n${time}`).digest('hex')
      }`,
      'x-request-id': 'request-1',
    })
    const claims: Record<string, string>[] = [
      { 'x-forwarded-for': '203.0.113.7' },
      { 'x-forwarded-for': '203.0.113.7, 203.0.113.8', 'x-real-ip': '203.0.113.7', forwarded: 'for=203.0.113.7' },
      { 'cf-connecting-ip': '203.0.113.7', 'true-client-ip': '203.0.113.7', 'x-client-ip': '203.0.113.7' },
      { 'x-client-address': '203.0.113.7' },
      { 'x-client-address': 'unknown', 'x-client-signature': `${now}.` },
      sign(now, 'x'.repeat(40)),
      sign(now - 62, stored?.value),
      sign(now, stored?.value, 'request-2'),
    ]
    for (const headers of claims) {
      for (const way of [preview, (request: Request) => rest(visitor, '/rpc/preview_invitation', request)]) {
        expect((await way({ json: { token }, headers })).status, JSON.stringify(headers)).toBe(429)
      }
    }
    // The control: with the signature of our functions it is somebody else; and functions let nobody sign for them.
    const headers = sign(now, stored?.value)
    expect((await rest(visitor, '/rpc/preview_invitation', { json: { token }, headers })).status).toBe(200)
    expect((await preview({ json: { token }, headers })).status).toBe(429)

    await passTime(here, '3 seconds')
    expect((await preview({ json: { token } })).status).toBe(200)
  })

  it('ends after 300 for all who come from there, whoever they are', async () => {
    const [eve, bob] = [await newcomer('eve'), await newcomer('bob')]
    const { token } = await invite(bob.email)
    await stopTime('failed_attempts_per_address', here, 2)
    const tryWrong = (visitor: Visitor) => call(visitor, '/invitations/accept', wrong())
    expect(statuses([await tryWrong(eve), await tryWrong(bob), await tryWrong(eve)])).toEqual([404, 404, 429])
    const refused = await call(bob, '/invitations/accept', { json: { token } })
    expect(refused.headers.get('ratelimit-policy')).toBe('"failed_attempts_per_address";q=300;w=60')
    await passTime(here, '1 second')
    expect((await call(bob, '/invitations/accept', { json: { token } })).status).toBe(200)
  })

  it('shares no bucket with others whose address is unknown', async () => {
    await stopTime('failed_attempts_per_visitor', here, 0)
    const [kept] = await sql`delete from tenancy.secrets where name = 'functions' returning value`
    try {
      expect(statuses([await preview(wrong()), await preview(wrong())])).toEqual([404, 404])
      expect(await sql`select key from tenancy.rate_limit_buckets where key is null or key in ('', 'unknown')`)
        .toHaveLength(0)
    } finally {
      await sql`insert into tenancy.secrets (name, value) values ('functions', ${kept?.value})`
    }
    expect((await preview(wrong())).status).toBe(429)
  })
})
