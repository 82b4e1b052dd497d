import { beforeAll, describe, expect, it } from 'vitest'
import { listRoutes } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene } from '../functions/support/scene.ts'
import { send } from '../functions/support/http.ts'
import { stack } from '../functions/support/stack.ts'
import { worldOf } from '../functions/support/world.ts'

// Law: a header that says who somebody is, where they come from, or what they really mean to do, is not believed.

const routes = await listRoutes()
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

describe('headers of proxies and frameworks', () => {
  const lies = {
    'x-http-method-override': 'DELETE',
    'x-http-method': 'DELETE',
    'x-method-override': 'DELETE',
    'x-original-url': '/organizations',
    'x-rewrite-url': '/organizations',
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    'forwarded': 'for=127.0.0.1;host=evil.example;proto=https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'javascript',
    'x-supabase-auth': '{"role":"service_role"}',
    'x-postgrest-role': 'service_role',
  }

  it('change nothing that a function answers', async () => {
    const before = await worldOf(scene)
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const ask = (headers = {}) => scene.call('mia', 'GET', pathFor(route, scene), { headers })
      const [honest, lying] = [await ask(), await ask(lies)]
      expect([lying.status, { ...Object(lying.body), instance: 0 }], route.name)
        .toEqual([honest.status, { ...Object(honest.body), instance: 0 }])
      expect(lying.text).not.toContain('evil.example')
    }
    expect(await worldOf(scene)).toEqual(before)
  })

  it('make no request of the Data API another one', async () => {
    const before = await worldOf(scene)
    for (const path of ['/organizations?select=id', '/leads?select=id']) {
      const ask = (actor: 'mia' | 'anon', headers = {}) => scene.rest(actor, 'GET', path, { headers })
      expect((await ask('mia', lies)).body).toEqual((await ask('mia')).body)
      expect((await ask('anon', lies)).status).toBe(401)
    }
    expect(await worldOf(scene)).toEqual(before)
  })

  it('in great number or size are refused or ignored, at once', async () => {
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`x-header-${n}`, 'x'.repeat(100)]))
    const asks: Record<string, string>[] = [
      many,
      { 'access-control-request-headers': ' '.repeat(50_000) + 'x' },
      { 'access-control-request-headers': ','.repeat(50_000) },
      { origin: 'https://' + 'a'.repeat(30_000) },
      { 'accept-language': 'x;q=0.1,'.repeat(4_000) },
    ]
    for (const headers of asks) {
      for (const method of ['OPTIONS', 'GET']) {
        const started = performance.now()
        const answer = await scene.call('mia', method, '/organizations', { headers })
        expect(answer.status).toBeLessThan(500)
        expect(answer.headers.get('access-control-allow-origin')).not.toBe('*')
        expect(performance.now() - started).toBeLessThan(2000)
      }
    }
  })
})

describe('raw requests', () => {
  /** Sends bytes as they are, and answers what comes back. */
  async function sendRaw(request: string): Promise<string> {
    const { hostname, port } = new URL(stack('API_URL'))
    const connection = await Deno.connect({ hostname, port: Number(port) })
    try {
      await connection.write(new TextEncoder().encode(request))
      const reader = connection.readable.pipeThrough(new TextDecoderStream()).getReader()
      const { value = '' } = await reader.read()
      await reader.cancel()
      return value
    } catch {
      return ''
    }
  }
  const head = (path: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\napikey: ${stack('PUBLISHABLE_KEY')}\r\n${more}connection: close\r\n\r\n`

  it.each<[string, () => string]>([
    ['NUL in the address', () => head('/rest/v1/leads\0')],
    ['NUL in a header', () => head('/rest/v1/leads', 'x-organization-id: a\0b\r\n')],
    ['NUL in the token', () => head('/rest/v1/leads', `authorization: Bearer ${scene.tokens.mia}\0\r\n`)],
    [
      'a header that goes on in the next line',
      () => head('/rest/v1/leads', `authorization: Bearer\r\n ${scene.tokens.mia}\r\n`),
    ],
    ['two lengths', () => head('/rest/v1/leads', 'content-length: 1\r\ncontent-length: 2\r\n')],
    ['another version', () => head('/rest/v1/leads').replace('HTTP/1.1', 'HTTP/9.9')],
    ['two tokens', () =>
      head(
        '/rest/v1/organizations',
        `authorization: Bearer ${scene.tokens.mia}\r\nauthorization: Bearer ${scene.tokens.bob}\r\n`,
      )],
  ])('with %s open nothing', async (_, request) => {
    const answer = await sendRaw(request())
    expect(answer === '' || /^HTTP\/1\.[01] 4\d\d /.test(answer), answer).toBe(true)
    expect(answer).not.toContain(scene.acme)
  })

  it('control: one that is well-formed is served', async () => {
    const answer = await sendRaw(
      head('/rest/v1/organizations?select=id', `authorization: Bearer ${scene.tokens.mia}\r\n`),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('an answer', () => {
  it('of a refusal says nothing of what is behind', async () => {
    for (const route of routes) {
      for (const actor of ['anon', 'eve'] as const) {
        const path = pathFor(route, { ...scene, acme: scene.globex })
        const answer = await scene.call(actor, route.method, path, {
          json: route.hasBody ? { ...bodyFor(route, scene), surprise: 1 } : undefined,
        })
        if (answer.status < 400) continue
        expect(answer.text, route.name).not.toMatch(
          /PGRST|relation|constraint|tenancy|select |\.ts:|node_modules|Deno|postgres/,
        )
        expect(answer.text, route.name).not.toContain('Globex')
      }
    }
  })

  it('never says a key', async () => {
    const { text } = await send('GET', `${stack('FUNCTIONS_URL')}/openapi`)
    for (const secret of [stack('SECRET_KEY'), stack('JWT_SECRET'), JSON.parse(stack('SIGNING_KEY')).d]) {
      expect(text).not.toContain(secret)
    }
  })
})
