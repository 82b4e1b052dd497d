import { beforeAll, describe, expect, it } from 'vitest'
import { type ProtectedTable, protectedTables, tableAccess } from '../../shared/roles.ts'
import { join } from '../database/support/cast.ts'
import { sql } from '../database/support/database.ts'
import { insertRow, rowFor } from '../database/support/rows.ts'
import { people } from '../functions/support/cast.ts'
import { stock, type Stocked } from '../functions/support/stock.ts'
import { rowsOf } from '../functions/support/world.ts'
import { outcome } from './support/dialect.ts'
import { ofEachKind, rowsOfGlobex, tablesAsked } from './support/rows.ts'

// Writing past one's organization by another way than its rows: what they point to, what entry points alone write, and
// a second organization of one's own.

let cast: Stocked

beforeAll(async () => {
  cast = await stock('alice')
})

const back = { prefer: 'return=representation' }

async function unchanged(requests: () => Promise<void>): Promise<void> {
  const before = await rowsOf(cast)
  await requests()
  expect(await rowsOf(cast)).toEqual(before)
}

interface Key {
  child: ProtectedTable
  column: string
  parent: ProtectedTable
}
const tables: string[] = protectedTables
const all = await sql<Key[]>`
  select c.conrelid::regclass::text as child, a.attname as column, c.confrelid::regclass::text as parent
  from pg_constraint as c
  join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname <> 'organization_id'
  where c.contype = 'f' and c.conrelid::regclass::text in ${sql(tables)} and c.confrelid::regclass::text in ${
  sql(tables)
}
  order by 1, 2`
const keys = ofEachKind(all, ({ child, parent }) => [tableAccess[child], tableAccess[parent]])

describe('a reference', () => {
  it('is found in the catalog', () => expect(all.length).toBeGreaterThan(8))

  it.each(keys)('of $child by $column to a foreign row is answered as one to no row', async (key) => {
    const { child, column, parent } = key
    const row = { ...await rowFor(sql, child, cast.acme), id: crypto.randomUUID() }
    const add = (id: string) =>
      cast.rest('alice', 'POST', `/${child}`, { json: { ...row, [column]: id }, headers: back })
    const point = (id: string) =>
      cast.rest('alice', 'PATCH', `/${child}?id=eq.${cast.atAcme[child]}`, { json: { [column]: id } })
    const shown = ({ text }: { text: string }) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
    await unchanged(async () => {
      for (const ask of [add, point]) {
        const [there, gone] = [await ask(cast.atGlobex[parent]), await ask(crypto.randomUUID())]
        if (ask === point && tableAccess[child].update.any === 'nobody') expect(outcome(there)).toEqual([403, '42501'])
        else expect(outcome(there)).toEqual([409, '23503'])
        expect([there.status, shown(there)]).toEqual([gone.status, shown(gone)])
      }
    })
    // The control, with a parent that has no child yet.
    const ours = await insertRow(sql, parent, { organization_id: cast.acme, user_id: cast.users.alice })
    const own = await add(ours)
    expect([own.status, own.body], own.text).toMatchObject([201, [{ [column]: ours }]])
  })
})

const views = await sql<{ name: string }[]>`
  select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm') order by 1`

describe('what entry points write', () => {
  const columns = {
    organizations: { name: 'x' },
    organization_users: { role: 'owner' },
    organization_invitations: { email: 'x@example.test' },
    profiles: { full_name: 'x' },
  }

  it.each(Object.entries(columns))('%s is for nobody to write directly', async (table, json) => {
    const [column] = Object.keys(json)
    const all = `?${column}=not.is.null`
    const named = table === 'organization_users' ? { user_id: cast.users.mia } : { id: cast.users.mia }
    const conflict = table === 'organization_users' ? 'organization_id,user_id' : 'id'
    await unchanged(async () => {
      for (const actor of people) {
        for (
          const [method, query, sent] of [
            ['POST', '', json],
            ['POST', `?on_conflict=${conflict}`, { ...json, ...named }],
            ['PATCH', all, json],
            ['DELETE', all, undefined],
          ] as const
        ) {
          for (const prefer of ['return=representation', 'return=minimal']) {
            const headers = { prefer: `${prefer},resolution=merge-duplicates` }
            const answer = await cast.rest(actor, method, `/${table}${query}`, { json: sent, headers })
            expect(outcome(answer), `${actor} ${method} ${query}`).toEqual([403, '42501'])
          }
        }
      }
    })
  })

  it.each(views)('$name, a view, changes nothing of others, and nothing for a member', async ({ name }) => {
    const own = await stock('alice')
    const write = (actor: 'alice' | 'mia', [method, query, json]: readonly [string, string, object?]) =>
      own.rest(actor, method, `/${name}${query}`, { json })
    const writes = [
      ['POST', '', { id: crypto.randomUUID() }],
      ['PATCH', '?id=not.is.null', { id: crypto.randomUUID() }],
      ['DELETE', '?id=not.is.null'],
    ] as const
    const [before, theirs] = [await rowsOf(own), await rowsOfGlobex(own)]
    for (const one of writes) await write('mia', one)
    expect(await rowsOf(own)).toEqual(before)
    for (const one of writes) await write('alice', one)
    expect(await rowsOfGlobex(own)).toEqual(theirs)
  })
})

describe('somebody of two organizations', () => {
  it('moves no row from one to the other, and writes in the one of the request alone', async () => {
    const own = await stock('alice')
    await sql.begin((tx) => join(tx, own.globex, own.users.alice, 'owner'))
    const ask = (organization: string, method: string, path: string, json?: object) =>
      own.rest('alice', method, path, { json, headers: { ...back, 'x-organization-id': organization } })
    const before = await rowsOf(own)
    for (const table of tablesAsked) {
      const [here, there] = [`/${table}?id=eq.${own.atAcme[table]}`, `/${table}?id=eq.${own.atGlobex[table]}`]
      const moved = await ask(own.acme, 'PATCH', here, { organization_id: own.globex })
      expect(outcome(moved), table).toEqual([403, '42501'])
      const deleted = await ask(own.acme, 'DELETE', there)
      expect([deleted.status, deleted.body], table).toEqual([200, []])
      const elsewhere = { ...await rowFor(sql, table, own.globex), organization_id: own.globex }
      expect(outcome(await ask(own.acme, 'POST', `/${table}`, elsewhere)), table).toEqual([403, '42501'])
    }
    // The parents of the rows that were refused are new; nothing else is.
    const after = await rowsOf(own)
    for (const table of tablesAsked) {
      expect(after[table], table).toEqual(expect.arrayContaining([before[table]].flat()))
    }
  })

  it('ends one of them, and the other stays as it is', async () => {
    const own = await stock('alice')
    const before = await rowsOfGlobex(own)
    expect((await own.call('alice', 'DELETE', `/organizations/${own.acme}`)).status).toBe(200)
    expect(await rowsOfGlobex(own)).toEqual(before)
    for (const table of tablesAsked) {
      expect((await own.rest('alice', 'GET', `/${table}?select=id`)).body, table).toEqual([])
      expect((await own.rest('bob', 'GET', `/${table}?select=id`)).text, table).toContain(own.atGlobex[table])
    }
  })
})
