import { arch, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from '../../local/settings.ts'
import { type Asker, drawPeople, equip, joinMany, type Person, personOfBiggest } from './askers.ts'
import type { Size } from './data.ts'
import { measureGrowth } from './growth.ts'
import { toValues } from './libpq.ts'
import { measure, prepareInside, runInside } from './measure.ts'
import { type Bench, open } from './open.ts'
import { measurePieces } from './pieces.ts'
import { type Measured, type Results, toCharts, toMarkdown } from './report.ts'
import { type Statement, statements, unfiltered } from './statements.ts'
import { bare, control, genericControl, ours, oursAlone, peers, readingAll, type Way } from './ways.ts'

/** How much is measured: as much as a big installation has, or only what shows that everything runs. */
interface Extent {
  size: Size
  turns: number
  people: number
  growth: { sizes: number[]; turns: number; leads: number; biggest: number }
}

const full: Extent = {
  size: { organizations: 10_000, leads: 180, calls: 1, biggest: 200_000, copies: true },
  turns: 12,
  people: 20,
  growth: { sizes: [100, 1_000, 10_000, 100_000], turns: 24, leads: 50, biggest: 200_000 },
}
const small: Extent = {
  size: { organizations: 200, leads: 100, calls: 1, biggest: 2_000, copies: true },
  turns: 4,
  people: 20,
  growth: { sizes: [100, 300], turns: 4, leads: 50, biggest: 1_000 },
}

const allWays = [control, genericControl, ours, bare, oursAlone, ...peers]

/**
 * Statements with row-level security beside the same ones without, and beside the policies that people use today. Writes
 * figures and charts beside the page; of a small run, which shows only that everything runs, into a folder of its own.
 */
export async function measurePolicies(): Promise<string> {
  const isSmall = Deno.env.get('BENCH_SIZE') === 'small'
  const { size, turns, people, growth } = isSmall ? small : full
  const bench = await open(size)
  let results: Results
  try {
    const { admin } = bench
    const [{ version } = { version: '' }] = await admin<{ version: string }[]>`
      select current_setting('server_version') as version`
    results = {
      command: `${isSmall ? 'BENCH_SIZE=small ' : ''}npm run bench -- policies`,
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${
        Math.round(totalmem() / 2 ** 30)
      } GiB, ${platform()} ${arch()}`,
      versions: { PostgreSQL: version, Deno: Deno.version.deno },
      size,
      turns,
      people,
      isApart: bench.isApart,
      roundTrip: emptyStatement(bench, turns),
      statements: [],
      forgotten: [],
      pieces: [],
      growth: [],
    }
    for (const [place, statement] of statements.entries()) {
      const askers = await equip(admin, await drawPeople(admin, statement.role, people), statement.times)
      results.statements.push(await measureOne(bench, statement, askers, `statement_${place}`, turns))
      console.log(`  ${statement.name} measured`)
    }
    results.roundTrip.push(...emptyStatement(bench, turns))
    results.pieces = await measurePieces(admin, turns)
    console.log('  the parts of writes measured')

    const [one] = await drawPeople(admin, 'member', 1)
    const [many] = await drawPeople(admin, 'manager', 1)
    if (!one || !many) throw new Error('nobody is there')
    await joinMany(admin, many.user_id, 60)
    const forgetful: [name: string, person: Person][] = [
      ['of one organization', one],
      ['of 60', many],
      ['of the biggest organization', await personOfBiggest(admin)],
    ]
    for (const [name, person] of forgetful) {
      const askers = await equip(admin, [person], unfiltered.times)
      const times = (ways: Way[], some: Asker[], turns: number) =>
        measure(bench.library, bench.url, unfiltered, ways, some, turns)
      results.forgotten.push({
        name,
        often: times(allWays.filter((way) => !readingAll.includes(way)), askers, turns),
        once: times([control, bare, ...readingAll], askers.slice(0, 1), 1),
      })
    }
    console.log('  statements without a filter measured')
    // Nothing of the first stack runs beside the others.
  } finally {
    await bench.close()
  }
  results.growth = await measureGrowth(growth)

  const folder = isSmall
    ? await Deno.makeTempDir({ prefix: 'dial-smart-bench-' })
    : join(root, 'docs', 'reference', 'performance')
  await Deno.mkdir(folder, { recursive: true })
  const files = { 'policies.json': `${JSON.stringify(results, null, 1)}\n`, ...toCharts(results) }
  for (const [name, content] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), content)
  console.log(`  wrote ${Object.keys(files).join(', ')} to ${folder}`)
  return toMarkdown(results)
}

/** Microseconds of a prepared statement that does nothing, a median a turn: asked before and after the others. */
function emptyStatement({ library, url }: Bench, turns: number): number[] {
  const connection = library.connect(url)
  const ask = connection.prepare('empty', 'select 1')
  const nothing = toValues([])
  const times = Array.from({ length: turns }, () => {
    const taken = Array.from({ length: 200 }, () => {
      const begun = performance.now()
      ask(nothing)
      return (performance.now() - begun) * 1000
    })
    return taken.sort((a, b) => a - b)[100]!
  })
  connection.close()
  return times
}

async function measureOne(
  { admin, library, url }: Bench,
  statement: Statement,
  askers: Asker[],
  name: string,
  turns: number,
): Promise<Measured> {
  const times = measure(library, url, statement, allWays, askers, turns)
  const inside = { control: [] as number[], ours: [] as number[] }
  await prepareInside(admin, `${name}_control`, statement, control)
  await prepareInside(admin, `${name}_ours`, statement, ours)
  for (let turn = -1; turn < turns; turn++) {
    const taken = {
      control: await runInside(admin, `${name}_control`, control, askers),
      ours: await runInside(admin, `${name}_ours`, ours, askers),
    }
    if (turn < 0) continue
    inside.control.push(taken.control)
    inside.ours.push(taken.ours)
  }
  return { name: statement.name, wanted: statement.wanted, times, inside }
}
