import { describe, expect, inject, it } from 'vitest'

// What stands in front of every part: bodies that pass through, API keys, and pages of its own.

const { API_URL, AUTH_URL, FUNCTIONS_URL, PUBLISHABLE_KEY, REST_URL, SECRET_KEY } = inject('stack')

describe('a body', () => {
  it('of several megabytes passes both ways', async () => {
    const name = 'n'.repeat(3 * 1024 * 1024)
    const response = await fetch(`${REST_URL}/rpc/no_such_function`, {
      method: 'POST',
      headers: { apikey: PUBLISHABLE_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'PGRST202' })
    const bundle = await fetch(`${API_URL}/docs/swagger-ui-bundle.js`)
    expect((await bundle.text()).length).toBeGreaterThan(1_000_000)
  })

  it('that a function refuses unread ends in its answer, not in a broken connection', async () => {
    const response = await fetch(`${FUNCTIONS_URL}/records/leads`, { method: 'POST', body: new Uint8Array(8_000_000) })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'payload_too_large' })
  })
})

describe('API keys', () => {
  const get = async (url: string, headers: Record<string, string>) => {
    const response = await fetch(url, { headers })
    return [response.status, await response.text()] as const
  }

  it.each([['rest', `${REST_URL}/campaigns`], ['auth', `${AUTH_URL}/user`]])(
    'are needed for %s',
    async (_name, url) => {
      expect((await get(url, {}))[0]).toBe(401)
      const [status, body] = await get(url, { apikey: 'sb_publishable_wrong' })
      expect([status, body]).toEqual([401, expect.stringContaining('Invalid API key')])
    },
  )

  it('mean anon or service_role when nobody is signed in, also in the query or repeated as a bearer token', async () => {
    const role = async (headers: Record<string, string>, query = '') => {
      const [status, body] = await get(`${REST_URL}/organization_users?select=role&limit=0${query}`, headers)
      // Without a grant, PostgREST answers 401 to the anonymous and 403 to anyone else.
      return status === 401 && body.includes('permission denied')
        ? 'anon'
        : status === 200 || status === 403
        ? 'service'
        : body
    }
    expect(await role({ apikey: PUBLISHABLE_KEY })).toBe('anon')
    expect(await role({ apikey: PUBLISHABLE_KEY, authorization: `Bearer ${PUBLISHABLE_KEY}` })).toBe('anon')
    expect(await role({ apikey: SECRET_KEY })).toBe('service')
    expect(await role({ apikey: SECRET_KEY, authorization: `Bearer ${SECRET_KEY}` })).toBe('service')
    expect(await role({}, `&apikey=${SECRET_KEY}`)).toBe('service')
  })

  it('are not needed to ask what is allowed', async () => {
    const headers = { origin: 'https://app.test', 'access-control-request-headers': 'apikey, x-organization-id' }
    const response = await fetch(`${REST_URL}/campaigns`, { method: 'OPTIONS', headers })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toBe('apikey, x-organization-id')
  })
})

describe('its own pages', () => {
  it.each(
    [['/', 200], ['/docs', 200], ['/health', 200], ['/auth/v1/.well-known/jwks.json', 200], ['/nothing', 404]] as const,
  )(
    '%s answers %i',
    async (path, status) => {
      const response = await fetch(API_URL + path)
      await response.body?.cancel()
      expect(response.status).toBe(status)
    },
  )
})
