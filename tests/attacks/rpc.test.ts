import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { type Actor, signIn } from '../functions/support/cast.ts'
import { openScene, type Scene } from '../functions/support/scene.ts'
import { rowsOf, worldOf } from '../functions/support/world.ts'
import { dataApi, expectNothingOf, expectRefusal, outcome, triggerFunction } from './support/dialect.ts'
import { ofEachKind, rowsOfGlobex } from './support/rows.ts'

// Law: of every function there is, nobody learns or changes anything of others, whatever the arguments. Asked of the
// catalog: a function that is added tomorrow is covered.

let cast: Scene
let signedBy: Record<'ES256' | 'HS256', Pick<Scene, 'rest'>>

beforeAll(async () => {
  cast = await openScene()
  signedBy = { ES256: cast, HS256: await signIn(cast, 'HS256') }
})

const functions = await sql<
  { schema: string; name: string; volatile: boolean; trigger: boolean; arguments: string[]; types: string[] }[]
>`
  select n.nspname as schema, p.proname as name, p.provolatile = 'v' as volatile,
    p.prorettype = 'trigger'::regtype as trigger,
    coalesce(p.proargnames[1:p.pronargs - p.pronargdefaults], '{}') as arguments,
    array(select t::regtype::text from unnest(p.proargtypes) as t)::text[] as types
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  where n.nspname in ('public', 'tenancy')
  order by 1, 2`
const ofPublic = functions.filter(({ schema, trigger }) => schema === 'public' && !trigger)
const triggers = functions.filter(({ schema, trigger }) => trigger && schema === 'public')
const entryPoints = ofEachKind(ofPublic, ({ types, volatile }) => [types, volatile])
  .map((found, n) => ({ ...found, algorithm: n % 2 === 0 ? 'ES256' as const : 'HS256' as const }))
const exposed = new Set(ofPublic.map(({ name }) => name))
const ofEngine = functions.filter(({ schema, name }) => schema === 'tenancy' && !exposed.has(name))
const engine = ofEachKind(ofEngine, ({ types, trigger }) => [types.length, trigger])
const openToAnon = ['find_branding', 'list_plans', 'preview_invitation', 'ready']

interface Named {
  organization: string
  user: string
  invitation: string
  domain: string
  request: string
  field: string
}
const nobody = (): Named => ({
  organization: crypto.randomUUID(),
  user: crypto.randomUUID(),
  invitation: crypto.randomUUID(),
  domain: crypto.randomUUID(),
  request: crypto.randomUUID(),
  field: crypto.randomUUID(),
})

/** What there is at Acme to name. */
const ofAcme = () => ({
  invitation: cast.invitationId,
  domain: cast.domainId,
  request: cast.requestId,
  field: cast.fieldId,
})

/** Arguments that every function can parse, about somebody. */
const argumentsOf = (names: string[], { organization, user, invitation, domain, request, field }: Named = nobody()) =>
  Object.fromEntries(names.map((name) => {
    const values: [RegExp, unknown][] = [
      [/^(p_)?(organization_id|org_uuid)$/, organization],
      [/^(p_)?(user_id|user_uuid)$/, user],
      [/invitation_id$/, invitation],
      [/domain_id$/, domain],
      [/request_id$/, request],
      [/field_id$/, field],
      [/_id$|uuid$/, organization],
      [/^changes$/, { name: 'x' }],
      [/^role$/, 'member'],
      [/^email$/, 'somebody@example.test'],
      [/^token$/, `inv_${'0'.repeat(64)}`],
    ]
    return [name, values.find(([pattern]) => pattern.test(name))?.[1] ?? 'x']
  }))

/** An answer without what was asked about, and without times. */
const masked = ({ status, text }: { status: number; text: string }) => [
  status,
  text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/\d{4}-\d\d-\d\d[T ][\d:.+Z]+/g, 'time'),
]

describe('functions', () => {
  it('are found in the catalog', () => {
    expect(ofPublic.length).toBeGreaterThan(15)
    expect(ofEngine.length).toBeGreaterThan(30)
    expect(triggers.length).toBeGreaterThan(0)
  })

  it.each(entryPoints)('$name is closed to anon, or known to be open', async ({ name, arguments: names }) => {
    const before = await rowsOf(cast)
    const answer = await cast.rest('anon', 'POST', `/rpc/${name}`, { json: argumentsOf(names) })
    if (openToAnon.includes(name)) expect(answer.status, answer.text).not.toBe(401)
    else expect(outcome(answer), answer.text).toEqual([401, '42501'])
    expect(await rowsOf(cast)).toEqual(before)
  })

  const ofSomebody = entryPoints.filter(({ arguments: names }) => names.some((name) => /_id$|uuid$/.test(name)))
  it.each(ofSomebody)(
    '$name says the same about strangers as about nobody',
    async ({ name, arguments: names, algorithm }) => {
      const ask = (actor: Actor, named: Named) =>
        signedBy[algorithm].rest(actor, 'POST', `/rpc/${name}`, { json: argumentsOf(names, named) })
      const [acme, globex] = [await rowsOf(cast), await rowsOfGlobex(cast)]
      for (
        const [actor, named] of [
          ['alice', { organization: cast.globex, user: cast.users.bob, ...ofAcme() }],
          ['alice', { organization: cast.globex, user: cast.users.alice, ...ofAcme() }],
          ['eve', { organization: cast.globex, user: cast.users.bob, ...ofAcme() }],
          ['bob', { organization: cast.acme, user: cast.users.mia, ...ofAcme() }],
        ] as const
      ) {
        // What is addressed to her is eve's.
        if (actor === 'eve' && name.endsWith('_received_invitation')) continue
        // About oneself everybody knows.
        if (named.user === cast.users[actor] && !names.some((name) => /^org/.test(name))) continue
        const there = await ask(actor, named)
        expect(masked(there), actor).toEqual(masked(await ask(actor, nobody())))
        const secrets = actor === 'bob' ? [cast.emails.mia, cast.emails.alice, 'Acme'] : [cast.emails.bob, 'Globex']
        expectNothingOf(secrets, there, actor)
      }
      expect(await rowsOf(cast)).toEqual(acme)
      expect(await rowsOfGlobex(cast)).toEqual(globex)
    },
  )

  it.each(entryPoints)('$name takes no argument that it does not name', async ({ name, arguments: names, types }) => {
    const before = await worldOf(cast)
    // To a function of one JSON argument PostgREST 12 hands that one, whatever else is sent; this one is for the server.
    const refused = types.join() === 'jsonb' ? [[404, 'PGRST202'], [403, '42501']] : [[404, 'PGRST202']]
    for (const more of [{ user_id: cast.users.bob }, { sql: 'select 1' }, { p_organization_id: cast.globex }]) {
      if (Object.keys(more).some((key) => names.includes(key))) continue
      const json = { ...argumentsOf(names), ...more }
      expect(refused).toContainEqual(outcome(await cast.rest('alice', 'POST', `/rpc/${name}`, { json })))
    }
    expect(await worldOf(cast)).toEqual(before)
  })

  it('take no SQL and no name of a table, a column or a schema', () => {
    // A table is looked up in the registry of protected ones; everything else is not_found. In a search each character
    // stands for itself.
    const known = [['create_records', 'table_name'], ['search_leads', 'query']]
    for (const { name, arguments: names, types } of entryPoints) {
      expect(
        names.filter((argument) =>
          /sql|query|table|column|schema|relation|filter/i.test(argument) &&
          !known.some(([entryPoint, allowed]) => entryPoint === name && allowed === argument)
        ),
        name,
      ).toEqual([])
      expect(types.filter((type) => /^reg|^name$|^record$|^anyelement$/.test(type)), name).toEqual([])
    }
  })

  it.each(engine)('$name of the engine is not there', async (found) => {
    for (const actor of ['alice', 'anon'] as const) {
      const path = `/rpc/${found.name}`
      const answer = await cast.rest(actor, 'POST', path, { json: argumentsOf(found.arguments) })
      expect(outcome(answer)).toEqual([404, 'PGRST202'])
      expect(answer.text).not.toContain('tenancy')
    }
  })

  it.each(triggers)('$name, a trigger, is for nobody to call', async ({ name }) => {
    for (const actor of ['alice', 'anon'] as const) {
      for (const [method, json] of [['POST', {}], ['GET', undefined]] as const) {
        const answer = await cast.rest(actor, method, `/rpc/${name}`, { json })
        expectRefusal(answer, method)
        if (actor === 'alice') expect(outcome(answer), method).toEqual(triggerFunction)
      }
    }
  })

  it.each(entryPoints.filter(({ volatile }) => volatile))('$name writes nothing through GET', async (found) => {
    const before = await worldOf(cast)
    const about = { organization: cast.acme, user: cast.users.mia, ...ofAcme() }
    const query = new URLSearchParams(
      Object.entries(argumentsOf(found.arguments, about)).map((
        [name, value],
      ) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    )
    for (const method of ['GET', 'HEAD']) {
      const answer = await cast.rest('alice', method, `/rpc/${found.name}?${query}`)
      // It reads, and is volatile for the answers that are kept for a retry. lite knows no HEAD of a function.
      const reads = ['domain_to_verify', 'host_to_verify'].includes(found.name) &&
        (method === 'GET' || dataApi === 'postgrest')
      if (reads) expect(answer.status, answer.text).toBe(200)
      else expect(answer.status, answer.text).toBeGreaterThanOrEqual(400)
    }
    expect(await worldOf(cast)).toEqual(before)
  })

  it('take a token in a body alone: an address ends up in logs', async () => {
    const token = `inv_${'0'.repeat(64)}`
    const address = await cast.rest('anon', 'GET', `/rpc/preview_invitation?token=${token}`)
    expect(outcome(address)).toEqual([405, '25006'])
    const body = await cast.rest('anon', 'POST', '/rpc/preview_invitation', { json: { token } })
    expect(outcome(body)).toEqual([404, 'PT404'])
  })

  it('that are misspelt are not there, and nobody learns how private ones are called', async () => {
    for (
      const name of [
        'current_organisation_id',
        'require_roles',
        'stamps',
        'tenancy.current_organization_id',
        'tenancy%2Erequire_role',
        'pg_sleep',
        'pg_read_file',
        'set_config',
        'query_to_xml',
        'dblink',
        'lo_import',
        'gen_random_uuid',
      ]
    ) {
      for (const actor of ['alice', 'anon'] as const) {
        const answer = await cast.rest(actor, 'POST', `/rpc/${name}`, { json: {} })
        expect(answer.status, name).toBe(404)
        const { hint } = Object(answer.body)
        expect(String(hint ?? '')).not.toMatch(/tenancy|current_organization_id|require_role\b|stamp\b|pg_catalog/)
      }
    }
  })

  it('answer about people whom one shares an organization with', async () => {
    const { users, acme } = cast
    const ask = async (name: string, json: object) => (await cast.rest('alice', 'POST', `/rpc/${name}`, { json })).body
    expect(await ask('get_user_org_role', { user_uuid: users.mia, org_uuid: acme })).toBe('member')
    expect(await ask('is_org_admin', { user_uuid: users.adam, org_uuid: acme })).toBe(true)
    expect(await ask('user_in_organization', { user_uuid: users.mia, org_uuid: acme })).toBe(true)
    expect(await ask('get_user_organizations', { user_uuid: users.mia })).not.toEqual([])
    expect(await ask('user_in_organization', { user_uuid: users.eve, org_uuid: acme })).toBe(false)
  })
})
