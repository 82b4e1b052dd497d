import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startStack, type TestStack } from '../stack/start.ts'

// Where npm has no PostgREST binary, the Data API of @supabase/lite stands in: on its own it would grant everything on
// every table to the API roles.

let stack: TestStack

beforeAll(async () => {
  stack = await startStack({ env: { DIAL_SMART_DATA_API: 'lite' } })
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
