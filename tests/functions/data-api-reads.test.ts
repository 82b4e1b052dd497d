import { beforeAll, describe, expect, it } from 'vitest'
import { protectedTables } from '../../shared/roles.ts'
import { sql } from '../database/support/database.ts'
import { samples } from '../database/support/rows.ts'
import { type Answer } from './support/http.ts'
import { readerOf, stock, type Stocked } from './support/stock.ts'

// Reading past one's organization through the Data API: whatever the query, other people's rows are not there.

let cast: Stocked

beforeAll(async () => {
  cast = await stock()
})

const idsOf = ({ body }: Answer): string[] => (Array.isArray(body) ? body : [body]).map(({ id }) => id)
const total = (answer: Answer): string | undefined => answer.headers.get('content-range')?.split('/')[1]
const count = { prefer: 'count=exact' }

describe.each(protectedTables)('%s', (table) => {
  const read = (actor: Parameters<Stocked['rest']>[0], query: string, headers = {}, method = 'GET') =>
    cast.rest(actor, method, `/${table}?${query}`, { headers })

  const reader = readerOf(table)

  it('shows a member the rows of their organization, with all columns', async () => {
    const answer = await read(reader, 'select=*')
    expect([answer.status, idsOf(answer)]).toEqual([200, [cast.atAcme[table]]])
    expect(idsOf(await read('bob', 'select=*'))).toEqual([cast.atGlobex[table]])
  })

  it('knows no filter that reaches other rows', async () => {
    const [own, theirs] = [cast.atAcme[table], cast.atGlobex[table]]
    const { acme, globex } = cast
    for (
      const [query, expected] of [
        [`id=eq.${theirs}`, []],
        [`organization_id=eq.${globex}`, []],
        [`organization_id=neq.${acme}`, []],
        [`organization_id=not.eq.${acme}`, []],
        [`not.and=(organization_id.eq.${acme})`, []],
        [`id=in.(${own},${theirs})`, [own]],
        [`organization_id=in.(${acme},${globex})`, [own]],
        [`or=(organization_id.eq.${acme},organization_id.eq.${globex})`, [own]],
        [`or=(id.eq.${theirs},id.not.is.null)`, [own]],
        ...(samples[table].authorless ? [] : [[`user_id=eq.${cast.users.bob}`, []] as const]),
        ['order=organization_id.desc&limit=1000', [own]],
      ] as const
    ) {
      const answer = await read(reader, `select=id&${query}`, count)
      expect([answer.status, idsOf(answer), total(answer)], query).toEqual([200, expected, String(expected.length)])
    }
  })

  it('counts and shows nothing of others in any other way', async () => {
    const query = `id=eq.${cast.atGlobex[table]}`
    expect(total(await read(reader, query, count, 'HEAD'))).toBe('0')
    const single = await read(reader, query, { accept: 'application/vnd.pgrst.object+json' })
    expect([single.status, Object(single.body).code]).toEqual([406, 'PGRST116'])
    const plan = await read(reader, query, { accept: 'application/vnd.pgrst.plan+json' })
    expect(Object(plan.body).code).toBe('PGRST107')
    const aggregate = await read(reader, 'select=count()')
    expect([aggregate.status, Object(aggregate.body).code]).toEqual([400, 'PGRST123'])
    const csv = await read(reader, '', { accept: 'text/csv' })
    expect(csv.text).toContain(cast.atAcme[table])
    expect(csv.text).not.toContain(cast.atGlobex[table])
  })

  it('is empty for whoever belongs nowhere, and closed to anon', async () => {
    expect((await read('eve', 'select=*')).body).toEqual([])
    expect((await read('eve', `id=eq.${cast.atAcme[table]}`)).body).toEqual([])
    const anon = await read('anon', 'select=*')
    expect([anon.status, Object(anon.body).code]).toEqual([401, '42501'])
  })

  it('is empty under a header of others, and refuses one that is malformed', async () => {
    for (const organization of [cast.globex, crypto.randomUUID()]) {
      const answer = await read(reader, 'select=*', { 'x-organization-id': organization })
      expect([answer.status, answer.body]).toEqual([200, []])
    }
    for (const header of ['acme', '', `${cast.acme},${cast.acme}`, 'x'.repeat(300)]) {
      const answer = await read(reader, 'select=*', { 'x-organization-id': header })
      expect([answer.status, Object(answer.body).hint], header).toEqual([400, 'invalid_header'])
      // Also where the plan comes to no row, and so to no policy.
      const nothing = await read('eve', 'select=*', { 'x-organization-id': header })
      expect([nothing.status, Object(nothing.body).hint], header).toEqual([400, 'invalid_header'])
    }
    const own = await read(reader, 'select=*', { 'x-organization-id': cast.acme.toUpperCase() })
    expect(idsOf(own)).toEqual([cast.atAcme[table]])
  })
})

describe('embedding', () => {
  const get = async (path: string, actor: 'mia' | 'eve' = 'mia') => {
    const answer = await cast.rest(actor, 'GET', path)
    expect(answer.status, answer.text).toBe(200)
    return answer
  }

  it('from organizations down shows one’s own', async () => {
    const { body, text } = await get(
      '/organizations?select=*,organization_users(*),organization_invitations(*),leads(*)',
    )
    expect(body).toMatchObject([{ id: cast.acme, leads: [{ id: cast.atAcme.leads }], organization_invitations: [] }])
    expect(body).toMatchObject([{ organization_users: { length: 4 } }])
    for (const theirs of [cast.globex, cast.users.bob, cast.atGlobex.leads]) expect(text).not.toContain(theirs)
  })

  it.each([
    ['organizations?select=id,organization_users(*)&organization_users.organization_id=eq.GLOBEX', [{
      organization_users: [],
    }]],
    ['organization_users?select=*,organizations!inner(*)&organizations.id=eq.GLOBEX', []],
    ['organization_users?organization_id=eq.GLOBEX', []],
    ['organizations?id=eq.GLOBEX', []],
    ['organizations?select=id,slug&slug=like.globex-*', []],
    ['profiles?id=eq.BOB', []],
    ['profiles?email=ilike.bob.*', []],
    ['leads?select=id,organizations!inner(id)&organizations.id=eq.GLOBEX', []],
    ['call_logs?select=id,leads!inner(id)&leads.organization_id=eq.GLOBEX', []],
  ])('%s', async (path, expected) => {
    const { body } = await get('/' + path.replace('GLOBEX', cast.globex).replace('BOB', cast.users.bob))
    expect(body).toMatchObject(expected)
    expect(body).toHaveLength(expected.length)
  })

  it('controls: the same questions about oneself have answers', async () => {
    const { acme, users } = cast
    for (
      const path of [
        `organization_users?select=*,organizations!inner(*)&organizations.id=eq.${acme}`,
        'organizations?select=id,slug&slug=like.acme-*',
        `profiles?id=eq.${users.alice}`,
        `leads?select=id,organizations!inner(id)&organizations.id=eq.${acme}`,
      ]
    ) expect((await get('/' + path)).body, path).not.toEqual([])
  })

  it('shows whoever belongs nowhere nothing but themselves', async () => {
    for (const table of ['organizations', 'organization_users', 'organization_invitations']) {
      expect((await get(`/${table}`, 'eve')).body, table).toEqual([])
    }
    expect((await get('/profiles?select=id', 'eve')).body).toEqual([{ id: cast.users.eve }])
  })
})

describe('a membership', () => {
  it.each([
    ['ended', (user: string) => sql`delete from organization_users where user_id = ${user}`],
    [
      'was suspended',
      (user: string) => sql`update organization_users set suspended_at = now() where user_id = ${user}`,
    ],
  ])('that %s shows nothing from the next request on, with the token from before', async (_, end) => {
    const own = await stock()
    const seen = async () => {
      const paths = [...protectedTables, 'organizations', 'organization_users', 'organization_invitations']
      const answers = await Promise.all(paths.map((path) => own.rest('mia', 'GET', `/${path}`)))
      return answers.flatMap(({ body }) => body)
    }
    const readable = protectedTables.filter((table) => readerOf(table) === 'mia')
    expect((await seen()).length).toBeGreaterThan(readable.length)
    await end(own.users.mia)
    expect(await seen()).toEqual([])
    expect((await own.call('mia', 'GET', `/organizations/${own.acme}`)).status).toBe(404)
    expect((await own.rest('mia', 'GET', '/profiles?select=id')).body).toEqual([{ id: own.users.mia }])
  })
})
