import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../supabase/functions/_kit/app.ts'
import { HookSecrets } from '../../supabase/functions/_kit/webhook-signature.ts'
import { createSignUpWebhook } from '../../supabase/functions/signup-webhook/sign-up.ts'
import { alice, createFunctions } from './support/functions.ts'

const secret = 'a secret of the database webhook'
const [oldSecret, hookSecret, otherSecret] = ['o', 'h', 'x'].map((one) => `v1,whsec_${btoa(one.repeat(32))}`) as [
  string,
  string,
  string,
]
const secretKey = 'sb_secret_unit'
const processed = { processed: true, organization_id: null, invitations: 2 }

function createWebhook(answer: () => Response = () => Response.json(processed)) {
  const functions = createFunctions(answer)
  const routes = createSignUpWebhook({
    secret,
    hookSecrets: [oldSecret, hookSecret],
    secretKeyPastRowSecurity: secretKey,
  })
  return { ...functions, app: createApp('signup-webhook', functions.deps).route('/', routes) }
}

const insert = { type: 'INSERT', schema: 'auth', table: 'users', record: { id: alice }, old_record: null }

/** Posts what a database webhook posts. */
async function post(body: unknown, headers: Record<string, string> = { 'x-webhook-secret': secret }) {
  const webhook = createWebhook()
  const response = await webhook.app.request('/signup-webhook', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { ...webhook, response, body: await response.json() }
}

/** What differs between any two refusals. */
const withoutInstance = (body: object) => ({ ...body, instance: undefined })

describe('the database webhook', () => {
  it('asks the database for what follows, with the secret key and the id alone', async () => {
    const record = {
      id: alice,
      raw_user_meta_data: { role: 'owner', organization_id: alice },
      email: 'alice@acme.test',
    }
    const { response, body, asked, logged } = await post({ ...insert, record })
    expect([response.status, body]).toEqual([200, processed])
    expect(asked.map(({ url, body }) => [url.pathname, body])).toEqual([
      ['/rest/v1/rpc/process_sign_up', { user_id: alice }],
    ])
    expect(asked[0]?.headers.get('apikey')).toBe(secretKey)
    expect(asked[0]?.headers.get('authorization')).toBeNull()
    expect(JSON.stringify(logged)).not.toMatch(/alice@|secret/)
  })

  it.each([
    ['no secret', {}, 'x-webhook-secret: missing'],
    ['an empty one', { 'x-webhook-secret': '' }, 'x-webhook-secret: wrong'],
    ['another', { 'x-webhook-secret': `${secret}.` }, 'x-webhook-secret: wrong'],
    ['another of the same length', { 'x-webhook-secret': secret.replace('a', 'b') }, 'x-webhook-secret: wrong'],
    ['the secret elsewhere', { authorization: `Bearer ${secret}` }, 'x-webhook-secret: missing'],
  ])('refuses %s in the same words, before it reads anything, and tells the log', async (_what, headers, cause) => {
    const { response, body, asked, logged } = await post('{', headers as Record<string, string>)
    expect(response.status).toBe(401)
    expect(withoutInstance(body)).toEqual(withoutInstance((await post(insert, {})).body))
    expect(asked).toEqual([])
    expect(logged).toMatchObject([{ problem: 'unauthenticated', cause, level: 'warn' }])
  })

  it.each([
    ['another table', { ...insert, table: 'identities' }],
    ['another schema', { ...insert, schema: 'public' }],
    ['no record', { type: 'INSERT', schema: 'auth', table: 'users' }],
    ['an id that is none', { ...insert, record: { id: "'; drop table x" } }],
    ['several records', { ...insert, record: [{ id: alice }] }],
  ])('refuses %s', async (_what, body) => {
    const { response, asked } = await post(body)
    expect(response.status).toBe(422)
    expect(asked).toEqual([])
  })

  it('has nothing to do for an account that is gone', async () => {
    const { response, body, asked } = await post({ ...insert, type: 'DELETE', record: null, old_record: { id: alice } })
    expect([response.status, body]).toEqual([200, { processed: false, organization_id: null, invitations: 0 }])
    expect(asked).toEqual([])
  })

  it('is not for browsers', async () => {
    const { app } = createWebhook()
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await app.request('/signup-webhook', { method, headers: { 'x-webhook-secret': secret } })).status).toBe(
        404,
      )
    }
  })

  it('asks to come again when the database is away', async () => {
    const { app } = createWebhook(() => new Response('', { status: 503 }))
    const response = await app.request('/signup-webhook', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-webhook-secret': secret },
      body: JSON.stringify(insert),
    })
    expect(response.status).toBe(503)
  })
})

interface Signing {
  secret?: string
  id?: string
  at?: Date
}

/** The headers that Auth signs a payload with. */
function sign(text: string, { secret = hookSecret, id = crypto.randomUUID(), at = new Date() }: Signing = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret.replace('v1,', '')).sign(id, at, text),
  }
}

const userWith = (user_metadata: unknown) =>
  JSON.stringify({
    metadata: { uuid: crypto.randomUUID(), time: new Date(), name: 'before-user-created', ip_address: '127.0.0.1' },
    user: { id: alice, email: 'alice@acme.test', app_metadata: {}, user_metadata, identities: [] },
  })

async function ask(text: string, headers: Record<string, string> = sign(text)) {
  const webhook = createWebhook()
  const response = await webhook.app.request('/signup-webhook/before-user-created', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  })
  return { ...webhook, response, body: await response.json() }
}

describe('the hook before-user-created', () => {
  it.each([
    ['no metadata', undefined],
    ['no organization', { full_name: 'Alice' }],
    ['an organization left empty', { organization_name: ' ' }],
    ['an organization', { organization_name: '  Acme & Söhne 🚀 ' }],
    ['roles and ids of their own', { role: 'owner', organization_id: alice, organization_name: 'Acme' }],
  ])('lets people in with %s', async (_what, metadata) => {
    const { response, body, asked } = await ask(userWith(metadata))
    expect([response.status, response.headers.get('content-type'), body]).toEqual([200, 'application/json', {}])
    expect(asked).toEqual([])
  })

  it.each([
    ['too long', 'x'.repeat(101)],
    ['on two lines', 'Acme\nInc'],
    ['turned around', 'Acme\u202egro'],
    ['no text', 12],
    ['a list', ['Acme']],
    ['an object', { name: 'Acme' }],
  ])('refuses, as Auth shows it, an organization whose name is %s', async (_what, organization_name) => {
    const { response, body } = await ask(userWith({ organization_name }))
    // Auth reads the body of a success alone.
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(body).toEqual({ error: { http_code: 400, message: expect.stringMatching(/name of the organization/) } })
  })

  it('knows the secret before a rotation, and several signatures', async () => {
    const text = userWith({})
    expect((await ask(text, sign(text, { secret: oldSecret }))).response.status).toBe(200)
    const id = crypto.randomUUID()
    const headers = sign(text, { id })
    const signatures = `${sign(text, { id, secret: otherSecret })['webhook-signature']} ${headers['webhook-signature']}`
    expect((await ask(text, { ...headers, 'webhook-signature': signatures })).response.status).toBe(200)
  })

  const text = userWith({ organization_name: 'x'.repeat(101) })
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
  it.each([
    ['no signature', {}, /Missing/],
    ['no timestamp', { ...sign(text), 'webhook-timestamp': '' }, /Missing/],
    ['a wrong secret', sign(text, { secret: otherSecret }), /signature/i],
    ['the signature of another body', sign(userWith({})), /signature/i],
    ['the signature of another message', { ...sign(text), 'webhook-id': 'another' }, /signature/i],
    ['a time that was changed', {
      ...sign(text, { at: ago(100) }),
      'webhook-timestamp': sign(text)['webhook-timestamp'],
    }, /signature/i],
    ['an old message, replayed', sign(text, { at: ago(301) }), /too old/],
    ['a message from the future', sign(text, { at: ago(-360) }), /too new/],
    ['a time that is none', { ...sign(text), 'webhook-timestamp': 'now' }, /.../],
    [
      'another version',
      { ...sign(text), 'webhook-signature': sign(text)['webhook-signature'].replace('v1,', 'v1a,') },
      /signature/i,
    ],
    ['the secret of the other webhook', { 'x-webhook-secret': secret }, /Missing/],
  ])('refuses %s in the same words, and tells the log', async (_what, headers, cause) => {
    const { response, body, logged } = await ask(text, headers as Record<string, string>)
    expect(response.status).toBe(401)
    expect(withoutInstance(body)).toEqual(withoutInstance((await ask(text, {})).body))
    expect(logged).toMatchObject([{
      problem: 'unauthenticated',
      cause: expect.stringMatching(/^webhook-signature: ./),
    }])
    expect(logged[0]?.cause).toMatch(cause)
  })

  it('refuses everything while it has no secret', async () => {
    const { deps, logged } = createFunctions()
    const routes = createSignUpWebhook({ secret, hookSecrets: [], secretKeyPastRowSecurity: secretKey })
    const text = userWith({})
    const response = await createApp('signup-webhook', deps).route('/', routes)
      .request('/signup-webhook/before-user-created', { method: 'POST', headers: sign(text), body: text })
    expect(response.status).toBe(401)
    expect(logged[0]?.cause).toBe('webhook-signature: no secret is configured')
  })

  it('takes no more than 1 MiB', async () => {
    expect((await ask('x'.repeat(1_048_577))).response.status).toBe(413)
  })
})

describe('the secrets of the hook', () => {
  it('are those that Auth has, several while they are rotated', () => {
    expect(HookSecrets.parse(`${hookSecret}|${oldSecret}`)).toEqual([hookSecret, oldSecret])
  })

  it.each(['', 'whsec_x', 'v1,whsec_short', `${btoa('h'.repeat(32))}`, `${`v1,whsec_${btoa('h'.repeat(32))}`},v1`])(
    'are not %s',
    (text) => expect(HookSecrets.safeParse(text).success).toBe(false),
  )
})
