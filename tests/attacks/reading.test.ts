import { beforeAll, describe, expect, it } from 'vitest'
import { type ProtectedTable } from '../../shared/roles.ts'
import type { Actor } from '../functions/support/cast.ts'
import { signIn } from '../functions/support/cast.ts'
import type { Answer } from '../functions/support/http.ts'
import { readerOf, stock, type Stocked } from '../functions/support/stock.ts'
import { expectRefusal, outcome } from './support/dialect.ts'
import { idsAt, tablesInTurn } from './support/rows.ts'

// Law: whatever the query, other people's rows are not there. In every protected table, through the Data API.

let signedBy: Record<'ES256' | 'HS256', Stocked>
let cast: Stocked
let acmes: Record<ProtectedTable, string[]>
let theirs: Record<ProtectedTable, string[]>

beforeAll(async () => {
  cast = await stock()
  signedBy = { ES256: cast, HS256: { ...cast, ...await signIn(cast, 'HS256') } }
  acmes = await idsAt(cast.acme)
  theirs = await idsAt(cast.globex)
})

const idsOf = ({ body }: Answer): string[] => (Array.isArray(body) ? body : [body]).map(({ id }) => id)
const total = (answer: Answer): string | undefined => answer.headers.get('content-range')?.split('/')[1]
const count = { prefer: 'count=exact' }

describe.each(tablesInTurn)('$table, with tokens of $algorithm', ({ table, algorithm }) => {
  const read = (actor: Actor, query: string, headers = {}, method = 'GET') =>
    signedBy[algorithm].rest(actor, method, `/${table}?${query}`, { headers })

  const reader = readerOf(table)

  /** Expects one's own row, and none that isn't Acme's. */
  const expectOwn = (answer: Answer, what = '') => {
    expect(answer.status, `${what} ${answer.text}`).toBe(200)
    expect(idsOf(answer), what).toContain(cast.atAcme[table])
    expect(acmes[table], what).toEqual(expect.arrayContaining(idsOf(answer)))
  }

  it('shows a member the rows of their organization, with all columns', async () => {
    expectOwn(await read(reader, 'select=*'))
    expect(idsOf(await read('bob', 'select=*'))).toContain(cast.atGlobex[table])
    expect(theirs[table]).toEqual(expect.arrayContaining(idsOf(await read('bob', 'select=*'))))
  })

  it('knows no filter that reaches other rows', async () => {
    const { acme, globex } = cast
    const foreign = cast.atGlobex[table]
    for (
      const query of [
        `id=eq.${foreign}`,
        `id=in.(${theirs[table]})`,
        `organization_id=eq.${globex}`,
        `organization_id=neq.${acme}`,
        `organization_id=not.eq.${acme}`,
        `organization_id=isdistinct.${acme}`,
        `not.and=(organization_id.eq.${acme})`,
      ]
    ) {
      const answer = await read(reader, `select=id&${query}`, count)
      expect([answer.status, answer.body, total(answer)], query).toEqual([200, [], '0'])
    }
    for (
      const query of [
        `id=in.(${cast.atAcme[table]},${foreign})`,
        `organization_id=in.(${acme},${globex})`,
        `or=(organization_id.eq.${acme},organization_id.eq.${globex})`,
        `or=(id.eq.${foreign},id.not.is.null)`,
        'order=organization_id.desc&limit=1000',
      ]
    ) {
      const answer = await read(reader, `select=id&${query}`, count)
      expectOwn(answer, query)
      expect(total(answer), query).toBe(String(idsOf(answer).length))
    }
  })

  it('counts and shows nothing of others in any other way', async () => {
    const query = `id=eq.${cast.atGlobex[table]}`
    expect(total(await read(reader, query, count, 'HEAD'))).toBe('0')
    const single = await read(reader, query, { accept: 'application/vnd.pgrst.object+json' })
    expect(outcome(single)).toEqual([406, 'PGRST116'])
    const plan = await read(reader, query, { accept: 'application/vnd.pgrst.plan+json' })
    expect(outcome(plan)[1]).toBe('PGRST107')
    expect(outcome(await read(reader, 'select=count()'))).toEqual([400, 'PGRST123'])
    const csv = await read(reader, '', { accept: 'text/csv' })
    expect(csv.text).toContain(cast.atAcme[table])
    expect(theirs[table].filter((id) => csv.text.includes(id))).toEqual([])
    const beyond = await read(reader, 'select=id&offset=1000', count)
    expect(total(beyond)).toBe(String(idsOf(await read(reader, 'select=id')).length))
  })

  it('is empty for whoever belongs nowhere, and closed to anon', async () => {
    expect((await read('eve', 'select=*')).body).toEqual([])
    expect((await read('eve', `id=eq.${cast.atAcme[table]}`)).body).toEqual([])
    expect(outcome(await read('anon', 'select=*'))).toEqual([401, '42501'])
    expect(outcome(await read('anon', `id=eq.${cast.atAcme[table]}`))).toEqual([401, '42501'])
  })

  it('is empty under a header of others, and refuses one that is malformed', async () => {
    for (const organization of [cast.globex, crypto.randomUUID()]) {
      const answer = await read(reader, 'select=*', { 'x-organization-id': organization })
      expect([answer.status, answer.body]).toEqual([200, []])
    }
    for (const header of ['acme', '', `${cast.acme},${cast.acme}`, 'x'.repeat(300), `${cast.acme}' or true--`]) {
      const answer = await read(reader, 'select=*', { 'x-organization-id': header })
      expect([answer.status, Object(answer.body).hint], header).toEqual([400, 'invalid_header'])
      // Also where the plan comes to no row, and so to no policy.
      const nothing = await read('eve', 'select=*', { 'x-organization-id': header })
      expect([nothing.status, Object(nothing.body).hint], header).toEqual([400, 'invalid_header'])
    }
    expectOwn(await read(reader, 'select=*', { 'x-organization-id': cast.acme.toUpperCase() }))
  })

  it('is not counted by the planner, whose statistics span all organizations', async () => {
    for (const kind of ['planned', 'estimated']) {
      for (const [actor, query] of [['mia', ''], ['mia', `organization_id=eq.${cast.globex}`], ['eve', '']] as const) {
        const answer = await read(actor, query, { prefer: `count=${kind}` })
        expectRefusal(answer, query)
        expect(total(answer) ?? '*').toBe('*')
      }
    }
  })
})
