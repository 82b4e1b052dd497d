import { percentile, rehearseUpgrade, type Upgraded } from '../prove/upgrade/rehearse.ts'
import { table } from './statistics.ts'

const size = { people: 50, leads: 500_000, calls: 1_500_000 }
const perSecond = 100
const before = 60
// The Data API reads the whole schema again after each table, and clients notice it: so not all of it at once.
const pause = 25

/** What clients notice while a big phase-1 system in use gets its organizations. */
export async function measureUpgrade(): Promise<string> {
  const upgraded = await rehearseUpgrade(
    { ...size, perSecond, pause, before, after: 30 },
    (line) => console.log(`  ${line} …`),
  )
  const control = percentile(upgraded.before.times, 0.99)
  const row = (name: string, { times, failures }: Upgraded['before']) => [
    name,
    times.length,
    failures.length,
    percentile(times, 0.5).toFixed(1),
    percentile(times, 0.99).toFixed(1),
    (percentile(times, 0.99) / control).toFixed(2),
    Math.max(...times).toFixed(0),
  ]
  for (const failure of [upgraded.during, upgraded.after].flatMap(({ failures }) => failures)) console.error(failure)
  return `## Upgrade of a system in use

\`npm run bench -- upgrade\`. A phase-1 system with ${size.leads.toLocaleString('en')} leads, ${
    size.calls.toLocaleString('en')
  } call logs and ${size.people} people, under ${perSecond} requests/s of reads and
writes by phase-1 clients through PostgREST, sent whether or not earlier ones were answered. Meanwhile the official CLI applies
all later migrations, ${pause} s apart where they change a table (\`alter role postgres set tenancy.pause = '${pause}'\`), which took
${upgraded.seconds.toFixed(0)} s. Milliseconds.

${
    table(['', 'requests', 'failed', 'median', 'p99', 'p99 to before (< 2 wanted)', 'slowest'], [
      row('before (control)', upgraded.before),
      row('during', upgraded.during),
      row('after', upgraded.after),
    ])
  }

The longest lock that stops readers or writers was held for ${
    upgraded.longestLock.milliseconds.toFixed(0)
  } ms (≤ 1,000 wanted). ${
    upgraded.lost.length === 0
      ? 'Rows and checksums of leads, call logs and campaigns are what they were, and every row that a client was told is stored is there.'
      : `Lost: ${upgraded.lost.join('; ')}.`
  }`
}
