import { median, spread, table } from '../statistics.ts'
import { bars, lines } from './charts.ts'
import type { Size } from './data.ts'
import type { Growth } from './growth.ts'
import type { Times } from './measure.ts'
import { type Pieces, rowsOf } from './pieces.ts'
import { bare, control, genericControl, ours, oursAlone, peers, readingAll, type Way } from './ways.ts'

/** A statement as all ways asked it. */
export interface Measured {
  name: string
  wanted?: number
  times: Times[]
  /** Microseconds inside the server, a median a turn. */
  inside: { control: number[]; ours: number[] }
}

/** The statement that names no organization. */
export interface Forgotten {
  name: string
  often: Times[]
  /** By what reads every row, and takes a minute. */
  once: Times[]
}

/** Everything that was measured; what the JSON file holds. */
export interface Results {
  command: string
  date: string
  machine: string
  versions: Record<string, string>
  size: Size
  turns: number
  people: number
  /** Whether server and client had a processor each. */
  isApart: boolean
  /** What an empty statement takes, which is in every time that a client sees. */
  roundTrip: number[]
  statements: Measured[]
  forgotten: Forgotten[]
  pieces: Pieces[]
  growth: Growth[]
}

const timesOf = ({ times }: Pick<Measured, 'times'>, way: Way): Times => {
  const found = times.find(({ way: name }) => name === way.name)
  if (!found) throw new Error(`${way.name} was not measured`)
  return found
}

const ratios = (measured: Pick<Measured, 'times'>, way: Way, to: Way, what: 'statement' | 'transaction'): number[] =>
  timesOf(measured, way)[what].map((time, turn) => time / timesOf(measured, to)[what][turn]!)

const ratio = (...asked: Parameters<typeof ratios>): string => {
  const values = ratios(...asked)
  return `${median(values).toFixed(2)} (${spread(values, 2)})`
}

const microseconds = (values: number[]): string => median(values).toFixed(0)

const count = (value: number) => value.toLocaleString('en')

/** The section of the page. */
export function toMarkdown(results: Results): string {
  const { size, turns, people, statements, forgotten, pieces, growth } = results
  return `## Policies

\`${results.command}\`. ${results.machine}; ${
    Object.entries(results.versions).map(([name, version]) => `${name} ${version}`).join(', ')
  }. ${count(size.organizations)} organizations,
${count((size.organizations - 1) * size.leads + size.biggest)} leads, 1.5 times as many calls, one organization with ${
    count(size.biggest)
  } leads. ${people} people of as many
organizations ask, with claims and headers as long as those of a browser. Every execution is in
[policies.json](performance/policies.json).

### Against no row-level security

Prepared statements, from the moment the client (libpq, over TCP, as PostgREST is) sends one until its answer is there,
in a transaction that has set claims and headers. The control asks the same tables, with the same triggers, rules and
keys, as a role that no policy binds, and names its organization; an insert of its names organization and author. Every
way touches the same rows, or the run stops. Interleaved execution by execution, ${turns} turns after one to warm up;
nothing else is left out. ${
    results.isApart
      ? `Server and client have a processor each: moved about, a way would differ from itself where one of two
processors is slower.`
      : 'The system moves server and client between processors as it likes.'
  } Ratios of a turn's medians: median (range). An empty statement takes ${microseconds(results.roundTrip)} µs of each;
what is left without it is in the last column, measured inside the server by its own clock.

${
    table(
      ['', 'no RLS, µs', 'generic plan', 'this project', 'wanted', 'whole transaction', 'inside the server, µs'],
      statements.map((measured) => [
        measured.name,
        microseconds(timesOf(measured, control).statement),
        ratio(measured, genericControl, control, 'statement'),
        ratio(measured, ours, control, 'statement'),
        measured.wanted ? `≤ ${measured.wanted}` : '',
        ratio(measured, ours, control, 'transaction'),
        `${microseconds(measured.inside.control)} → ${microseconds(measured.inside.ours)}`,
      ]),
    )
  }

![Statements against no row-level security](performance/policies.svg)

### Against what people use today

The peers' policies are on copies of the tables, with the same columns, rules and indexes and plain foreign keys, and
without triggers: nothing there stamps, counts, keeps rows in their place or refuses the keys of other organizations. The
control is the copy without policies. This project's policies stand there too, beside the whole project on its own
tables, which pays for all of that. They ask more than the peers' do: whether the membership, the organization and, for a
write, the account and the plan allow it now. A claim in the token is believed until the token ends.

${
    table(
      ['', 'bare tables, µs', ours.name, ...[oursAlone, ...peers].map(({ name }) => name)],
      statements.map((measured) => [
        measured.name,
        microseconds(timesOf(measured, bare).statement),
        ...[ours, oursAlone, ...peers].map((way) => ratio(measured, way, bare, 'statement')),
      ]),
    )
  }

The newest 20 leads asked for by a client that names no organization; the controls name it. Peers that read every row of
the table, which takes up to a minute, are asked once, after once to warm up.

${
    table(
      ['', 'no RLS, µs', ours.name, ...peers.map(({ name }) => name)],
      forgotten.map(({ name, often, once }) => [
        name,
        microseconds(timesOf({ times: often }, control).statement),
        ratio({ times: often }, ours, control, 'statement'),
        ...peers.map((way) => ratio({ times: readingAll.includes(way) ? once : often }, way, bare, 'statement')),
      ]),
    )
  }

### What each part costs

Inside the server, with one part taken out after the other, each in a transaction that brings it back. What a part costs
is its share of the whole, median over ${turns} turns; a negative share is noise, or what would have been slower.

${table(['', 'without', 'µs', 'its share'], pieces.flatMap(rowsOf))}

### Growth

The same in ever more organizations, each size in a stack of its own: ${
    growth.map(({ organizations, leads }) => `${count(organizations)} organizations with ${count(leads)} leads`).join(
      ', ',
    )
  }.
All sizes are asked in turn, ${
    growth[0]?.statements[0]?.times[0]?.statement.length
  } times. Ratio to no row-level security, and the control's microseconds.

${
    table(
      ['', ...growth.map(({ organizations }) => count(organizations))],
      (growth[0]?.statements ?? []).map(({ name }, place) => [
        name,
        ...growth.map(({ statements }) =>
          `${ratio(statements[place]!, ours, control, 'statement')}; ${
            microseconds(timesOf(statements[place]!, control).statement)
          } µs`
        ),
      ]),
    )
  }

![Growth](performance/growth.svg)`
}

/** The charts, by file name. */
export function toCharts({ statements, growth }: Results): Record<string, string> {
  return {
    'policies.svg': bars({
      title: 'A statement, against the same tables without row-level security and triggers',
      unit: 'times as long',
      categories: statements.map(({ name }) => name),
      series: [ours, oursAlone, ...peers].map((way) => ({
        name: way.name,
        values: statements.map((measured) => Number(median(ratios(measured, way, bare, 'statement')).toFixed(3))),
      })),
    }),
    'growth.svg': lines({
      title: 'A statement, against no row-level security, in ever more organizations',
      unit: 'times as long',
      categories: growth.map(({ organizations }) => count(organizations)),
      series: (growth[0]?.statements ?? []).map(({ name }, place) => ({
        name,
        values: growth.map(({ statements }) =>
          Number(median(ratios(statements[place]!, ours, control, 'statement')).toFixed(3))
        ),
      })),
    }),
  }
}
