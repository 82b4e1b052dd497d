import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { actors, type Stage, stage } from '../functions/support/cast.ts'
import { send } from '../functions/support/http.ts'
import { stack } from '../functions/support/stack.ts'
import { expectRefusal, outcome } from './support/dialect.ts'

// What the Data API offers to read at all, asked of the catalog: a table that is added tomorrow is covered.

let cast: Stage

beforeAll(async () => {
  cast = await stage()
})

describe('schemas', () => {
  it.each(['tenancy', 'auth', 'extensions', 'net', 'cron', 'storage', 'vault', 'pg_catalog', 'information_schema'])(
    '%s is not exposed',
    async (schema) => {
      for (const actor of ['alice', 'anon'] as const) {
        const read = await cast.rest(actor, 'GET', '/problems', { headers: { 'accept-profile': schema } })
        expect(outcome(read)).toEqual([406, 'PGRST106'])
        for (const [method, path] of [['POST', '/problems'], ['PATCH', '/users?id=not.is.null'], ['POST', '/rpc/x']]) {
          const headers = { 'content-profile': schema, 'accept-profile': schema }
          const written = await cast.rest(actor, method ?? '', path ?? '', { json: {}, headers })
          expect(outcome(written), path).toEqual([406, 'PGRST106'])
        }
      }
      expect((await cast.rest('alice', 'GET', '/organizations', { headers: { 'accept-profile': 'public' } })).status)
        .toBe(200)
    },
  )

  it.each(['public, tenancy', 'public;tenancy', '"tenancy"', 'TENANCY', 'tenancy/public', "public' --", ''])(
    'a profile of %j opens nothing',
    async (profile) => {
      const read = await cast.rest('alice', 'GET', '/protected_tables', { headers: { 'accept-profile': profile } })
      expectRefusal(read, profile)
    },
  )

  it('are not listed', async () => {
    for (const actor of actors) {
      for (const accept of ['application/json', 'application/openapi+json']) {
        const answer = await cast.rest(actor, 'GET', '/', { headers: { accept } })
        expectRefusal(answer, actor)
        expect(answer.text).not.toContain('organization')
      }
    }
  })

  it('have no GraphQL', async () => {
    for (const actor of ['alice', 'anon'] as const) {
      const json = { query: '{ __schema { types { name } } }' }
      for (const path of ['/graphql/v1', '/rest/v1/rpc/graphql']) {
        const answer = await send('POST', stack('API_URL') + path, {
          json,
          headers: {
            apikey: stack('PUBLISHABLE_KEY'),
            ...(actor === 'alice' && { authorization: `Bearer ${cast.tokens.alice}` }),
          },
        })
        expect([answer.status, answer.text.includes('leads')], path).toEqual([404, false])
      }
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
          if (prefer.startsWith('count')) expect(outcome(answer)).toEqual([400, 'PT400'])
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

const engine = await sql<{ schema: string; name: string }[]>`
  select n.nspname as schema, c.relname as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('tenancy', 'auth', 'supabase_migrations') and c.relkind in ('r', 'v') order by 1, 2`

describe('tables', () => {
  it('without a row for signed-in people do not answer anon', async () => {
    const tables = await sql<{ name: string }[]>`
      select c.relname as name from pg_class as c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p', 'm', 'f')`
    expect(tables.length).toBeGreaterThan(15)
    for (const { name } of tables) {
      expect(outcome(await cast.rest('anon', 'GET', `/${name}`)), name).toEqual([401, '42501'])
      expect(outcome(await cast.rest('anon', 'GET', `/${name}?select=count()`))[0], name).toBeGreaterThanOrEqual(400)
      expect((await cast.rest('alice', 'GET', `/${name}`)).status, name).toBe(200)
    }
  })

  it.each(engine.map(({ schema, name }) => [schema, name]))('%s.%s is not there', async (schema, name) => {
    for (const path of [`/${name}`, `/${schema}.${name}`, `/${schema}%2F${name}`, `/${schema}/${name}`]) {
      const answer = await cast.rest('alice', 'GET', path)
      expect(answer.status, path).toBe(404)
      expect(answer.text, path).not.toMatch(/Perhaps you meant the table '(?!public\.)/)
    }
  })

  it('show no column that holds a token or its hash', async () => {
    for (const column of ['token', 'token_hash', 'valid_for,token', 'invitation_tokens(*)']) {
      expectRefusal(await cast.rest('alice', 'GET', `/organization_invitations?select=${column}`), column)
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

  it('that is secret is in no answer to anybody', async () => {
    const secrets = [stack('SECRET_KEY'), stack('JWT_SECRET'), JSON.parse(stack('SIGNING_KEY')).d]
    for (const path of ['/rest/v1/', '/rest/v1/leads', '/', '/docs', '/health', '/auth/v1/.well-known/jwks.json']) {
      const { text } = await send('GET', stack('API_URL') + path, { headers: { apikey: stack('PUBLISHABLE_KEY') } })
      expect(secrets.filter((secret) => text.includes(secret)), path).toEqual([])
    }
  })
})
