import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { actors, type Stage, stage } from './support/cast.ts'
import { send } from './support/http.ts'
import { stack } from './support/stack.ts'
import { rowsOf, worldOf } from './support/world.ts'

// What the Data API offers at all, asked of the catalog: a function or table that is added tomorrow is covered.

let cast: Stage

beforeAll(async () => {
  cast = await stage()
})

const code = ({ body }: { body: unknown }): unknown => Object(body).code

const functions = await sql<{ schema: string; name: string; volatile: boolean; arguments: string[] }[]>`
  select n.nspname as schema, p.proname as name, p.provolatile = 'v' as volatile,
    coalesce(p.proargnames[1:p.pronargs - p.pronargdefaults], '{}') as arguments
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  where n.nspname in ('public', 'tenancy') and p.prorettype <> 'trigger'::regtype
  order by 1, 2`
const entryPoints = functions.filter(({ schema }) => schema === 'public')
const engine = functions.filter(({ schema }) => schema === 'tenancy')
const openToAnon = ['preview_invitation', 'ready']

/** Arguments that every function can parse; whom they name is nobody. */
const argumentsOf = (names: string[]) =>
  Object.fromEntries(names.map((name) => [
    name,
    /_id$|uuid$/.test(name)
      ? crypto.randomUUID()
      : name === 'changes'
      ? { name: 'x' }
      : name === 'role'
      ? 'member'
      : 'x',
  ]))

describe('functions', () => {
  it('are found in the catalog', () => {
    expect(entryPoints.length).toBeGreaterThan(15)
    expect(engine.length).toBeGreaterThan(30)
  })

  it.each(entryPoints)('$name is closed to anon, or known to be open', async ({ name, arguments: names }) => {
    const before = await rowsOf(cast)
    const answer = await cast.rest('anon', 'POST', `/rpc/${name}`, { json: argumentsOf(names) })
    if (openToAnon.includes(name)) expect(answer.status, answer.text).not.toBe(401)
    else expect([answer.status, code(answer)], answer.text).toEqual([401, '42501'])
    expect(await rowsOf(cast)).toEqual(before)
  })

  const exposed = new Set(entryPoints.map(({ name }) => name))
  it.each(engine.filter(({ name }) => !exposed.has(name)))('$name of the engine is not there', async (found) => {
    for (const actor of ['alice', 'anon'] as const) {
      const path = `/rpc/${found.name}`
      const answer = await cast.rest(actor, 'POST', path, { json: argumentsOf(found.arguments) })
      expect([answer.status, code(answer)]).toEqual([404, 'PGRST202'])
      expect(answer.text).not.toContain('tenancy')
    }
  })

  it.each(entryPoints.filter(({ volatile }) => volatile))('$name writes nothing through GET', async (found) => {
    const before = await worldOf(cast)
    const values = {
      ...argumentsOf(found.arguments),
      ...('organization_id' in argumentsOf(found.arguments) && { organization_id: cast.acme }),
    }
    const query = new URLSearchParams(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    )
    const answer = await cast.rest('alice', 'GET', `/rpc/${found.name}?${query}`)
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400)
    expect(await worldOf(cast)).toEqual(before)
  })

  it('take a token in a body alone: an address ends up in logs', async () => {
    const token = `inv_${'0'.repeat(64)}`
    const address = await cast.rest('anon', 'GET', `/rpc/preview_invitation?token=${token}`)
    expect([address.status, code(address)]).toEqual([405, '25006'])
    const body = await cast.rest('anon', 'POST', '/rpc/preview_invitation', { json: { token } })
    expect([body.status, code(body)]).toEqual([404, 'PT404'])
  })

  it('that are misspelt are not there, and nobody learns how private ones are called', async () => {
    for (const name of ['current_organisation_id', 'require_roles', 'stamps', 'set_updated_at']) {
      const answer = await cast.rest('alice', 'POST', `/rpc/${name}`, { json: {} })
      expect(answer.status, name).toBe(404)
      expect(answer.text).not.toMatch(/tenancy|current_organization_id|require_role\b|stamp\b/)
    }
  })

  it('say the same about strangers as about nobody', async () => {
    const { users, acme, globex } = cast
    const ask = async (name: string, json: object) => (await cast.rest('alice', 'POST', `/rpc/${name}`, { json })).body
    for (
      const [user_uuid, org_uuid] of [[users.bob, globex], [crypto.randomUUID(), globex], [
        users.bob,
        crypto.randomUUID(),
      ], [users.eve, acme]]
    ) {
      expect(await ask('get_user_org_role', { user_uuid, org_uuid })).toBeNull()
      expect(await ask('user_in_organization', { user_uuid, org_uuid })).toBe(false)
      expect(await ask('is_org_admin', { user_uuid, org_uuid })).toBe(false)
      expect(await ask('get_user_organizations', { user_uuid })).toEqual([])
    }
    expect(await ask('get_user_org_role', { user_uuid: users.mia, org_uuid: acme })).toBe('member')
    expect(await ask('is_org_admin', { user_uuid: users.adam, org_uuid: acme })).toBe(true)
    expect(await ask('get_user_organizations', { user_uuid: users.mia })).not.toEqual([])
  })
})

describe('schemas', () => {
  it.each(['tenancy', 'auth', 'extensions', 'net', 'cron', 'storage', 'pg_catalog', 'information_schema'])(
    '%s is not exposed',
    async (schema) => {
      for (const actor of ['alice', 'anon'] as const) {
        const read = await cast.rest(actor, 'GET', '/problems', { headers: { 'accept-profile': schema } })
        expect([read.status, code(read)]).toEqual([406, 'PGRST106'])
        const written = await cast.rest(actor, 'POST', '/problems', {
          json: {},
          headers: { 'content-profile': schema },
        })
        expect([written.status, code(written)]).toEqual([406, 'PGRST106'])
      }
      expect((await cast.rest('alice', 'GET', '/organizations', { headers: { 'accept-profile': 'public' } })).status)
        .toBe(200)
    },
  )

  it('are not listed', async () => {
    for (const actor of actors) {
      const answer = await cast.rest(actor, 'GET', '/')
      expect(answer.status, actor).toBeGreaterThanOrEqual(400)
      expect(answer.text).not.toContain('organization')
    }
  })
})

describe('counts', () => {
  // The planner's statistics span all organizations: an estimate would tell of rows that one can't see.
  it.each(['planned', 'estimated'])('are never %s', async (kind) => {
    for (const actor of ['alice', 'eve', 'anon'] as const) {
      for (const path of ['/leads', `/leads?organization_id=eq.${cast.globex}`, '/leads?limit=0']) {
        for (const prefer of [`count=${kind}`, `return=minimal, count=${kind}`, `Count = ${kind}`]) {
          const answer = await cast.rest(actor, 'GET', path, { headers: { prefer } })
          expect(answer.headers.get('content-range') ?? '*/*', prefer).toMatch(/\/\*$/)
          if (prefer.startsWith('count')) expect([answer.status, code(answer)]).toEqual([400, 'PT400'])
        }
      }
    }
  })

  it('are exact where asked for', async () => {
    const answer = await cast.rest('alice', 'GET', `/leads?organization_id=eq.${cast.globex}`, {
      headers: { prefer: 'count=exact' },
    })
    expect(answer.headers.get('content-range')).toBe('*/0')
  })
})

describe('tables', () => {
  it('without a row for signed-in people do not answer anon', async () => {
    const tables = await sql<{ name: string }[]>`
      select c.relname as name from pg_class as c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p')`
    expect(tables.length).toBeGreaterThan(15)
    for (const { name } of tables) {
      const answer = await cast.rest('anon', 'GET', `/${name}`)
      expect([answer.status, code(answer)], name).toEqual([401, '42501'])
      expect((await cast.rest('alice', 'GET', `/${name}`)).status, name).toBe(200)
    }
  })

  it.each(['invitation_tokens', 'active_organizations', 'protected_tables', 'users', 'schema_migrations'])(
    '%s is not there',
    async (table) => {
      const answer = await cast.rest('alice', 'GET', `/${table}`)
      expect([answer.status, answer.text.includes('tenancy')]).toEqual([404, false])
    },
  )

  it('show no column that holds a token or its hash', async () => {
    for (const column of ['token', 'token_hash', 'valid_for,token']) {
      const answer = await cast.rest('alice', 'GET', `/organization_invitations?select=${column}`)
      expect(answer.status, column).toBe(400)
    }
  })
})

describe('the key', () => {
  it.each([['none', {}], ['a wrong one', { apikey: 'sb_publishable_0' }], ['an empty one', { apikey: '' }]])(
    '%s opens nothing, not even with a good token',
    async (_, key: Record<string, string>) => {
      const headers = { ...key, authorization: `Bearer ${cast.tokens.alice}` }
      expect((await send('GET', `${stack('REST_URL')}/organizations`, { headers })).status).toBe(401)
    },
  )
})
