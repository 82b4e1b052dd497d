import { join } from 'node:path'
import type postgres from 'postgres'
import { expect, it } from 'vitest'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { migrateUp, withMigrated, withNewDatabase } from './support/migrations.ts'
import { attempt } from './support/outcome.ts'
import { insertRowInEach, rowBelow, samples, single } from './support/rows.ts'

// A phase-1 database in use moves to phase 2: three people, rows of theirs in all tables, numbers that several of them
// blocked or call from, and settings of each.

const phase1 = '20251215999999'
const [ada, ben, cleo] = [
  'f0000000-0000-4000-8000-000000000001',
  'b0000000-0000-4000-8000-000000000002',
  'a0000000-0000-4000-8000-000000000003',
]

type Rows = Record<string, Record<string, unknown>[]>

const contents = async (database: postgres.Sql): Promise<Rows> => {
  const rows: Rows = {}
  for (const table of protectedTables) {
    rows[table] =
      (await database`select to_jsonb(t) - 'organization_id' as row from ${database(table)} as t order by id`)
        .map(({ row }) => row)
  }
  return rows
}

/** What somebody sees as a client that knows nothing of organizations. */
const seenBy = (database: postgres.Sql, user: string, work: (tx: postgres.TransactionSql) => Promise<unknown>) =>
  database.begin(async (tx) => {
    await tx`select set_config('request.jwt.claims', ${
      JSON.stringify({ sub: user })
    }, true), set_config('role', 'authenticated', true)`
    return await work(tx)
  })

/** Phase 1: a person meets their own rows and those below them, and nobody else's. */
async function expectOwnOnly(
  tx: postgres.TransactionSql,
  tables: ProtectedTable[],
  own: Record<ProtectedTable, string>,
  others: Record<ProtectedTable, string>,
): Promise<void> {
  for (const table of tables) {
    expect(await tx`select id from ${tx(table)}`, table).toEqual([{ id: own[table] }])
    const [column] = Object.keys(samples[table].change)
    const kept = await tx`update ${tx(table)} set ${tx(column!)} = ${tx(column!)} where id = ${own[table]}`
    expect(kept.count, table).toBe(1)
    const theirs = others[table]
    expect((await tx`update ${tx(table)} set ${tx(column!)} = null where id = ${theirs}`).count, table).toBe(0)
    expect((await tx`delete from ${tx(table)} where id = ${theirs}`).count, table).toBe(0)
    const owner = samples[table].authorless ? {} : { user_id: ada }
    const added = await attempt(
      tx,
      (tx) => tx`insert into ${tx(table)} ${tx({ ...rowBelow(table, others), ...owner })}`,
    )
    expect(added.refused?.state, table).toBe('42501')
  }
}

it(
  'a live phase-1 system becomes the default organization, and loses nothing',
  { timeout: 120_000 },
  () =>
    withNewDatabase(async (database, url) => {
      await migrateUp(url, phase1)
      await database.file(join(import.meta.dirname!, 'phase1.sql'))
      const written = await contents(database)
      const empty = protectedTables.filter((table) => written[table]!.length === 0)
      const [ofBen, ofAda] = await database.begin(async (tx) => [
        await insertRowInEach(tx, { user_id: ben }, empty),
        await insertRowInEach(tx, { user_id: ada }, empty),
      ])
      await seenBy(database, ben, (tx) => expectOwnOnly(tx, empty, ofBen!, ofAda!))
      const before = await contents(database)
      for (const table of protectedTables) expect(before[table]!.length, table).toBeGreaterThan(1)

      await migrateUp(url)
      const after = await contents(database)
      // What came since is empty, and nothing to compare.
      for (const row of after.campaigns!) expect(row).toHaveProperty('caller_id', null)
      for (const row of after.campaigns!) delete row.caller_id
      const [organization] =
        await database`select id, name, slug, subscription_tier, subscription_status from organizations`
      expect(organization).toMatchObject({
        name: 'Default Organization',
        slug: 'default-org',
        subscription_tier: 'enterprise',
        subscription_status: 'active',
      })
      const people = await database`select user_id, role from organization_users order by joined_at`
      expect(people).toEqual([{ user_id: ada, role: 'owner' }, { user_id: ben, role: 'member' }, {
        user_id: cleo,
        role: 'member',
      }])
      expect(await database`select id, email from profiles order by email`).toHaveLength(3)

      // Every row is still there, as it was, or merged with one that is, and then kept in full.
      const merged = await database`select table_name, merged_into, original from tenancy.merged_rows`
      for (const table of protectedTables) {
        const [strangers] = await database`select count(*)::int as n from ${database(table)} where organization_id <> ${
          organization!.id
        }`
        expect(strangers?.n, table).toBe(0)
        for (const row of before[table]!) {
          const archive = merged.find((m) => m.table_name === table && m.original.id === row.id)
          if (archive) {
            const { organization_id: _, ...original } = archive.original
            expect(original, table).toEqual(row)
            expect(after[table]!.map((r) => r.id), table).toContain(archive.merged_into)
          } else {
            expect(after[table], table).toContainEqual(row)
          }
        }
        const ids = new Set(before[table]!.map((row) => row.id))
        for (const row of after[table]!) expect(ids, table).toContain(row.id)
      }
      expect(new Set(merged.map((m) => m.table_name))).toEqual(
        new Set(['dnc_list', 'caller_id_pool', ...single]),
      )

      // What was blocked stays blocked, once, from the first day and for as long as anybody asked.
      for (const number of new Set(before.dnc_list!.map((row) => row.phone_number as string))) {
        const entries = before.dnc_list!.filter((row) => row.phone_number === number)
        const [kept, ...more] = after.dnc_list!.filter((row) => row.phone_number === number)
        expect(more).toEqual([])
        expect(kept!.added_at).toBe(entries.map((row) => row.added_at as string).sort()[0])
        const ends = entries.map((row) => row.expires_at as string | null)
        expect(kept!.expires_at).toBe(ends.includes(null) ? null : ends.sort().at(-1))
        for (const { reason } of entries) if (reason) expect(kept!.reason).toContain(reason)
      }
      // The owner's settings hold for all.
      for (const table of single) {
        expect(after[table]).toEqual(before[table]!.filter((row) => row.user_id === ada))
      }

      // What leads are found by came along, and the job indexes it bit by bit.
      const waiting = () =>
        database`select count(*)::int as n from tenancy.lead_texts where trigrams is null`.then(([row]) => row?.n)
      const indexed = (most?: number) =>
        database`select tenancy.index_leads(${most ?? 100})::int as n`.then(([row]) => row?.n)
      const leads = before.leads!.length
      expect([await waiting(), await indexed(1), await waiting()]).toEqual([leads, 1, leads - 1])
      expect([await indexed(), await indexed(), await waiting()]).toEqual([leads - 1, 0, 0])

      // Clients from before go on: they send user_id and know nothing of organizations.
      await seenBy(database, ben, async (tx) => {
        expect(await tx`select id from leads`).toHaveLength(before.leads!.length)
        const [lead] =
          await tx`insert into leads (user_id, phone_number) values (${ben}, '+12025550199') returning organization_id`
        expect(lead?.organization_id).toBe(organization!.id)
        expect(await tx`update leads set notes = 'mine' where user_id = ${ben}`).toHaveProperty(
          'count',
          1 + before.leads!.filter((l) => l.user_id === ben).length,
        )
      })
      expect(await migrateUp(url)).not.toContain('Applying')
    }),
)

it('a new database has a default organization that nobody owns yet, and takes all migrations at once', {
  timeout: 60_000,
}, () =>
  withMigrated(async (database) => {
    expect(await database`select slug from organizations`).toEqual([{ slug: 'default-org' }])
    expect(await database`select * from organization_users`).toEqual([])
    expect(await database`select * from tenancy.unprotected_tables()`).toEqual([])
  }))
