import { resolve } from 'node:path'
import { Failure, messageOf } from '../local/failure.ts'
import { root } from '../local/settings.ts'
import { toWish, usage, type Wish } from './arguments.ts'
import { inspect, toAddress } from './database.ts'
import { proveEngine, releasedEngine } from './engine.ts'
import { proveFurther } from './further.ts'
import { proveLaws } from './laws.ts'
import { withLocalDatabase } from './local.ts'
import { toSummary } from './markdown.ts'
import { type Found, toReport, writeReport } from './report.ts'
import { readTables } from './tables.ts'

// `npm run prove`: proves that organizations are kept apart, here or in any database, and writes a report of it.

async function proveDatabase(url: string, version: string): Promise<Found> {
  return await inspect(url, version, async (tx, database) => {
    const { proof, laws, checks } = await proveLaws(tx)
    const tables = await readTables(tx)
    const [{ schemas }] = await tx`select tenancy.exposed_schemas() as schemas` as [{ schemas: string[] }]
    const proofs = [proof, await proveEngine(tx)]
    return { database, schemas, proofs, laws, tables, checks }
  })
}

async function run(wish: Wish): Promise<boolean> {
  const { version } = await releasedEngine()
  const say = (line: string) => console.log(line)
  if (wish.url !== undefined) toAddress(wish.url)
  const found = wish.url === undefined
    ? await withLocalDatabase(say, (url) => proveDatabase(url, version))
    : await proveDatabase(wish.url, version)
  const further = await proveFurther(wish, say)
  const report = toReport({ ...found, proofs: [...found.proofs, ...further] })
  // npm changes into the folder of the repository; what was meant is the folder it was called in.
  const folder = resolve(Deno.env.get('INIT_CWD') ?? root, wish.out)
  const files = await writeReport(report, folder).catch((cause) => {
    throw new Failure(`the report can't be written to ${wish.out}: ${messageOf(cause)}`)
  })
  console.log([toSummary(report), ...files.map((path) => `report  ${path}`)].join('\n'))
  return report.holds
}

try {
  const wish = toWish(Deno.args)
  if (wish.help) {
    console.log(usage)
    Deno.exit(0)
  }
  Deno.exit(await run(wish) ? 0 : 1)
} catch (error) {
  console.error(error instanceof Failure ? `error: ${error.message}` : error)
  Deno.exit(2)
}
