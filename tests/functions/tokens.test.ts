import { generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { exportSPKI, importJWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Stage, stage } from './support/cast.ts'
import { send } from './support/http.ts'
import { expectProblem } from './support/problems.ts'
import { stack } from './support/stack.ts'
import { claimsFor, mintEs256, mintHs256, unsigned } from './support/tokens.ts'

// Functions and the Data API agree on who may come in.

let cast: Stage

beforeAll(async () => {
  cast = await stage()
})

const claims = (changes: JWTPayload = {}) => claimsFor(cast.users.mia, cast.emails.mia, changes)
const now = () => Math.floor(Date.now() / 1000)
const signingKey = () => JSON.parse(stack('SIGNING_KEY'))
const publicJwk = () => {
  const { d: _private, ...jwk } = signingKey()
  return jwk
}

async function publicPem(): Promise<string> {
  const key = await importJWK(publicJwk(), 'ES256', { extractable: true })
  return key instanceof Uint8Array ? '' : await exportSPKI(key)
}

const ask = (token: string) => {
  const headers = { apikey: stack('PUBLISHABLE_KEY'), authorization: `Bearer ${token}` }
  return Promise.all([
    send('GET', `${stack('FUNCTIONS_URL')}/organizations/${cast.acme}`, { headers }),
    send('GET', `${stack('REST_URL')}/organizations?select=id`, { headers }),
  ])
}

describe('both accept', () => {
  it.each<[string, () => Promise<string>]>([
    ['ES256 with its kid', () => mintEs256(claims())],
    ['ES256 without a kid', () => mintEs256(claims(), { kid: undefined })],
    ['HS256', () => mintHs256(claims())],
    ['a token without a session', () => mintEs256(claims({ session_id: undefined }))],
    ['a token that ended a moment ago, as clocks differ', () => mintEs256(claims({ exp: now() - 5 }))],
    [
      'a token that says more',
      () => mintEs256(claims({ aal: 'aal2', app_metadata: { organization_id: cast.globex, role: 'owner' } })),
    ],
  ])('%s', async (_, mint) => {
    const [byFunction, byDataApi] = await ask(await mint())
    expect([byFunction.status, byFunction.body]).toMatchObject([200, {
      organization: { id: cast.acme, role: 'member' },
    }])
    expect([byDataApi.status, byDataApi.body]).toEqual([200, [{ id: cast.acme }]])
  })
})

describe('both refuse', () => {
  const strange = async (header = {}) => {
    const { privateKey } = await generateKeyPair('ES256')
    return await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: signingKey().kid, ...header }).sign(
      privateKey,
    )
  }
  it.each<[string, () => string | Promise<string>]>([
    ['a stranger’s signature under our kid', () => strange()],
    ['a stranger’s signature and kid', () => strange({ kid: 'strange' })],
    ['a key in the header', () => strange({ jwk: publicJwk() })],
    ['an address of keys in the header', () => strange({ jku: 'http://127.0.0.1:1/jwks.json' })],
    ['a kid that is a path', () => strange({ kid: '../../../../dev/null' })],
    ['HS256 with another secret', () => mintHs256(claims(), 'another-secret-of-enough-characters')],
    ['HS256 with the public key as JSON', () => mintHs256(claims(), JSON.stringify(publicJwk()))],
    ['HS256 with the public key as PEM', async () => mintHs256(claims(), await publicPem())],
    ['HS256 with the coordinates of the public key', () => mintHs256(claims(), publicJwk().x)],
    ['HS256 with the publishable key', () => mintHs256(claims(), stack('PUBLISHABLE_KEY'))],
    ['no algorithm', () => unsigned(claims())],
    ['an algorithm that nobody asked for', () => unsigned(claims(), { alg: 'HS999' }, 'c2lnbmVk')],
    ['an expired token', () => mintEs256(claims({ exp: now() - 120 }))],
    ['a token that holds later', () => mintEs256(claims({ nbf: now() + 120 }))],
    ['a token from the future', () => mintEs256(claims({ iat: now() + 120 }))],
    ['an end that is a text', () => mintHs256({ ...claims(), exp: undefined, ...JSON.parse('{"exp":"tomorrow"}') })],
  ])('%s', async (_, mint) => {
    const [byFunction, byDataApi] = await ask(await mint())
    expectProblem(byFunction, 'unauthenticated')
    expect(byDataApi.status).toBe(401)
    expect(byDataApi.text).not.toContain(cast.acme)
  })
})

describe('claims', () => {
  it('about an organization or a role give nothing: the membership does', async () => {
    const boasting = {
      app_metadata: { role: 'owner', organization_id: cast.globex },
      organization_id: cast.globex,
      is_admin: true,
    }
    const token = await mintEs256(claims(boasting))
    const headers = { apikey: stack('PUBLISHABLE_KEY'), authorization: `Bearer ${token}` }
    const url = (id: string) => `${stack('FUNCTIONS_URL')}/organizations/${id}`
    expectProblem(await send('GET', url(cast.globex), { headers }), 'not_found')
    expectProblem(await send('PATCH', url(cast.acme), { headers, json: { name: 'Mine' } }), 'forbidden')
    expect((await send('GET', url(cast.acme), { headers })).status).toBe(200)
  })

  it('of somebody whose account is gone open nothing', async () => {
    const ghost = await mintEs256(claimsFor(crypto.randomUUID(), 'ghost@example.test'))
    const headers = { apikey: stack('PUBLISHABLE_KEY'), authorization: `Bearer ${ghost}` }
    const url = `${stack('FUNCTIONS_URL')}/organizations`
    expectProblem(await send('POST', url, { headers, json: { name: 'Ghosts' } }), 'unauthenticated')
    expectProblem(await send('GET', url, { headers }), 'unauthenticated')
    expect((await send('GET', `${stack('REST_URL')}/organizations`, { headers })).body).toEqual([])
  })
})
