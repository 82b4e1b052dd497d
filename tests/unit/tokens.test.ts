import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createTokenVerifier, withMemory } from '../../supabase/functions/_kit/token.ts'
import {
  alice,
  createFunctions,
  goodClaims,
  jwtSecret,
  publicJwk,
  publicPem,
  publishableKey,
  sign,
  signingKey,
} from './support/functions.ts'

const { send } = createFunctions(() => Response.json({ organizations: [], next_cursor: null }))
const ask = (authorization?: string) => send('/organizations', { headers: authorization ? { authorization } : {} })
const now = () => Math.floor(Date.now() / 1000)

const hs256 = (secret: string | Uint8Array, claims: JWTPayload = goodClaims(), header = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header })
    .sign(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret)

const es256 = (claims: JWTPayload, header = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'current', ...header }).sign(signingKey)

const changed = (claims: Record<string, unknown>) => es256({ ...goodClaims(), ...claims })

const other = await generateKeyPair('ES256', { extractable: true })
const tampered = async () => {
  const [header, , signature] = (await sign()).split('.')
  return [header, btoa(JSON.stringify({ ...goodClaims(), sub: crypto.randomUUID() })).replace(/=+$/, ''), signature]
    .join('.')
}

describe('a request', () => {
  it.each([
    ['ES256 by the public keys', () => sign()],
    ['HS256 by the shared secret', () => hs256(jwtSecret)],
    ['an expiry 20 s ago, for clocks that differ', () => changed({ exp: now() - 20 })],
  ])('is let in with %s', async (_how, token) => expect((await ask(`Bearer ${await token()}`)).status).toBe(200))

  it.each([
    ['nothing', () => undefined],
    ['an empty token', () => 'Bearer '],
    ['no token', () => 'Bearer'],
    ['Basic', () => `Basic ${btoa('alice:secret')}`],
    ['the publishable key', () => `Bearer ${publishableKey}`],
    ['a secret key', () => 'Bearer sb_secret_0123456789abcdef'],
    ['garbage', () => 'Bearer a.b.c'],
    ['alg none', () => `Bearer ${new UnsecuredJWT(goodClaims()).encode()}x`],
    ['a changed payload', async () => `Bearer ${await tampered()}`],
    [
      'another key under our kid',
      async () =>
        `Bearer ${await new SignJWT(goodClaims()).setProtectedHeader({ alg: 'ES256', kid: 'current' }).sign(
          other.privateKey,
        )}`,
    ],
    ['an unknown kid', async () => `Bearer ${await es256(goodClaims(), { kid: '../../etc/passwd' })}`],
    [
      'its own key in jwk',
      async () =>
        `Bearer ${await new SignJWT(goodClaims()).setProtectedHeader({
          alg: 'ES256',
          jwk: await exportJWK(other.publicKey),
        }).sign(other.privateKey)}`,
    ],
    [
      'its own key behind jku',
      async () =>
        `Bearer ${await new SignJWT(goodClaims()).setProtectedHeader({ alg: 'ES256', jku: 'https://evil.test/jwks' })
          .sign(other.privateKey)}`,
    ],
    ['HS256 signed with the public key', async () => `Bearer ${await hs256(publicPem)}`],
    [
      'HS256 signed with the public JWK',
      async () => `Bearer ${await hs256(JSON.stringify(publicJwk), goodClaims(), { kid: 'current' })}`,
    ],
    ['another secret', async () => `Bearer ${await hs256('another secret that is as long as ours')}`],
    ['an expiry 31 s ago', async () => `Bearer ${await changed({ exp: now() - 31 })}`],
    ['no expiry', async () => `Bearer ${await changed({ exp: undefined })}`],
    ['a start in the future', async () => `Bearer ${await changed({ nbf: now() + 60 })}`],
    ['an issue date in the future', async () => `Bearer ${await changed({ iat: now() + 60 })}`],
    ['no audience', async () => `Bearer ${await changed({ aud: undefined })}`],
    ['another audience', async () => `Bearer ${await changed({ aud: 'anon' })}`],
    ['an empty audience', async () => `Bearer ${await changed({ aud: [] })}`],
    ['role anon', async () => `Bearer ${await changed({ role: 'anon' })}`],
    ['role service_role', async () => `Bearer ${await changed({ role: 'service_role' })}`],
    ['role postgres', async () => `Bearer ${await changed({ role: 'postgres' })}`],
    ['no role', async () => `Bearer ${await changed({ role: undefined })}`],
    ['no subject', async () => `Bearer ${await changed({ sub: undefined })}`],
    ['a subject that is no uuid', async () => `Bearer ${await changed({ sub: 'alice' })}`],
  ])('is not let in with %s', async (_what, authorization) => {
    const response = await ask(await authorization())
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' })
  })

  it('is not let in by a token in the query or in a cookie', async () => {
    const token = await sign()
    expect((await send(`/organizations?access_token=${token}`)).status).toBe(401)
    expect((await send('/organizations', { headers: { cookie: `access_token=${token}` } })).status).toBe(401)
    expect((await ask(`Bearer ${token}`)).status).toBe(200)
  })
})

describe('the verifier', () => {
  it('tries each key of a kind where a token names none', async () => {
    const keys = [{ ...await exportJWK(other.publicKey), kid: 'former' }, publicJwk]
    const verify = createTokenVerifier({ jwks: { keys } })
    const nameless = await new SignJWT(goodClaims()).setProtectedHeader({ alg: 'ES256' }).sign(signingKey)
    expect((await verify(nameless)).sub).toBe(alice)
    const stranger = await generateKeyPair('ES256')
    const forged = await new SignJWT(goodClaims()).setProtectedHeader({ alg: 'ES256' }).sign(stranger.privateKey)
    await expect(verify(forged)).rejects.toThrow()
  })

  it('refuses HS256 where no secret is shared, even with an oct key among the public ones', async () => {
    const oct = { kty: 'oct', k: btoa(jwtSecret), alg: 'HS256' }
    const verify = createTokenVerifier({ jwks: { keys: [publicJwk, oct] } })
    await expect(verify(await hs256(jwtSecret))).rejects.toThrow()
    expect((await verify(await sign())).sub).toBe(alice)
  })

  it('remembers a token that was good, and never one that was bad', async () => {
    let asked = 0
    const verify = createTokenVerifier({ jwks: { keys: [publicJwk] } })
    const remembering = withMemory((token) => {
      asked += 1
      return verify(token)
    })
    const [good, bad] = [await sign(), await changed({ role: 'anon' })]
    for (const _ of [1, 2]) expect((await remembering(good)).sub).toBe(alice)
    expect(asked).toBe(1)
    for (const _ of [1, 2]) await expect(remembering(bad)).rejects.toThrow()
    expect(asked).toBe(3)
  })
})
