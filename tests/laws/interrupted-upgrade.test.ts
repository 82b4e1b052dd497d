import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { supabaseCommand } from '../../local/supabase-cli.ts'
import { catalogOf } from '../../prove/catalog.ts'
import { phase1, projectUpTo } from '../../prove/upgrade/project.ts'
import { createDatabase, migrateUp, type NewDatabase } from '../database/support/migrations.ts'

// An upgrade that is killed leaves a system that works, and the next run finishes it.

let before: NewDatabase
let own: NewDatabase
let workdir: string

beforeAll(async () => {
  workdir = await projectUpTo('99999999999999')
  before = await createDatabase()
  await migrateUp(before.url, phase1)
  await before.sql.file(join(import.meta.dirname!, '..', 'database', 'phase1.sql'))
  await before.sql.end()
})
afterAll(async () => {
  await before.drop()
  await Deno.remove(workdir, { recursive: true })
})
const copyOfPhase1 = () => createDatabase(undefined, new URL(before.url).pathname.slice(1))
beforeEach(async () => {
  own = await copyOfPhase1()
})
afterEach(() => own.drop())

/** Starts the CLI in a process group of its own, so that killing it kills all of it. */
const startUpgrade = () =>
  supabaseCommand(['migration', 'up', '--yes', '--workdir', workdir, `--remote=${own.url}`], {
    detached: true,
    stdout: 'null',
    stderr: 'null',
  }).spawn()

const rowsOf = async (sql: postgres.Sql) => {
  const rows: Record<string, unknown> = {}
  for (const table of ['leads', 'campaigns', 'call_logs', 'dnc_list', 'ai_sms_settings']) {
    rows[table] = (await sql`select to_jsonb(t) as row from ${sql(table)} as t order by id`).map(({ row }) => row)
  }
  return rows
}

/** What the upgrade comes to when nobody interrupts it. */
const uninterrupted = async () => {
  const other = await copyOfPhase1()
  try {
    await migrateUp(other.url)
    return { catalog: await catalogOf(other.sql), rows: await rowsOf(other.sql) }
  } finally {
    await other.drop()
  }
}

/** Upgrades until so many migrations are in, and some moments into the next one; whether it was through by then. */
const isFinished = async (point: number) => {
  const upgrade = startUpgrade()
  let status: Deno.CommandStatus | undefined
  const ended = upgrade.status.then((is) => status = is)
  while (!status && await applied() < point) await pause(10)
  await Promise.race([ended, pause(Math.random() * 200)])
  if (!status) Deno.kill(-upgrade.pid, 'SIGKILL')
  return (await ended).success
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const applied = async () => (await own.sql`select version from supabase_migrations.schema_migrations`).length

describe('an upgrade', () => {
  it('killed again and again, at every point, is finished by the next run', { timeout: 120_000 }, async () => {
    const wanted = await uninterrupted()
    const reached = new Set<number>()
    for (let point = await applied();; point += 8) {
      if (await isFinished(point)) break
      reached.add(await applied())
    }
    // It was killed at several points, not only before its first and after its last migration.
    expect(reached.size).toBeGreaterThan(6)
    expect(await catalogOf(own.sql)).toEqual(wanted.catalog)
    expect(await rowsOf(own.sql)).toEqual(wanted.rows)
  })

  it('whose index was interrupted half built builds it anew', { timeout: 60_000 }, async () => {
    await migrateUp(own.url, '20260108090150')
    // Somebody's open transaction is what an index that is built concurrently waits for.
    const other = postgres(own.url, { max: 1, onnotice: () => {} })
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const holding = other.begin(async (tx) => {
      await tx`update leads set notes = 'open' where id = (select id from leads limit 1)`
      await ended
    })
    const upgrade = startUpgrade()
    const build = async () =>
      (await own.sql<{ pid: number }[]>`select pid from pg_stat_activity
        where datname = current_database() and query ~* '^create (unique )?index concurrently' and wait_event_type = 'Lock'`)[
        0
      ]
    const invalid = () => own.sql`select indexrelid::regclass::text as name from pg_index where not indisvalid`
    let building = await build()
    while (!building || (await invalid()).length === 0) {
      await pause(20)
      building = await build()
    }
    await own.sql`select pg_terminate_backend(${building.pid})`
    expect((await upgrade.status).success).toBe(false)
    end()
    await holding
    await other.end()
    expect(await invalid()).toEqual([{ name: 'leads_are_unique_in_their_organization' }])
    await migrateUp(own.url)
    expect(await invalid()).toEqual([])
  })
})
