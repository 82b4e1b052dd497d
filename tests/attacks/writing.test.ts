import { beforeAll, describe, expect, it } from 'vitest'
import { protectedTables, tableAccess } from '../../shared/roles.ts'
import { sql } from '../database/support/database.ts'
import { rowFor, samples } from '../database/support/rows.ts'
import { type Actor, signIn } from '../functions/support/cast.ts'
import type { Request } from '../functions/support/http.ts'
import { stock, type Stocked } from '../functions/support/stock.ts'
import { algorithms } from '../functions/support/tokens.ts'
import { rowsOf } from '../functions/support/world.ts'
import { emptyRow, hint, outcome } from './support/dialect.ts'
import { idsAt, rowsOfGlobex, tablesInTurn } from './support/rows.ts'

// Law: no request writes a row of another organization, or makes one. In every protected table, through the Data API.

let signedBy: Record<'ES256' | 'HS256', Stocked>
let cast: Stocked

beforeAll(async () => {
  cast = await stock('alice')
  signedBy = { ES256: cast, HS256: { ...cast, ...await signIn(cast, 'HS256') } }
})

const back = { prefer: 'return=representation' }

/** Expects that requests leave everything as it was. */
async function unchanged(requests: () => Promise<void>): Promise<void> {
  const before = await rowsOf(cast)
  await requests()
  expect(await rowsOf(cast)).toEqual(before)
}

describe.each(tablesInTurn)('$table, with tokens of $algorithm', ({ table, algorithm }) => {
  const { change, authorless } = samples[table]
  const write = (actor: Actor, method: string, query = '', request: Request = {}) =>
    signedBy[algorithm].rest(actor, method, `/${table}${query}`, {
      ...request,
      headers: { ...back, ...request.headers },
    })
  const access = tableAccess[table].update
  const mayChange = access.any !== 'nobody' || 'own' in access
  let row: Record<string, string>

  beforeAll(async () => {
    row = await rowFor(sql, table, cast.acme)
  })

  it('takes no row for another organization, and stamps one that says nothing', async () => {
    await unchanged(async () => {
      for (
        const foreign of [
          { organization_id: cast.globex },
          { organization_id: crypto.randomUUID() },
          ...(authorless ? [] : [{ user_id: cast.users.bob }, { user_id: crypto.randomUUID() }]),
        ]
      ) {
        const added = await write('alice', 'POST', '', { json: { ...row, ...foreign } })
        expect(outcome(added), JSON.stringify(foreign)).toEqual([403, '42501'])
        const several = await write('alice', 'POST', '', { json: [{ ...row, ...foreign }, { ...row, ...foreign }] })
        expect(outcome(several), JSON.stringify(foreign)).toEqual([403, '42501'])
      }
    })
    await sql`delete from ${sql(table)} where id = ${cast.atAcme[table]}`
    const added = await write('alice', 'POST', '', { json: { ...row, id: cast.atAcme[table] } })
    expect(added.status, added.text).toBe(201)
    const stamps = { organization_id: cast.acme, ...(!authorless && { user_id: cast.users.alice }) }
    expect(added.body).toMatchObject([stamps])
  })

  it('lets no row of others be changed or deleted', async () => {
    await unchanged(async () => {
      for (const filter of [`id=eq.${cast.atGlobex[table]}`, `organization_id=eq.${cast.globex}`]) {
        const changed = await write('alice', 'PATCH', `?${filter}`, { json: change })
        if (mayChange) expect([changed.status, changed.body], filter).toEqual([200, []])
        else expect(outcome(changed), filter).toEqual([403, '42501'])
        const deleted = await write('alice', 'DELETE', `?${filter}`)
        expect([deleted.status, deleted.body], filter).toEqual([200, []])
      }
    })
  })

  it('lets no row change its organization or its author', async () => {
    const own = `?id=eq.${cast.atAcme[table]}`
    await unchanged(async () => {
      for (
        const json of [
          { organization_id: cast.globex },
          { organization_id: null },
          { id: crypto.randomUUID() },
          ...(authorless ? [] : [{ user_id: cast.users.bob }]),
        ]
      ) {
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
    const json = { ...row, ...change, id }
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

  it('is closed to anon, and to whoever belongs nowhere', async () => {
    await unchanged(async () => {
      for (
        const [method, query, json] of [
          ['POST', '', row],
          ['PATCH', '?id=not.is.null', change],
          ['DELETE', '?id=not.is.null', undefined],
        ] as const
      ) {
        const no = [401, '42501'] as const
        const isEmpty = method === 'POST' && Object.keys(row).length === 0
        const byAnon = await write('anon', method, query, { json })
        expect(outcome(byAnon), method).toEqual(isEmpty ? emptyRow(no) : no)
        const byEve = await write('eve', method, query, { json: isEmpty ? { id: crypto.randomUUID() } : json })
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
        const json = { ...row, id: crypto.randomUUID() }
        const request = { json, headers: { 'x-organization-id': header } }
        expect(hint(await write('alice', 'POST', '', request)), header).toEqual(expected)
      }
    })
  })
})

describe('without a filter', () => {
  it.each(algorithms)(
    'a table is touched within one’s own organization alone, with tokens of %s',
    async (algorithm) => {
      const own = await stock('alice', algorithm)
      const before = await rowsOfGlobex(own)
      // Children before the parents that they hold.
      const tables = [...protectedTables].reverse()
      for (const query of ['', '?id=not.is.null', `?or=(organization_id.eq.${own.globex},id.not.is.null)`]) {
        for (const table of tables) {
          await own.rest('alice', 'PATCH', `/${table}${query}`, { json: samples[table].change })
        }
        expect(await rowsOfGlobex(own), query).toEqual(before)
      }
      for (const table of [...tables, ...tables]) {
        const deleted = await own.rest('alice', 'DELETE', `/${table}?id=not.is.null`, { headers: back })
        expect(deleted.text, table).not.toContain(own.globex)
      }
      expect(await rowsOfGlobex(own)).toEqual(before)
      const left = await idsAt(own.acme)
      for (const table of tables) expect(left[table], table).not.toContain(own.atAcme[table])
    },
  )
})
