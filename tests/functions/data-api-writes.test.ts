import { beforeAll, describe, expect, it } from 'vitest'
import { protectedTables, tableAccess } from '../../shared/roles.ts'
import { rowBelow, samples } from '../database/support/rows.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, people } from './support/cast.ts'
import type { Answer, Request } from './support/http.ts'
import { stock, type Stocked } from './support/stock.ts'
import { rowsOf } from './support/world.ts'

// Writing past one's organization through the Data API.

let cast: Stocked

beforeAll(async () => {
  cast = await stock('alice')
})

const back = { prefer: 'return=representation' }
const outcome = (answer: Answer) => [answer.status, Object(answer.body).code]
const hint = (answer: Answer) => [answer.status, Object(answer.body).hint]

/** Expects that requests leave everything as it was. */
async function unchanged(requests: () => Promise<void>): Promise<void> {
  const before = await rowsOf(cast)
  await requests()
  expect(await rowsOf(cast)).toEqual(before)
}

describe.each(protectedTables)('%s', (table) => {
  const { change, authorless } = samples[table]
  const row = () => rowBelow(table, cast.atAcme)
  const write = (actor: Actor, method: string, query = '', request: Request = {}) =>
    cast.rest(actor, method, `/${table}${query}`, { ...request, headers: { ...back, ...request.headers } })
  const mayChange = tableAccess[table].update.any !== 'nobody' || 'own' in tableAccess[table].update

  it('takes no row for another organization, and stamps one that says nothing', async () => {
    await unchanged(async () => {
      for (
        const foreign of [
          { organization_id: cast.globex },
          { organization_id: crypto.randomUUID() },
          ...(authorless ? [] : [{ user_id: cast.users.bob }, { user_id: crypto.randomUUID() }]),
        ]
      ) {
        const added = await write('alice', 'POST', '', { json: { ...row(), ...foreign } })
        expect(outcome(added), JSON.stringify(foreign)).toEqual([403, '42501'])
      }
    })

    await sql`delete from ${sql(table)} where organization_id = ${cast.acme}`
    const added = await write('alice', 'POST', '', { json: { ...row(), id: cast.atAcme[table] } })
    expect(added.status, added.text).toBe(201)
    const author = authorless ? {} : { user_id: cast.users.alice }
    expect(added.body).toMatchObject([{ organization_id: cast.acme, ...author }])
  })

  it('lets no row of others be changed or deleted', async () => {
    const theirs = `?id=eq.${cast.atGlobex[table]}`
    await unchanged(async () => {
      const changed = await write('alice', 'PATCH', theirs, { json: change })
      if (mayChange) expect([changed.status, changed.body]).toEqual([200, []])
      else expect(outcome(changed)).toEqual([403, '42501'])
      const deleted = await write('alice', 'DELETE', theirs)
      expect([deleted.status, deleted.body]).toEqual([200, []])
    })
  })

  it('lets no row change its organization or its author', async () => {
    const own = `?id=eq.${cast.atAcme[table]}`
    await unchanged(async () => {
      const author = authorless ? [] : [{ user_id: cast.users.bob }]
      for (const json of [{ organization_id: cast.globex }, ...author, { id: crypto.randomUUID() }]) {
        const moved = await write('alice', 'PATCH', own, { json })
        expect(outcome(moved), JSON.stringify(json)).toEqual([403, '42501'])
      }
    })
    const changed = await write('alice', 'PATCH', own, { json: change })
    expect(changed.status).toBe(mayChange ? 200 : 403)
    if (mayChange) expect(changed.body).toMatchObject([{ organization_id: cast.acme }])
  })

  it('lets nobody take over a row of others by its id', async () => {
    const id = cast.atGlobex[table]
    const json = { ...row(), ...change, id }
    const upsert = (resolution: string) =>
      write('alice', 'POST', '?on_conflict=id', {
        json,
        headers: { prefer: `resolution=${resolution},return=representation` },
      })
    await unchanged(async () => {
      expect([403, 409]).toContain((await upsert('merge-duplicates')).status)
      const ignored = await upsert('ignore-duplicates')
      expect([200, 201, 409]).toContain(ignored.status)
      expect(ignored.text).not.toContain(cast.globex)
      expect((await write('alice', 'PUT', `?id=eq.${id}`, { json })).status).toBeGreaterThanOrEqual(400)
    })
  })

  it('is touched within one’s own organization alone, even without a filter', async () => {
    const own = await stock('alice')
    const all = (method: string, request: Request = {}) =>
      own.rest('alice', method, `/${table}?id=not.is.null`, { ...request, headers: back })
    const theirs = () => sql`select to_jsonb(t) as row from ${sql(table)} as t where organization_id = ${own.globex}`
    const before = [...await theirs()]
    expect(before).toHaveLength(1)
    await all('PATCH', { json: change })
    const deleted = await all('DELETE')
    expect([...await theirs()]).toEqual(before)
    expect(deleted.body).toMatchObject([{ id: own.atAcme[table] }])
  })

  it('is closed to anon, and to whoever belongs nowhere', async () => {
    await unchanged(async () => {
      for (
        const [method, query, json] of [
          ['POST', '', row()],
          ['PATCH', '?id=not.is.null', change],
          ['DELETE', '?id=not.is.null', undefined],
        ] as const
      ) {
        expect(outcome(await write('anon', method, query, { json })), method).toEqual([401, '42501'])
        const byEve = await write('eve', method, query, { json })
        if (method === 'PATCH' && !mayChange) expect(outcome(byEve)).toEqual([403, '42501'])
        else expect(hint(byEve), method).toEqual([400, 'organization_required'])
      }
    })
  })

  it('refuses a write under a header that is foreign or malformed', async () => {
    await unchanged(async () => {
      for (
        const [header, expected] of [
          [cast.globex, [404, 'not_found']],
          [crypto.randomUUID(), [404, 'not_found']],
          ['acme', [400, 'invalid_header']],
          ['', [400, 'invalid_header']],
          [`${cast.acme}, ${cast.globex}`, [400, 'invalid_header']],
        ] as const
      ) {
        const request = { json: row(), headers: { 'x-organization-id': header } }
        expect(hint(await write('alice', 'POST', '', request)), header).toEqual(expected)
      }
    })
  })
})

describe('what entry points write', () => {
  const tables = ['organizations', 'organization_users', 'organization_invitations', 'profiles']

  it.each(tables)('%s is for nobody to write directly', async (table) => {
    const column = {
      organizations: 'name',
      organization_users: 'role',
      organization_invitations: 'email',
      profiles: 'full_name',
    }[table] ?? ''
    const json = { [column]: column === 'role' ? 'owner' : 'x' }
    const all = `?${column}=not.is.null`
    await unchanged(async () => {
      for (const actor of people) {
        for (
          const [method, query, sent] of [['POST', '', json], ['PATCH', all, json], ['DELETE', all, undefined]] as const
        ) {
          const answer = await cast.rest(actor, method, `/${table}${query}`, { json: sent, headers: back })
          expect(outcome(answer), `${actor} ${method}`).toEqual([403, '42501'])
        }
      }
    })
  })

  it('and a suspended organization takes no rows', async () => {
    const own = await stock()
    const add = () => own.rest('alice', 'POST', '/leads', { json: samples.leads.row })
    expect((await add()).status).toBe(201)
    await sql`update organizations set subscription_status = 'suspended' where id = ${own.acme}`
    expect(hint(await add())).toEqual([403, 'organization_suspended'])
    const path = `/leads?id=eq.${own.atAcme.leads}`
    expect(hint(await own.rest('alice', 'PATCH', path, { json: samples.leads.change }))).toEqual([
      403,
      'organization_suspended',
    ])
    expect((await own.rest('alice', 'GET', path)).body).toMatchObject([{ id: own.atAcme.leads, notes: null }])
  })
})
