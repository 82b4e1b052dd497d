import type postgres from 'postgres'
import { root } from '../../local/settings.ts'
import { runSupabase } from '../../local/supabase-cli.ts'
import { type Seen, startLoad } from './load.ts'
import { watchLocks } from './locks.ts'
import { type Size, startPhase1 } from './phase1.ts'

/** How an upgrade is rehearsed. */
export interface Rehearsal extends Size {
  perSecond: number
  /** Seconds that the upgrade lets clients work between two tables; by default it hardly waits. */
  pause?: number
  /** Seconds of load before the upgrade, to compare with, and after it; longer where fewer requests are answered than sent. */
  before: number
  after: number
}

/** What an upgrade of a system in use came to. */
export interface Upgraded {
  before: Seen
  during: Seen
  after: Seen
  seconds: number
  longestLock: { milliseconds: number; lock: string }
  /** What is not as it was, or not as clients were told; empty when nothing was lost. */
  lost: string[]
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

/** Runs a phase-1 system under load, applies every later migration with the official CLI, and says what clients saw. */
export async function rehearseUpgrade(
  rehearsal: Rehearsal,
  report: (line: string) => void = () => undefined,
): Promise<Upgraded> {
  report(`filling ${rehearsal.leads} leads and ${rehearsal.calls} call logs`)
  const system = await startPhase1(rehearsal)
  try {
    const columns = await columnsOf(system.admin)
    const checksums = await checksumsOf(system.admin, columns)
    const load = startLoad(system, rehearsal.perSecond)
    const requestsOf = (seconds: number) => Promise.all([pause(seconds), load.ended(seconds * rehearsal.perSecond)])
    await pause(2)
    load.take()
    report('measuring before')
    // Watching costs something too, so what is compared is watched alike.
    const control = watchLocks(system.admin)
    await requestsOf(rehearsal.before)
    const before = load.take()
    await control.stop()
    report('upgrading')
    if (rehearsal.pause !== undefined) {
      await system.admin.unsafe(`alter role postgres set tenancy.pause = '${rehearsal.pause}'`)
    }
    const locks = watchLocks(system.admin)
    const began = performance.now()
    const { success, stdout, stderr } = await runSupabase(
      ['migration', 'up', '--yes', '--workdir', root, `--remote=${system.stack.status.DB_URL}`],
      root,
    )
    const seconds = (performance.now() - began) / 1000
    if (!success) throw new Error(stdout + stderr)
    const during = load.take()
    await locks.stop()
    report('measuring after')
    await requestsOf(rehearsal.after)
    const after = load.take()
    await load.stop()
    const lost = await findLost(system.admin, columns, checksums, load.stored)
    return { before, during, after, seconds, longestLock: locks.longest(), lost }
  } finally {
    await system.stop()
  }
}

type Checksums = Record<string, { rows: number; checksum: string }>

/** The columns that the tables have before the upgrade, as a list for SQL: what comes with it is nothing to compare. */
async function columnsOf(admin: postgres.Sql): Promise<Record<string, string>> {
  const tables = await admin<{ name: string; list: string }[]>`
    select table_name as name, string_agg(format('t.%I', column_name), ', ' order by column_name) as list
    from information_schema.columns
    where table_schema = 'public' and table_name in ('leads', 'call_logs', 'campaigns')
    group by 1`
  return Object.fromEntries(tables.map(({ name, list }) => [name, list]))
}

/** Of the rows from before the load, which started none older than a minute: their number, and a sum of all values. */
async function checksumsOf(admin: postgres.Sql, columns: Record<string, string>): Promise<Checksums> {
  const sums: Checksums = {}
  for (const [table, list] of Object.entries(columns)) {
    const [row] = await admin.unsafe(`select count(*)::int as rows,
      sum(('x' || left(md5((row(${list}))::text), 15))::bit(60)::bigint)::text as checksum
      from public.${table} as t where t.created_at < now() - interval '1 hour' or '${table}' = 'campaigns'`)
    sums[table] = { rows: row?.rows, checksum: row?.checksum }
  }
  return sums
}

async function findLost(
  admin: postgres.Sql,
  columns: Record<string, string>,
  before: Checksums,
  stored: Record<string, Set<string>>,
): Promise<string[]> {
  const lost: string[] = []
  for (const [table, sum] of Object.entries(await checksumsOf(admin, columns))) {
    if (JSON.stringify(sum) !== JSON.stringify(before[table])) {
      lost.push(`${table}: ${JSON.stringify(before[table])} became ${JSON.stringify(sum)}`)
    }
  }
  for (const [table, ids] of Object.entries(stored)) {
    const [row] = await admin`select count(*)::int as n from ${admin(table)} where id = any (${[...ids]}::uuid[])`
    if (row?.n !== ids.size) lost.push(`${table}: ${ids.size} rows were stored under load, ${row?.n} are there`)
  }
  const [unchecked] = await admin`select count(*)::int as n from pg_constraint where not convalidated`
  if (unchecked?.n !== 0) lost.push(`${unchecked?.n} constraints are not validated`)
  return lost
}

/** The value that a share of the values is not above. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
