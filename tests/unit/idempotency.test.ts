import { describe, expect, it } from 'vitest'
import { takesIdempotencyKey } from '../../shared/contract/routes/parts.ts'
import { routes } from '../../shared/contract/routes/index.ts'
import { toIdempotencyKey } from '../../supabase/functions/_kit/idempotency.ts'
import { acme, type Asked, createFunctions, globex, issuedInvitation } from './support/functions.ts'

const key = 'the-key-of-a-test'
const { invitation, token } = issuedInvitation

describe('a key', () => {
  it.each([
    ['as it is', key, key],
    ['a quoted string', `"${key}"`, key],
    ['a quoted string with escapes', '"0123456789\\"\\\\abcd"', '0123456789"\\abcd'],
    ['a uuid', '8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['16 characters', 'x'.repeat(16), 'x'.repeat(16)],
    ['255 characters', 'x'.repeat(255), 'x'.repeat(255)],
    ['255 quoted characters', `"${'x'.repeat(255)}"`, 'x'.repeat(255)],
    ['every visible character', '!#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~"', '!#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~"'],
  ])('%s is taken', (_, header, expected) => expect(toIdempotencyKey(header)).toBe(expected))

  it.each([
    ['nothing', ''],
    ['15 characters', 'x'.repeat(15)],
    ['15 quoted characters', `"${'x'.repeat(15)}"`],
    ['256 characters', 'x'.repeat(256)],
    ['256 quoted characters', `"${'x'.repeat(256)}"`],
    ['a space', 'the key of a test'],
    ['a quoted space', '"the key of a test"'],
    ['two headers', `${key}, ${key}`],
    ['two quoted headers', `"${key}", "${key}"`],
    ['letters beyond ASCII', 'der-Schlüssel-eines-Tests'],
    ['a control', 'the-key-of-a-test\u0001'],
    ['a quote that does not end', `"${key}`],
    ['an escape that is none', '"the-key-of-a-\\test"'],
    ['a parameter', `"${key}";a=1`],
  ])(
    '%s is refused',
    (_, header) => expect(() => toIdempotencyKey(header)).toThrow(expect.objectContaining({ code: 'invalid_header' })),
  )
})

/** Asks for an invitation, and answers what the Data API was told. */
const invite = async (headers: Record<string, string>, body: object = { email: 'mia@acme.test', role: 'member' }) => {
  const functions = createFunctions(() => Response.json(issuedInvitation))
  const response = await functions.sendAsAlice('POST', `/organizations/${acme}/invitations`, body, headers)
  return { ...functions, response }
}

const told = (asked: Asked[]) =>
  ['key', 'route', 'organization', 'fingerprint'].map((part) => asked[0]?.headers.get(`x-idempotency-${part}`))

describe('a request with a key', () => {
  it('tells the database key, route, organization and fingerprint', async () => {
    const { asked } = await invite({ 'idempotency-key': `"${key}"` })
    expect(told(asked)).toEqual([
      key,
      'POST /organizations/{organization_id}/invitations',
      acme,
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ])
  })

  it('has another fingerprint with another body, path or organization, and the same with the same', async () => {
    const fingerprint = async (path: string, body: object, headers = {}) => {
      const { sendAsAlice, asked } = createFunctions(() => Response.json([]))
      await sendAsAlice('POST', path, body, { 'idempotency-key': key, ...headers })
      return told(asked)[3]
    }
    const asks = () => [
      fingerprint('/records/leads', { phone_number: '1' }),
      fingerprint('/records/leads', { phone_number: '2' }),
      fingerprint('/records/campaigns', { phone_number: '1' }),
      fingerprint('/records/leads', { phone_number: '1' }, { 'x-organization-id': acme }),
      fingerprint('/records/leads', { phone_number: '1' }, { 'x-organization-id': globex }),
    ]
    const [once, again] = [await Promise.all(asks()), await Promise.all(asks())]
    expect(once).toEqual(again)
    expect(new Set(once).size).toBe(5)
  })

  it('belongs to the organization of the path, in any case, with or without the header', async () => {
    const ask = async (path: string, headers = {}) => {
      const { sendAsAlice, asked } = createFunctions(() => Response.json(issuedInvitation))
      await sendAsAlice('POST', path, { email: 'mia@acme.test', role: 'member' }, {
        'idempotency-key': key,
        ...headers,
      })
      return told(asked)
    }
    const path = `/organizations/${acme}/invitations`
    expect(await ask(path, { 'x-organization-id': acme })).toEqual(await ask(path))
    expect((await ask(`/organizations/${acme.toUpperCase()}/invitations`))[2]).toBe(acme)
  })

  it('stores rows through the entry point, as they came', async () => {
    const { asked, sendAsAlice } = createFunctions(() => Response.json([{ id: 1 }, { id: 2 }]))
    const rows = [{ phone_number: '1' }, { phone_number: '2', priority: 3 }]
    const response = await sendAsAlice('POST', '/records/leads', rows, { 'idempotency-key': key })
    expect(await response.json()).toEqual({ records: [{ id: 1 }, { id: 2 }], count: 2 })
    expect(asked[0]?.url.pathname).toBe('/rest/v1/rpc/create_records')
    expect(asked[0]?.text).toBe(`{"table_name":"leads","records":${JSON.stringify(rows)}}`)
  })

  it('is refused with a key that is none, before the database is asked', async () => {
    for (const route of Object.values(routes).filter(takesIdempotencyKey)) {
      const path = route.path.replace('{organization_id}', acme).replace('{invitation_id}', acme)
        .replace('{table}', 'leads').replace('{user_id}', acme).replace('{domain_id}', acme).replace(
          '{request_id}',
          acme,
        )
      const { sendAsAlice, asked } = createFunctions()
      const response = await sendAsAlice(route.method.toUpperCase(), path, {}, { 'idempotency-key': 'short' })
      expect(response.status, path).toBe(400)
      expect(await response.json()).toMatchObject({
        code: 'invalid_header',
        detail: expect.stringContaining('Idempotency-Key'),
      })
      expect(asked).toEqual([])
    }
  })
})

describe('a replay', () => {
  const replay = () => Response.json(issuedInvitation, { headers: { 'idempotent-replayed': 'true' } })

  it('says so, and sends no second mail', async () => {
    const { sendAsAlice, mailed, logged } = createFunctions(replay)
    for (const path of ['', `/${invitation.id}/resend`]) {
      const body = path === '' ? { email: 'mia@acme.test', role: 'member' } : undefined
      const response = await sendAsAlice('POST', `/organizations/${acme}/invitations${path}`, body, {
        'idempotency-key': key,
      })
      expect(response.status).toBe(201)
      expect(response.headers.get('idempotent-replayed')).toBe('true')
      expect(await response.json()).toMatchObject({ invitation, token, mail: 'unknown' })
    }
    expect(mailed).toEqual([])
    expect(logged.map(({ mail }) => mail)).toEqual([undefined, undefined])
  })

  it('control: the first request says nothing of it, and sends its mail', async () => {
    const { response, mailed } = await invite({ 'idempotency-key': key })
    expect(response.headers.has('idempotent-replayed')).toBe(false)
    expect(await response.json()).toMatchObject({ mail: 'sent' })
    expect(mailed).toHaveLength(1)
  })

  it('that breaks the contract is a failure, and says nothing of it', async () => {
    const { sendAsAlice } = createFunctions(() =>
      Response.json({ token }, { headers: { 'idempotent-replayed': 'true' } })
    )
    const path = `/organizations/${acme}/invitations/${invitation.id}/resend`
    const response = await sendAsAlice('POST', path, undefined, { 'idempotency-key': key })
    expect(response.status).toBe(500)
    expect(response.headers.has('idempotent-replayed')).toBe(false)
  })
})

it('a request without a key, or of a route that takes none, tells the database nothing', async () => {
  expect(told((await invite({})).asked)).toEqual([null, null, null, null])
  const { asked, sendAsAlice } = createFunctions(() => Response.json(null))
  for (const headers of [{ 'idempotency-key': key }, { 'idempotency-key': 'short' }]) {
    await sendAsAlice('PATCH', `/organizations/${acme}`, { name: 'Acme' }, headers)
    expect(told(asked.splice(0))).toEqual([null, null, null, null])
  }
})
