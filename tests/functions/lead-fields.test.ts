import { describe, expect, it } from 'vitest'
import { LeadFieldAnswer, LeadFieldsAnswer } from '../../shared/contract/lead-fields.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { expectProblem } from './support/problems.ts'
import { worldOf } from './support/world.ts'

// Fields of leads from end to end, and where a refusal points.

const path = ({ acme }: Stage, rest = '') => `/organizations/${acme}/lead-fields${rest}`

const add = async (cast: Stage, json: object, headers = {}) => {
  const answer = await cast.call('adam', 'POST', path(cast), { json, headers })
  expect(answer.status, answer.text).toBe(201)
  return LeadFieldAnswer.parse(answer.body).field
}

const budget = { key: 'budget', label: ' Budget ', type: 'number', required: true }

const store = (cast: Stage, json: unknown, headers = {}) =>
  cast.call('mia', 'POST', '/records/leads', { json, headers: { 'x-organization-id': cast.acme, ...headers } })

describe('a field', () => {
  it('is added, listed, changed and removed', async () => {
    const cast = await stage()
    const field = await add(cast, budget)
    expect(field).toMatchObject({ organization_id: cast.acme, ...budget, label: 'Budget', options: null, position: 1 })
    const choice = await add(cast, {
      key: 'tier',
      label: 'Tier',
      type: 'choice',
      options: ['Gold', 'Tin'],
      position: 1,
    })
    const listed = await cast.call('mia', 'GET', path(cast))
    expect(LeadFieldsAnswer.parse(listed.body).fields).toEqual([choice, { ...field, position: 2 }])
    const changed = await cast.call('adam', 'PATCH', path(cast, `/${choice.id}`), { json: { options: ['Gold'] } })
    expect(changed.body).toEqual({ field: { ...choice, options: ['Gold'] } })
    const removed = await cast.call('adam', 'DELETE', path(cast, `/${choice.id}`))
    expect(removed.body).toEqual(changed.body)
    expectProblem(await cast.call('adam', 'DELETE', path(cast, `/${choice.id}`)), 'not_found')
  })

  it('is added once under an idempotency key', async () => {
    const cast = await stage()
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const field = await add(cast, budget, headers)
    expect(await add(cast, budget, headers)).toEqual(field)
    expectProblem(await cast.call('adam', 'POST', path(cast), { json: budget }), 'conflict')
    expect(await sql`select id from lead_fields where organization_id = ${cast.acme}`).toEqual([{ id: field.id }])
  })

  it.each([
    [{ ...budget, key: 'Budget' }, '/key'],
    [{ ...budget, label: ' ' }, '/label'],
    [{ ...budget, type: 'money' }, '/type'],
    [{ ...budget, options: ['a'] }, '/options'],
    [{ ...budget, type: 'choice' }, '/options'],
    [{ ...budget, type: 'choice', options: ['a', ' a'] }, '/options'],
    [{ ...budget, position: 0 }, '/position'],
  ])('%j is refused at %s', async (json, pointer) => {
    const cast = await stage()
    const before = await worldOf(cast)
    const answer = await cast.call('adam', 'POST', path(cast), { json })
    expectProblem(answer, 'validation_failed')
    expect(answer.body).toMatchObject({ errors: [{ pointer }] })
    expect(await worldOf(cast)).toEqual(before)
  })
})

describe('a lead that does not fit', () => {
  const good = { phone_number: '+14155550100', custom_fields: { budget: 5 } }
  const wrong = { phone_number: '+14155550100', custom_fields: { budget: 'much', 'a/b': 1 } }
  const errors = (at: string) => [
    { pointer: `${at}/custom_fields/a~1b`, code: 'unrecognized_keys', message: 'Unknown field.' },
    { pointer: `${at}/custom_fields/budget`, code: 'invalid_value', message: 'Must be a number.' },
  ]

  it.each([
    ['alone', wrong, ''],
    ['alone in an array', [wrong], '/0'],
    ['among others', [good, good, wrong], '/2'],
  ])('is refused %s, where it is wrong', async (_, json, at) => {
    const cast = await stage()
    await add(cast, budget)
    // Once as an insert, once as what is kept for a retry.
    for (const headers of [{}, { 'idempotency-key': crypto.randomUUID() }]) {
      const answer = await store(cast, json, headers)
      expectProblem(answer, 'validation_failed')
      expect(answer.body).toMatchObject({ errors: errors(at) })
    }
    expect(await sql`select id from leads where organization_id = ${cast.acme}`).toEqual([])
    expect((await store(cast, good)).status).toBe(201)
  })

  it('is refused to an upsert of the Data API', async () => {
    const cast = await stage()
    await add(cast, budget)
    const { body } = await store(cast, good)
    const id = Reflect.get(Object(body), 'records')[0].id
    const upsert = (custom_fields: object) =>
      cast.rest('mia', 'POST', '/leads?on_conflict=id', {
        json: [{ id, phone_number: '+14155550100', custom_fields }],
        headers: { 'x-organization-id': cast.acme, prefer: 'resolution=merge-duplicates' },
      })
    const refused = await upsert({ budget: 'much' })
    expect([refused.status, refused.body]).toMatchObject([422, { hint: 'validation_failed' }])
    expect((await upsert({ budget: 6 })).status).toBeLessThan(300)
    expect(await sql`select custom_fields from leads where id = ${id}`).toEqual([{ custom_fields: { budget: 6 } }])
  })

  it('is refused with a hundred reasons at most', async () => {
    const cast = await stage()
    await add(cast, budget)
    const answer = await store(cast, Array.from({ length: 150 }, () => ({ phone_number: '+14155550100' })))
    expectProblem(answer, 'validation_failed')
    expect(Reflect.get(Object(answer.body), 'errors')).toHaveLength(100)
    expect(Reflect.get(Object(answer.body), 'detail')).toBe('Row 1, Budget: Must have a value. (And 149 more.)')
  })
})
