import { beforeAll, describe, expect, it } from 'vitest'
import { LeadsAnswer } from '../../shared/contract/records.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import { expectAnswer, expectProblem, pointersOf } from './support/problems.ts'

// Looking leads up over HTTP, by the route and by the Data API. What is found is tested in tests/database.

let cast: Stage

beforeAll(async () => {
  cast = await stage()
  const rows = [
    { phone_number: '+14155550123', first_name: 'Iris', company: 'Blue Sky' },
    { phone_number: '+14155550124', first_name: 'José', company: 'Blue Sky' },
    { phone_number: '+14155550125', first_name: 'Irene', company: 'Blue Sky' },
  ]
  expect((await cast.call('mia', 'POST', '/records/leads', { json: rows })).status).toBe(201)
  const theirs = { phone_number: '+14155550123', first_name: 'Iris', company: 'Globex' }
  expect((await cast.call('bob', 'POST', '/records/leads', { json: theirs })).status).toBe(201)
})

const search = (actor: Actor, query: Record<string, string>, headers = {}) =>
  cast.call(actor, 'GET', `/records/leads/search?${new URLSearchParams(query)}`, { headers })
const namesIn = (body: unknown) => LeadsAnswer.parse(body).leads.map((lead) => lead.first_name)

describe('GET /records/leads/search', () => {
  it.each([
    ['iris', ['Iris']],
    ['JOSE', ['José']],
    ['(415) 555-0125', ['Irene']],
    ['blue iris', ['Iris']],
    ['%', 'validation_failed'],
    ['%%', []],
  ])('answers %j with %j', async (q, expected) => {
    const answer = await search('mia', { q })
    if (typeof expected === 'string') expectAnswer(answer, 'validation_failed')
    else expect(namesIn(answer.body), answer.text).toEqual(expected)
  })

  it('turns pages', async () => {
    const names: unknown[] = []
    let cursor: string | null = null
    do {
      const answer = LeadsAnswer.parse((await search('mia', { q: 'blue', limit: '1', ...(cursor && { cursor }) })).body)
      names.push(...answer.leads.map((lead) => lead.first_name))
      cursor = answer.next_cursor
    } while (cursor)
    expect(names.sort()).toEqual(['Irene', 'Iris', 'José'])
  })

  it('acts in the organization that the header names, if it is the caller’s own', async () => {
    const inAcme = { 'x-organization-id': cast.acme }
    expect(namesIn((await search('mia', { q: 'iris' }, inAcme)).body)).toEqual(['Iris'])
    expectProblem(await search('bob', { q: 'iris' }, inAcme), 'not_found')
    expectProblem(await search('eve', { q: 'iris' }, inAcme), 'not_found')
    expectProblem(await search('eve', { q: 'iris' }), 'organization_required')
    expectProblem(await search('anon', { q: 'iris' }), 'unauthenticated')
    expect((await search('bob', { q: 'iris' })).body).toMatchObject({ leads: [{ company: 'Globex' }] })
  })

  it.each([
    ['no q', {}, '/q'],
    ['an empty q', { q: ' ' }, '/q'],
    ['one character', { q: 'a' }, '/q'],
    ['1,000 characters', { q: 'a'.repeat(1000) }, '/q'],
    ['NUL', { q: 'ab\0' }, '/q'],
    ['a page that is too long', { q: 'iris', limit: '101' }, '/limit'],
  ])('refuses %s', async (_, query, pointer) => {
    const answer = await search('mia', query)
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
  })

  it('refuses what is no cursor, and a search without two characters in a row', async () => {
    expectProblem(await search('mia', { q: 'iris', cursor: 'x' }), 'validation_failed')
    expectProblem(await search('mia', { q: 'a b' }), 'validation_failed')
  })
})

it('the Data API answers the same', async () => {
  const route = await search('mia', { q: 'blue', limit: '2' })
  const rpc = (method: string, path: string, json?: object) =>
    cast.rest('mia', method, `/rpc/search_leads${path}`, { json })
  expect((await rpc('POST', '', { query: 'blue', page_limit: 2 })).body).toEqual(route.body)
  expect((await rpc('GET', '?query=blue&page_limit=2')).body).toEqual(route.body)
  expect((await rpc('POST', '', { query: '\0ab' })).status).toBe(400)
  expect((await rpc('POST', '', {})).status).toBe(404)
})
