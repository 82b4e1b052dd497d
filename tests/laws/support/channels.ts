import { createHash, createHmac } from 'node:crypto'
import { dirname } from 'node:path'
import { expect } from 'vitest'
import { readState } from '../../../local/state.ts'
import { protectedTables } from '../../../shared/roles.ts'
import { type ChannelName, channels } from '../../../prove/allowed-differences.ts'
import type { Masked } from '../../../prove/worlds/masked.ts'
import { visit } from '../../../prove/worlds/run.ts'
import type { Actor, Template } from '../../../prove/worlds/template.ts'
import { uuidOf } from '../../../prove/worlds/company.ts'
import type { World, Worlds } from '../../../prove/worlds/worlds.ts'
import { signUp } from '../../database/support/cast.ts'
import { claimsFor, signEs256 } from '../../functions/support/mint.ts'

interface Asked {
  actor?: Actor
  api?: Template['api']
  headers?: Record<string, string>
  json?: unknown
  ordered?: boolean
}

/** A company in both worlds, and what is asked about it. */
interface Trial {
  worlds: Worlds
  /** In every id and slug of the company. */
  mark: string
  /** A request in both worlds. */
  both(method: string, path: string, asked?: Asked): Promise<[Masked, Masked]>
  /** Expects equal answers in both worlds, of this status where one is said. */
  alike(status: number | undefined, method: string, path: string, asked?: Asked): Promise<Masked>
  /** Expects answers about a foreign thing that only differ from those about a random one in its name. */
  asForNobody(status: number | undefined, method: string, path: string, asked?: Asked): Promise<void>
}

/**
 * Tries a channel, and expects it to be as it is published: closed, or known and no wider. For each there is a new
 * company: a known one leaves the two worlds different.
 */
export async function proveChannel(worlds: Worlds, name: ChannelName): Promise<void> {
  const tables = ['leads', 'call_logs', 'dnc_list', 'disposition_metrics', 'campaigns']
  const mark = `q0channel${channels.findIndex((channel) => channel.name === name)}`
  const { ask } = await visit(worlds, { tables, mark })
  const both: Trial['both'] = (method, path, asked = {}) =>
    ask({
      actor: asked.actor ?? 'owner',
      api: asked.api ?? 'rest',
      method,
      path,
      headers: { ...(asked.json !== undefined && { 'content-type': 'application/json' }), ...asked.headers },
      body: asked.json === undefined ? undefined : JSON.stringify(asked.json),
      ordered: asked.ordered ?? false,
    })

  const alike: Trial['alike'] = async (status, method, path, asked = {}) => {
    const [one, other] = await both(method, path, asked)
    expect(one.text, `${method} ${path}`).toBe(other.text)
    if (status !== undefined) expect(one.status, one.text).toBe(status)
    return one
  }

  const asForNobody: Trial['asForNobody'] = async (status, method, path, asked = {}) => {
    const random = (text: string) => text.replaceAll(/\{(?:foreign|org:globex|user:bob)[^{}]*\}/g, '{random:9}')
    const about = await alike(status, method, path, asked)
    const nobody = await alike(status, method, random(path), {
      ...asked,
      ...(asked.json !== undefined && { json: JSON.parse(random(JSON.stringify(asked.json))) }),
      ...(asked.headers && { headers: JSON.parse(random(JSON.stringify(asked.headers))) }),
    })
    const anonymous = (text: string) => text.replaceAll(/<(?:foreign|org:globex|user:bob|random)[^<>]*>/g, '<it>')
    expect(anonymous(about.text)).toBe(anonymous(nobody.text))
  }
  await proofs({ worlds, mark, both, alike, asForNobody })[name]()
}

const representation = { prefer: 'return=representation' }

const proofs = ({ worlds, mark, both, alike, asForNobody }: Trial): Record<ChannelName, () => Promise<void>> => ({
  'planner estimates': async () => {
    for (const prefer of ['count=planned', 'count=estimated', 'Count = "planned"', 'return=minimal, count=estimated']) {
      await alike(400, 'GET', '/leads', { headers: { prefer } })
    }
    for (const world of worlds.pair) {
      expect(await twoPreferences(world, new URL(world.status.REST_URL), '/rest/v1/leads')).toContain('400 Bad Request')
    }
  },
  'planner estimates past the gateway': async () => {
    const counts = await Promise.all(worlds.pair.map(async (world) => {
      const answer = await twoPreferences(world, await directUrl(world), '/leads')
      return Number(/content-range: [^/]*\/(\d+)/i.exec(answer)?.[1])
    }))
    expect(counts[0]).toBeGreaterThan(counts[1] ?? NaN)
  },
  'query plans': async () => {
    // 415 in PostgREST 12, 406 in later ones.
    const [one, other] = await both('GET', '/leads', { headers: { accept: 'application/vnd.pgrst.plan+json' } })
    expect(one.text).toBe(other.text)
    expect(JSON.parse(one.body).code).toBe('PGRST107')
  },
  'unique keys': async () => {
    const [listed] = await worlds.pair[0].sql`
      select phone_number from dnc_list where organization_id = ${worlds.foreign.ids['org:globex'] ?? ''}`
    for (const prefer of ['return=minimal', 'resolution=ignore-duplicates', 'resolution=merge-duplicates']) {
      const json = { organization_id: '{org:globex}', phone_number: listed?.phone_number }
      await alike(403, 'POST', '/dnc_list?on_conflict=organization_id,phone_number', { json, headers: { prefer } })
    }
    await alike(409, 'POST', '/dnc_list', { json: { phone_number: listed?.phone_number } })
    const json = { email: worlds.foreign.addresses.guest, role: 'member' }
    await alike(404, 'POST', '/organizations/{org:globex}/invitations', { api: 'functions', json })
  },
  'foreign keys': async () => {
    await asForNobody(409, 'POST', '/call_logs', { json: { phone_number: '+1', lead_id: '{foreign:leads}' } })
    await asForNobody(409, 'PATCH', '/call_logs?id=eq.{own:call_logs}', { json: { lead_id: '{foreign:leads}' } })
    await asForNobody(409, 'POST', '/disposition_metrics', {
      json: { disposition_name: 'x', set_by_user_id: '{user:bob}' },
    })
  },
  sequences: async () => {
    for (const { sql } of worlds.pair) {
      const numbered = await sql`
        select c.table_name, c.column_name from information_schema.columns as c
        where c.table_schema = 'public' and (c.is_identity = 'YES' or c.column_default like 'nextval%')`
      expect([...numbered]).toEqual([])
      const readable = await sql`
        select c.oid::regclass::text as sequence, r.rolname from pg_class as c
        cross join pg_roles as r
        where c.relkind = 'S' and r.rolname in ('anon', 'authenticated')
          and has_sequence_privilege(r.oid, c.oid, 'select, usage, update')
          and has_schema_privilege(r.oid, c.relnamespace, 'usage')`
      expect([...readable]).toEqual([])
    }
  },
  'error texts': async () => {
    // A pattern, a cast and a check that fail on a value: the other company's leads have such values, one's own don't.
    const [row] = await worlds.pair[0].sql`select count(*)::int as count from leads where notes = '('`
    expect(row?.count).toBeGreaterThan(0)
    expect((await alike(200, 'GET', '/leads?select=notes::int')).body).toContain('null')
    await alike(400, 'GET', '/leads?select=status::int')
    expect((await alike(200, 'GET', '/leads?select=status::int&id=eq.{foreign:leads}')).body).toBe('[]')
    const refused = await alike(400, 'PATCH', '/leads?id=eq.{own:leads}', { json: { priority: -1 } })
    expect(JSON.parse(refused.body).details).toBeNull()
    const twice = await alike(409, 'POST', '/leads', { json: { id: '{own:leads}', phone_number: '+1' } })
    expect(JSON.parse(twice.body).details).toBeNull()
  },
  'refusals by policies': async () => {
    // Whether a row is met before a policy is asked depends on the plan, so on the table: each is tried.
    const headers = { 'x-organization-id': 'x' }
    for (const table of protectedTables) {
      await asForNobody(400, 'GET', `/${table}?id=eq.{foreign:${table}}`, { headers })
      await asForNobody(400, 'GET', `/${table}?organization_id=eq.{org:globex}`, { headers })
      await asForNobody(undefined, 'DELETE', `/${table}?id=eq.{foreign:${table}}`, { actor: 'lone' })
      await asForNobody(undefined, 'PATCH', `/${table}?id=eq.{foreign:${table}}`, {
        actor: 'lone',
        json: { created_at: '2024-01-01' },
      })
    }
    for (const filter of ['phone_number=eq.%2B16667', 'phone_number=eq.nobody', 'user_id=eq.{user:bob}']) {
      await alike(400, 'GET', `/dnc_list?${filter}`, { headers })
      await alike(400, 'DELETE', `/dnc_list?${filter}`, { actor: 'lone' })
      await alike(404, 'DELETE', `/dnc_list?${filter}`, { headers: { 'x-organization-id': '{org:globex}' } })
    }
  },
  'RPC hints': async () => {
    for (const name of ['get_user_organization', 'current_organization_id', 'protect', 'count_leads']) {
      const { body } = await alike(404, 'POST', `/rpc/${name}`, { json: { user_uuid: '{user:bob}' } })
      expect(JSON.parse(body).hint ?? '').not.toMatch(/tenancy|auth\./)
    }
  },
  'embedded resources': async () => {
    await alike(200, 'GET', '/leads?select=*,organizations(*),call_logs(*,campaigns(*))')
    await alike(200, 'GET', '/organizations?select=*,leads!inner(*)&leads.organization_id=eq.{org:globex}')
    await alike(200, 'GET', '/organization_users?select=*,organizations!inner(*)&organizations.id=eq.{org:globex}')
    await alike(200, 'GET', '/call_logs?select=*,...leads(lead:phone_number)&leads.id=eq.{foreign:leads}')
    await alike(200, 'GET', '/organizations?select=*,leads(*)&leads.phone_number=like.%2B1666*')
  },
  'the organization header': async () => {
    const headers = { 'x-organization-id': '{org:globex}', ...representation }
    await asForNobody(200, 'GET', '/leads', { headers })
    await asForNobody(404, 'POST', '/leads', { headers, json: { phone_number: '+1' } })
    await asForNobody(404, 'PATCH', '/leads', { headers, json: { notes: 'x' } })
    await asForNobody(404, 'GET', '/active-organization', { api: 'functions', headers })
    await asForNobody(404, 'POST', '/records/leads', { api: 'functions', headers, json: { phone_number: '+1' } })
  },
  'ids in paths and arguments': async () => {
    const of = { user_uuid: '{user:bob}', org_uuid: '{org:globex}' }
    for (const name of ['get_user_org_role', 'user_in_organization', 'is_org_admin']) {
      await asForNobody(200, 'POST', `/rpc/${name}`, { json: of })
    }
    await asForNobody(200, 'POST', '/rpc/get_user_organizations', { json: { user_uuid: '{user:bob}' } })
    for (const path of ['', '/members', '/invitations']) {
      await asForNobody(404, 'GET', `/organizations/{org:globex}${path}`, { api: 'functions' })
    }
    await asForNobody(404, 'DELETE', '/organizations/{org:acme}/invitations/{foreign:organization_invitations}', {
      api: 'functions',
    })
  },
  'invited addresses': async () => {
    for (const name of ['bob', 'guest', 'nobody']) {
      const json = { email: `{address:${name}}`, role: 'member' }
      await alike(201, 'POST', '/organizations/{org:acme}/invitations', { api: 'functions', json })
    }
  },
  'busy recipients': async () => {
    const email = `busy.${crypto.randomUUID()}@example.test`
    const limit = 'invitations_per_recipient'
    for (const { sql } of worlds.pair) await sql`update tenancy.rate_limits set capacity = 5 where name = ${limit}`
    const invite = () =>
      both('POST', '/organizations/{org:acme}/invitations', { api: 'functions', json: { email, role: 'member' } })
    try {
      for (let n = 0; n < 4; n++) await worlds.pair[0].sql`select tenancy.take_token(${limit}, ${email})`
      const alike = await invite()
      expect(alike[0].text).toBe(alike[1].text)
      expect(alike[0].status).toBe(201)
      for (const { sql } of worlds.pair) await sql`delete from organization_invitations where email = ${email}`
      const [one, other] = await invite()
      expect([one.status, other.status]).toEqual([429, 201])
      expect(JSON.parse(one.body)).toMatchObject({ code: 'rate_limited', policy: limit, limit: 5 })
      expect(one.text).not.toMatch(/globex|bob/i)
    } finally {
      for (const { sql } of worlds.pair) {
        await sql`update tenancy.rate_limits set capacity = 1000000 where name = ${limit}`
      }
    }
  },
  'primary keys': async () => {
    const json = { id: '{foreign:leads}', phone_number: '+1' }
    const [one, other] = await both('POST', '/leads', { json })
    expect([one.status, other.status]).toEqual([409, 201])
    expect(JSON.parse(one.body)).toMatchObject({ code: '23505', details: null, hint: null })
    await worlds.pair[1].sql`delete from leads where id = ${worlds.foreign.ids['foreign:leads'] ?? ''}`
    const merged = await both('POST', '/leads', { json, headers: { prefer: 'resolution=merge-duplicates' } })
    expect(merged.map(({ status }) => status)).toEqual([403, 201])
    await worlds.pair[1].sql`delete from leads where id = ${worlds.foreign.ids['foreign:leads'] ?? ''}`
    const prefer = 'resolution=ignore-duplicates,return=representation'
    const ignored = await both('POST', '/leads', { json, headers: { prefer } })
    expect(ignored.map(({ status }) => status)).toEqual([201, 201])
    expect(ignored[0].body).toBe('[]')
    // Nothing of the row: whatever else is asked of the id is answered as for an id that is nowhere.
    await worlds.pair[1].sql`delete from leads where id = ${worlds.foreign.ids['foreign:leads'] ?? ''}`
    await asForNobody(200, 'GET', '/leads?id=eq.{foreign:leads}')
    await asForNobody(200, 'DELETE', '/leads?id=eq.{foreign:leads}', { headers: representation })
  },
  slugs: async () => {
    const [globex] = await worlds.pair[0].sql`
      select slug from organizations where id = ${worlds.foreign.ids['org:globex'] ?? ''}`
    const [one, other] = await both('POST', '/rpc/create_organization', { json: { name: 'Mine', slug: globex?.slug } })
    expect([one.status, other.status]).toEqual([409, 200])
    expect(JSON.parse(one.body)).toEqual({
      code: 'PT409',
      hint: 'slug_taken',
      details: '',
      message: 'Another organization has this slug.',
    })
    await worlds.pair[0].sql`update organizations set slug = 'massive' where slug = ${globex?.slug}`
    const named = await both('POST', '/rpc/create_organization', { json: { name: 'Massive' } })
    expect(JSON.parse(named[0].body).organization.slug).toMatch(/^massive-[0-9a-f]{6}$/)
    expect(JSON.parse(named[1].body).organization.slug).toBe('massive')
  },
  'verified domains': async () => {
    await worlds.pair[0].sql`insert into organization_domains (organization_id, domain, verified_at)
      values (${worlds.foreign.ids['org:globex'] ?? ''}, 'massive.test', now())`
    await alike(200, 'POST', '/rpc/claim_domain', { json: { organization_id: '{org:acme}', domain: 'massive.test' } })
    const claim = { id: crypto.randomUUID(), domain: 'massive.test', verification_token: '0'.repeat(64) }
    const organization_id = uuidOf(`${mark} acme`)
    const secret = crypto.randomUUID()
    for (const { sql } of worlds.pair) {
      await sql`delete from organization_domains where organization_id = ${organization_id}`
      await sql`insert into organization_domains ${sql({ ...claim, organization_id })}`
      await sql`update tenancy.secrets set value = ${secret} where name = 'functions'`
    }
    const verify = (proof: string) =>
      both('POST', '/rpc/verify_domain', { json: { organization_id: '{org:acme}', domain_id: claim.id, proof } })
    const invented = await verify('x')
    expect(invented[0].text).toBe(invented[1].text)
    const hash = createHash('sha256').update(`dial-smart-verification=${claim.verification_token}`).digest('hex')
    const time = String(Math.floor(Date.now() / 1000))
    const statement = ['domain-proof', claim.id, claim.domain, hash, time].join('\n')
    const proof = `${time}.${hash}.${createHmac('sha256', secret).update(statement).digest('hex')}`
    const [one, other] = await verify(proof)
    expect([one.status, other.status]).toEqual([409, 200])
    expect(JSON.parse(one.body)).toEqual({
      code: 'PT409',
      hint: 'conflict',
      details: '',
      message: 'Another organization has verified this domain. It stays theirs until they remove it.',
    })
  },
  'proven hosts': async () => {
    await worlds.pair[0].sql`insert into organization_branding (organization_id, host, host_verified_at)
      values (${worlds.foreign.ids['org:globex'] ?? ''}, 'massive.test', now())`
    const changes = { host: 'massive.test' }
    await alike(200, 'POST', '/rpc/update_branding', { json: { organization_id: '{org:acme}', changes } })
    const organization_id = uuidOf(`${mark} acme`)
    const [secret, token] = [crypto.randomUUID(), '0'.repeat(64)]
    for (const { sql } of worlds.pair) {
      await sql`update organization_branding set host_token = ${token} where organization_id = ${organization_id}`
      await sql`update tenancy.secrets set value = ${secret} where name = 'functions'`
    }
    const verify = (proof: string) =>
      both('POST', '/rpc/verify_host', { json: { organization_id: '{org:acme}', proof } })
    const invented = await verify('x')
    expect(invented[0].text).toBe(invented[1].text)
    const hash = createHash('sha256').update(`dial-smart-verification=${token}`).digest('hex')
    const time = String(Math.floor(Date.now() / 1000))
    const statement = ['domain-proof', organization_id, 'massive.test', hash, time].join('\n')
    const proof = `${time}.${hash}.${createHmac('sha256', secret).update(statement).digest('hex')}`
    const [one, other] = await verify(proof)
    expect([one.status, other.status]).toEqual([409, 200])
    expect(JSON.parse(one.body)).toEqual({
      code: 'PT409',
      hint: 'conflict',
      details: '',
      message: 'Another organization has verified this host. It stays theirs until they give it up.',
    })
  },
  branding: async () => {
    const globex = worlds.foreign.ids['org:globex'] ?? ''
    const [{ slug }] = await worlds.pair[0].sql`select slug from organizations where id = ${globex}` as [
      { slug: string },
    ]
    await worlds.pair[0].sql`delete from organization_branding where organization_id = ${globex}`
    const nothing = await alike(200, 'POST', '/rpc/find_branding', { json: { slug } })
    expect(JSON.parse(nothing.body)).toEqual({ branding: {} })
    await worlds.pair[0].sql`insert into organization_branding (organization_id, product_name, host, host_verified_at)
      values (${globex}, 'Massive', 'calls.massive.test', now())`
    for (const json of [{ slug }, { host: 'calls.massive.test' }]) {
      const [one, other] = await both('POST', '/rpc/find_branding', { json })
      expect(JSON.parse(one.body)).toEqual({ branding: { product_name: 'Massive' } })
      expect(other.text).toBe(nothing.text)
    }
    await alike(200, 'GET', '/organization_branding?select=*&order=organization_id', { ordered: true })
  },
  'order without order': async () => {
    const json = Array.from(
      { length: 9 },
      (_, n) => ({ id: `{new:${n}}`, phone_number: `+1${n}`, notes: String(9 - n) }),
    )
    await alike(201, 'POST', '/leads', { json })
    await alike(200, 'GET', '/leads?select=*,call_logs(*)')
    await alike(200, 'GET', '/leads?order=notes,id', { ordered: true })
    await alike(206, 'GET', '/leads?order=created_at.desc,id&limit=4&offset=1', {
      ordered: true,
      headers: { prefer: 'count=exact' },
    })
    const moved = await both('PATCH', '/leads', { json: { id: '{new:3}', phone_number: '' } })
    for (const { status } of moved) expect([400, 403]).toContain(status)
    for (const { status, body } of await both('GET', '/leads?select=notes::date')) {
      expect(status).toBe(400)
      expect(body).toMatch(/date: \\"(leads?[^"]*|\d)\\"/)
    }
  },
  'wrong values for no row': async () => {
    const json = { organization_id: 'nonsense' }
    await alike(400, 'PATCH', '/call_logs?id=eq.{own:call_logs}', { json })
    for (const filter of ['id=eq.{foreign:call_logs}', 'id=not.eq.{own:call_logs}&outcome=eq.nowhere']) {
      for (const { status } of await both('PATCH', `/call_logs?${filter}`, { json })) {
        expect([200, 204, 400]).toContain(status)
      }
    }
  },
  'upserts that show nothing': async () => {
    const path = (embed: string) =>
      `/leads?select=id,organizations!leads_belong_to_an_organization${embed}(id)&organizations.slug=eq.nowhere`
    const headers = { prefer: 'resolution=merge-duplicates,return=representation' }
    const row = (n: number) => ({ id: `{new:${n}}`, phone_number: `+155501${n}` })
    for (const { status, body } of await both('POST', path('!inner'), { json: row(71), headers })) {
      expect([200, 201]).toContain(status)
      expect(body).toBe('[]')
    }
    const { body } = await alike(200, 'GET', '/leads?id=eq.{new:71}&select=id')
    expect(body).toContain('new:71')
    await alike(201, 'POST', path(''), { json: row(72), headers })
  },
  'system columns': async () => {
    const [one, other] = await both('GET', '/leads?select=id,ctid,xmin&order=id', { ordered: true })
    expect([one.status, other.status]).toEqual([200, 200])
    const withoutPlace = ({ body }: Masked) => body.replaceAll(/"(?:ctid|xmin)":"[^"]*"/g, '')
    expect(withoutPlace(one)).toBe(withoutPlace(other))
    const pageOf = ({ body }: Masked) => Number(/"ctid":"\((\d+),/.exec(body)?.[1])
    expect(pageOf(one), 'pages of both companies').toBeGreaterThan(pageOf(other))
    await asForNobody(200, 'GET', '/leads?id=eq.{foreign:leads}&select=ctid,xmin')
  },
  'timing of lookups': async () => {
    const times = new Map<string, number[]>([['{foreign:leads}', []], ['{random:7}', []]])
    for (let round = 0; round < 150; round++) {
      for (const [id, all] of times) {
        const start = performance.now()
        await both('GET', `/leads?id=eq.${id}`)
        all.push(performance.now() - start)
      }
    }
    const [foreign = NaN, random = NaN] = [...times.values()].map((all) => all.sort((a, b) => a - b)[75])
    expect(Math.abs(foreign - random), `${foreign} ms and ${random} ms`).toBeLessThan(Math.max(1, random / 4))
  },
})

/** Sends two Prefer headers, of which PostgREST 12 obeys both and shows the database the second. */
async function twoPreferences({ sql, status }: World, { hostname, port }: URL, path: string): Promise<string> {
  const email = `${crypto.randomUUID()}@example.test`
  const user = await sql.begin((tx) => signUp(tx, email))
  const token = await signEs256(status.SIGNING_KEY, claimsFor(user, email))
  const connection = await Deno.connect({ hostname, port: Number(port) })
  const lines = [
    `GET ${path} HTTP/1.1`,
    `host: ${hostname}`,
    `apikey: ${status.PUBLISHABLE_KEY}`,
    `authorization: Bearer ${token}`,
    'prefer: count=planned',
    'prefer: return=minimal',
    'connection: close',
  ]
  await connection.write(new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`))
  return await new Response(connection.readable).text()
}

/** Where the Data API itself listens, behind the gateway. */
async function directUrl({ status }: World): Promise<URL> {
  const state = await readState(dirname(status.LOGS))
  const pid = state?.processes.find(({ name }) => name === 'data-api')?.pid
  const environment = await Deno.readTextFile(`/proc/${pid}/environ`)
  return new URL(`http://127.0.0.1:${/PGRST_SERVER_PORT=(\d+)/.exec(environment)?.[1]}`)
}
