import postgres from 'postgres'
import { startStack } from '../../tests/stack/start.ts'
import { median, spread, table } from '../statistics.ts'
import { type Asker, askerOfBiggest, drawAskers, fill, joinMany, type Size } from './data.ts'
import { equip, measure, prepare, type Prepared } from './measure.ts'
import { type Statement, statements, unfiltered } from './statements.ts'
import { control, genericControl, ours, peers, settle, type Way } from './ways.ts'

const full: Size = { organizations: 10_000, leads: 180, calls: 1, biggest: 200_000 }
const rounds = 12
const askersOfEach = 20

interface Bench {
  admin: postgres.Sql
  client: postgres.Sql
  close: () => Promise<void>
}

/** A stack with this much in it. */
async function open(size: Size): Promise<Bench> {
  const stack = await startStack({ seed: false })
  const [admin, client] = [1, 1].map((max) => postgres(stack.status.ADMIN_DB_URL, { max, onnotice: () => {} }))
  const close = async () => {
    await admin!.end()
    await client!.end()
    await stack.stop()
  }
  try {
    await fill(admin!, size)
    await settle(admin!)
    return { admin: admin!, client: client!, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Statements with row-level security beside the same ones without, and beside the policies that people use today. */
export async function measurePolicies(size = full): Promise<string> {
  const { admin, client, close } = await open(size)
  try {
    const ways = [control, genericControl, ours, ...peers]
    const rows: string[][] = []
    for (const [place, statement] of statements.entries()) {
      const askers = await equip(admin, await drawAskers(admin, statement.role, askersOfEach), statement.times)
      rows.push(rowOf(statement, await compare({ admin, client }, statement, ways, askers, place * 10)))
      console.log(`  ${rows.at(-1)!.join(' | ')}`)
    }

    const forgotten: string[][] = []
    const [one] = await drawAskers(admin, 'member', 1)
    const [many] = await drawAskers(admin, 'manager', 1)
    await joinMany(admin, many!.user_id, 60)
    const cases: [string, Asker][] = [
      ['of one organization', one!],
      ['of 60', many!],
      ['of the one with 200,000 leads', await askerOfBiggest(admin)],
    ]
    for (const [place, [name, asker]] of cases.entries()) {
      const askers = await equip(admin, [asker], 5)
      const statement = { ...unfiltered, name }
      const times = await compare({ admin, client }, statement, ways, askers, 1000 + place * 10, 2)
      forgotten.push(rowOf(statement, times))
      console.log(`  ${forgotten.at(-1)!.join(' | ')}`)
    }
    const head = ['', `${control.name}, µs`, ...ways.slice(1).map(({ name }) => name), 'wanted']
    return `## Policies

\`npm run bench -- policies\`. ${size.organizations.toLocaleString('en')} organizations, ${
      (size.organizations * size.leads + size.biggest).toLocaleString('en')
    } leads, 1.5 times as many calls, one organization with
${
      size.biggest.toLocaleString('en')
    } leads. Each statement is prepared and timed inside the server, for ${askersOfEach} people of as many organizations; the
median of a turn, ${rounds} turns of each way, interleaved, after one to warm up. Ratios to the first column: median (range). The
control and the peers work on copies of the tables with the same columns, rules, indexes and plain foreign keys, without
triggers; only this project stamps, keeps rows in their place and refuses the keys of other organizations.

${table(head, rows)}

The newest 20 leads asked for by a client that names no organization; the first two columns name it.

${table(head, forgotten)}`
  } finally {
    await close()
  }
}

async function compare(
  { admin, client }: Pick<Bench, 'admin' | 'client'>,
  statement: Statement,
  ways: Way[],
  askers: Asker[],
  number: number,
  turns = rounds,
): Promise<number[][]> {
  const prepared: Prepared[] = []
  for (const [n, way] of ways.entries()) {
    prepared.push(await prepare(admin, statement, way, number + n))
  }
  return await measure(client, prepared, askers, turns)
}

function rowOf({ name, wanted }: Statement, [first = [], ...others]: number[][]): string[] {
  const ratios = others.map((times) => times.map((time, round) => time / first[round]!))
  return [
    name,
    median(first).toFixed(0),
    ...ratios.map((values) => `${median(values).toFixed(2)} (${spread(values, 2)})`),
    wanted ? `≤ ${wanted}` : '',
  ]
}
