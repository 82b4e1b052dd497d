import postgres from 'postgres'
import { templateName } from '../local/database/template.ts'
import type { Status } from '../local/state.ts'
import { migrateUp } from '../tests/database/support/migrate-up.ts'
import { claimsFor, signHs256 } from '../tests/functions/support/mint.ts'
import { startStack } from '../tests/stack/start.ts'
import { startPostgrest } from './postgrest.ts'
import { median, percentile, table } from './statistics.ts'

const triggers = ['count_calls_on_insert', 'count_calls_on_update', 'count_calls_on_delete']
const ways = ['control', 'unlimited', 'limited'] as const
type Way = typeof ways[number]
/** How long a crowd writes, in milliseconds. */
const crowdFor = 3000
const exactRounds = 200

/**
 * Call logs with the quota and the usage counted, and without: the same table in a copy of the database whose triggers for
 * both are off. One row, as the database and as a client of the Data API see it, a thousand, and fifty writers at once, with
 * a neighbour who writes beside them.
 */
export async function measureQuotas(rounds = 12, writers = 50): Promise<string> {
  const stack = await startStack()
  const owner = postgres(stack.status.DB_URL, { max: 1, onnotice: () => {} })
  const ended: (() => Promise<void>)[] = []
  try {
    await owner`create database bench_control template ${owner(templateName)}`
    const open = async (way: Way) => {
      const world = await createWorld(stack.status, writers, way)
      ended.push(world.end)
      return world
    }
    const worlds = {
      control: await open('control'),
      unlimited: await open('unlimited'),
      limited: await open('limited'),
    }
    const single = noTimes()
    const requested = noTimes()
    const thousand = noTimes()
    const crowd = noTimes()
    const perSecond = noTimes()
    const neighbour = noTimes()
    // Every statement has its control right before or after it: what the machine does meanwhile meets all three. The first
    // round warms up.
    for (let round = -1; round < rounds; round++) {
      const inTurn = async (times: number, into: Times, work: (world: World) => Promise<unknown>) => {
        for (let n = 0; n < times; n++) {
          for (const way of turned(n)) {
            const taken = await timed(() => work(worlds[way]))
            if (round >= 0) into[way].push(taken)
          }
        }
      }
      for (const world of Object.values(worlds)) await world.reconnect()
      await inTurn(60, single, (world) => world.insert(world.busy, 1))
      await inTurn(60, requested, async (world) => {
        const status = await world.request()
        if (status !== 201) throw new Error(`a call log was answered with ${status}`)
      })
      await inTurn(6, thousand, (world) => world.insert(world.busy, 1000))
      for (const way of turned(round + 1)) {
        const together = await worlds[way].crowd()
        if (round < 0) continue
        crowd[way].push(...together.busy)
        neighbour[way].push(...together.quiet)
        perSecond[way].push(together.perSecond)
      }
    }

    const exact = await worlds.limited.exactly(exactRounds)
    const drift = await worlds.limited.drift()
    const rows = (name: string, times: Times, figure: (times: number[]) => number, wanted: string): string[][] =>
      ways.map((way) => [
        `${name}, ${titles[way]}`,
        figure(times[way]).toFixed(2),
        `${percentile(times[way], 0.25).toFixed(2)}–${percentile(times[way], 0.75).toFixed(2)}`,
        way === 'control' ? '' : `${(figure(times[way]) / figure(times.control)).toFixed(2)}, ${wanted}`,
      ])
    const p99 = (times: number[]): number => percentile(times, 0.99)
    return `## Quotas and usage

\`npm run bench -- quotas\`. Inserts of call logs as a member; ${rounds} rounds, each with a new connection, statement by
statement in turn, after one to warm up. Control: the same table in a database of the same server without the triggers that count calls, in the usage and
against the quota. SQL: a transaction that takes the member's claims first, as the Data API's does. ${writers} at once are
connections that insert one call after the other for ${
      crowdFor / 1000
    } s; the neighbour is another organization that does so beside them. The
database doesn't wait for the disk, so that the disk doesn't hide what counting costs. Milliseconds, and calls a second.

${
      table(['', 'figure', 'middle half', 'ratio'], [
        ...rows('one call, SQL, median', single, median, '≤ 1.3 wanted'),
        ...rows('one call, Data API, median', requested, median, '≤ 1.3 wanted'),
        ...rows('1,000 calls, SQL, median', thousand, median, '≤ 1.15 wanted'),
        ...rows(`${writers} at once, calls a second`, perSecond, median, '≥ 0.8 wanted'),
        ...rows(`${writers} at once, 99th percentile`, crowd, p99, '≤ 2 wanted'),
        ...rows('a neighbour, 99th percentile', neighbour, p99, '≤ 1.2 wanted'),
      ])
    }

30 calls at once over the Data API where the limit leaves three: exactly three were stored, and 27 refused with 402, in
${exact} of ${exactRounds} rounds. After all of this \`tenancy.recount()\` found ${
      drift === 0 ? 'no counter wrong' : `${drift} counters wrong`
    }.`
  } finally {
    await owner.end()
    for (const end of ended) await end()
    await stack.stop()
  }
}

type Times = Record<Way, number[]>
type World = Awaited<ReturnType<typeof createWorld>>

const noTimes = (): Times => ({ control: [], unlimited: [], limited: [] })

/** All ways, each time another one first. */
const turned = (times: number): Way[] => ways.map((_, n) => ways[(n + times) % ways.length]!)

const titles: Record<Way, string> = { control: 'not counted (control)', unlimited: 'no limit', limited: 'with a limit' }

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Two organizations of one owner each, a Data API, and as many connections as there are writers. */
async function createWorld(stack: Status, writers: number, way: Way) {
  const named = (address: string): URL => {
    const url = new URL(address)
    if (way === 'control') url.pathname = 'bench_control'
    return url
  }
  const url = named(stack.DB_URL)
  const setup = postgres(url.href, { max: 1, onnotice: () => {} })
  const signUp = async (): Promise<string> => {
    const user = crypto.randomUUID()
    await setup`insert into auth.users ${
      setup({ id: user, email: `${user}@example.test`, aud: 'authenticated', role: 'authenticated' })
    }`
    return user
  }
  const found = async (user: string): Promise<Writer> => {
    const organization = crypto.randomUUID()
    await setup`insert into organizations ${
      setup({
        id: organization,
        name: 'Bench',
        slug: `bench-${organization.slice(0, 8)}`,
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
  const [busy, quiet] = [await found(await signUp()), await found(await signUp())]
  const dataApi = await startPostgrest({ ...stack, ADMIN_DB_URL: named(stack.ADMIN_DB_URL).href })
  const token = await signHs256(stack.JWT_SECRET, claimsFor(busy.user, `${busy.user}@example.test`))
  const connect = () => postgres(url.href, { max: 1, onnotice: () => {} })
  let alone = connect()
  const insert = ({ user, organization }: Writer, count: number, sql = alone) =>
    sql.begin((tx) => [
      tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true),
        set_config('request.headers', ${JSON.stringify({ 'x-organization-id': organization })}, true),
        set_config('role', 'authenticated', true)`,
      tx`insert into call_logs (phone_number, status) select '+15550102', 'completed' from generate_series(1, ${count})`,
    ])
  const world = {
    busy,
    insert,
    /** Goes on with another connection: what one has in its caches, and where, differs from the next one's. */
    async reconnect() {
      await alone.end()
      alone = connect()
      for (let n = 0; n < 10; n++) await world.insert(busy, 1)
    },
    async request(organization = busy.organization) {
      const answer = await fetch(`${dataApi.url}/call_logs`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'x-organization-id': organization,
        },
        body: JSON.stringify({ phone_number: '+15550102', status: 'completed' }),
      })
      await answer.body?.cancel()
      return answer.status
    },
    /** How often, of 30 calls at once to an organization of which three are left, exactly three were stored. */
    async exactly(rounds: number): Promise<number> {
      const full = await found(busy.user)
      let times = 0
      for (let round = 0; round < rounds; round++) {
        await alone`update organizations set monthly_call_limit = ${3 * round + 3} where id = ${full.organization}`
        const statuses = await Promise.all(Array.from({ length: 30 }, () => world.request(full.organization)))
        const [stored] = await alone<{ calls: number }[]>`
          select count(*)::int as calls from call_logs where organization_id = ${full.organization}`
        const passed = statuses.filter((status) => status === 201).length
        const refused = statuses.filter((status) => status === 402).length
        if (passed === 3 && refused === 27 && stored?.calls === 3 * round + 3) times += 1
      }
      return times
    },
    /** How many counters are not what the rows say. */
    async drift(): Promise<number> {
      const [found] = await setup<{ wrong: number }[]>`
        select count(r.counter)::int as wrong from organizations as o, tenancy.recount(o.id) as r where o.name = 'Bench'`
      return found?.wrong ?? NaN
    },
    async end() {
      await alone.end()
      await setup.end()
      await dataApi.stop()
    },
    async crowd() {
      const connections = Array.from({ length: writers + 1 }, () => postgres(url.href, { max: 1, onnotice: () => {} }))
      // Everybody is connected, and has planned, before the clock runs.
      await Promise.all(connections.map((sql) => insert(quiet, 1, sql)))
      const until = performance.now() + crowdFor
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
      return { busy: all, quiet: quietTimes!, perSecond: all.length / crowdFor * 1000 }
    },
  }
  return world
}

interface Writer {
  user: string
  organization: string
}
