import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startStack, type TestStack } from '../stack/start.ts'

// A standby answers what only reads: what it may know of is late, and what is too late is refused.

let stack: TestStack
let primary: postgres.Sql
let standby: postgres.Sql
let mia: Record<string, string>

beforeAll(async () => {
  stack = await startStack({ env: { READ_REPLICA: 'yes' }, without: ['mail', 'web'] })
  primary = postgres(stack.status.DB_URL, { max: 1, onnotice: () => {} })
  standby = postgres(stack.status.REPLICA_DB_URL ?? '', { max: 1, onnotice: () => {} })
  const { AUTH_URL, PUBLISHABLE_KEY: apikey } = stack.status
  const response = await fetch(`${AUTH_URL}/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'mia@acme.test', password: 'dial-smart-demo' }),
  })
  const { access_token } = await response.json()
  mia = { apikey, authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
})

afterAll(async () => {
  await primary?.end()
  await standby?.end()
  await stack?.stop()
})

const ask = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${stack.status.REST_URL}${path}`, {
    method,
    headers: { ...mia, ...(method === 'POST' && { prefer: 'return=representation' }) },
    body: body && JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const write = (phone_number: string) => ask('POST', '/leads', { phone_number })
const read = async (phone_number: string) =>
  (await ask('GET', `/leads?phone_number=eq.${encodeURIComponent(phone_number)}`)).body.length

const paused = async (work: () => Promise<unknown>) => {
  await standby`select pg_wal_replay_pause()`
  await expect.poll(() => standby`select pg_get_wal_replay_pause_state() as state`).toEqual([{ state: 'paused' }])
  await work().finally(() => standby`select pg_wal_replay_resume()`)
}

it('reads are answered by the standby, and writes by the primary', async () => {
  await paused(async () => {
    expect((await write('+14155550190')).status).toBe(201)
    expect(await read('+14155550190')).toBe(0)
  })
  await expect.poll(() => read('+14155550190')).toBe(1)
})

it('who was removed reads on no longer than the standby is behind', async () => {
  const removal = (at: Date | null) =>
    primary`update organization_users set suspended_at = ${at}
      where user_id = (select id from auth.users where email = 'mia@acme.test')`
  expect((await ask('GET', '/leads?limit=1')).body).toHaveLength(1)
  await removal(new Date())
  await expect.poll(async () => (await ask('GET', '/leads?limit=1')).body).toEqual([])
  await removal(null)
  await expect.poll(async () => (await ask('GET', '/leads?limit=1')).body).toHaveLength(1)
})

it('a standby that is too far behind refuses, and only what it would have answered', async () => {
  await primary`select tenancy.serve_replicas('1 second')`
  await expect.poll(() => standby`select max_lag::text from tenancy.heartbeat`).toEqual([{ max_lag: '00:00:01' }])
  await paused(async () => {
    await expect.poll(() => ask('GET', '/leads?limit=1'), { timeout: 5_000 }).toEqual({
      status: 503,
      body: expect.objectContaining({ hint: 'unavailable', code: 'PT503' }),
    })
    expect((await ask('GET', '/leads?phone_number=eq.nobody')).status).toBe(503)
    expect((await write('+14155550191')).status).toBe(201)
    await primary`select tenancy.serve_replicas()`
  })
  await expect.poll(() => read('+14155550191')).toBe(1)
})

it('a standby answers nothing where nobody said how late it may be', async () => {
  await primary`select tenancy.serve_replicas(null)`
  await expect.poll(async () => (await ask('GET', '/leads?limit=1')).status).toBe(503)
  await primary`select tenancy.serve_replicas()`
  await expect.poll(async () => (await ask('GET', '/leads?limit=1')).status).toBe(200)
})

it('the primary says that it is there while somebody follows, every few seconds', async () => {
  const heardOf = async () => (await standby`select at from tenancy.heartbeat`)[0]?.at.getTime()
  const before = await heardOf()
  await expect.poll(heardOf, { timeout: 15_000 }).toBeGreaterThan(before)
})
