import { startStack } from '../../tests/stack/start.ts'
import { startPostgrest } from '../postgrest.ts'
import { median, spread, table } from '../statistics.ts'
import { type Load, send } from './load.ts'
import { createPairs, leadsOfEach, type Pair, type Way } from './pairs.ts'
import { createProcesses, perRequest, type Taken } from './processes.ts'

const isSmall = Deno.env.get('BENCH_SIZE') === 'small'
const rounds = isSmall ? 2 : 5
const seconds = isSmall ? 0.5 : 0.8
const connections = [1, 8, 32]
const organizations = isSmall ? 20 : 1_000

type Processes = Awaited<ReturnType<typeof createProcesses>>
type Ways<T> = Record<'control' | 'ours', T>

/** Whole requests: row-level security against the secret key, and functions against the Data API itself. */
export async function measureHttp(): Promise<string> {
  const stack = await startStack({ without: ['auth', 'mail', 'relay', 'web'] })
  const dataApi = await startPostgrest(stack.status)
  const { pairs, end } = await createPairs(stack.status, dataApi.url, organizations)
  try {
    const processes = await createProcesses(stack.dataDir)
    const before = [await dataApi.memory(), await processes.memory()]
    const rows: string[][] = []
    const shares: string[][] = []
    for (const pair of pairs) {
      for (const count of connections) {
        const { row, taken } = await measurePair(pair, count, processes)
        rows.push(row)
        console.log(`  ${row.join(' | ')}`)
        if (count === 8 && pair.name.startsWith('functions')) shares.push(...toShares(pair.name, taken))
      }
    }
    const after = [await dataApi.memory(), await processes.memory()]
    const memory = (index: number) => `${before[index] ?? '?'} MiB before and ${after[index] ?? '?'} MiB after`
    return `## Whole requests

\`${isSmall ? 'BENCH_SIZE=small ' : ''}npm run bench -- http\`. ${
      organizations.toLocaleString('en')
    } organizations with ${leadsOfEach} leads each; ${rounds} rounds each way, interleaved, after one
to warm up, of as many requests as take the way ${seconds} s or so, and of 1,000 leads two for each connection. Requests/s as the
median, latency in milliseconds as the median of the rounds' 50th and 99th percentiles; the ratio is ours to the control's
requests/s of the same round, and what is added is the difference of the 50th percentiles. First PostgREST asked directly,
by a member and by the secret key, which names the organization in its filter or its rows. Then the functions, and the
same statement with the same result asked of PostgREST as supabase-js does; both through the local gateway, which a
request through a function passes twice. An invitation by mail would wait for the mail server too, so that a link stands
for it. The PostgREST that is asked directly has ${memory(0)}; the functions, all in one process, have ${memory(1)}.

${
      table(
        [
          '',
          'connections',
          'control, requests/s',
          'p50',
          'p99',
          'ours, requests/s',
          'p50',
          'p99',
          'added',
          'ratio',
          'wanted',
        ],
        rows,
      )
    }

What one request takes of the two processors, in milliseconds, over 8 connections, the load generator left out: the
limit of the ratio while everything shares them.

${table(['', 'way', 'gateway', 'functions', 'PostgREST', 'Postgres', 'all', 'ratio'], shares)}`
  } finally {
    await end()
    await dataApi.stop()
    await stack.stop()
  }
}

async function measurePair(pair: Pair, count: number, processes: Processes) {
  const name = `${pair.name}, ${count} connections`
  const amount: Ways<number> = {
    control: await amountOf(name, pair, pair.control, count),
    ours: await amountOf(name, pair, pair.ours, count),
  }
  const loads: Ways<Load[]> = { control: [], ours: [] }
  const taken: Ways<Taken[]> = { control: [], ours: [] }
  for (let round = 0; round < rounds; round++) {
    // Who comes first changes: the machine may be slower later.
    for (const way of round % 2 === 0 ? ['control', 'ours'] as const : ['ours', 'control'] as const) {
      const request = await prepare(pair[way])
      const start = await processes.taken()
      loads[way].push(await send(`${name}, ${way}`, request, count, amount[way]))
      const each = perRequest(start, await processes.taken(), amount[way])
      if (each) taken[way].push(each)
    }
  }
  const ratios = loads.ours.map(({ perSecond }, round) => perSecond / loads.control[round]!.perSecond)
  const of = (way: keyof Ways<unknown>, figure: keyof Load) => median(loads[way].map((load) => load[figure]))
  const figures = (way: keyof Ways<unknown>) => [
    of(way, 'perSecond').toFixed(0),
    of(way, 'p50').toFixed(1),
    of(way, 'p99').toFixed(1),
  ]
  const row = [
    pair.name,
    String(count),
    ...figures('control'),
    ...figures('ours'),
    (of('ours', 'p50') - of('control', 'p50')).toFixed(1),
    `${median(ratios).toFixed(2)} (${spread(ratios, 2)})`,
    pair.wanted,
  ]
  return { row, taken }
}

/** How many requests a round has, as one to warm up says. */
async function amountOf(name: string, pair: Pair, way: Way, count: number): Promise<number> {
  const fixed = pair.amount?.(count)
  const { perSecond } = await send(`${name}, warming up`, await prepare(way), count, fixed ?? 10 * count + 50)
  return fixed ?? Math.max(2 * count, Math.round(perSecond * seconds))
}

const prepare = async (way: Way) => typeof way === 'function' ? await way() : way

function toShares(name: string, taken: Ways<Taken[]>): string[][] {
  const parts = ['gateway', 'functions', 'data-api', 'database'] as const
  const all = (each: Taken) => parts.reduce((sum, part) => sum + each[part], 0)
  if (taken.ours.length === 0) return []
  const row = (way: keyof Ways<unknown>, first: string, ratio: string) => [
    first,
    way,
    ...parts.map((part) => median(taken[way].map((each) => each[part])).toFixed(2)),
    median(taken[way].map(all)).toFixed(2),
    ratio,
  ]
  const ratios = taken.ours.map((each, round) => all(taken.control[round]!) / all(each))
  return [row('control', name, ''), row('ours', '', `${median(ratios).toFixed(2)} (${spread(ratios, 2)})`)]
}
