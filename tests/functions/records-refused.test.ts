import { beforeAll, describe, expect, it } from 'vitest'
import type { ProblemCode } from '../../shared/problems.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf, withoutInstance } from './support/problems.ts'
import { worldOf } from './support/world.ts'

// Rows that are refused: nothing of the whole request is stored.

let cast: Stage

beforeAll(async () => {
  cast = await stage()
})

const store = (actor: Actor, table: string, json: unknown, headers = {}) =>
  cast.call(actor, 'POST', `/records/${table}`, { json, headers })

const lead = (n = 0, more = {}) => ({ phone_number: `+1555010${n}`, ...more })

/** Expects that a request is refused and nothing is stored, and that the same request is served once it is mended. */
async function expectRefusal(table: string, json: unknown, code: ProblemCode, mended: unknown) {
  const before = await worldOf(cast)
  const answer = await store('mia', table, json)
  expectProblem(answer, code)
  expect(await worldOf(cast)).toEqual(before)
  expect((await store('mia', table, mended)).status).toBe(201)
  return answer
}

describe('the shape', () => {
  it.each([
    ['a list of nothing', [], ''],
    ['a list with a text', [lead(), 'lead'], '/1'],
    ['a list with null', [null], '/0'],
    ['a list of lists', [[lead()]], '/0'],
    ['a text', 'lead', ''],
    ['1,001 rows', Array.from({ length: 1001 }, (_, n) => ({ phone_number: `+1555${n}` })), ''],
  ])('%s is refused', async (_, json, pointer) => {
    const answer = await expectRefusal('leads', json, 'validation_failed', lead())
    expect(pointersOf(answer)).toEqual([pointer])
  })

  it.each([
    ['organizations'],
    ['organization_users'],
    ['organization_invitations'],
    ['profiles'],
    ['calendar_integrations_overview'],
    ['pg_class'],
    ['tenancy.problems'],
    ['auth.users'],
    ['LEADS'],
    ['leads%20'],
    ['leads;drop'],
    ['..%2fx'],
    ['%2e%2e%2forganizations'],
    ['rpc%2fready'],
    ['leads%3fcolumns=id'],
    ['constructor'],
    ['__proto__'],
    ['toString'],
    ['%00'],
  ])('%s is no table', async (table) => {
    const before = await worldOf(cast)
    const answer = await store('alice', table, { name: 'x' })
    expectProblem(answer, 'not_found')
    expect(withoutInstance(answer)).toEqual(withoutInstance(await store('alice', 'nothing', { name: 'x' })))
    expect(await worldOf(cast)).toEqual(before)
  })
})

describe('a row', () => {
  it.each([
    ['that breaks a check', { priority: -1 }, '/priority'],
    ['with a column there is not', { surprise: 1 }, '/surprise'],
    ['with a column of another query', { 'id,notes': 1 }, '/id,notes'],
    ['with a value of another type', { priority: 'high' }, '/priority'],
    ['with a number that is too large', { priority: 99999999999 }, '/priority'],
    ['with a time that is none', { next_callback_at: 'soon' }, '/next_callback_at'],
  ])('%s is refused, and points to it', async (_, wrong, pointer) => {
    expect(pointersOf(await expectRefusal('leads', lead(0, wrong), 'validation_failed', lead()))).toEqual([pointer])
  })

  it('without what it needs is refused, and points to it', async () => {
    const answer = await expectRefusal('leads', [lead(), { first_name: 'Ada' }], 'validation_failed', lead())
    expect(pointersOf(answer)).toEqual(['/1/phone_number'])
  })

  it('takes the whole batch down, wherever it is', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ phone_number: `+1555${n}` }))
    for (const at of [0, 50, 99]) {
      await expectRefusal('leads', rows.with(at, lead(0, { priority: -1 })), 'validation_failed', lead())
    }
  })

  it('says nothing about the database behind it', async () => {
    const { text } = await store('mia', 'leads', lead(0, { priority: -1 }))
    for (const word of ['relation', 'violates', 'Failing row', '23514', 'PGRST', 'constraint', cast.acme]) {
      expect(text).not.toContain(word)
    }
  })

  it('with an organization of others is refused, as one that never was', async () => {
    for (const organization_id of [cast.globex, crypto.randomUUID()]) {
      for (const json of [lead(0, { organization_id }), [lead(), lead(1, { organization_id })]]) {
        await expectRefusal('leads', json, 'forbidden', lead())
      }
    }
    const [there, gone] = await Promise.all(
      [cast.globex, crypto.randomUUID()].map((organization_id) => store('mia', 'leads', lead(0, { organization_id }))),
    )
    expect(there && withoutInstance(there)).toEqual(gone && withoutInstance(gone))
  })

  it('in the name of somebody else is refused', async () => {
    for (const user_id of [cast.users.alice, cast.users.bob, crypto.randomUUID()]) {
      await expectRefusal('leads', lead(0, { user_id }), 'forbidden', lead(0, { user_id: cast.users.mia }))
    }
  })

  it('without an organization or a user is not stored as nobody’s', async () => {
    for (const nobody of [{ organization_id: null }, { user_id: null }]) {
      const before = await worldOf(cast)
      const answer = await store('mia', 'leads', lead(0, nobody))
      expect([403, 422]).toContain(answer.status)
      expect(await worldOf(cast)).toEqual(before)
    }
  })

  it('that points to rows of others gets the answer for rows that are not there', async () => {
    const [theirs] =
      await sql`insert into leads (organization_id, phone_number) values (${cast.globex}, '+1') returning id`
    const before = await worldOf(cast)
    const log = (lead_id: string) => store('mia', 'call_logs', { phone_number: '+15550100', lead_id })
    const [there, gone] = await Promise.all([log(theirs?.id), log(crypto.randomUUID())])
    expectProblem(there, 'conflict')
    expect(withoutInstance(there)).toEqual(withoutInstance(gone))
    expect(await worldOf(cast)).toEqual(before)
  })

  it('that exists already is a conflict, and overwrites nothing', async () => {
    await store('adam', 'dnc_list', { phone_number: '+15550177', reason: 'asked' })
    const before = await worldOf(cast)
    expectProblem(
      await store('mia', 'dnc_list', [{ phone_number: '+15550178' }, { phone_number: '+15550177' }]),
      'conflict',
    )
    expect(await worldOf(cast)).toEqual(before)
    // The same number on another company's list is another matter, and nobody learns of it.
    expect((await store('bob', 'dnc_list', { phone_number: '+15550177' })).status).toBe(201)
  })
})

describe('the caller', () => {
  it('needs an organization', async () => {
    const before = await worldOf(cast)
    expectProblem(await store('eve', 'leads', lead()), 'organization_required')
    expect(await worldOf(cast)).toEqual(before)
  })

  it('writes nothing while the organization is suspended, and again when it is not', async () => {
    const own = await stage()
    const write = () => own.call('alice', 'POST', '/records/leads', { json: lead() })
    for (const status of ['suspended', 'cancelled']) {
      await sql`update organizations set subscription_status = ${status} where id = ${own.acme}`
      const before = await worldOf(own)
      expectProblem(await write(), 'organization_suspended')
      expect(await worldOf(own)).toEqual(before)
    }
    await sql`update organizations set subscription_status = 'past_due' where id = ${own.acme}`
    expect((await write()).status).toBe(201)
  })

  it('writes nothing once the membership has ended or is suspended, with the token from before', async () => {
    const own = await stage()
    const write = (headers = {}) => own.call('mia', 'POST', '/records/leads', { json: lead(), headers })
    expect((await write()).status).toBe(201)
    const before = await worldOf(own)
    await sql`update organization_users set suspended_at = now() where user_id = ${own.users.mia}`
    expectProblem(await write(), 'organization_required')
    expectProblem(await write({ 'x-organization-id': own.acme }), 'not_found')
    await sql`delete from organization_users where user_id = ${own.users.mia}`
    expectProblem(await write(), 'organization_required')
    expectProblem(await write({ 'x-organization-id': own.acme }), 'not_found')
    expect((await worldOf(own)).leads).toEqual(before.leads)
  })

  it('has the role of this moment', async () => {
    const own = await stage()
    const write = () => own.call('mona', 'POST', '/records/phone_numbers', { json: { number: '+15550100' } })
    expect((await write()).status).toBe(201)
    await sql`update organization_users set role = 'member' where user_id = ${own.users.mona}`
    expectProblem(await write(), 'forbidden')
    await sql`update organization_users set role = 'admin' where user_id = ${own.users.mona}`
    expect((await write()).status).toBe(201)
  })
})
