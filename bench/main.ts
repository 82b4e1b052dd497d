import { arch, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { measureAccept } from './accept.ts'
import { measureFunctions } from './functions.ts'
import { measurePolicies } from './policies/main.ts'
import { measureQuotas } from './quotas.ts'
import { measureRecords } from './records.ts'
import { measureSearch } from './search.ts'
import { measureStart } from './start.ts'
import { measureUpgrade } from './upgrade.ts'
import { measureUsage } from './usage.ts'

// `npm run bench` measures everything and writes docs/reference/performance.md; with names it measures those and only
// prints. Each figure stands beside its control, taken in the same run.

const benchmarks: Record<string, () => Promise<string>> = {
  start: measureStart,
  records: measureRecords,
  functions: measureFunctions,
  accept: () => measureAccept(),
  policies: () => measurePolicies(),
  search: measureSearch,
  usage: measureUsage,
  quotas: () => measureQuotas(),
  upgrade: measureUpgrade,
}

const names = Deno.args.length > 0 ? Deno.args : Object.keys(benchmarks)
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(`error: no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`)
  Deno.exit(1)
}

const sections: string[] = []
for (const name of names) {
  console.log(`measuring ${name} …`)
  sections.push(await benchmarks[name]!())
  console.log(`\n${sections.at(-1)}\n`)
}

if (Deno.args.length === 0) {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${
    Math.round(totalmem() / 2 ** 30)
  } GiB, ${platform()} ${arch()}`
  const page = join(import.meta.dirname!, '..', 'docs', 'reference', 'performance.md')
  await Deno.writeTextFile(
    page,
    `# Performance

Measured by \`npm run bench\` on ${
      new Date().toISOString().slice(0, 10)
    }: ${machine}; Deno ${Deno.version.deno}, PostgreSQL 17.10,
PostgREST 12.0.2. Everything, the load generator included, shares this machine, so read the ratios and not the absolute
figures. Each benchmark has a stack of its own.

${sections.join('\n\n')}
`,
  )
  await new Deno.Command(Deno.execPath(), { args: ['fmt', '--quiet', page] }).output()
  console.log(`wrote ${page}`)
}
Deno.exit(0)
