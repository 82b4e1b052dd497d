import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { stock, type Stocked } from '../functions/support/stock.ts'
import { worldOf } from '../functions/support/world.ts'
import { dataApi, expectNothingOf, isFailure, notUtf8 } from './support/dialect.ts'

// Law: whatever a query, a header or a body of the Data API contains is a value or nonsense: never SQL, never a name of
// what is not offered. It answers in no time, with rows of one's own or with a refusal, and changes nothing.

let cast: Stocked
let secrets: string[]

beforeAll(async () => {
  cast = await stock('alice')
  secrets = [cast.emails.bob, cast.emails.eve, ...Object.values(cast.atGlobex)]
})

type Ask = [method: string, path: string, body?: string, headers?: Record<string, string>]

/** Expects a refusal or rows of one's own, in time, and no change. */
async function expectHarmless(asks: Ask[]) {
  const before = await worldOf(cast)
  await Promise.all(asks.map(async ([method, path, body, headers]) => {
    const started = performance.now()
    const type = { 'content-type': 'application/json' }
    const answer = await cast.rest('alice', method, path, { body, headers: { ...type, ...headers } })
    const what = `${method} ${path} ${answer.status} ${answer.text.slice(0, 300)}`
    expect(isFailure(answer), what).toBe(false)
    expect(answer.headers.has('set-cookie'), what).toBe(false)
    expectNothingOf(secrets, answer, what)
    expect(performance.now() - started, what).toBeLessThan(8000)
  }))
  expect(await worldOf(cast)).toEqual(before)
}

const texts: [name: string, text: string][] = [
  ['a quote', "'"],
  ['a quote and more', "' or 1=1--"],
  ['a statement', "'; drop table leads; --"],
  ['a union', "' union select email from auth.users--"],
  ['a comment', '*/ or true /*'],
  ['a backslash', '\\'],
  ['dollar quotes', '$$; select pg_sleep(5); $$'],
  ['a double quote', '"'],
  ['a double quoted name', '"); delete from leads; --'],
  ['NUL', '\0'],
  ['an end of line', '\r\nset-cookie: a=b\r\n\r\n<script>'],
  ['wide quotes', '＇ or 1=1--'],
  ['a reversal of text', '\u202e\u0027 or 1=1'],
  ['an emoji', '😀'],
  ['a formula', '=cmd|"/c calc"!A1'],
  ['a template', '${7*7}{{7*7}}#{7*7}%{7*7}'],
  ['a pattern of wildcards', '%_%_%_%_%_%'],
  ['10 KB of wildcards', '%'.repeat(10_000)],
  ['an expression without an end', '((a*)*)*((b+)+)+$'],
  ['brackets', '([{'],
  ['16 KB', 'x'.repeat(16_000)],
]

describe.each(texts)('%s', (_, text) => {
  const value = encodeURIComponent(text)

  it('in a filter is a value', async () => {
    const operators = ['eq', 'neq', 'like', 'ilike', 'match', 'imatch', 'in', 'is', 'cs', 'fts', 'wfts', 'not.eq', 'gt']
    await expectHarmless([
      ...operators.map((operator): Ask => [
        'GET',
        `/leads?select=id&notes=${operator}.${operator === 'in' ? `(${value})` : value}`,
      ]),
      ['GET', `/leads?select=id&id=eq.${value}`],
      ['GET', `/leads?select=id&organization_id=eq.${value}`],
      ['GET', `/leads?select=id&or=(notes.eq.${value},id.eq.${cast.atGlobex.leads})`],
      ['GET', `/leads?select=id&custom_fields=cs.${value}`],
      ['PATCH', `/leads?notes=eq.z${value}`, '{"notes":"changed"}'],
      ['DELETE', `/leads?notes=eq.z${value}`],
    ])
  })

  it('in a name of something is no name', async () => {
    // PostgREST looks for names that are alike, in a time that grows with the square of the length.
    const name = text.slice(0, 300)
    const value = encodeURIComponent(name)
    await expectHarmless([
      ['GET', `/leads?select=${value}&limit=0`],
      ['GET', `/leads?select=id,x:${value}&limit=0`],
      ['GET', `/leads?select=id::${value}&limit=0`],
      ['GET', `/leads?select=custom_fields-%3E%3E${value}&limit=0`],
      ['GET', `/leads?select=id,${value}(*)&limit=0`],
      ['GET', `/leads?select=id&order=${value}&limit=0`],
      ['GET', `/leads?select=id&limit=0&${value}=eq.1`],
      ['GET', `/leads?select=id&limit=${value}`],
      ['GET', `/leads?select=id&offset=${value}`],
      ['GET', `/leads?select=id&and=${value}`],
      ['GET', `/${value}`],
      ['POST', `/rpc/${value}`, '{}'],
      ['POST', `/leads?columns=${value}`, '{}'],
      ['POST', `/leads?on_conflict=${value}`, '{}'],
      ['POST', '/leads', JSON.stringify({ [name]: 1 })],
    ])
  })

  it('in a header is nothing to act on', async () => {
    // What can't be in a header at all is refused by whoever sends it.
    const sendable = encodeURIComponent(text).slice(0, 4000)
    const names = ['prefer', 'accept-profile', 'range', 'range-unit', 'accept', 'x-request-id', 'x-organization-id']
    await expectHarmless(
      names.map((name): Ask => ['GET', '/leads?select=id', undefined, { [name]: sendable }]),
    )
  })
})

describe('the way into other schemas and functions', () => {
  it.each([
    'id::regclass',
    'id,user_id::regrole',
    'organizations.owner_email',
    'tenancy.current_organization_id',
    'to_organization',
    'current_organization_id',
    'id,get_user_organizations',
    'id,pg_sleep(5)',
    'id,count(*)',
    'id.sum()',
    'id,current_user',
    'id,version()',
    'id,"tenancy"."invitation_tokens"(*)',
    '*,users(encrypted_password)',
  ])('select=%s is none', async (select) => {
    for (const table of ['leads', 'organizations', 'profiles']) {
      const answer = await cast.rest('alice', 'GET', `/${table}?select=${encodeURIComponent(select)}`)
      expect([300, 400, 403, 404], answer.text).toContain(answer.status)
      expectNothingOf(secrets, answer)
    }
  })

  it.each([
    'select=id&order=(select 1)',
    'select=id&order=pg_sleep(5)',
    'select=id&order=organizations(name)',
    'select=id&users.email=like.*',
    'select=id&tenancy.invitation_tokens.token_hash=like.*',
    'select=id&organizations.owner_email=like.*',
    'select=id&id=in.(select id from leads)',
    'select=id&id=eq.any(select id from leads)',
    'select=id&id=foo.1',
    'select=id&id=eq(any).1',
    'select=id&and=(id.eq.1,or(id.eq.2',
    'select=id&notes=fts(%27;drop).x',
  ])('%s is nonsense', async (query) => {
    const answer = await cast.rest('alice', 'GET', `/leads?${query}`)
    expect([300, 400, 404], answer.text).toContain(answer.status)
  })
})

describe('bytes', () => {
  it('that are no UTF-8 match nothing', async () => {
    const answer = await cast.rest('alice', 'GET', '/leads?select=id&notes=eq.%ff%fe')
    expect(answer.status).toBe(notUtf8)
    expectNothingOf(Object.values(cast.atAcme), answer)
  })

  it('of NUL are refused in a path, and stored nowhere', async () => {
    expect((await cast.rest('alice', 'GET', '/leads%00')).status).toBe(400)
    const before = await worldOf(cast)
    for (
      const json of [
        '{"phone_number":"a\\u0000b"}',
        '{"phone_number":"a","custom_fields":{"a":"\\u0000"}}',
        '{"phone_number":"a","custom_fields":{"\\u0000":1}}',
      ]
    ) {
      const headers = { 'content-type': 'application/json' }
      expect((await cast.rest('alice', 'POST', '/leads', { body: json, headers })).status, json).toBe(400)
    }
    expect(await worldOf(cast)).toEqual(before)
  })

  it('stay what they were, stored and read', async () => {
    for (const [, text] of texts.filter(([, text]) => !text.includes('\0') && text.length < 300)) {
      const json = { phone_number: '+15550100', notes: text, custom_fields: { [text]: text } }
      const headers = { prefer: 'return=representation' }
      const answer = await cast.rest('alice', 'POST', '/leads', { json, headers })
      expect([answer.status, answer.body], answer.text).toMatchObject([201, [json]])
      const [row] = await sql`select phone_number, notes, custom_fields from leads where id = ${
        Object(answer.body)[0].id
      }`
      expect(row).toEqual(json)
    }
  })

  it('of a body that is no rows are refused, and store nothing', async () => {
    const before = await worldOf(cast)
    const json = 'application/json'
    for (
      const [body, type] of [
        ['{', json],
        ['{"phone_number":"1"}{}', json],
        ['"text"', json],
        ['[[]]', json],
        [`{"phone_number":"1","id\\") values (1); --":1}`, json],
        ['{"phone_number":"1"}', 'text/xml'],
        ['{"phone_number":"1"}', 'application/octet-stream'],
        ['phone_number,nothing\n1,2\n', 'text/csv'],
        [`phone_number,organization_id\n1,${cast.globex}\n`, 'text/csv'],
        [`phone_number=1&organization_id=${cast.globex}`, 'application/x-www-form-urlencoded'],
      ]
    ) {
      const answer = await cast.rest('alice', 'POST', '/leads', { body, headers: { 'content-type': type ?? '' } })
      // PostgREST takes a text for no rows at all, and stores none.
      const isNothing = dataApi === 'postgrest' && body === '"text"'
      expect(isNothing ? [201] : [400, 403, 415], `${body} ${answer.text}`).toContain(answer.status)
    }
    expect(await worldOf(cast)).toEqual(before)
  })
})
