import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startStack, type TestStack } from '../stack/start.ts'

// Where npm has no PostgREST binary, the Data API of @supabase/lite stands in: on its own it would grant everything on
// every table to the API roles.

let stack: TestStack

beforeAll(async () => {
  stack = await startStack({ env: { DIAL_SMART_DATA_API: 'lite' }, without: ['mail', 'relay', 'web'] })
})

afterAll(() => stack.stop())

async function signIn(email: string): Promise<Record<string, string>> {
  const apikey = stack.status.PUBLISHABLE_KEY ?? ''
  const response = await fetch(`${stack.status.AUTH_URL}/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'dial-smart-demo' }),
  })
  const { access_token } = await response.json()
  return { apikey, authorization: `Bearer ${access_token}` }
}

it('says so at start', () => {
  expect(stack.output()).toContain('the Data API is the one of @supabase/lite')
})

it('serves one organization its leads, and not the other one', async () => {
  const phones = async (email: string) => {
    const response = await fetch(`${stack.status.REST_URL}/leads?select=phone_number`, { headers: await signIn(email) })
    const rows: { phone_number: string }[] = await response.json()
    return rows.map((row) => row.phone_number.slice(0, 3))
  }
  expect(new Set(await phones('mia@acme.test'))).toEqual(new Set(['+13', '+12']))
  expect(new Set(await phones('bob@globex.test'))).toEqual(new Set(['+44']))
})

it('counts wrong invitation tokens, and answers them as PostgREST does', async () => {
  const { PUBLISHABLE_KEY, REST_URL, DB_URL } = stack.status
  const sql = postgres(DB_URL ?? '', { max: 1 })
  await sql`insert into tenancy.rate_limit_buckets (limit_name, key, tokens, updated_at)
    values ('failed_attempts_per_visitor', '127.0.0.1', 2, now() + interval '1 hour')`
  const preview = async (headers: Record<string, string> = {}, query = '') => {
    const response = await fetch(`${REST_URL}/rpc/preview_invitation${query}`, {
      method: 'POST',
      headers: { apikey: PUBLISHABLE_KEY ?? '', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token: 'inv_0' }),
    })
    return { status: response.status, body: await response.json() }
  }
  const refused = { code: 'PT404', hint: 'not_found', details: '', message: expect.stringMatching(/^This invitation /) }
  expect(await preview()).toEqual({ status: 404, body: refused })
  // PostgREST commits as it is configured, whatever a client prefers.
  expect(await preview({ prefer: 'tx=rollback' })).toEqual({ status: 404, body: refused })
  const spoofed = { 'x-forwarded-for': '203.0.113.7', 'x-client-address': '203.0.113.7' }
  for (const headers of [{}, spoofed]) {
    expect(await preview(headers)).toMatchObject({ status: 429, body: { code: 'PT429', hint: 'rate_limited' } })
  }
  await sql`delete from tenancy.rate_limit_buckets`
  for (const query of ['?preview_invitation->>code=match.(', '?select=x:preview_invitation->>code::int']) {
    expect(await preview({}, query)).toMatchObject({ status: 422, body: { code: 'PT422' } })
  }
  await sql.end()
})

it('leaves grants to the migrations', async () => {
  const sql = postgres(stack.status.DB_URL ?? '', { max: 1 })
  const granted = await sql`
    select table_name from information_schema.role_table_grants
    where table_schema = 'public' and grantee = 'anon' and privilege_type in ('INSERT', 'UPDATE', 'DELETE')`
  const defaults = await sql`select from pg_default_acl as d where d.defaclobjtype = 'r'
    and d.defaclacl::text ~ '(anon|authenticated)=a'`
  await sql.end()
  expect([...granted]).toEqual([])
  expect(defaults).toHaveLength(0)
})
