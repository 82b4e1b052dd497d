import { beforeAll, describe, expect, it } from 'vitest'
import { send } from '../functions/support/http.ts'
import { expectProblem } from '../functions/support/problems.ts'
import { listRoutes } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene, servedBy } from '../functions/support/scene.ts'
import { stack } from '../functions/support/stack.ts'
import { algorithms } from '../functions/support/tokens.ts'
import { worldOf } from '../functions/support/world.ts'
import { badCredentials, badForFunctions } from './support/credentials.ts'

// Law: whatever a request of a function would do, it needs a token that says who asks.

const routes = await listRoutes()
const closed = routes.filter(({ door }) => door === 'signedIn')
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

const url = (path: string) => stack('FUNCTIONS_URL') + path
describe('routes for signed-in people', () => {
  it('exist', () => expect(closed.length).toBeGreaterThan(10))

  // One place reads tokens for all routes: each route meets a third of the bad ones, and each of those a third of them.
  const credentials = Object.entries({ ...badCredentials, ...badForFunctions })
  it.each(credentials.map(([name, credential], n) => ({ name, credential, n })))(
    'refuse $name',
    async ({ credential, n }) => {
      const authorization = await credential(scene)
      const before = await worldOf(scene)
      for (const route of closed.filter((_, at) => at % 3 === n % 3)) {
        const answer = await send(route.method, url(pathFor(route, scene)), {
          json: bodyFor(route, scene),
          headers: { apikey: stack('PUBLISHABLE_KEY'), ...(authorization !== undefined && { authorization }) },
        })
        expectProblem(answer, 'unauthenticated', route.name)
        expect(answer.headers.get('www-authenticate'), route.name).toMatch(/^Bearer/)
      }
      expect(await worldOf(scene)).toEqual(before)
    },
  )

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

  // Whoever serves one of a kind serves the other: one place reads them for all routes.
  const inTurn = closed.map((route, n) => ({ ...route, algorithm: algorithms[n % algorithms.length] ?? 'ES256' }))
  it.each(inTurn)('and serve $name with a good one of $algorithm', async ({ algorithm, ...route }) => {
    const own = await openScene(algorithm)
    const answer = await own.call(servedBy(route), route.method, pathFor(route, own), { json: bodyFor(route, own) })
    // What is not deleted can't be restored: that, too, is an answer from behind the door.
    if (route.name === 'restoreOrganization') expectProblem(answer, 'conflict')
    else expect(answer.status).toBeLessThan(300)
  })
})

describe('routes for whoever has the publishable key', () => {
  const keyed = routes.filter(({ door }) => door === 'publishableKey')

  it('exist', () => expect(keyed.map(({ name }) => name)).toEqual(['previewInvitation', 'findBranding', 'listPlans']))

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
