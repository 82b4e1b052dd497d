import { beforeAll, describe, expect, it } from 'vitest'
import { protectedTables, tableAccess } from '../../shared/roles.ts'
import { sql } from '../database/support/database.ts'
import { signIn } from '../functions/support/cast.ts'
import { algorithms } from '../functions/support/tokens.ts'
import { stock, type Stocked } from '../functions/support/stock.ts'
import { expectNothingOf, expectRefusal } from './support/dialect.ts'
import { ofEachKind } from './support/rows.ts'

// Reading past one's organization by the way that leads from one table to another.

let cast: Stocked
let secrets: string[]

beforeAll(async () => {
  cast = await stock()
  secrets = [cast.globex, cast.users.bob, cast.emails.bob, ...Object.values(cast.atGlobex)]
})

interface Key {
  child: string
  parent: string
  name: string
}
const children: string[] = [...protectedTables, 'organization_users', 'organization_invitations']
const parents: string[] = [...protectedTables, 'organizations']
const all = await sql<Key[]>`
  select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent, c.conname as name
  from pg_constraint as c
  where c.contype = 'f' and c.conrelid::regclass::text in ${sql(children)}
    and c.confrelid::regclass::text in ${sql(parents)}
  order by 1, 3`
const access: Record<string, unknown> = tableAccess
const keys = ofEachKind(all, ({ child, parent }) => [child, parent].map((table) => access[table] ?? table))

describe('embedding', () => {
  it('finds its keys in the catalog', () => expect(all.length).toBeGreaterThan(20))

  it('along every key, up and down, shows nothing of others, filtered or not', async () => {
    const signed = await Promise.all(algorithms.map((algorithm) => signIn(cast, algorithm)))
    for (const [n, { child, parent, name }] of keys.entries()) {
      const up = `/${child}?select=*,${parent}!${name}(*)`
      const inner = `/${child}?select=*,${parent}!${name}!inner(*)`
      const down = `/${parent}?select=*,${child}!${name}(*)`
      const id = parent === 'organizations' ? cast.globex : cast.atGlobex[parent as keyof Stocked['atGlobex']]
      for (
        const path of [
          up,
          down,
          `${down}&id=eq.${id}`,
          `${inner}&${parent}.id=eq.${id}`,
          `${up}&or=(organization_id.eq.${cast.globex},organization_id.not.is.null)`,
        ]
      ) {
        const answer = await signed[n % signed.length]!.rest('mia', 'GET', path)
        expect(answer.status, `${path} ${answer.text}`).toBe(200)
        expectNothingOf(secrets, answer, path)
      }
    }
  })

  const get = async (path: string, actor: 'mia' | 'eve' = 'mia') => {
    const answer = await cast.rest(actor, 'GET', path)
    expect(answer.status, answer.text).toBe(200)
    return answer
  }

  it('from organizations down shows one’s own', async () => {
    const { body, text } = await get(
      '/organizations?select=*,organization_users(*),organization_invitations(*),leads(*)',
    )
    expect(body).toMatchObject([{ id: cast.acme, organization_invitations: [], organization_users: { length: 4 } }])
    expect(text).toContain(cast.atAcme.leads)
  })

  const upward = 'organizations!leads_belong_to_an_organization!inner(id)'
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
    [`leads?select=id,${upward}&organizations.id=eq.GLOBEX`, []],
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
        `leads?select=id,${upward}&organizations.id=eq.${acme}`,
      ]
    ) expect((await get('/' + path)).body, path).not.toEqual([])
  })

  it('shows whoever belongs nowhere nothing but themselves', async () => {
    for (
      const path of [
        'organizations',
        'organizations?select=id,slug&slug=like.*',
        'organization_users',
        'organization_invitations',
        'organizations?select=*,organization_users(*),leads(*)',
      ]
    ) expect((await get(`/${path}`, 'eve')).body, path).toEqual([])
    expect((await get('/profiles?select=id', 'eve')).body).toEqual([{ id: cast.users.eve }])
  })

  it('leads to no table of another schema', async () => {
    for (
      const select of [
        'id,users(*)',
        'id,auth.users(*)',
        'id,users!leads_user_id_fkey(*)',
        'id,users!leads_user_id_fkey(count)',
        'id,protected_tables(*)',
        'id,active_organizations(*)',
      ]
    ) {
      const answer = await cast.rest('mia', 'GET', `/leads?select=${select}`)
      expect(answer.status, `${select} ${answer.text}`).toBeGreaterThanOrEqual(300)
      expectNothingOf(Object.values(cast.emails), answer, select)
    }
    expectRefusal(await cast.rest('mia', 'GET', '/organization_invitations?select=*,invitation_tokens(*)'))
  })
})
