import { generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { send } from './support/http.ts'
import { expectProblem } from './support/problems.ts'
import { listRoutes } from './support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene, servedBy } from './support/scene.ts'
import { stack } from './support/stack.ts'
import { claimsFor, mintEs256, mintHs256, unsigned } from './support/tokens.ts'
import { worldOf } from './support/world.ts'

// Whatever a request would do, it needs a token that says who asks.

const routes = await listRoutes()
const closed = routes.filter(({ door }) => door === 'signedIn')
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

const url = (path: string) => stack('FUNCTIONS_URL') + path
const alice = (changes = {}) => claimsFor(scene.users.alice, scene.emails.alice, changes)
const now = () => Math.floor(Date.now() / 1000)
const publicKey = () => {
  const { d: _private, ...jwk } = JSON.parse(stack('SIGNING_KEY'))
  return jwk
}

async function signedByStranger(header = {}): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256')
  return await new SignJWT(alice())
    .setProtectedHeader({ alg: 'ES256', kid: JSON.parse(stack('SIGNING_KEY')).kid, ...header })
    .sign(privateKey)
}

const credentials: Record<string, () => string | undefined | Promise<string>> = {
  'no header': () => undefined,
  'an empty header': () => '',
  'the word Bearer alone': () => 'Bearer',
  'Bearer and a space': () => 'Bearer ',
  'a scheme of another kind': () => `Basic ${btoa('alice:secret')}`,
  'a token without its scheme': () => scene.tokens.alice,
  'two tokens': () => `Bearer ${scene.tokens.alice}, Bearer ${scene.tokens.alice}`,
  'no token at all': () => 'Bearer not.a.token',
  'a token cut short': () => `Bearer ${scene.tokens.alice.slice(0, -8)}`,
  'a token of two parts': () => `Bearer ${scene.tokens.alice.split('.').slice(0, 2).join('.')}`,
  'a token nobody signed': () => `Bearer ${unsigned(alice())}`,
  'alg none with a signature': () => `Bearer ${unsigned(alice(), { alg: 'none' }, 'c2lnbmVk')}`,
  'a signature of a stranger': async () => `Bearer ${await signedByStranger()}`,
  'a key that the token brings': async () => `Bearer ${await signedByStranger({ jwk: publicKey() })}`,
  'a key that nobody knows': async () => `Bearer ${await mintEs256(alice(), { kid: 'another' })}`,
  'the public key as a shared secret': async () => `Bearer ${await mintHs256(alice(), JSON.stringify(publicKey()))}`,
  'claims of bob under a signature of alice': () => {
    const [header, , signature] = scene.tokens.alice.split('.')
    return `Bearer ${header}.${scene.tokens.bob.split('.')[1]}.${signature}`
  },
  'an expired token': async () => `Bearer ${await mintEs256(alice({ exp: now() - 60 }))}`,
  'a token without an end': async () => `Bearer ${await mintEs256(alice({ exp: undefined }))}`,
  'a token from the future': async () => `Bearer ${await mintEs256(alice({ iat: now() + 600 }))}`,
  'a token that holds later': async () => `Bearer ${await mintEs256(alice({ nbf: now() + 600 }))}`,
  'another audience': async () => `Bearer ${await mintEs256(alice({ aud: 'anon' }))}`,
  'no audience': async () => `Bearer ${await mintEs256(alice({ aud: undefined }))}`,
  'role anon': async () => `Bearer ${await mintEs256(alice({ role: 'anon' }))}`,
  'role service_role': async () => `Bearer ${await mintEs256(alice({ role: 'service_role' }))}`,
  'role postgres': async () => `Bearer ${await mintEs256(alice({ role: 'postgres' }))}`,
  'no role': async () => `Bearer ${await mintEs256(alice({ role: undefined }))}`,
  'nobody': async () => `Bearer ${await mintEs256(alice({ sub: undefined }))}`,
  'somebody without a uuid': async () => `Bearer ${await mintEs256(alice({ sub: 'alice' }))}`,
  'the publishable key': () => `Bearer ${stack('PUBLISHABLE_KEY')}`,
  'the secret key': () => `Bearer ${stack('SECRET_KEY')}`,
}

describe('routes for signed-in people', () => {
  it('exist', () => expect(closed.length).toBeGreaterThan(10))

  it.each(Object.keys(credentials))('refuse %s', async (name) => {
    const authorization = await credentials[name]?.()
    const before = await worldOf(scene)
    for (const route of closed) {
      const answer = await send(route.method, url(pathFor(route, scene)), {
        json: bodyFor(route, scene),
        headers: { apikey: stack('PUBLISHABLE_KEY'), ...(authorization !== undefined && { authorization }) },
      })
      expectProblem(answer, 'unauthenticated', route.name)
      expect(answer.headers.get('www-authenticate'), route.name).toMatch(/^Bearer/)
    }
    expect(await worldOf(scene)).toEqual(before)
  })

  it('refuse a token in the query, in a cookie and in the body', async () => {
    const before = await worldOf(scene)
    const token = scene.tokens.alice
    for (const route of closed) {
      const path = `${pathFor(route, scene)}?access_token=${token}&token=${token}&authorization=Bearer%20${token}`
      const answer = await send(route.method, url(path), {
        json: bodyFor(route, scene),
        headers: { apikey: stack('PUBLISHABLE_KEY'), cookie: `sb-access-token=${token}` },
      })
      expectProblem(answer, 'unauthenticated', route.name)
    }
    expect(await worldOf(scene)).toEqual(before)
  })

  it('refuse the secret key as an API key', async () => {
    for (const route of closed) {
      const request = { json: bodyFor(route, scene), headers: { apikey: stack('SECRET_KEY') } }
      expectProblem(await send(route.method, url(pathFor(route, scene)), request), 'unauthenticated', route.name)
    }
  })

  it.each(closed)('and serve $name with a good one', async (route) => {
    const own = await openScene()
    const answer = await own.call(servedBy(route), route.method, pathFor(route, own), { json: bodyFor(route, own) })
    // What is not deleted can't be restored: that, too, is an answer from behind the door.
    if (route.name === 'restoreOrganization') expectProblem(answer, 'conflict')
    else expect(answer.status).toBeLessThan(300)
  })
})

describe('routes for whoever has the publishable key', () => {
  const keyed = routes.filter(({ door }) => door === 'publishableKey')

  it('exist', () => expect(keyed.map(({ name }) => name)).toEqual(['previewInvitation']))

  it.each([
    ['no key', () => ({})],
    ['a wrong key', () => ({ apikey: 'sb_publishable_0' })],
    ['the secret key', () => ({ apikey: stack('SECRET_KEY') })],
    ["a person's token in place of the key", () => ({ authorization: `Bearer ${scene.tokens.alice}` })],
    ['the key as a bearer token', () => ({ authorization: `Bearer ${stack('PUBLISHABLE_KEY')}` })],
  ])('refuse %s', async (_, headers) => {
    for (const route of keyed) {
      const answer = await send(route.method, url(pathFor(route, scene)), {
        json: bodyFor(route, scene),
        headers: { ...headers() },
      })
      expectProblem(answer, 'unauthenticated', route.name)
    }
  })

  it('serve it without a token', async () => {
    for (const route of keyed) {
      const request = { json: bodyFor(route, scene) }
      expect((await scene.call('anon', route.method, pathFor(route, scene), request)).status).toBe(200)
    }
  })
})

describe('routes for anyone', () => {
  it.each(routes.filter(({ door }) => door === 'anyone'))('$name needs nothing', async (route) => {
    expect((await send(route.method, url(pathFor(route, scene)))).status).toBe(200)
  })
})
