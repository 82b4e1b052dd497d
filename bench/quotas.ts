import postgres from 'postgres'
import { templateName } from '../local/database/template.ts'
import { migrateUp } from '../tests/database/support/migrate-up.ts'
import { startStack } from '../tests/stack/start.ts'
import { median, percentile, spread, table } from './statistics.ts'

const triggers = ['count_calls_on_insert', 'count_calls_on_update', 'count_calls_on_delete']
const ways = ['control', 'unlimited', 'limited'] as const
type Way = typeof ways[number]

/**
 * Call logs with the quota and the usage counted, and without: the same table in a copy of the database whose triggers for
 * both are off. One row, a thousand, and fifty writers at once, with a neighbour who writes beside them.
 */
export async function measureQuotas(rounds = 12, writers = 50): Promise<string> {
  const stack = await startStack()
  const owner = postgres(stack.status.DB_URL, { max: 1, onnotice: () => {} })
  try {
    await owner`create database bench_control template ${owner(templateName)}`
    const worlds = {
      control: await createWorld(stack.status.DB_URL, writers, 'control'),
      unlimited: await createWorld(stack.status.DB_URL, writers, 'unlimited'),
      limited: await createWorld(stack.status.DB_URL, writers, 'limited'),
    }
    const single: Record<Way, number[]> = { control: [], unlimited: [], limited: [] }
    const thousand: Record<Way, number[]> = { control: [], unlimited: [], limited: [] }
    const crowd: Record<Way, number[]> = { control: [], unlimited: [], limited: [] }
    const perSecond: Record<Way, number[]> = { control: [], unlimited: [], limited: [] }
    const neighbour: Record<Way, number[]> = { control: [], unlimited: [], limited: [] }
    // The first round warms up.
    for (let round = -1; round < rounds; round++) {
      for (const way of ways) {
        const world = worlds[way]
        const ones: number[] = []
        for (let n = 0; n < 40; n++) ones.push(await timed(() => world.insert(world.busy, 1)))
        const thousands: number[] = []
        for (let n = 0; n < 3; n++) thousands.push(await timed(() => world.insert(world.busy, 1000)))
        const together = await world.crowd()
        if (round < 0) continue
        single[way].push(...ones)
        thousand[way].push(...thousands)
        crowd[way].push(...together.busy)
        neighbour[way].push(...together.quiet)
        perSecond[way].push(together.perSecond)
      }
    }
    for (const world of Object.values(worlds)) await world.end()

    const rows = (name: string, times: Record<Way, number[]>, figure: (times: number[]) => number): string[][] =>
      ways.map((way) => [
        `${name}, ${titles[way]}`,
        figure(times[way]).toFixed(2),
        spread(times[way], 2),
        way === 'control' ? '' : (figure(times[way]) / figure(times.control)).toFixed(2),
      ])
    const p99 = (times: number[]): number => percentile(times, 0.99)
    return `## Quotas and usage

\`npm run bench -- quotas\`. Inserts of call logs as a member, in SQL; ${rounds} rounds each way, interleaved, after one to
warm up. Control: the same table without the triggers that count. ${writers} at once are connections that insert one call
after the other; the neighbour is another organization that does so beside them. Milliseconds, and calls a second.

${
      table(['', 'figure', 'range', 'ratio'], [
        ...rows('one call, median', single, median),
        ...rows('1,000 calls, median', thousand, median),
        ...rows(`${writers} at once, calls a second`, perSecond, median),
        ...rows(`${writers} at once, 99th percentile`, crowd, p99),
        ...rows('a neighbour, 99th percentile', neighbour, p99),
      ])
    }`
  } finally {
    await owner.end()
    await stack.stop()
  }
}

const titles: Record<Way, string> = { control: 'not counted (control)', unlimited: 'no limit', limited: 'with a limit' }

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Two organizations of one owner each, and as many connections as there are writers. */
async function createWorld(stackUrl: string, writers: number, way: Way) {
  const url = new URL(stackUrl)
  if (way === 'control') url.pathname = 'bench_control'
  const setup = postgres(url.href, { max: 1, onnotice: () => {} })
  const found = async (): Promise<Writer> => {
    const [user, organization] = [crypto.randomUUID(), crypto.randomUUID()]
    await setup`insert into auth.users ${
      setup({ id: user, email: `${user}@example.test`, aud: 'authenticated', role: 'authenticated' })
    }`
    await setup`insert into organizations ${
      setup({
        id: organization,
        name: 'Bench',
        slug: `bench-${user.slice(0, 8)}`,
        subscription_tier: 'enterprise',
        monthly_call_limit: way === 'limited' ? 10_000_000 : null,
      })
    }`
    await setup`insert into organization_users ${
      setup({ organization_id: organization, user_id: user, role: 'owner' })
    }`
    return { user, organization }
  }
  if (way === 'control') {
    await migrateUp(url.href)
    for (const name of triggers) await setup`alter table call_logs disable trigger ${setup(name)}`
  }
  const [busy, quiet] = [await found(), await found()]
  await setup.end()
  const alone = postgres(url.href, { max: 1, onnotice: () => {} })
  const insert = ({ user, organization }: Writer, count: number, sql = alone) =>
    sql.begin((tx) => [
      tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true),
        set_config('request.headers', ${JSON.stringify({ 'x-organization-id': organization })}, true),
        set_config('role', 'authenticated', true)`,
      tx`insert into call_logs (phone_number, status) select '+15550102', 'completed' from generate_series(1, ${count})`,
    ])
  return {
    busy,
    insert,
    end: () => alone.end(),
    async crowd() {
      const connections = Array.from({ length: writers + 1 }, () => postgres(url.href, { max: 1, onnotice: () => {} }))
      // Everybody is connected, and has planned, before the clock runs.
      await Promise.all(connections.map((sql) => insert(quiet, 1, sql)))
      const until = performance.now() + 1500
      const write = async (writer: Writer): Promise<number[]> => {
        const sql = connections.pop()!
        const times: number[] = []
        while (performance.now() < until) times.push(await timed(() => insert(writer, 1, sql)))
        await sql.end()
        return times
      }
      const [quietTimes, ...busyTimes] = await Promise.all([
        write(quiet),
        ...Array.from({ length: writers }, () => write(busy)),
      ])
      const all = busyTimes.flat()
      return { busy: all, quiet: quietTimes!, perSecond: all.length / 1.5 }
    },
  }
}

interface Writer {
  user: string
  organization: string
}
