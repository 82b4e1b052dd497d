import { describe, expect, it } from 'vitest'
import { protectedTables } from '../../shared/roles.ts'
import { acme, createFunctions, sign } from './support/functions.ts'

const stored = (rows: unknown[]) =>
  Response.json(rows, { status: 201, headers: { 'content-range': `*/${rows.length}` } })

const create = async (rows: unknown, answer: () => Response = () => stored([{ id: 1 }]), table = 'leads') => {
  const functions = createFunctions(answer)
  const response = await functions.sendAsAlice('POST', `/records/${table}`, rows, { 'x-organization-id': acme })
  return { ...functions, response, body: await response.json() }
}

/** Sends a body as it is written. */
const createText = async (text: string) => {
  const functions = createFunctions(() => stored([{ id: 1 }]))
  const response = await functions.send('/records/leads', {
    method: 'POST',
    headers: { authorization: `Bearer ${await sign()}`, 'content-type': 'application/json' },
    body: text,
  })
  return { ...functions, response, body: await response.json() }
}

describe('records', () => {
  it.each(protectedTables)('go into %s', async (table) => {
    const { response, asked } = await create({}, undefined, table)
    expect(response.status).toBe(201)
    expect(asked[0]?.url.pathname).toBe(`/rest/v1/${table}`)
  })

  it.each([
    'organizations',
    'organization_users',
    'profiles',
    'Leads',
    'leads%20',
    '..%2Frpc%2Fready',
    '__proto__',
    'rpc',
  ])(
    'never go into %s',
    async (table) => {
      const { response, body, asked } = await create({}, undefined, table)
      expect(response.status).toBe(404)
      expect(body).toMatchObject({ code: 'not_found' })
      expect(asked).toEqual([])
    },
  )

  it('are stored together, each with its own columns', async () => {
    const rows = [{ phone_number: '+14155550100' }, { phone_number: '+14155550101', 'odd "name"': 1 }]
    const { body, asked } = await create(rows, () => stored([{ id: 1 }, { id: 2 }]))
    expect(body).toEqual({ records: [{ id: 1 }, { id: 2 }], count: 2 })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.body).toEqual(rows)
    expect(asked[0]?.url.searchParams.get('columns')).toBe('"phone_number","odd \\"name\\""')
    expect(asked[0]?.headers.get('prefer')).toBe('return=representation,count=exact,missing=default')
    expect(asked[0]?.headers.get('x-organization-id')).toBe(acme)
  })

  it.each([
    ['one row', { a: 1 }, false],
    ['rows with the same columns', [{ a: 1, b: 2 }, { b: 3, a: null }], false],
    ['a row that lacks one', [{ a: 1, b: 2 }, { a: 1 }], true],
    ['as many columns, but others', [{ a: 1 }, { b: 1 }], true],
    ['a row without any', {}, true],
    ['rows without any', [{}, {}], true],
  ])('ask for defaults only where a row leaves a column out: %s', async (_what, rows, expected) => {
    const { asked } = await create(rows)
    expect(asked[0]?.headers.get('prefer')?.includes('missing=default')).toBe(expected)
  })

  it('come back as they were stored, with numbers that JavaScript can’t hold', async () => {
    const json = '[{"priority":12345678901234567890, "name":"Zoë ☎"}]'
    const functions = createFunctions(() => new Response(json, { headers: { 'content-range': '*/1' } }))
    const response = await functions.sendAsAlice('POST', '/records/leads', { a: 1 })
    expect(await response.text()).toBe(`{"records":${json},"count":1}`)
  })

  it('reach the database as they came, with numbers that JavaScript can’t hold', async () => {
    const text = '{"priority":12345678901234567890,"metadata":{"n":1e400}}'
    const { asked } = await createText(text)
    expect(asked[0]?.text).toBe(text)
  })

  it('have no field that JavaScript gives a meaning of its own', async () => {
    const { response, body, asked } = await createText('[{"phone_number":"1"},{"__proto__":{"a":1}}]')
    expect(response.status).toBe(422)
    expect(body).toMatchObject({ errors: [{ pointer: '/1/__proto__' }] })
    expect(asked).toEqual([])
  })

  it('can’t have more columns than any table', async () => {
    const row = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`column_${index}`, 1]))
    const { response, asked } = await create(row)
    expect(response.status).toBe(422)
    expect(asked).toEqual([])
  })

  it.each([
    [
      'PGRST204',
      "Column 'nope' of relation 'leads' does not exist",
      [{ a: 1 }, { nope: 1 }],
      '/1/nope',
      'unrecognized_keys',
    ],
    [
      'PGRST204',
      "Could not find the 'nope' column of 'leads' in the schema cache",
      { nope: 1 },
      '/nope',
      'unrecognized_keys',
    ],
    [
      '23502',
      'null value in column "a" of relation "leads" violates not-null constraint',
      [{ a: 1 }, {}],
      '/1/a',
      'required',
    ],
    ['22P02', 'invalid input syntax for type uuid: "x"', [{ a: 'y' }, { b: 'x' }], '/1/b', 'invalid_value'],
    ['22P02', 'invalid input syntax for type json', [{ a: 'y' }], '', 'invalid_value'],
    [
      '23514',
      'new row for relation "leads" violates check constraint "leads_status_is_known"',
      { status: 'x' },
      '/status',
      'refused',
    ],
    [
      '23514',
      'new row for relation "leads" violates check constraint "leads_status_is_known"',
      [{ status: 'x' }, {}],
      '',
      'refused',
    ],
  ])('refused with %s are pointed to: %#', async (code, message, rows, pointer, error) => {
    const { response, body } = await create(
      rows,
      () => Response.json({ code, message, details: null, hint: null }, { status: 400 }),
    )
    expect(response.status).toBe(422)
    expect(body.errors).toEqual([{ pointer, code: error, message: expect.stringMatching(/\.$/) }])
  })

  it('are refused as unavailable when nobody answers', async () => {
    const { response } = await create({}, () => {
      throw new TypeError('connection refused')
    })
    expect(response.status).toBe(503)
  })
})
