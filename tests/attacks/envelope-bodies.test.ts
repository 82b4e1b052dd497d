import { beforeAll, describe, expect, it } from 'vitest'
import type { ProblemCode } from '../../shared/problems.ts'
import type { Request } from '../functions/support/http.ts'
import { expectProblem, pointersOf } from '../functions/support/problems.ts'
import { listRoutes, type Route } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene, servedBy } from '../functions/support/scene.ts'
import { worldOf } from '../functions/support/world.ts'

// A body that is not what it should be is refused by every route that takes one, before anything happens.

const routes = (await listRoutes()).filter(({ hasBody }) => hasBody)
type Spoil = (body: string) => Request | Promise<Request>
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

const json = { 'content-type': 'application/json' }
const mebibyte = 1_048_576
/** A body with one more field, written as it is. */
const withField = (body: string, field: string) => `${body.slice(0, -1)},${field}}`
const large = (body: string) => withField(body, `"padding":"${'x'.repeat(mebibyte)}"`)

/** Sends a route its own body, made into something else. */
const ask = async (route: Route, spoil: Spoil, on = scene) =>
  on.call(servedBy(route), route.method, pathFor(route, on), await spoil(JSON.stringify(bodyFor(route, on))))

function inChunks(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at += 65_536))
    },
  })
}

const gzip = (text: string) =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()

const bodies: [name: string, code: ProblemCode, spoil: Spoil][] = [
  ['no body', 'malformed_json', () => ({ headers: json })],
  ['an empty body', 'malformed_json', () => ({ body: '', headers: json })],
  ['half a body', 'malformed_json', (body) => ({ body: body.slice(0, -1), headers: json })],
  ['two bodies', 'malformed_json', (body) => ({ body: body + body, headers: json })],
  ['a comment', 'malformed_json', (body) => ({ body: `/**/${body}`, headers: json })],
  ['single quotes', 'malformed_json', (body) => ({ body: body.replaceAll('"', "'"), headers: json })],
  ['a raw NUL', 'malformed_json', (body) => ({ body: withField(body, '"a":"\0"'), headers: json })],
  ['bytes that are no UTF-8', 'malformed_json', () => ({ body: new Uint8Array([0x7b, 0xff, 0x7d]), headers: json })],
  ['null', 'validation_failed', () => ({ json: null })],
  ['a text', 'validation_failed', () => ({ json: 'text' })],
  ['a number', 'validation_failed', () => ({ json: 7 })],
  ['a list of lists', 'validation_failed', () => ({ json: [[]] })],
  ['no content type', 'unsupported_media_type', (body) => ({ body: new TextEncoder().encode(body) })],
  ['text/plain', 'unsupported_media_type', (body) => ({ body })],
  ['a form', 'unsupported_media_type', () => ({ body: new URLSearchParams({ name: 'Initech' }) })],
  ['another charset', 'unsupported_media_type', (body) => ({
    body,
    headers: { 'content-type': 'application/json; charset=utf-16' },
  })],
  ['a media type that only begins so', 'unsupported_media_type', (body) => ({
    body,
    headers: { 'content-type': 'application/jsonp' },
  })],
  ['compressed JSON', 'unsupported_media_type', async (body) => ({
    body: await gzip(body),
    headers: { ...json, 'content-encoding': 'gzip' },
  })],
  ['more than a mebibyte', 'payload_too_large', (body) => ({ body: large(body), headers: json })],
  ['more than a mebibyte in chunks', 'payload_too_large', (body) => ({ body: inChunks(large(body)), headers: json })],
  ['an unknown field', 'validation_failed', (body) => ({ body: withField(body, '"surprise":1'), headers: json })],
  ['NUL in a value', 'validation_failed', (body) => ({ body: withField(body, '"name":"a\\u0000"'), headers: json })],
  ['NUL in a key', 'validation_failed', (body) => ({ body: withField(body, '"a\\u0000":1'), headers: json })],
  ['half a surrogate pair', 'validation_failed', (body) => ({
    body: withField(body, '"name":"\\ud83d"'),
    headers: json,
  })],
  ['half a pair deep inside', 'validation_failed', (body) => ({
    body: withField(body, '"settings":{"a":[{"b":"\\udc00"}]}'),
    headers: json,
  })],
  ['a pit', 'validation_failed', (body) => ({
    body: withField(body, `"settings":${'['.repeat(5000)}${']'.repeat(5000)}`),
    headers: json,
  })],
]

it('there are routes with bodies', () => expect(routes.length).toBeGreaterThan(5))

describe.each(bodies)('%s', (_, code, spoil) => {
  it(`is refused as ${code} and changes nothing`, async () => {
    const before = await worldOf(scene)
    for (const route of routes) expectProblem(await ask(route, spoil), code, route.name)
    expect(await worldOf(scene)).toEqual(before)
  })
})

it('is not read of somebody unknown, who gets an answer all the same', async () => {
  for (const route of routes) {
    const body = JSON.stringify({ padding: 'x'.repeat(mebibyte - 100) })
    expectProblem(
      await scene.call('anon', route.method, pathFor(route, scene), {
        body,
        headers: { ...json, apikey: 'sb_publishable_0' },
      }),
      'unauthenticated',
      route.name,
    )
  }
})

describe('the refusal of a field', () => {
  it.each([
    ['that is unknown', '"surprise":1', '/surprise'],
    ['whose name needs escapes', '"a/b~c":1', '/a~1b~0c'],
    ['that holds NUL', '"surprise":["\\u0000"]', '/surprise/0'],
    ['that holds half a surrogate pair', '"surprise":["\\ud800"]', '/surprise/0'],
  ])('%s points to it', async (_, field, pointer) => {
    for (const route of routes) {
      const answer = await ask(route, (body) => ({ body: withField(body, field), headers: json }))
      expectProblem(answer, 'validation_failed', route.name)
      expect(pointersOf(answer), route.name).toEqual([pointer])
    }
  })
})

const good: [name: string, spoil: Spoil][] = [
  ['with a charset', (body) => ({ body, headers: { 'content-type': 'application/json; charset=UTF-8' } })],
  ['in chunks', (body) => ({ body: inChunks(body), headers: json })],
  ['of a mebibyte', (body) => ({ body: body.padEnd(mebibyte, ' '), headers: json })],
  ['with an escaped pair', (body) => ({ body: body.replace('Initech', '\\ud83d\\ude00 Initech'), headers: json })],
]

describe.each(good)('a body %s', (_, spoil) => {
  it('is taken', async () => {
    for (const route of routes) {
      expect((await ask(route, spoil, await openScene())).status, route.name).toBeLessThan(300)
    }
  })
})
