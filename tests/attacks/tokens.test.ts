import type { JWTPayload } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { send } from '../functions/support/http.ts'
import { expectProblem } from '../functions/support/problems.ts'
import { openScene, type Scene } from '../functions/support/scene.ts'
import { stack } from '../functions/support/stack.ts'
import { algorithms, claimsFor, mint, mintEs256, mintHs256 } from '../functions/support/tokens.ts'
import { worldOf } from '../functions/support/world.ts'
import { badCredentials, forgedTokens } from './support/credentials.ts'
import { expectNothingOf, expectRefusal } from './support/dialect.ts'

// Law: functions and the Data API agree on who may come in, and take nobody's word for it.

let cast: Scene

beforeAll(async () => {
  cast = await openScene()
})

const claims = (changes: JWTPayload = {}) => claimsFor(cast.users.mia, cast.emails.mia, changes)
const now = () => Math.floor(Date.now() / 1000)
const ask = (token: string, scheme = 'Bearer') => {
  const headers = { apikey: stack('PUBLISHABLE_KEY'), authorization: `${scheme} ${token}` }
  return Promise.all([
    send('GET', `${stack('FUNCTIONS_URL')}/organizations/${cast.acme}`, { headers }),
    send('GET', `${stack('REST_URL')}/organizations?select=id`, { headers }),
  ])
}

/** A read, a write and a call through the Data API, and a read through a function. */
const askForMore = (authorization: string | undefined) => {
  const headers = { apikey: stack('PUBLISHABLE_KEY'), ...(authorization !== undefined && { authorization }) }
  const url = stack('REST_URL')
  return Promise.all([
    send('GET', `${url}/organizations`, { headers }),
    send('GET', `${url}/profiles`, { headers }),
    send('POST', `${url}/leads`, { headers, json: { phone_number: '+15550100' } }),
    send('DELETE', `${url}/leads?id=not.is.null`, { headers }),
    send('POST', `${url}/rpc/get_user_organizations`, { headers, json: { user_uuid: cast.users.alice } }),
    send('GET', `${stack('FUNCTIONS_URL')}/organizations/${cast.acme}`, { headers }),
  ])
}

describe('both accept', () => {
  it.each<[string, () => Promise<string>, string?]>([
    ['ES256 with its kid', () => mintEs256(claims())],
    ['ES256 without a kid', () => mintEs256(claims(), { kid: undefined })],
    ['HS256', () => mintHs256(claims())],
    ['a scheme in small letters', () => mintEs256(claims()), 'bearer'],
    ['HS256 that ended a moment ago', () => mintHs256(claims({ exp: now() - 5 }))],
    ['HS256 that was born a moment from now', () => mintHs256(claims({ iat: now() + 10, nbf: now() + 10 }))],
    ['ES256 that was born a moment from now', () => mintEs256(claims({ iat: now() + 10, nbf: now() + 10 }))],
    ['audiences with ours', () => mintEs256(claims({ aud: ['api', 'authenticated'] }))],
    ['a token without a session', () => mintEs256(claims({ session_id: undefined }))],
    ['a token that ended a moment ago, as clocks differ', () => mintEs256(claims({ exp: now() - 5 }))],
    [
      'a token that says more',
      () => mintEs256(claims({ aal: 'aal2', app_metadata: { organization_id: cast.globex, role: 'owner' } })),
    ],
  ])('%s', async (_, issue, scheme) => {
    const [byFunction, byDataApi] = await ask(await issue(), scheme)
    expect([byFunction.status, byFunction.body]).toMatchObject([200, {
      organization: { id: cast.acme, role: 'member' },
    }])
    expect([byDataApi.status, byDataApi.body]).toEqual([200, [{ id: cast.acme }]])
  })
})

describe('both refuse', () => {
  it.each(Object.entries(badCredentials))('%s', async (_, credential) => {
    const authorization = await credential(cast)
    const before = await worldOf(cast)
    for (const answer of await askForMore(authorization)) {
      expect([400, 401, 403], answer.text).toContain(answer.status)
      expectNothingOf([cast.acme, cast.emails.alice, cast.emails.mia], answer)
    }
    expect(await worldOf(cast)).toEqual(before)
  })

  it('a bad token beside a good key, and don’t take it for nobody: not even where nobody gets in', async () => {
    for (const [name, credential] of Object.entries(forgedTokens)) {
      const authorization = await credential(cast)
      const headers = { apikey: stack('PUBLISHABLE_KEY'), authorization: authorization ?? '' }
      expect((await send('POST', `${stack('REST_URL')}/rpc/ready`, { json: {}, headers })).status, name).toBe(401)
    }
  })

  it('a token anywhere else than in its header', async () => {
    const token = cast.tokens.mia
    const query = `access_token=${token}&token=${token}&jwt=${token}`
    const headers = { apikey: stack('PUBLISHABLE_KEY'), cookie: `sb-access-token=${token}`, 'x-access-token': token }
    for (const path of [`/leads?select=id&${query}`, `/leads?select=id&authorization=Bearer%20${token}`, '/leads']) {
      const answer = await send('GET', stack('REST_URL') + path, { headers })
      expect([400, 401], path).toContain(answer.status)
      expectNothingOf([cast.acme], answer)
    }
  })
})

describe('the Data API alone', () => {
  // PostgREST without jwt-aud takes any audience, and takes a token without an end: functions don't. Whom it shows what
  // is the database's to say in any case.
  it.each(algorithms)(
    'takes tokens of %s without an end or of another audience, for the same person',
    async (algorithm) => {
      for (const changes of [{ exp: undefined }, { aud: undefined }, { aud: ['api', 'anon'] }, { aud: 'anon' }]) {
        const [byFunction, byDataApi] = await ask(await mint(algorithm, claims(changes)))
        expectProblem(byFunction, 'unauthenticated')
        expect([byDataApi.status, byDataApi.body]).toEqual([200, [{ id: cast.acme }]])
      }
    },
  )

  it.each(algorithms)('shows a token of %s that names nobody nothing', async (algorithm) => {
    for (const changes of [{ sub: undefined }, { sub: 'mia' }, { sub: '' }, { sub: `${cast.users.mia}'--` }]) {
      const [, byDataApi] = await ask(await mint(algorithm, claims(changes)))
      expectRefusal(byDataApi, JSON.stringify(changes))
    }
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
    const byDataApi = await send('GET', `${stack('REST_URL')}/organizations`, { headers })
    expect([byDataApi.status, Object(byDataApi.body).hint]).toEqual([401, 'unauthenticated'])
  })
})
