import { expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { insertRowInEach, samples } from '../database/support/rows.ts'
import { stage } from './support/cast.ts'
import { rowsOf } from './support/world.ts'

// An organization that is suspended and reactivated while its people work.

it('refuses whatever begins after the suspension, takes whatever begins after the reactivation, and loses nothing', async () => {
  const cast = await stage()
  let phase: 'before' | 'changing' | 'suspended' | 'after' = 'before'
  const outcomes: [phase: string, status: number, code?: string][] = []
  const write = async () => {
    while (true) {
      const began = phase
      if (began === 'after' && outcomes.filter(([phase]) => phase === 'after').length >= 20) return
      const { status, body } = await cast.call('mia', 'POST', '/records/leads', { json: samples.leads.row })
      // What was under way while the status changed may be answered either way.
      outcomes.push([began === phase ? began : 'changing', status, Object(body).code])
    }
  }
  const writers = Promise.all([write(), write(), write(), write()])
  const until = (wanted: string, count: number) =>
    expect.poll(() => outcomes.filter(([phase]) => phase === wanted).length, { timeout: 15_000, interval: 10 })
      .toBeGreaterThanOrEqual(count)
  const move = async (status: string, then: typeof phase) => {
    phase = 'changing'
    await sql`update organizations set subscription_status = ${status} where id = ${cast.acme}`
    phase = then
  }
  await until('before', 20)
  await move('suspended', 'suspended')
  await until('suspended', 20)
  // Nothing is lost, and owners reach what they need: their people read on.
  const read = await cast.call('mia', 'GET', `/organizations/${cast.acme}`)
  expect(read.body).toMatchObject({ organization: { subscription_status: 'suspended', status_cause: 'operator' } })
  await move('active', 'after')
  await writers

  const of = (wanted: string) =>
    new Set(outcomes.filter(([phase]) => phase === wanted).map(([, ...rest]) => rest.join(' ')))
  expect([...of('before')]).toEqual(['201 '])
  expect([...of('suspended')]).toEqual(['403 organization_suspended'])
  expect([...of('after')]).toEqual(['201 '])
  const stored = await sql`select from leads where organization_id = ${cast.acme} and user_id = ${cast.users.mia}`
  expect(stored).toHaveLength(outcomes.filter(([, status]) => status === 201).length)
  expect(outcomes.every(([, status]) => status === 201 || status === 403)).toBe(true)
})

it('leaves everything as it was', async () => {
  const cast = await stage()
  const email = `new.${crypto.randomUUID()}@example.test`
  expect(
    (await cast.call('alice', 'POST', `/organizations/${cast.acme}/invitations`, {
      json: { email, role: 'manager' },
    })).status,
  ).toBe(201)
  await sql`update organization_users set suspended_at = now() where organization_id = ${cast.acme} and user_id = ${cast.users.mia}`
  await sql.begin((tx) => insertRowInEach(tx, { organization_id: cast.acme, user_id: cast.users.mona }))
  const world = async () => {
    // What is written of the moves themselves.
    const { audit_log: _entries, audit_heads: _heads, organizations: _states, ...rest } = await rowsOf(cast)
    const [organization] = await sql`select to_jsonb(o) - '{status_cause,status_changed_at,updated_at}'::text[] as row
      from organizations as o where id = ${cast.acme}`
    return { ...rest, organization: organization?.row }
  }
  const before = await world()
  for (const status of ['suspended', before.organization.subscription_status]) {
    await sql`update organizations set subscription_status = ${status} where id = ${cast.acme}`
  }
  expect(await world()).toEqual(before)
})

it('says why it refuses', async () => {
  const cast = await stage()
  await sql`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
  const [{ status_changed_at }] = await sql`select status_changed_at from organizations where id = ${cast.acme}` as [
    { status_changed_at: Date },
  ]
  const { status, body } = await cast.call('mia', 'POST', '/records/leads', { json: samples.leads.row })
  expect(status).toBe(403)
  expect(body).toMatchObject({
    code: 'organization_suspended',
    detail: 'This organization is suspended: it can be read, not changed.',
    subscription_status: 'suspended',
    status_cause: 'operator',
  })
  expect(new Date(Object(body).status_changed_at)).toEqual(status_changed_at)
})
