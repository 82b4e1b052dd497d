import { describe, expect, it } from 'vitest'
import {
  type Access,
  isAtLeast,
  type ProtectedTable,
  protectedTables,
  type Role,
  tableAccess,
} from '../../shared/roles.ts'
import { type Actor, as, type Cast, stage } from './support/cast.ts'
import { inTransaction, sql, type Transaction } from './support/database.ts'
import { insertRow, rowFor, samples, single } from './support/rows.ts'

// The matrix of shared/roles.ts, cell by cell: every table × command × actor × whose row it is.

const actors: Record<Actor, Role | undefined> = {
  alice: 'owner',
  adam: 'admin',
  mona: 'manager',
  mia: 'member',
  bob: undefined,
  eve: undefined,
  anon: undefined,
}

/** Whether an actor may do something to a row of Acme. */
const allows = (access: Access, role: Role | undefined, own: boolean) =>
  role !== undefined && (
    access.any !== 'nobody' && isAtLeast(role, access.any) ||
    own && access.own !== undefined && access.own !== 'nobody' && isAtLeast(role, access.own)
  )

/** Puts a row of Acme there that an actor wrote, or that alice did. */
const seed = (tx: Transaction, cast: Cast, table: ProtectedTable, author: Actor) =>
  insertRow(tx, table, { organization_id: cast.acme, user_id: cast.users[author === 'anon' ? 'alice' : author] })

// These are added to and hardly ever changed: phase 1 gave them no updated_at.
const dated = new Set(
  (await sql`select table_name from information_schema.columns
    where table_schema = 'public' and column_name = 'updated_at'`).map(({ table_name }) => table_name),
)

describe.each(protectedTables)('%s', (table) => {
  const access = tableAccess[table]
  const { change, authorless } = samples[table]
  const author = (user_id: string): Record<string, string> => authorless ? {} : { user_id }

  it.each(Object.entries(actors))('answers %s (%s at Acme) as the matrix says', async (name, role) => {
    const actor = name as Actor
    await inTransaction(async (tx) => {
      const cast = await stage(tx)
      // Globex has a row of its own, which must stay as it is whatever happens.
      await insertRow(tx, table, { organization_id: cast.globex, user_id: cast.users.eve })
      const globex = await tx`select * from ${tx(table)} where organization_id = ${cast.globex}`

      for (const own of authorless ? [false] : single.includes(table) ? [true] : [true, false]) {
        // As somebody else's row counts one that alice wrote; for alice, one of mia's.
        const writer: Actor = own ? actor : actor === 'alice' ? 'mia' : 'alice'
        const id = await seed(tx, cast, table, writer)
        const whose = own ? 'own' : "another's"

        const read = await as(tx, cast, actor, (tx) => tx`select id from ${tx(table)} where id = ${id}`)
        expect(read.count, `read ${whose}`).toBe(allows(access.read, role, own) ? 1 : 0)

        const changed = await as(tx, cast, actor, (tx) => tx`update ${tx(table)} set ${tx(change)} where id = ${id}`)
        expect(changed.count, `change ${whose}`).toBe(allows(access.update, role, own) ? 1 : 0)

        const deleted = await as(tx, cast, actor, (tx) => tx`delete from ${tx(table)} where id = ${id}`)
        expect(deleted.count, `delete ${whose}`).toBe(allows(access.delete, role, own) ? 1 : 0)
        // The control: what was refused is still there.
        const [left] = await tx`select count(*)::int as n from ${tx(table)} where id = ${id}`
        expect(left?.n).toBe(allows(access.delete, role, own) ? 0 : 1)
        await tx`delete from ${tx(table)} where id = ${id}`
      }

      const row = await rowFor(tx, table, cast.acme)
      const created = await as(
        tx,
        cast,
        actor,
        (tx) => tx`insert into ${tx(table)} ${Object.keys(row).length > 0 ? tx(row) : tx`default values`} returning *`,
        { organization: cast.acme },
      )
      if (allows(access.create, role, true)) {
        expect(created.rows[0]).toMatchObject({ organization_id: cast.acme, ...author(cast.users[actor as 'mia']) })
      } else {
        expect(created.refused?.state).toBe(actor === 'bob' || actor === 'eve' ? 'PT404' : '42501')
      }
      expect(await tx`select * from ${tx(table)} where organization_id = ${cast.globex}`).toEqual(globex)
    })
  })

  it('shows a person in two organizations the rows of the one asked for, and no others', async () => {
    await inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`insert into organization_users ${
        tx({ organization_id: cast.globex, user_id: cast.users.alice, role: 'owner' })
      }`
      for (const organization_id of [cast.acme, cast.globex]) {
        await insertRow(tx, table, { organization_id, user_id: cast.users.alice })
      }
      for (const organization of [cast.acme, cast.globex]) {
        const { rows } = await as(tx, cast, 'alice', (tx) => tx`select organization_id from ${tx(table)}`, {
          organization,
        })
        expect(rows).toEqual([{ organization_id: organization }])
      }
    })
  })

  it('stamps who wrote a row and where, and checks what a client says itself', async () => {
    await inTransaction(async (tx) => {
      const cast = await stage(tx)
      const writer = access.create.any === 'member' ? 'mia' : 'alice'
      const row = await rowFor(tx, table, cast.acme)
      const insert = (claimed: Record<string, string>) =>
        as(tx, cast, writer, (tx) => tx`insert into ${tx(table)} ${tx({ ...row, ...claimed })} returning *`)

      const foreign = await insert({ organization_id: cast.globex, ...author(cast.users[writer]) })
      expect(foreign.refused?.state).toBe('42501')
      if (!authorless) {
        const forged = await insert({ organization_id: cast.acme, user_id: cast.users.adam })
        expect(forged.refused?.state).toBe('42501')
      }
      const honest = await insert({ organization_id: cast.acme, ...author(cast.users[writer]) })
      expect(honest.rows[0]).toMatchObject({ organization_id: cast.acme, ...author(cast.users[writer]) })
    })
  })

  it('never moves a row to another organization or author, for nobody', async () => {
    await inTransaction(async (tx) => {
      const cast = await stage(tx)
      const id = await seed(tx, cast, table, 'alice')
      await tx`insert into organization_users ${
        tx({ organization_id: cast.globex, user_id: cast.users.alice, role: 'owner' })
      }`
      const moves = [
        { organization_id: cast.globex },
        ...(authorless ? [] : [{ user_id: cast.users.adam }, { user_id: null }]),
        { id: crypto.randomUUID() },
      ]
      for (const move of moves) {
        const asOwner = await as(tx, cast, 'alice', (tx) => tx`update ${tx(table)} set ${tx(move)} where id = ${id}`, {
          organization: cast.acme,
        })
        expect(asOwner.refused?.state ?? asOwner.count, 'alice').toSatisfy((it) => it === '42501' || it === 0)
        const asDatabaseOwner = tx.savepoint((tx) => tx`update ${tx(table)} set ${tx(move)} where id = ${id}`)
        await expect(asDatabaseOwner).rejects.toThrow('never changes its id, its organization or its author')
      }
      const [row] = await tx`select to_jsonb(t) as row from ${tx(table)} as t where id = ${id}`
      expect(row?.row).toMatchObject({ organization_id: cast.acme, ...author(cast.users.alice) })
    })
  })

  it('opens for the secret key, which acts for nobody', async () => {
    await inTransaction(async (tx) => {
      const cast = await stage(tx)
      const row = await rowFor(tx, table, cast.acme)
      await tx`select set_config('role', 'service_role', true)`
      const [made] = await tx`insert into ${tx(table)} ${tx({ ...row, organization_id: cast.acme })} returning *`
      expect(made?.user_id ?? null).toBeNull()
      expect((await tx`update ${tx(table)} set ${tx(change)} where id = ${made?.id}`).count).toBe(1)
      expect((await tx`select id from ${tx(table)} where id = ${made?.id}`).count).toBe(1)
      expect((await tx`delete from ${tx(table)} where id = ${made?.id}`).count).toBe(1)
      await expect(tx.savepoint((tx) => tx`truncate ${tx(table)} cascade`)).rejects.toThrow('permission denied')
    })
  })

  if (dated.has(table)) {
    it('says when a row was changed', () =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const long = new Date('2020-01-01')
        const [{ id }] = await tx`insert into ${tx(table)} ${
          tx({ ...await rowFor(tx, table, cast.acme), organization_id: cast.acme, updated_at: long })
        } returning id` as [{ id: string }]
        await tx`update ${tx(table)} set ${tx(change)} where id = ${id}`
        const [changed] = await tx`select updated_at > ${long} as later from ${tx(table)} where id = ${id}`
        expect(changed?.later).toBe(true)
      }))
  }

  it.skipIf(authorless)("keeps people's work when their account goes", async () => {
    await inTransaction(async (tx) => {
      const cast = await stage(tx)
      const id = await seed(tx, cast, table, 'mia')
      await tx`delete from auth.users where id = ${cast.users.mia}`
      const [row] = await tx`select organization_id, user_id from ${tx(table)} where id = ${id}`
      expect(row).toEqual({ organization_id: cast.acme, user_id: null })

      // It has no author any more, and still nobody takes it over or away.
      const moves = [{ organization_id: cast.globex }, { user_id: cast.users.adam }, { id: crypto.randomUUID() }]
      for (const move of moves) {
        await expect(tx.savepoint((tx) => tx`update ${tx(table)} set ${tx(move)} where id = ${id}`))
          .rejects.toThrow('never changes its id, its organization or its author')
      }
    })
  })
})

it('is the matrix that the registry of the database holds', async () => {
  const rows = await sql`
    select table_name, read_role as read, create_role as create, update_role as update, delete_role as delete, own_rows
    from tenancy.protected_tables order by table_name`
  const audience = (value: string | null) => value ?? 'nobody'
  const said = Object.fromEntries(rows.map((r) => [r.table_name, {
    read: { any: audience(r.read), ...(r.own_rows.includes('select') && { own: 'member' }) },
    create: { any: audience(r.create) },
    update: { any: audience(r.update), ...(r.own_rows.includes('update') && { own: 'member' }) },
    delete: { any: audience(r.delete), ...(r.own_rows.includes('delete') && { own: 'member' }) },
  }]))
  expect(said).toEqual(tableAccess)
})
