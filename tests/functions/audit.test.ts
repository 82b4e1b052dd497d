import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { AuditAnswer, AuditEntry, AuditVerificationAnswer } from '../../shared/contract/audit.ts'
import { faultsOf, logOf } from '../database/support/audit.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf } from './support/problems.ts'
import { listRoutes, type Route } from './support/routes.ts'
import { stack } from './support/stack.ts'
import { bodyFor, openScene, pathFor, type Scene, servedBy } from './support/scene.ts'
import { worldOf } from './support/world.ts'

/** Routes with a method that changes, which leave no entry, and why. */
const unrecorded: Record<string, string> = {
  previewInvitation: 'reads; a POST because its token belongs in no address',
  exportAudit: 'reads; a POST because its answer is a file',
  setActiveOrganization: "a choice of one person's session, no change of the organization",
  clearActiveOrganization: "a choice of one person's session, no change of the organization",
  startCheckout:
    'changes nothing here for whoever is a customer of Stripe; becoming one is told by billing.customer_linked',
  openPortal: 'changes nothing here; a POST because it makes a page at Stripe',
  createRecords: "rows of the product's tables, which have an author and a time of their own",
}

/** What must be so before a route has something to change. */
const before: Record<string, (scene: Scene) => Promise<unknown>> = {
  restoreOrganization: ({ acme }) => sql`update organizations set deleted_at = now() where id = ${acme}`,
  reactivateMember: ({ users }) => sql`update organization_users set suspended_at = now() where user_id = ${users.mia}`,
}

const routes = (await listRoutes()).filter(({ method, door }) => method !== 'GET' && door !== 'anyone')
const recorded = routes.filter(({ name }) => !(name in unrecorded))

async function open({ name }: Route): Promise<Scene> {
  const scene = await openScene()
  await before[name]?.(scene)
  return scene
}

const newTrace = () => `trace-${crypto.randomUUID()}`
const entriesBy = (trace: string) => sql`select * from audit_log where request_id = ${trace}`
const withTrace = (route: Route, scene: Scene, trace: string) => ({
  json: bodyFor(route, scene),
  headers: {
    'x-request-id': trace,
    'x-forwarded-for': '198.51.100.99',
    ...(route.name === 'createRecords' && { 'x-organization-id': scene.acme }),
  },
})

describe('every route that changes', () => {
  it('is recorded, or said not to be', () => {
    expect(recorded.length).toBeGreaterThan(12)
    expect(Object.keys(unrecorded).filter((name) => !routes.some((route) => route.name === name))).toEqual([])
  })

  it.each(recorded)('$name leaves exactly one entry', async (route) => {
    const scene = await open(route)
    const trace = newTrace()
    const actor = servedBy(route)
    const answer = await scene.call(actor, route.method, pathFor(route, scene), withTrace(route, scene, trace))
    expect(answer.status, answer.text).toBeLessThan(300)
    const entries = await entriesBy(trace)
    const organization = route.name === 'createOrganization' ? Object(answer.body).organization.id : scene.acme
    expect(entries).toEqual([expect.objectContaining({
      organization_id: organization,
      actor_type: 'user',
      actor_id: scene.users[actor],
      actor_email: scene.emails[actor],
      on_behalf_of: null,
      request_id: trace,
      // What the gateway saw, not what the client says.
      address: expect.stringMatching(/^127\.0\.0\.1(\/32)?$/),
    })])
    expect(await faultsOf(sql, organization)).toEqual([])
  })

  it.each(recorded)('$name leaves none when it is refused', async (route) => {
    const scene = await open(route)
    const world = await worldOf(scene)
    const trace = newTrace()
    const path = pathFor(route, scene)
    for (const actor of ['bob', 'mia', 'anon'] as const) {
      // What mia may do she does not do here.
      if (actor !== 'anon' && ['createOrganization', 'acceptInvitation', 'declineInvitation'].includes(route.name)) {
        continue
      }
      if (actor === 'mia' && route.name === 'removeMember') continue
      const answer = await scene.call(actor, route.method, path, withTrace(route, scene, trace))
      expect(answer.status, `${actor} ${answer.text}`).toBeGreaterThanOrEqual(400)
    }
    if (route.hasBody) {
      const request = withTrace(route, scene, trace)
      const answer = await scene.call(servedBy(route), route.method, path, { ...request, json: { surprise: 1 } })
      expectProblem(answer, 'validation_failed')
    }
    expect(await entriesBy(trace)).toEqual([])
    expect(await worldOf(scene)).toEqual(world)
  })

  it.each(routes.filter(({ name }) => name in unrecorded))('$name leaves none', async (route) => {
    const scene = await open(route)
    const trace = newTrace()
    const answer = await scene.call(
      servedBy(route),
      route.method,
      pathFor(route, scene),
      withTrace(route, scene, trace),
    )
    expect(answer.status, answer.text).toBeLessThan(300)
    expect(await entriesBy(trace)).toEqual([])
  })
})

describe('a request that changes nothing leaves no entry', () => {
  const idle: [string, string, (scene: Stage) => string, object | undefined, (scene: Stage) => Promise<unknown>][] = [
    ['the same name', 'PATCH', () => '', { name: 'Acme' }, () => Promise.resolve()],
    ['the same settings', 'PATCH', () => '', { settings: {}, contact_phone: null }, () => Promise.resolve()],
    ['the same role', 'PATCH', ({ users }) => `/members/${users.mona}`, { role: 'manager' }, () => Promise.resolve()],
    [
      'a suspended member suspended',
      'POST',
      ({ users }) => `/members/${users.mia}/suspend`,
      undefined,
      ({ users }) => sql`update organization_users set suspended_at = now() where user_id = ${users.mia}`,
    ],
    [
      'an active member reactivated',
      'POST',
      ({ users }) => `/members/${users.mia}/reactivate`,
      undefined,
      () => Promise.resolve(),
    ],
  ]

  it.each(idle)('%s', async (_, method, path, json, prepare) => {
    const scene = await stage()
    await prepare(scene)
    const log = await logOf(sql, scene.acme)
    const answer = await scene.call('alice', method, `/organizations/${scene.acme}${path(scene)}`, { json })
    expect(answer.status, answer.text).toBe(200)
    expect(await logOf(sql, scene.acme)).toEqual(log)
  })
})

describe('GET /organizations/:id/audit', () => {
  let cast: Stage
  let path: string
  let all: AuditEntry[]
  const list = async (query = '') => AuditAnswer.parse((await cast.call('adam', 'GET', path + query)).body)

  beforeAll(async () => {
    cast = await stage()
    path = `/organizations/${cast.acme}/audit`
    for (const name of ['One', 'Two', 'Three']) {
      await cast.call('adam', 'PATCH', `/organizations/${cast.acme}`, { json: { name } })
    }
    await cast.call('alice', 'PATCH', `/organizations/${cast.acme}/members/${cast.users.mia}`, {
      json: { role: 'manager' },
    })
    all = (await list()).entries
  })

  it('has the newest entry first, whole', () => {
    expect(all.map(({ position }) => position)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(all[0]).toEqual({
      id: expect.any(String),
      position: 9,
      occurred_at: expect.stringMatching(/^\d{4}-.*[+]00:00$/),
      actor_type: 'user',
      actor_id: cast.users.alice,
      actor_email: cast.emails.alice,
      on_behalf_of: null,
      action: 'member.role_changed',
      object_type: 'member',
      object_id: cast.users.mia,
      before: { role: 'member' },
      after: { role: 'manager' },
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      address: '127.0.0.1',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('keeps to its filters, alone and together', async () => {
    const positions = async (query: Record<string, string>) =>
      (await list(`?${new URLSearchParams(query)}`)).entries.map(({ position }) => position)
    const at = (position: number) => all.find((entry) => entry.position === position)?.occurred_at ?? ''
    expect(await positions({ action: 'organization.updated' })).toEqual([8, 7, 6])
    expect(await positions({ actor_id: cast.users.adam })).toEqual([8, 7, 6])
    expect(await positions({ object_type: 'organization' })).toEqual([8, 7, 6, 1])
    expect(await positions({ object_id: cast.users.mia })).toEqual([9, 5])
    expect(await positions({ from: at(6), to: at(9) })).toEqual([8, 7, 6])
    expect(await positions({ from: at(7) })).toEqual([9, 8, 7])
    expect(await positions({ to: at(1) })).toEqual([])
    expect(await positions({ from: '2999-01-01T00:00:00+14:00' })).toEqual([])
    expect(await positions({ object_id: cast.users.mia, actor_id: cast.users.alice, from: at(7) })).toEqual([9])
    expect(await positions({ object_id: cast.users.mia, actor_id: cast.users.adam })).toEqual([])
    // The same moment, said elsewhere.
    const elsewhere = new Date(Date.parse(at(7)) + 7_200_000).toISOString().slice(0, 19) + '+02:00'
    expect(await positions({ from: elsewhere, action: 'organization.updated' })).toContain(8)
  })

  it('turns pages that do not move when entries are added', async () => {
    const own = await stage()
    const page = async (cursor = '') =>
      AuditAnswer.parse(
        (await own.call('alice', 'GET', `/organizations/${own.acme}/audit?limit=2${cursor && `&cursor=${cursor}`}`))
          .body,
      )
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { entries, next_cursor }: AuditAnswer = await page(cursor)
      seen.push(...entries.map(({ position }) => position))
      cursor = next_cursor
      await sql`update organizations set name = ${`Name ${seen.length}`} where id = ${own.acme}`
    }
    expect(seen).toEqual([5, 4, 3, 2, 1])
  })

  it.each([
    ['action', 'Member'],
    ['action', 'x'.repeat(300)],
    ['actor_id', 'adam'],
    ['object_id', 'x'],
    ['object_type', "member' or true"],
    ['from', '2026-11-01'],
    ['from', '2026-11-01T00:00:00'],
    ['to', 'yesterday'],
    ['limit', '101'],
    ['limit', '0'],
  ])('refuses %s=%s', async (name, value) => {
    const answer = await cast.call('adam', 'GET', `${path}?${new URLSearchParams({ [name]: value })}`)
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([`/${name}`])
  })

  it.each(['x', '-1', '0', '1;drop', '9'.repeat(30), '1.5'])('refuses %s, which is no cursor', async (cursor) => {
    expectProblem(await cast.call('adam', 'GET', `${path}?${new URLSearchParams({ cursor })}`), 'validation_failed')
  })

  it('and the other two are there while the organization is suspended, and not when it is deleted', async () => {
    const own = await stage()
    const paths = [['GET', ''], ['POST', '/export'], ['GET', '/verification']] as const
    const ask = (actor: 'alice' | 'mona', method: string, rest: string) =>
      own.call(actor, method, `/organizations/${own.acme}/audit${rest}`, {
        json: method === 'POST' ? { format: 'csv' } : undefined,
      })
    await sql`update organizations set subscription_status = 'suspended' where id = ${own.acme}`
    for (const [method, rest] of paths) {
      expect((await ask('alice', method, rest)).status, rest).toBe(200)
      expectProblem(await ask('mona', method, rest), 'forbidden', rest)
    }
    await sql`update organizations set deleted_at = now() where id = ${own.acme}`
    for (const [method, rest] of paths) expectProblem(await ask('alice', method, rest), 'not_found', rest)
  })
})

describe('GET /organizations/:id/audit/verification', () => {
  it('says that all is well, and where the log ends', async () => {
    const cast = await stage()
    const answer = await cast.call('alice', 'GET', `/organizations/${cast.acme}/audit/verification`)
    const log = await logOf(sql, cast.acme)
    expect(AuditVerificationAnswer.parse(answer.body)).toEqual({
      ok: true,
      entries: 5,
      faults: [],
      head: { position: 5, hash: log.at(-1)?.hash },
    })
  })

  it('says where it is not', async () => {
    const cast = await stage()
    await sql`update tenancy.audit_heads set hash = repeat('0', 64) where organization_id = ${cast.acme}`
    const answer = await cast.call('alice', 'GET', `/organizations/${cast.acme}/audit/verification`)
    expect(answer.body).toMatchObject({
      ok: false,
      entries: 5,
      faults: [{ position: 5, fault: 'the log does not end as it was written' }],
    })
  })
})

describe('POST /organizations/:id/audit/export', () => {
  const exportOf = (cast: Stage, json: object) =>
    cast.call('adam', 'POST', `/organizations/${cast.acme}/audit/export`, { json })

  it('gives the list, oldest first, in either form', async () => {
    const cast = await stage()
    for (const name of ['=1+1', 'Müller; "Söhne", Inc.', '@SUM(A1)']) {
      await cast.call('adam', 'PATCH', `/organizations/${cast.acme}`, { json: { name } })
    }
    const listed = AuditAnswer.parse((await cast.call('adam', 'GET', `/organizations/${cast.acme}/audit`)).body)
    const entries = listed.entries.reverse()

    const lines = await exportOf(cast, { format: 'jsonl' })
    expect(lines.headers.get('content-type')).toBe('application/jsonl')
    expect(lines.text.endsWith('}\n')).toBe(true)
    expect(lines.text.trim().split('\n').map((line) => JSON.parse(line))).toEqual(entries)

    const csv = await exportOf(cast, { format: 'csv' })
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const rows: Record<string, string>[] = parse(csv.text, { columns: true })
    expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(AuditEntry.shape))
    const toEntry = (row: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(row).map(([name, text]) => [
          name,
          text === '' ? null : ['before', 'after', 'position'].includes(name) ? JSON.parse(text) : text,
        ]),
      )
    expect(rows.map(toEntry)).toEqual(entries)
  })

  it('has a name for the file in which nothing of a client stands', async () => {
    const cast = await stage()
    for (const format of ['csv', 'jsonl']) {
      const { headers } = await exportOf(cast, { format })
      expect(headers.get('content-disposition')).toMatch(
        new RegExp(`^attachment; filename="audit-${cast.acme}-\\d{4}-\\d{2}-\\d{2}\\.${format}"$`),
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('keeps to the filters of the list, and is a header alone where nothing fits', async () => {
    const cast = await stage()
    const members = await exportOf(cast, { format: 'jsonl', object_type: 'member', actor_id: undefined })
    expect(members.text.trim().split('\n')).toHaveLength(4)
    const nothing = { object_id: crypto.randomUUID() }
    expect((await exportOf(cast, { format: 'jsonl', ...nothing })).text).toBe('')
    expect((await exportOf(cast, { format: 'csv', ...nothing })).text.trim()).toBe(
      Object.keys(AuditEntry.shape).join(','),
    )
  })

  it.each([
    ['no format', {}, '/format'],
    ['another format', { format: 'xlsx' }, '/format'],
    ['a time without a zone', { format: 'csv', from: '2026-11-01T00:00:00' }, '/from'],
    ['no uuid', { format: 'csv', actor_id: 'adam' }, '/actor_id'],
    ['a page', { format: 'csv', limit: 10 }, '/limit'],
    ['a cursor', { format: 'csv', cursor: '1' }, '/cursor'],
  ])('refuses %s', async (_, json, pointer) => {
    const answer = await exportOf(await stage(), json)
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
  })

  describe('of a log of several pages', () => {
    const count = 2500
    let cast: Stage
    const insert = (position: number | bigint, howMany = 1) =>
      sql`insert into audit_log
          (organization_id, position, occurred_at, actor_type, action, object_type, object_id, after, hash)
        select ${cast.acme}, ${
        String(position)
      }::bigint + n - 1, now(), 'system', 'organization.updated', 'organization',
          ${cast.acme}, '{"name": "Acme"}', 'x'
        from generate_series(1, ${howMany}) as n`
    beforeAll(async () => {
      cast = await stage()
      await insert(6, count - 5)
    })

    it('has each entry once', async () => {
      const { text } = await exportOf(cast, { format: 'jsonl' })
      const positions = text.trim().split('\n').map((line) => JSON.parse(line).position)
      expect(positions).toEqual(Array.from({ length: count }, (_, i) => i + 1))
      const rows: { position: string }[] = parse((await exportOf(cast, { format: 'csv' })).text, { columns: true })
      expect(rows.map(({ position }) => Number(position))).toEqual(positions)
    })

    it.each(['identity', 'gzip'])(
      'breaks off, and never looks complete, when a later page fails: %s',
      async (coding) => {
        // Further than JSON counts: the database's answer breaks the contract.
        await insert(2n ** 53n + (coding === 'gzip' ? 1n : 0n))
        const response = await fetch(`${stack('FUNCTIONS_URL')}/organizations/${cast.acme}/audit/export`, {
          method: 'POST',
          headers: {
            apikey: stack('PUBLISHABLE_KEY'),
            authorization: `Bearer ${cast.tokens.adam}`,
            'content-type': 'application/json',
            'accept-encoding': coding,
          },
          body: '{"format":"jsonl"}',
        })
        expect(response.status).toBe(200)
        await expect(response.text()).rejects.toThrow()
      },
    )
  })
})
