import type { Proof } from '../proof.ts'
import { compareWorlds } from './compare.ts'
import { fewest } from './sequence.ts'
import { openWorlds } from './worlds.ts'

/** How the proof is run. */
export interface TwoWorldsOptions {
  report: (line: string) => void
  /** How many sequences. Default 10,000. */
  runs?: number
  /** What they are drawn from. Default: another one each time, said in `tried`. */
  seed?: number
}

/** Proves on two stacks of its own that a company's answers don't depend on another company's rows. */
export async function proveTwoWorlds(
  { report, runs = 10_000, seed = Math.floor(Math.random() * 1e6) }: TwoWorldsOptions,
): Promise<Proof> {
  const worlds = await openWorlds()
  try {
    const { sequences, requests, tally, findings } = await compareWorlds(worlds, { runs, seed, report })
    const answers = [...tally].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0)
    return {
      name: 'two worlds',
      claim: 'Whatever a company asks, in whatever order, the answers are the same with and without the other ' +
        'companies in the database: status, headers and body.',
      tried: `${sequences} random sequences of at least ${fewest} requests of the Data API and the functions, ` +
        `${requests} requests in each of two systems, ${Math.round(answers / Math.max(requests, 1) * 100)} % of them ` +
        `served; seed ${seed}`,
      findings,
    }
  } finally {
    await worlds.stop()
  }
}
