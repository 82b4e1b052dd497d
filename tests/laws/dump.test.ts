import postgres from 'postgres'
import { expect, it } from 'vitest'
import { catalogOf, difference } from '../../prove/catalog.ts'
import { isAtLeast, protectedTables, type Role, tableAccess } from '../../shared/roles.ts'
import { as, type Cast, type Person, stage } from '../database/support/cast.ts'
import { migrateUp, withMigrated, withNewDatabase } from '../database/support/migrations.ts'
import { rolledBack } from '../database/support/outcome.ts'
import { insertRow } from '../database/support/rows.ts'
import { pgDump } from './support/pg-dump.ts'

// A database with two companies is dumped by role postgres, as docs/how-to/dump-and-restore.md says, and restored into
// one that has what a new project has and no more.

const schemas = ['public', 'tenancy', 'supabase_migrations']

/** Every row of the schemas that a dump holds, and of auth.users, by table. */
async function rowsOf(database: postgres.Sql): Promise<Record<string, unknown[]>> {
  const tables = await database`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ${database(schemas)} or schemaname = 'auth' and tablename = 'users' order by 1`
  const rows: Record<string, unknown[]> = {}
  for (const { name } of tables) {
    rows[name] = (await database.unsafe(`select to_jsonb(t) as row from ${name} as t order by to_jsonb(t)::text`))
      .map(({ row }) => row)
  }
  return rows
}

const readers = (cast: Cast): [Person, Role, string][] => [
  ['adam', 'admin', cast.acme],
  ['mia', 'member', cast.acme],
  ['bob', 'owner', cast.globex],
]

/** Each company's people see all of their company's rows, and none of the other's. */
async function expectApart(database: postgres.Sql, cast: Cast): Promise<void> {
  await rolledBack(database, async (tx) => {
    for (const [actor, role, organization] of readers(cast)) {
      for (const table of protectedTables) {
        const { any } = tableAccess[table].read
        if (any === 'nobody' || !isAtLeast(role, any)) continue
        const [all] = await tx`select count(*)::int as n from ${tx(table)} where organization_id = ${organization}`
        expect(all?.n, table).toBeGreaterThan(0)
        const seen = await as(tx, cast, actor, (tx) => tx`select organization_id from ${tx(table)}`)
        expect(seen.rows, `${actor} in ${table}`).toEqual(Array(all?.n).fill({ organization_id: organization }))
      }
    }
    const theft = await as(
      tx,
      cast,
      'mia',
      (tx) => tx`insert into leads (organization_id, phone_number) values (${cast.globex}, '+12025550100')`,
    )
    expect(theft.refused?.state).toBe('42501')
  })
}

it(
  'a dump of two companies restores to an equal database, which keeps them apart',
  { timeout: 240_000 },
  () =>
    withMigrated(async (source, url) => {
      const cast = await source.begin(async (tx) => {
        const cast = await stage(tx)
        for (const table of protectedTables) {
          await insertRow(tx, table, { organization_id: cast.acme, user_id: cast.users.mia })
          await insertRow(tx, table, { organization_id: cast.globex, user_id: cast.users.bob })
        }
        return cast
      })
      const people = await pgDump(url, '--data-only', '--table=auth.users', '--rows-per-insert=500')
      const dump = await pgDump(url, ...schemas.map((schema) => `--schema=${schema}`), '--rows-per-insert=500')
      expect(dump).toContain('-- Dumped by pg_dump version 17.')
      expect(dump.match(/FORCE ROW LEVEL SECURITY/g)!.length).toBeGreaterThan(protectedTables.length)

      await withNewDatabase(async (_, targetUrl) => {
        // pg_dump clears a session's search path.
        const restoring = postgres(targetUrl, { max: 1, onnotice: () => {} })
        await restoring.unsafe(people)
        await restoring.unsafe(dump.replace('CREATE SCHEMA public;', ''))
        await restoring.end()

        const target = postgres(targetUrl, { max: 1, onnotice: () => {} })
        try {
          // What no dump of schemas holds is missing, and nothing else.
          expect(difference(await catalogOf(source), await catalogOf(target))).toEqual([
            expect.stringMatching(/^- trigger CREATE TRIGGER keep_profile /),
            expect.stringMatching(/^- trigger CREATE TRIGGER leave_with_account_on_delete /),
            expect.stringMatching(/^- trigger CREATE TRIGGER leave_with_account_on_update /),
            expect.stringMatching(/^- trigger CREATE TRIGGER queue_sign_up_on_insert /),
            expect.stringMatching(/^- trigger CREATE TRIGGER queue_sign_up_on_update /),
            '+ grant on this database: TEMPORARY to public by postgres',
          ])
          await target`select tenancy.attach()`
          expect(difference(await catalogOf(source), await catalogOf(target))).toEqual([])
          expect(await rowsOf(target)).toEqual(await rowsOf(source))
          await expectApart(target, cast)
          expect(await migrateUp(targetUrl)).not.toContain('Applying')
          // What is stamped and counted goes on where it was.
          await target`insert into tenancy.merged_rows (table_name, merged_into, original) values ('leads', ${cast.acme}, '{}')`
        } finally {
          await target.end()
        }
      })
    }),
)
