import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { resolveDeps } from '../../supabase/functions/_kit/deps.ts'
import { createHttpsResolver, createSystemResolver } from '../../supabase/functions/_kit/dns.ts'
import { Problem } from '../../supabase/functions/_kit/problem.ts'
import { acme, acmeDomain, createFunctions, publicJwk, publishableKey } from './support/functions.ts'

const txt = (data: string) => ({ name: '_dial-smart.acme.test', type: 16, TTL: 60, data })
const cname = { name: '_dial-smart.acme.test', type: 5, TTL: 60, data: '"dial-smart-verification=x".' }

/** What a resolver makes of an answer, and what it asked. */
async function resolve(response: () => Response | Promise<Response>) {
  const asked: { url: string; init?: RequestInit }[] = []
  const resolveTxt = createHttpsResolver('https://dns.test/query?ct=json', (input, init) => {
    asked.push({ url: String(input), init })
    return Promise.resolve(response())
  })
  const found = await resolveTxt('_dial-smart.acme.test').catch((error: unknown) => error)
  return { found, asked }
}

describe('DNS over HTTPS', () => {
  it('asks for the TXT records of the name, and follows nobody', async () => {
    const { asked } = await resolve(() => Response.json({ Status: 0 }))
    expect(asked.map(({ url }) => url)).toEqual([
      'https://dns.test/query?ct=json&name=_dial-smart.acme.test&type=TXT',
    ])
    expect(asked[0]?.init).toMatchObject({ redirect: 'error', headers: { accept: 'application/dns-json' } })
    expect(asked[0]?.init?.signal).toBeInstanceOf(AbortSignal)
  })

  it.each([
    ['no records', { Status: 0 }, []],
    ['no such name', { Status: 3, Answer: [] }, []],
    ['a quoted text', { Status: 0, Answer: [txt('"a=b c"')] }, ['a=b c']],
    ['a text without quotes', { Status: 0, Answer: [txt('a=b')] }, ['a=b']],
    ['a text in parts', { Status: 0, Answer: [txt('"dial-smart-" "verification=" "x"')] }, [
      'dial-smart-verification=x',
    ]],
    ['quotes in a text', { Status: 0, Answer: [txt('"say \\"hi\\" \\\\"')] }, ['say "hi" \\']],
    ['several', { Status: 0, Answer: [txt('"v=spf1 -all"'), cname, txt('"a"')] }, ['v=spf1 -all', 'a']],
  ])('reads %s', async (_, body, expected) => {
    expect((await resolve(() => Response.json(body))).found).toEqual(expected)
  })

  it.each([
    ['a server that fails', () => Response.json({ Status: 2 })],
    ['a server that refuses', () => new Response('no', { status: 400 })],
    ['a success that is an error', () => Response.json({ Status: 0, Answer: [txt('"a"')] }, { status: 500 })],
    ['what is no JSON', () => new Response('<html>')],
    ['other JSON', () => Response.json([])],
    ['too much', () => Response.json({ Status: 0, Answer: [txt(`"${'x'.repeat(70_000)}"`)] })],
    ['nothing in time', () => Promise.reject(new DOMException('late', 'TimeoutError'))],
  ])('has no answer from %s', async (_, response) => {
    const { found } = await resolve(response)
    expect(found).toBeInstanceOf(Problem)
    expect(found).toMatchObject({ code: 'unavailable' })
  })

  describe('of a real server', () => {
    let asked: string[] = []
    const server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => {} }, (request) => {
      const { pathname } = new URL(request.url)
      asked.push(pathname)
      if (pathname === '/query') return Response.redirect(new URL('/elsewhere', request.url))
      return Response.json({ Status: 0, Answer: [txt('"followed"')] })
    })
    afterAll(() => server.shutdown())

    it('is not followed to another place', async () => {
      asked = []
      const ask = (path: string) => createHttpsResolver(`http://127.0.0.1:${server.addr.port}${path}`, fetch)('a.test')
      await expect(ask('/query')).rejects.toMatchObject({ code: 'unavailable' })
      expect(asked).toEqual(['/query'])
      expect(await ask('/elsewhere')).toEqual(['followed'])
    })
  })
})

describe('the DNS of the machine', () => {
  it('is asked for TXT records, whose parts belong together', async () => {
    const asked: unknown[] = []
    const resolveTxt = createSystemResolver((name, type, { signal }) => {
      asked.push(name, type, signal.aborted)
      return Promise.resolve([['v=spf1 -all'], ['dial-smart-', 'verification=x']])
    })
    expect(await resolveTxt('_dial-smart.acme.test')).toEqual(['v=spf1 -all', 'dial-smart-verification=x'])
    expect(asked).toEqual(['_dial-smart.acme.test', 'TXT', false])
  })

  it('knows no such name, or gives no answer', async () => {
    const failing = (error: Error) => createSystemResolver(() => Promise.reject(error))('a.test')
    expect(await failing(new Deno.errors.NotFound('no record found'))).toEqual([])
    await expect(failing(new DOMException('late', 'TimeoutError'))).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('where the DNS is asked', () => {
  const start = (url?: string) =>
    resolveDeps({
      SUPABASE_URL: 'https://project.supabase.test',
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: publishableKey }),
      SUPABASE_JWKS: JSON.stringify({ keys: [publicJwk] }),
      SITE_URL: 'https://app.test',
      DNS_OVER_HTTPS_URL: url,
    })

  it.each([undefined, 'system', 'https://dns.google/resolve', 'http://127.0.0.1:8053/dns-query', 'http://[::1]/q'])(
    'can be %s',
    (url) => expect(start(url).resolveTxt).toBeTypeOf('function'),
  )

  it.each(['http://dns.google/resolve', 'http://127.0.0.1.evil.test/', 'ftp://dns.test', 'dns.google', ''])(
    'is not %j: whoever changes an answer on its way claims any domain',
    (url) => expect(() => start(url)).toThrow('DNS_OVER_HTTPS_URL'),
  )
})

describe('verifying', () => {
  const path = `/organizations/${acme}/domains/${acmeDomain.id}/verify`
  const verified = { domain: { ...acmeDomain, verified_at: acmeDomain.created_at } }
  const answering = (first: unknown = { domain: acmeDomain }) => ({ url }: { url: URL }) =>
    Response.json(url.pathname.endsWith('/domain_to_verify') ? first : verified)
  const signing = (...given: Parameters<typeof createFunctions>) => {
    const functions = createFunctions(...given)
    functions.deps.sign = encodeURIComponent
    return functions
  }
  const hash = createHash('sha256').update(acmeDomain.record.value).digest('hex')

  it('tells the database what was found, signed', async () => {
    const { sendAsAlice, asked, lookedUp } = signing(answering(), ['v=spf1', acmeDomain.record.value])
    const response = await sendAsAlice('POST', path)
    expect(await response.json()).toEqual(verified)
    expect(lookedUp).toEqual([acmeDomain.record.name])
    const { proof } = Object(asked[1]?.body)
    const [time = '', found, signature] = proof.split(/\.(?!test)/)
    expect(found).toBe(hash)
    expect(Math.abs(Date.now() / 1000 - Number(time))).toBeLessThan(5)
    expect(decodeURIComponent(signature)).toBe(`domain-proof\n${acmeDomain.id}\nacme.test\n${hash}\n${time}`)
  })

  it.each([
    ['nothing', []],
    ['something else', ['dial-smart-verification=', 'v=spf1 -all']],
    ['more than the value', [`${acmeDomain.record.value} `, `x${acmeDomain.record.value}`]],
    ['the value in capitals', [acmeDomain.record.value.toUpperCase()]],
  ])('is refused where the name has %s, and the database is not told', async (_, texts) => {
    const { sendAsAlice, asked } = signing(answering(), texts)
    const response = await sendAsAlice('POST', path)
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ code: 'conflict', record: acmeDomain.record })
    expect(asked).toHaveLength(1)
  })

  it('looks nothing up for a domain that is verified, or that is not the caller’s', async () => {
    const done = signing(answering(verified), [])
    expect((await done.sendAsAlice('POST', path)).status).toBe(200)
    const foreign = signing(() => Response.json({ code: 'PT404', hint: 'not_found' }, { status: 404 }))
    expect((await foreign.sendAsAlice('POST', path)).status).toBe(404)
    expect([...done.lookedUp, ...foreign.lookedUp]).toEqual([])
  })

  it('says that it can’t where functions have no secret', async () => {
    const { sendAsAlice, lookedUp } = createFunctions(answering(), [acmeDomain.record.value])
    const response = await sendAsAlice('POST', path)
    expect(response.status).toBe(503)
    expect(lookedUp).toEqual([])
  })
})
