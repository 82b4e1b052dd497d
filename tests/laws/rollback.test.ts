import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../../local/settings.ts'
import { catalogOf, difference } from '../../prove/catalog.ts'
import { protectedTables } from '../../shared/roles.ts'
import { found, join as belong, signUp } from '../database/support/cast.ts'
import { createDatabase, migrateUp, type NewDatabase, withNewDatabase } from '../database/support/migrations.ts'
import { insertRow } from '../database/support/rows.ts'
import { startStack, type TestStack } from '../stack/start.ts'
import { actingAs, type Contents, contentsOf, type Row } from './support/contents.ts'
import { ada, ben, cleo, defaultOrganization, workForAWhile } from './support/phase-2-at-work.ts'

// Phase 1 with data → phase 2 → people work → the way back → up again. In a stack of its own: a setting of the Data API's
// role is one for all databases of a server.

const script = join(root, 'supabase', 'rollback', 'to_phase_1.sql')
let stack: TestStack
let phase1: string[]
let phase2: NewDatabase
let templateName: string

beforeAll(async () => {
  stack = await startStack({ seed: false, without: ['auth', 'mail', 'relay', 'web'] })
  phase2 = await createDatabase(stack.status.DB_URL)
  templateName = new URL(phase2.url).pathname.slice(1)
  // As a server is that has never seen phase 2.
  await phase2.sql`alter role authenticator reset pgrst.db_pre_request`
  await migrateUp(phase2.url, '20260107')
  await phase2.sql.file(join(root, 'tests', 'database', 'phase1.sql'))
  // What projects have beyond the baseline: a default, and other grants than phase 2 gives.
  await phase2.sql`alter table campaigns alter column user_id set default auth.uid()`
  await phase2.sql`revoke delete on call_logs from authenticated`
  await phase2.sql`grant select on workflows to anon`
  phase1 = await catalogOf(phase2.sql)
  await migrateUp(phase2.url)
  await phase2.sql.end()
}, 240_000)

afterAll(async () => {
  await phase2?.drop()
  await stack?.stop()
})

/** A copy of the migrated database, which nobody has worked in yet. */
const inPhase2 = (work: (database: postgres.Sql, url: string) => Promise<void>) => () =>
  withNewDatabase(
    async (database, url) => {
      // A database's own grants are not copied with it.
      await database`select tenancy.attach()`
      await work(database, url)
    },
    stack.status.DB_URL,
    templateName,
  )

/** Runs `npm run rollback`. */
async function rollback(url: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-lock', '--cached-only', join(root, 'local', 'rollback.ts'), `--url=${url}`, ...args],
    env: { NO_COLOR: '1' },
  }).output()
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) }
}

const authored = (rows: Row[]): Row[] => rows.map((row) => row.user_id === null ? { ...row, user_id: ada } : row)
const byId = (rows: Row[]): Row[] => rows.toSorted((a, b) => String(a.id) < String(b.id) ? -1 : 1)

it(
  'goes back with everything people did since, and forth again',
  { timeout: 240_000 },
  inPhase2(async (database, url) => {
    const work = await workForAWhile(database)
    expect(work.written).toBeGreaterThan(protectedTables.length / 2)
    expect(work.changed).toBeGreaterThan(protectedTables.length / 2)
    expect(work.left).toBeGreaterThan(protectedTables.length / 2)
    const phase2Catalog = await catalogOf(database)
    const before = await contentsOf(database)
    const merged = await database<{ table_name: string; merged_into: string; original: Row }[]>`
    select table_name, merged_into, original - 'organization_id' as original from tenancy.merged_rows`

    // A dry run says what would happen.
    const dry = await rollback(url)
    expect(dry).toMatchObject({ code: 0 })
    expect(dry.said).toContain('Nothing was changed. Add --yes to do it.')
    expect(dry.said).toMatch(/give rows without a person to ada@example\.test: .*\d+ in public\.leads/)
    expect(difference(phase2Catalog, await catalogOf(database))).toEqual([])

    const done = await rollback(url, '--yes')
    expect(done.said).toContain('This database is at phase 1 again.')
    expect(done.code).toBe(0)
    expect(difference(phase1, await catalogOf(database))).toEqual([])

    // Every row is there, as it was; so is what phase 2 had merged, unless its number was unblocked since.
    const back = await contentsOf(database)
    const expected: Contents = {}
    for (const table of protectedTables) {
      const ids = new Set(before[table]!.map(({ id }) => id))
      const returned = merged.filter((m) =>
        m.table_name === table && ids.has(m.merged_into) && m.original.id !== m.merged_into
      )
      expected[table] = byId([...authored(before[table]!), ...returned.map((m) => m.original)])
    }
    expect(back).toEqual(expected)
    expect(expected.dnc_list!.filter((row) => row.phone_number === '+12025550150')).toHaveLength(3)
    expect(expected.dnc_list!.filter((row) => row.phone_number === '+12025550151')).toEqual([])
    expect(expected.ai_sms_settings!.map((row) => row.user_id).sort()).toEqual([ada, ben, cleo].sort())

    // Phase 1 again: everybody sees their own rows and no others, and writes.
    for (const person of [ada, ben, cleo]) {
      await actingAs(database, person, async (tx) => {
        for (const table of protectedTables) {
          if (!phase1.some((line) => line.startsWith(`column public.${table}.user_id,`))) continue
          const seen = await tx`select id from ${tx(table)} order by id`
          expect(seen.map(({ id }) => id), table).toEqual(
            expected[table]!.filter((row) => row.user_id === person).map(({ id }) => id),
          )
        }
        await tx`insert into leads (user_id, phone_number) values (${person!}, '+12025550188')`
      })
    }
    await database`delete from leads where phone_number = '+12025550188'`

    // Forth again: the same database as the first time, and the same rows.
    await migrateUp(url)
    expect(difference(phase2Catalog, await catalogOf(database))).toEqual([])
    const again = await contentsOf(database)
    for (const table of protectedTables) expect(again[table], table).toEqual(authored(before[table]!))
  }),
)

it(
  'refuses while another organization has anything, exports it, and goes once it is gone',
  {
    timeout: 240_000,
  },
  inPhase2(async (database, url) => {
    const globex = await database.begin(async (tx) => {
      const bob = await signUp(tx, 'bob@example.test')
      const globex = await found(tx, 'Globex')
      await found(tx, 'Nobody')
      await belong(tx, globex, bob, 'owner')
      for (const table of protectedTables) await insertRow(tx, table, { organization_id: globex, user_id: bob })
      await tx`insert into organization_invitations (organization_id, email, role, invited_by, valid_for, expires_at)
      values (${globex}, 'new@example.test', 'member', ${bob}, '7 days', now() + interval '7 days')`
      return globex
    })
    const [catalog, contents] = [await catalogOf(database), await contentsOf(database)]
    const held =
      await database`select table_name, row_count::int as n from tenancy.holdings() where organization_id = ${globex}`
    expect(held.length).toBe(protectedTables.length + 2)

    for (const args of [[], ['--yes']]) {
      const { code, said } = await rollback(url, ...args)
      expect(code).toBe(1)
      expect(said).toContain(`organization "Globex" (${globex}) has 1 in public.organization_users`)
      for (const { table_name, n } of held) expect(said).toContain(`${n} in ${table_name}`)
      expect(said).toContain(`delete from public.organizations where id = '${globex}';`)
      expect(said).not.toContain('Nobody')
    }
    await expect(database.unsafe(await Deno.readTextFile(script))).rejects.toThrow(/Nothing was changed[^]*Globex/)
    await database`rollback`
    expect(difference(catalog, await catalogOf(database))).toEqual([])
    expect(await contentsOf(database)).toEqual(contents)

    const folder = await Deno.makeTempDir()
    try {
      expect((await rollback(url, '--export', folder)).code).toBe(1)
      const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
      expect(files).toHaveLength(3)
      const file = files.find((name) => name.includes(globex))!
      const lines = (await Deno.readTextFile(join(folder, file))).trim().split('\n').map((line) => JSON.parse(line))
      for (const { table_name, n } of held) {
        const rows = lines.filter((line) => line.table === table_name).map((line) => line.row)
        expect(rows, table_name).toHaveLength(n)
        const [stored] = await database.unsafe(
          `select coalesce(jsonb_agg(t), '[]') as rows from ${table_name} as t where organization_id = $1`,
          [globex],
        )
        expect(byId(rows), table_name).toEqual(byId(stored!.rows))
      }
      for (const table of ['public.organizations', 'public.profiles']) {
        expect(lines.filter((line) => line.table === table), table).toHaveLength(1)
      }
      expect(JSON.stringify(lines)).not.toContain('token_hash')
    } finally {
      await Deno.remove(folder, { recursive: true })
    }

    await database`delete from organizations where id = ${globex}`
    expect(await rollback(url, '--yes')).toMatchObject({ code: 0 })
    expect(difference(phase1, await catalogOf(database))).toEqual([])
  }),
)

it(
  'changes nothing when it is cut off, wherever that is, and can be run again',
  { timeout: 240_000 },
  inPhase2(
    async (database, url) => {
      await workForAWhile(database)
      const [catalog, contents] = [await catalogOf(database), await contentsOf(database)]
      const parts = (await Deno.readTextFile(script)).split('\n\n\n')
      expect(parts.length).toBeGreaterThan(8)
      const watcher = postgres(stack.status.DB_URL, { max: 1 })
      for (const cut of [5, 7, parts.length]) {
        const before = cut === parts.length
          ? parts.join('\n\n').replace(/commit;\s*$/, '')
          : parts.slice(0, cut).join('\n\n')
        const cutOff = postgres(url, { max: 1, onnotice: () => {} })
        const [session] = await cutOff`select pg_backend_pid() as pid`
        const running = cutOff.unsafe(`${before}; select pg_sleep(60);`).then(() => 'done', () => 'cut off')
        for (let waits = false; !waits;) {
          const [state] = await watcher`select wait_event = 'PgSleep' as sleeps from pg_stat_activity where pid = ${
            session!.pid
          }`
          waits = state?.sleeps ?? false
        }
        await watcher`select pg_terminate_backend(${session!.pid}, 5000)`
        expect(await running).toBe('cut off')
        await cutOff.end({ timeout: 1 })
        expect(difference(catalog, await catalogOf(database)), `cut ${cut}`).toEqual([])
        expect(await contentsOf(database)).toEqual(contents)
      }
      await watcher.end()
      expect(await rollback(url, '--yes')).toMatchObject({ code: 0 })
      expect(difference(phase1, await catalogOf(database))).toEqual([])
    },
  ),
)

it(
  'says which rows no person of phase 1 could have',
  { timeout: 120_000 },
  inPhase2(async (database, url) => {
    const gone = await database.begin(async (tx) => {
      const people = [await signUp(tx, 'eli@example.test'), await signUp(tx, 'fay@example.test')]
      for (const person of people) {
        await belong(tx, defaultOrganization, person, 'member')
        await insertRow(tx, 'calendar_integrations', { organization_id: defaultOrganization, user_id: person })
      }
      return people
    })
    await database`delete from auth.users where id = any(${gone})`
    const twice = await rollback(url, '--yes')
    expect(twice.code).toBe(1)
    expect(twice.said).toContain('2 in public.calendar_integrations have the same provider, calendar_id')

    await database`alter table organization_users disable trigger keep_an_owner_on_update`
    await database`update organization_users set suspended_at = now() where role = 'owner'`
    await database`alter table organization_users enable trigger keep_an_owner_on_update`
    const ownerless = await rollback(url, '--yes')
    expect(ownerless.code).toBe(1)
    expect(ownerless.said).toContain('no active owner, and 2 in public.calendar_integrations')
    expect(await database`select 1 from tenancy.phase_1 limit 1`).toHaveLength(1)
  }),
)

it(
  'leaves alone what is the operator’s own',
  { timeout: 240_000 },
  inPhase2(async (database, url) => {
    await database`create table notes (
    id uuid primary key default gen_random_uuid(), created_at timestamptz not null default now(), body text
  )`
    const notes = (await catalogOf(database)).filter((line) => /\bpublic\.notes\b/.test(line))
    await database`select tenancy.protect('public.notes', 'member', 'member', 'manager', 'manager')`
    await database`alter table leads add column score integer constraint leads_score_is_a_share check (score between 0 and 100)`
    await database`create index leads_score_idx on leads (score)`
    await database`create view mine as select id from organizations`

    const refused = await rollback(url, '--yes')
    expect(refused.code).toBe(1)
    expect(refused.said).toMatch(/cannot drop .* because other objects depend on (it|them)/)
    expect(await database`select 1 from tenancy.phase_1 limit 1`).toHaveLength(1)

    await database`drop view mine`
    expect(await rollback(url, '--yes')).toMatchObject({ code: 0 })
    const more = difference(phase1, await catalogOf(database))
    const added = more.filter((line) => line.includes('public.leads'))
    expect(added.map((line) => line.match(/^\+ (\w+)/)?.[1]).sort()).toEqual(['column', 'constraint', 'index'])
    expect(more.filter((line) => !added.includes(line)).sort()).toEqual(notes.map((line) => `+ ${line}`).sort())
  }),
)

it(
  'refuses a database without organizations, and one it can’t reach, with one line',
  { timeout: 120_000 },
  () =>
    withNewDatabase(async (_, url) => {
      for (
        const [target, words] of [[url, 'has no organizations'], [
          'postgresql://127.0.0.1:1/x',
          'ECONNREFUSED',
        ]] as const
      ) {
        const { code, said } = await rollback(target)
        expect(code).toBe(1)
        expect(said.trim().split('\n')).toHaveLength(1)
        expect(said).toContain(words)
      }
    }, stack.status.DB_URL),
)
