import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, send } from '../functions/support/http.ts'
import { codeOf, expectProblem } from '../functions/support/problems.ts'
import { listRoutes, type Route } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene, servedBy } from '../functions/support/scene.ts'
import { stack } from '../functions/support/stack.ts'

// What every answer carries, be it a success or a refusal.

const routes = await listRoutes()
const url = (path: string) => stack('FUNCTIONS_URL') + path
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

/** The route's own success; what changes nothing needs no stage of its own. */
async function succeed(route: Route, headers: Record<string, string> = {}) {
  const on = route.method === 'GET' ? scene : await openScene()
  return await on.call(servedBy(route), route.method, pathFor(route, on), { json: bodyFor(route, on), headers })
}

/** A refusal of the same path: what anybody may ask is asked with a method that it does not have. */
const refuse = (route: Route, headers: Record<string, string> = {}) =>
  send(route.door === 'anyone' ? 'DELETE' : route.method, url(pathFor(route, scene)), {
    json: bodyFor(route, scene),
    headers,
  })

describe.each(routes)('$name', (route) => {
  let succeeded: Answer
  let refused: Answer
  /** The same for a page of another origin that names no id. */
  let strangers: Answer[]
  const id = `trace-${crypto.randomUUID()}`

  beforeAll(async () => {
    const headers = { 'x-request-id': id, origin: stack('WEB_URL') }
    succeeded = await succeed(route, headers)
    refused = await refuse(route, headers)
    const stranger = { origin: 'https://evil.example' }
    strangers = [await succeed(route, stranger), await refuse(route, stranger)]
  })

  it('says on success and on refusal that nobody stores, sniffs or refers to it', () => {
    expect(refused.status).toBeGreaterThanOrEqual(400)
    // How the product looks is the same for everybody, and may be kept for a moment.
    const storing = route.name === 'findBranding' ? 'public, max-age=60' : 'no-store'
    expect(succeeded.headers.get('cache-control')).toBe(storing)
    expect(refused.headers.get('cache-control')).toBe('no-store')
    for (const answer of [succeeded, refused]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
        'x-content-type-options': 'nosniff',
        'content-type': expect.stringMatching(/^application\/((problem\+)?json|jsonl)(;|$)/),
      })
      expect([...answer.headers.keys()]).not.toContain('x-powered-by')
    }
  })

  it("carries the caller's request id, also in the body of a refusal", () => {
    expect(succeeded.headers.get('x-request-id')).toBe(id)
    expect(refused.headers.get('x-request-id')).toBe(id)
    expectProblem(refused, route.door === 'anyone' ? 'not_found' : 'unauthenticated')
  })

  it('makes an id of its own where the caller has none', () => {
    for (const answer of strangers) expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each(['short', 'x'.repeat(65), 'has space in it', '"><script>alert(1)</script>', 'a,b,c,d,e,f'])(
    'makes an id of its own in place of %j',
    async (given) => {
      const refused = await refuse(route, { 'x-request-id': given })
      expect(refused.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(refused.text).not.toContain(given)
    },
  )

  it('tells a browser of an allowed origin what it may send, before asking who it is', async () => {
    const preflight = (origin: string) =>
      send('OPTIONS', url(pathFor(route, scene)), {
        headers: {
          origin,
          'access-control-request-method': route.method,
          'access-control-request-headers': 'authorization,content-type,x-organization-id',
        },
      })
    const allowed = await preflight(stack('WEB_URL'))
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(stack('WEB_URL'))
    expect(allowed.headers.get('access-control-allow-methods')?.split(',')).toContain(route.method)
    expect(allowed.headers.get('access-control-allow-headers')?.toLowerCase().split(',')).toEqual(
      expect.arrayContaining(['authorization', 'apikey', 'content-type', 'x-organization-id', 'x-request-id']),
    )
    expect(allowed.headers.has('access-control-allow-credentials')).toBe(false)
    for (const origin of ['https://evil.example', 'null', `${stack('WEB_URL')}.evil.example`]) {
      expect((await preflight(origin)).headers.has('access-control-allow-origin'), origin).toBe(false)
    }
  })

  it('lets an allowed origin read its answers, and no other', () => {
    for (const answer of [succeeded, refused]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(stack('WEB_URL'))
      expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id')
      expect(answer.headers.get('vary')).toMatch(/origin/i)
    }
    for (const denied of strangers) {
      expect(denied.headers.has('access-control-allow-origin')).toBe(false)
    }
  })
})

describe('what is not there', () => {
  const functions = [...new Set(routes.map(({ path }) => path.split('/')[1] ?? ''))]

  it.each(functions)('is a problem below /%s, too', async (name) => {
    for (const path of [`/${name}/no/such/thing/at/all`, `/${name}/%00`, `/${name}/..%2f..%2fetc%2fpasswd`]) {
      const answer = await scene.call('alice', 'GET', path)
      expect(['not_found', 'validation_failed'], path).toContain(codeOf(answer))
      expect(answer.headers.get('content-type'), path).toBe('application/problem+json')
    }
    expectProblem(await scene.call('alice', 'TRACEROUTE', `/${name}`), 'not_found')
  })

  it('stays what it is whatever a header says about the method', async () => {
    const answer = await scene.call('alice', 'GET', `/organizations/${scene.acme}`, {
      headers: { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' },
    })
    expect(answer.body).toMatchObject({ organization: { id: scene.acme, deleted_at: null } })
    expect((await scene.call('alice', 'GET', `/organizations/${scene.acme}`)).body).toEqual(answer.body)
  })
})
