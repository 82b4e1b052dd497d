import { join } from 'node:path'
import { importJWK, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../local/settings.ts'
import { startStack, type TestStack } from '../stack/start.ts'

// How the stack serves functions, as the platform does: what config.toml says of each, and one that can't start.

let stack: TestStack
let workdir: string

const sources = {
  locked: 'export default { fetch: (request) => new Response(new URL(request.url).pathname) }',
  open: 'export default { fetch: (request) => new Response(new URL(request.url).pathname) }',
  broken: "throw new Error('no variable')",
  throwing: "export default { fetch: () => { throw new Error('inside') } }",
}

beforeAll(async () => {
  workdir = await Deno.makeTempDir({ prefix: 'dial-smart-project-' })
  const functions = join(workdir, 'supabase', 'functions')
  await Deno.mkdir(functions, { recursive: true })
  await Deno.copyFile(join(root, 'supabase', 'functions', 'deno.json'), join(functions, 'deno.json'))
  const config = await Deno.readTextFile(join(root, 'supabase', 'config.toml'))
  const sections = Object.keys(sources).map((name) => `[functions.${name}]\nverify_jwt = ${name === 'locked'}\n`)
  await Deno.writeTextFile(
    join(workdir, 'supabase', 'config.toml'),
    config.slice(0, config.indexOf('[functions.')) + sections.join('\n'),
  )
  for (const [name, source] of Object.entries(sources)) {
    await Deno.mkdir(join(functions, name))
    await Deno.writeTextFile(join(functions, name, 'index.ts'), source)
  }
  stack = await startStack({ workdir, seed: false, without: ['auth', 'mail', 'relay', 'web'] })
})

afterAll(async () => {
  await stack?.stop()
  await Deno.remove(workdir, { recursive: true })
})

const call = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await fetch(`${stack.status.FUNCTIONS_URL}/${path}`, { headers, method })
  return { status: response.status, code: response.headers.get('sb-error-code'), text: await response.text() }
}

const sign = async (claims: JWTPayload, alg: 'ES256' | 'HS256') => {
  const jwk = JSON.parse(stack.status.SIGNING_KEY)
  const key = alg === 'ES256' ? await importJWK(jwk, alg) : new TextEncoder().encode(stack.status.JWT_SECRET)
  return await new SignJWT(claims).setProtectedHeader({ alg, kid: jwk.kid }).setIssuedAt().sign(key)
}

const later = () => Math.floor(Date.now() / 1000) + 60

describe('verify_jwt = true', () => {
  it.each(['ES256', 'HS256'] as const)('lets a token signed with %s through', async (alg) => {
    const authorization = `Bearer ${await sign({ sub: 'anybody', exp: later() }, alg)}`
    expect(await call('locked/a/b', { authorization })).toMatchObject({ status: 200, text: '/locked/a/b' })
  })

  it('lets API keys through, which is why it is no authentication', async () => {
    const { PUBLISHABLE_KEY, SECRET_KEY } = stack.status
    for (const key of [PUBLISHABLE_KEY, SECRET_KEY]) {
      expect((await call('locked', { apikey: key })).status).toBe(200)
      expect((await call('locked', { authorization: `Bearer ${key}` })).status).toBe(200)
    }
  })

  it('refuses everything else', async () => {
    const { PUBLISHABLE_KEY } = stack.status
    const expired = await sign({ exp: later() - 3600 }, 'ES256')
    const forged = `${(await sign({ exp: later() }, 'ES256')).slice(0, -8)}AAAAAAAA`
    expect(await call('locked')).toMatchObject({ status: 401, code: 'UNAUTHORIZED_NO_AUTH_HEADER' })
    for (
      const [token, code] of [
        ['x', 'UNAUTHORIZED_INVALID_JWT_FORMAT'],
        [expired, 'UNAUTHORIZED_ASYMMETRIC_JWT'],
        [forged, 'UNAUTHORIZED_ASYMMETRIC_JWT'],
        [await sign({ exp: later() - 3600 }, 'HS256'), 'UNAUTHORIZED_LEGACY_JWT'],
      ]
    ) {
      const headers = { authorization: `Bearer ${token}`, apikey: PUBLISHABLE_KEY }
      expect(await call('locked', headers)).toMatchObject({ status: 401, code })
    }
  })

  it('leaves preflights to the function', async () => {
    expect((await call('locked', {}, 'OPTIONS')).status).toBe(200)
  })
})

it('verify_jwt = false asks for nothing', async () => {
  expect(await call('open/x')).toMatchObject({ status: 200, text: '/open/x' })
})

it('one that fails to start, or throws, takes no other with it', async () => {
  expect(await call('broken')).toMatchObject({ status: 503, code: 'BOOT_ERROR' })
  expect(await call('throwing')).toMatchObject({ status: 500, code: 'EDGE_FUNCTION_ERROR' })
  expect(await call('none')).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  expect((await call('open')).status).toBe(200)
})
