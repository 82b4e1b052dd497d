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

/** Says a line. */
type Say = (line: string) => void

async function proveDatabase(url: string, version: string): Promise<Found> {
  return await inspect(url, version, async (tx, database) => {
    const { proof, laws, checks } = await proveLaws(tx)
    const tables = await readTables(tx)
    const [{ schemas }] = await tx`select tenancy.exposed_schemas() as schemas` as [{ schemas: string[] }]
    const proofs = [proof, await proveEngine(tx)]
    return { database, schemas, proofs, laws, tables, checks }
  })
}

async function run(wish: Wish, say: Say): Promise<boolean> {
  const { version } = await releasedEngine()
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
  say([toSummary(report), ...files.map((path) => `report  ${path}`)].join('\n'))
  return report.holds
}

/** Runs `npm run prove` with these arguments, and answers its exit code. */
export async function prove(args: string[], say: Say, complain: (error: unknown) => void): Promise<0 | 1 | 2> {
  try {
    const wish = toWish(args)
    if (wish.help) {
      say(usage)
      return 0
    }
    return await run(wish, say) ? 0 : 1
  } catch (error) {
    complain(error instanceof Failure ? `error: ${error.message}` : error)
    return 2
  }
}
