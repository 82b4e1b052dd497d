import { createHmac } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { toClientAddress } from '../../supabase/functions/_kit/client-address.ts'
import { resolveDeps } from '../../supabase/functions/_kit/deps.ts'
import { createSigner } from '../../supabase/functions/_kit/sign.ts'
import { acme, createFunctions, publishableKey } from './support/functions.ts'
import { environment } from './support/environment.ts'

// What functions tell the database about the address of a client.

const secret = 'a secret of functions, which is long enough'

describe('the address', () => {
  it.each([
    ['198.51.100.1', 1, '198.51.100.1'],
    ['203.0.113.7, 198.51.100.1', 1, '198.51.100.1'],
    ['203.0.113.7,198.51.100.1,10.0.0.1', 2, '198.51.100.1'],
    ['2001:db8::1', 1, '2001:db8::1'],
    ['198.51.100.1', 2, 'unknown'],
    ['198.51.100.1', 0, 'unknown'],
    ['', 1, 'unknown'],
    [undefined, 1, 'unknown'],
    ['localhost', 1, 'unknown'],
    ['198.51.100.1\nx-organization-id: 1', 1, 'unknown'],
    ['1'.repeat(5000), 1, 'unknown'],
  ])('in %j behind %i proxies is %s', (forwardedFor, proxies, address) => {
    expect(toClientAddress(forwardedFor, proxies)).toBe(address)
  })
})

/** The headers that the Data API gets for a request with these. */
async function passedOn(headers: Record<string, string>, withSecret = true) {
  const functions = createFunctions()
  if (withSecret) functions.deps.sign = createSigner(secret)
  await functions.sendAsAlice('GET', `/organizations/${acme}`, undefined, headers)
  const [asked] = functions.asked
  return asked?.headers
}

describe('a request to the Data API', () => {
  it('says whose it is, signed for this request', async () => {
    const headers = await passedOn({ 'x-forwarded-for': '203.0.113.7', 'x-request-id': 'request-1' })
    const [time, signature] = headers?.get('x-client-signature')?.split('.') ?? []
    expect(headers?.get('x-client-address')).toBe('203.0.113.7')
    expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(5)
    const statement = `client-address\n203.0.113.7\nrequest-1\n${time}`
    expect(signature).toBe(createHmac('sha256', secret).update(statement).digest('hex'))
  })

  it('passes on nothing that a client says of itself', async () => {
    const claims = { 'x-client-address': '203.0.113.7', 'x-client-signature': `1.${'0'.repeat(64)}` }
    expect((await passedOn({ ...claims, 'x-forwarded-for': '198.51.100.1' }))?.get('x-client-address')).toBe(
      '198.51.100.1',
    )
    expect((await passedOn(claims))?.get('x-client-address')).toBe('unknown')
    const unsigned = await passedOn({ ...claims, 'x-forwarded-for': '198.51.100.1' }, false)
    expect([unsigned?.get('x-client-address'), unsigned?.get('x-forwarded-for')]).toEqual([null, null])
  })

  it('says it for somebody who is not signed in too', async () => {
    const functions = createFunctions()
    functions.deps.sign = createSigner(secret)
    await functions.send('/invitations/preview', {
      method: 'POST',
      headers: { apikey: publishableKey, 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' },
      body: JSON.stringify({ token: 'inv_1' }),
    })
    expect(functions.asked[0]?.headers.get('x-client-address')).toBe('203.0.113.7')
  })
})

describe('the environment', () => {
  it('may hold a secret and a number of proxies', () => {
    const deps = resolveDeps({ ...environment, FUNCTIONS_SECRET: secret, TRUSTED_PROXIES: '2' })
    expect(deps.trustedProxies).toBe(2)
    expect(deps.sign?.('x')).toBe(createHmac('sha256', secret).update('x').digest('hex'))
  })

  it('without a secret says so at the start, and signs nothing', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect(resolveDeps(environment).sign).toBeUndefined()
    expect(warn.mock.calls.flat().join()).toContain('FUNCTIONS_SECRET')
    warn.mockClear()
    resolveDeps({ ...environment, FUNCTIONS_SECRET: secret })
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  it.each([['FUNCTIONS_SECRET', 'too short'], ['TRUSTED_PROXIES', 'all'], ['TRUSTED_PROXIES', '-1']])(
    'with %s = %s stops the start',
    (name, value) => {
      expect(() => resolveDeps({ ...environment, [name]: value })).toThrow(name)
    },
  )
})
