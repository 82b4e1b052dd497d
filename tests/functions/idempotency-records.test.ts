import { beforeAll, describe, expect, it } from 'vitest'
import { protectedTables } from '../../shared/roles.ts'
import { rowFor } from '../database/support/rows.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import type { Answer } from './support/http.ts'
import { withoutInstance } from './support/problems.ts'
import { worldOf } from './support/world.ts'

// Rows with an idempotency key take another way into the database than rows without: the answers must not differ.

let cast: Stage
beforeAll(async () => {
  cast = await stage()
})

type Body = { json: unknown } | { body: string }
const ask = (on: Stage, actor: Actor, table: string, body: Body, headers: Record<string, string> = {}) =>
  on.call(actor, 'POST', `/records/${table}`, { ...body, headers: { 'content-type': 'application/json', ...headers } })

/** Asks without a key and with one, and answers both. */
async function bothWays(on: Stage, actor: Actor, table: string, body: Body, headers = {}): Promise<[Answer, Answer]> {
  return [
    await ask(on, actor, table, body, headers),
    await ask(on, actor, table, body, { 'idempotency-key': crypto.randomUUID(), ...headers }),
  ]
}

/** What an answer says, to the letter but for ids and times of its own. */
const masked = ({ status, text }: Answer) => [
  status,
  text.replace(/"id":"[^"]+"/g, '"id":…').replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?=\+)/g, 'now'),
]

/** The leads that an answer names, as they are stored. */
const storedBy = ({ body }: Answer) => {
  const ids: string[] = Object(body).records.map(({ id }: { id: string }) => id)
  return sql`select to_jsonb(t) - 'id' - 'created_at' - 'updated_at' as row
    from leads as t where id = any (${ids}) order by array_position(${ids}::uuid[], id)`
}

it.each(protectedTables)('%s takes a row either way, and answers the same columns in the same order', async (table) => {
  // Each in a company of its own: some tables take a row once.
  const ways: Record<string, string>[] = [{}, { 'idempotency-key': crypto.randomUUID() }]
  const [plain, keyed] = await Promise.all(ways.map(async (headers) => {
    const own = await stage()
    const { status, text } = await ask(own, 'alice', table, { json: await rowFor(sql, table, own.acme) }, headers)
    return [status, [...text.matchAll(/"(\w+)":/g)].map(([, name]) => name)]
  }))
  expect(plain?.[0]).toBe(201)
  expect(keyed).toEqual(plain)
})

it('every table refuses either way who may not, and what is none of its columns', async () => {
  const before = await worldOf(cast)
  for (const table of protectedTables) {
    const json = { id: crypto.randomUUID() }
    for (const [actor, row] of [['eve', json], ['alice', { ...json, surprise: 1 }]] as const) {
      const [plain, keyed] = await bothWays(cast, actor, table, { json: row })
      expect(plain.status, table).toBeGreaterThanOrEqual(400)
      expect([keyed.status, withoutInstance(keyed)], table).toEqual([plain.status, withoutInstance(plain)])
    }
  }
  expect(await worldOf(cast)).toEqual(before)
})

describe('stored either way', () => {
  // Of these tests alone: what they store, every look at the world would count.
  let own: Stage
  beforeAll(async () => {
    own = await stage()
  })

  const number = (n: number) => ({ phone_number: `+155502${n}` })

  it.each<[string, Body, number]>([
    ['one row', { json: number(10) }, 1],
    ['a list in its order', { json: [3, 1, 2].map(number) }, 3],
    [
      'rows that differ in their keys',
      { json: [number(20), { ...number(21), status: 'called', tags: ['warm'] }, { ...number(22), priority: 3 }] },
      3,
    ],
    ['nulls', { json: [{ ...number(30), notes: null }, { ...number(31), first_name: null }] }, 2],
    ['odd texts', { json: { ...number(40), notes: `'); drop table leads; -- %s %1$s \u{1F600} \\ "` } }, 1],
    [
      'numbers that JavaScript can’t hold',
      { body: '[{"phone_number":"+1555","custom_fields":{"n":12345678901234567890.5,"m":1e400,"z":1.10}}]' },
      1,
    ],
    ['a key twice', { body: '{"phone_number":"+15551","phone_number":"+15552"}' }, 1],
    ['a thousand rows', {
      json: Array.from({ length: 1000 }, (_, n) => ({ ...number(n), ...(n % 2 && { status: 'called' }) })),
    }, 1000],
  ])('%s', async (_, body, count) => {
    const plain = await ask(own, 'mia', 'leads', body)
    const keyed = await ask(own, 'mia', 'leads', body, { 'idempotency-key': crypto.randomUUID() })
    expect(plain.status, plain.text).toBe(201)
    expect(masked(keyed)).toEqual(masked(plain))
    const stored = await storedBy(plain)
    expect(stored).toHaveLength(count)
    expect(await storedBy(keyed)).toEqual(stored)
    expect(Object(keyed.body).count).toBe(count)
  })

  it('rows without any value', async () => {
    for (const json of [{}, [{}], [{}, {}]]) {
      const [plain, keyed] = await bothWays(own, 'mia', 'agent_scripts', { json })
      expect(withoutInstance(keyed)).toEqual(withoutInstance(plain))
      expect(plain.status).toBe(422)
    }
    const settings = await Promise.all([stage(), stage()])
    const answers = await Promise.all(
      settings.map((own, n) =>
        ask(own, 'alice', 'ai_sms_settings', { json: {} }, n === 0 ? {} : { 'idempotency-key': crypto.randomUUID() })
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect(Object.keys(Object(answers[1]?.body).records[0])).toEqual(Object.keys(Object(answers[0]?.body).records[0]))
  })

  it('rows that point to each other, whatever their keys', async () => {
    const batch = (id: string) => ({ json: [{ ...number(50), id }, { ...number(51), status: 'called' }] })
    const ways: Record<string, string>[] = [{}, { 'idempotency-key': crypto.randomUUID() }]
    for (const headers of ways) {
      const id = crypto.randomUUID()
      const answer = await ask(own, 'mia', 'leads', batch(id), headers)
      expect(Object(answer.body).records[0].id).toBe(id)
      expect(Object(answer.body).records[1].id).not.toBe(id)
    }
  })
})

describe('refused either way, in the same words', () => {
  const lead = (more = {}) => ({ phone_number: '+15550300', ...more })

  it.each<[string, Actor, string, unknown, Record<string, string>?]>([
    ['a check', 'mia', 'leads', lead({ priority: -1 })],
    ['a check in a batch', 'mia', 'leads', [lead(), lead({ priority: -1 })]],
    ['a missing value', 'mia', 'leads', [lead(), { first_name: 'Ada' }]],
    ['an unknown column', 'mia', 'leads', [lead(), lead({ surprise: 1 })]],
    ['two unknown columns', 'mia', 'leads', [lead({ zebra: 1 }), lead({ Ape: 1, ant: 2 })]],
    ['a column like a query', 'mia', 'leads', lead({ 'id,notes': 1 })],
    ['an unknown column, of somebody without an organization', 'eve', 'leads', lead({ surprise: 1 })],
    ['a wrong type', 'mia', 'leads', lead({ priority: 'high' })],
    ['a wrong type in a batch', 'mia', 'leads', [lead(), lead({ priority: 'high' })]],
    ['a number too large', 'mia', 'leads', lead({ priority: 99999999999 })],
    ['a time that is none', 'mia', 'leads', lead({ next_callback_at: 'soon' })],
    ['another organization’s row', 'mia', 'leads', lead({ organization_id: crypto.randomUUID() })],
    ['somebody else’s name', 'mia', 'leads', lead({ user_id: crypto.randomUUID() })],
    ['nobody’s name', 'mia', 'leads', lead({ user_id: null })],
    ['no organization', 'mia', 'leads', lead({ organization_id: null })],
    ['a reference to nothing', 'mia', 'call_logs', lead({ lead_id: crypto.randomUUID() })],
    ['a role that is too low', 'mia', 'phone_numbers', { number: '+15550100' }],
    ['no active organization', 'eve', 'leads', lead()],
    ['an organization that is not one’s own', 'mia', 'leads', lead(), { 'x-organization-id': crypto.randomUUID() }],
    ['an unknown table', 'mia', 'organizations', lead()],
    ['nobody', 'anon', 'leads', lead()],
    ['no rows', 'mia', 'leads', []],
  ])('%s', async (_, actor, table, json, headers = {}) => {
    const before = await worldOf(cast)
    const [plain, keyed] = await bothWays(cast, actor, table, { json }, headers)
    expect(plain.status).toBeGreaterThanOrEqual(400)
    expect([keyed.status, withoutInstance(keyed)]).toEqual([plain.status, withoutInstance(plain)])
    expect(await worldOf(cast)).toEqual(before)
  })

  it('a conflict with what is there', async () => {
    const json = { phone_number: '+15550377', reason: 'asked' }
    expect((await ask(cast, 'adam', 'dnc_list', { json })).status).toBe(201)
    const [plain, keyed] = await bothWays(cast, 'adam', 'dnc_list', { json: [{ phone_number: '+15550378' }, json] })
    expect(plain.status).toBe(409)
    expect(withoutInstance(keyed)).toEqual(withoutInstance(plain))
  })

  it.each(['suspended', 'cancelled'])('an organization that is %s', async (status) => {
    const own = await stage()
    await sql`update organizations set subscription_status = ${status} where id = ${own.acme}`
    const [plain, keyed] = await bothWays(own, 'mia', 'leads', { json: lead() })
    expect(Object(plain.body).code).toBe('organization_suspended')
    expect(withoutInstance(keyed)).toEqual(withoutInstance(plain))
  })
})

describe('the entry point itself', () => {
  const create = (actor: Actor, json: object) => cast.rest(actor, 'POST', '/rpc/create_records', { json })

  it.each([
    'organizations',
    'organization_users',
    'tenancy.idempotency_keys',
    'idempotency_keys',
    'auth.users',
    'leads; drop table leads',
    'public.leads',
    '"leads"',
    'LEADS',
    '',
  ])('knows no table %j', async (table_name) => {
    const before = await worldOf(cast)
    const answer = await create('alice', { table_name, records: { name: 'x' } })
    expect([answer.status, Object(answer.body).hint]).toEqual([404, 'not_found'])
    expect(await worldOf(cast)).toEqual(before)
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'x'],
    ['a list of texts', ['x']],
    ['no rows', []],
    ['1,001 rows', Array.from({ length: 1001 }, () => ({ phone_number: '+1' }))],
  ])('refuses %s', async (_, records) => {
    const before = await worldOf(cast)
    const answer = await create('mia', { table_name: 'leads', records })
    expect([answer.status, Object(answer.body).hint]).toEqual([422, 'validation_failed'])
    expect(await worldOf(cast)).toEqual(before)
  })

  it('stores without a key, and keeps nothing', async () => {
    const own = await stage()
    const json = { table_name: 'leads', records: { phone_number: '+15550400' } }
    for (let n = 0; n < 2; n++) {
      expect((await own.rest('mia', 'POST', '/rpc/create_records', { json })).status).toBe(200)
    }
    expect(await sql`select 1 from leads where organization_id = ${own.acme}`).toHaveLength(2)
    expect(await sql`select 1 from tenancy.idempotency_keys where user_id = ${own.users.mia}`).toHaveLength(0)
  })

  it.each([
    ['a short key', { 'x-idempotency-key': 'short' }],
    ['no route', { 'x-idempotency-route': '' }],
    ['no fingerprint', { 'x-idempotency-fingerprint': 'x' }],
    ['an organization that is no uuid', { 'x-idempotency-organization': 'acme' }],
  ])('refuses a key with %s', async (_, wrong) => {
    const before = await worldOf(cast)
    const right = {
      'x-idempotency-key': crypto.randomUUID(),
      'x-idempotency-route': 'POST /x',
      'x-idempotency-fingerprint': '0'.repeat(64),
    }
    const json = { table_name: 'leads', records: { phone_number: '+15550401' } }
    const answer = await cast.rest('mia', 'POST', '/rpc/create_records', { json, headers: { ...right, ...wrong } })
    expect([answer.status, Object(answer.body).hint]).toEqual([400, 'invalid_header'])
    expect(await worldOf(cast)).toEqual(before)
    expect((await cast.rest('mia', 'POST', '/rpc/create_records', { json, headers: right })).status).toBe(200)
  })
})
