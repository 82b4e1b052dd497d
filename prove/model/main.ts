import postgres from 'postgres'
import { startStack } from '../../tests/stack/start.ts'
import type { Proof } from '../proof.ts'
import { createHttpDoor } from './http-door.ts'
import { search } from './search.ts'
import { createSqlDoor } from './sql-door.ts'
import { readTableFacts } from './tables.ts'

/** How to prove the model. */
export interface ModelOptions {
  report: (line: string) => void
  /** How many random scripts are played. Default 5,000. */
  runs?: number
  /** Where the random scripts begin; the same seed plays the same ones. Default: the time. */
  seed?: number
}

/** One run in so many goes through the functions and the Data API instead of SQL. */
const httpEvery = 16

/** Plays random scripts on a stack of its own and on the reference model, and compares all answers and states. */
export async function proveModel({ report, runs = 5_000, seed = Date.now() % 2 ** 31 }: ModelOptions): Promise<Proof> {
  const stack = await startStack({ seed: false })
  const sql = postgres(stack.status.DB_URL, { max: 4, onnotice: () => {} })
  try {
    const facts = await readTableFacts(sql)
    const overHttp = Math.ceil(runs / httpEvery)
    const inSql = runs - overHttp
    let done = 0
    const onRun = () => {
      if (++done % 500 === 0) report(`model: ${done} of ${runs} runs`)
    }
    const sqlDoor = createSqlDoor(sql, facts)
    const httpDoor = createHttpDoor(stack.status, sql, facts)
    report(`model: ${inSql} runs in SQL and ${overHttp} over HTTP, seed ${seed}`)
    // Side by side: while one waits for the system the others think.
    const searches = await Promise.all([
      search({ door: sqlDoor, facts, runs: Math.ceil(inSql / 2), seed, onRun }),
      search({ door: sqlDoor, facts, runs: Math.floor(inSql / 2), seed: seed + 1, onRun }),
      search({ door: httpDoor, facts, runs: overHttp, seed: seed + 2, onRun }),
    ])
    const total = (count: (one: (typeof searches)[number]) => number) =>
      searches.reduce((sum, one) => sum + count(one), 0).toLocaleString('en')
    return {
      name: 'model',
      claim: 'Who may do what is exactly what a reference model of the rules says, in any order of events.',
      tried: `${total(({ runs }) => runs)} random scripts (${overHttp} of them over HTTP) with ${
        total(({ commands }) => commands)
      } commands, of which ${total(({ refused }) => refused)} must be refused; seed ${seed}`,
      findings: searches.flatMap(({ findings }) => findings),
    }
  } finally {
    await sql.end()
    await stack.stop()
  }
}
