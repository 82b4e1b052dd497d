import { arch, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { measureAccept } from './accept.ts'
import { measureDashboard } from './dashboard/main.ts'
import { measureFunctions } from './functions.ts'
import { measureHttp } from './http/main.ts'
import { measurePolicies } from './policies/main.ts'
import { measureQuotas } from './quotas.ts'
import { measureRecords } from './records.ts'
import { measureSearch } from './search.ts'
import { measureStart } from './start.ts'
import { measureUpgrade } from './upgrade.ts'
import { measureUsage } from './usage.ts'

// `npm run bench` measures everything and writes docs/reference/performance.md; with names it measures those and only
// prints, or with `--write` puts them into the page in place of what it says of them. Each figure stands beside its
// control, taken in the same run. BENCH_SIZE=small shows that `policies`, `http` and `dashboard` run, in minutes.

const benchmarks: Record<string, () => Promise<string>> = {
  start: measureStart,
  records: measureRecords,
  functions: measureFunctions,
  http: measureHttp,
  accept: () => measureAccept(),
  policies: measurePolicies,
  search: measureSearch,
  usage: measureUsage,
  quotas: () => measureQuotas(),
  dashboard: measureDashboard,
  upgrade: measureUpgrade,
}

const named = Deno.args.filter((name) => name !== '--write')
const names = named.length > 0 ? named : Object.keys(benchmarks)
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(`error: no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`)
  Deno.exit(1)
}

const today = new Date().toISOString().slice(0, 10)
const sections: string[] = []
for (const name of names) {
  console.log(`measuring ${name} …`)
  // A section may be put into the page alone: each says when it was measured.
  const section = await benchmarks[name]!()
  sections.push(section.replace(`npm run bench -- ${name}\``, (command) => `${command}, on ${today}`))
  console.log(`\n${sections.at(-1)}\n`)
}

const page = join(import.meta.dirname!, '..', 'docs', 'reference', 'performance.md')
if (named.length === 0) {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${
    Math.round(totalmem() / 2 ** 30)
  } GiB, ${platform()} ${arch()}`
  await write(`# Performance

Measured by \`npm run bench\` on ${today}, unless a section says otherwise: ${machine}; Deno ${Deno.version.deno}, PostgreSQL 17.10,
PostgREST 12.0.2. Everything, the load generator included, shares this machine, so read the ratios and not the absolute
figures. Each benchmark has a stack of its own.

${sections.join('\n\n')}
`)
} else if (Deno.args.includes('--write')) {
  const [head, ...old] = (await Deno.readTextFile(page)).trimEnd().split(/\n\n(?=## )/)
  const titleOf = (section: string) => section.slice(0, section.indexOf('\n'))
  const kept = old.map((section) => sections.find((fresh) => titleOf(fresh) === titleOf(section)) ?? section)
  const added = sections.filter((fresh) => !kept.includes(fresh))
  await write(`${[head, ...kept, ...added].join('\n\n')}\n`)
}

async function write(text: string): Promise<void> {
  await Deno.writeTextFile(page, text)
  await new Deno.Command(Deno.execPath(), { args: ['fmt', '--quiet', page] }).output()
  console.log(`wrote ${page}`)
}
Deno.exit(0)
