import fc from 'fast-check'
import type { ProtectedTable } from '../../shared/roles.ts'
import type { Finding } from '../proof.ts'
import { describe, type Difference, runSequence, type Tally } from './run.ts'
import { type Sequence, sequences } from './sequence.ts'
import type { Worlds } from './worlds.ts'

/** How much is compared. */
export interface Comparison {
  /** How many sequences. */
  runs: number
  /** What the random sequences are drawn from; the same seed draws the same ones. */
  seed: number
  /** Said every 500 sequences. */
  report: (line: string) => void
  /** How long a difference is shrunk at most, in milliseconds. Default: a minute. */
  shrinkFor?: number
  /** The tables around which sequences are drawn. Default: all. */
  about?: readonly ProtectedTable[]
}

/** What came of it. */
export interface Compared {
  sequences: number
  requests: number
  /** How many requests were answered with which status. */
  tally: Tally
  findings: Finding[]
}

const side = 4
const progress = 500

/** Runs random sequences in both worlds, several at a time, until two answers differ or all were equal. */
export async function compareWorlds(
  worlds: Worlds,
  { runs, seed, report, shrinkFor = 60_000, about }: Comparison,
): Promise<Compared> {
  const arbitrary = sequences(worlds.schema, about)
  const tally: Tally = new Map()
  const findings: Finding[] = []
  const start = performance.now()
  let done = 0
  let marks = 0
  // The first to find a difference has the machine to itself while it shrinks.
  let finder: number | undefined

  const work = async (worker: number) => {
    let last: { sequence: Sequence; difference: Difference } | undefined
    let giveUp = Infinity
    const property = fc.asyncProperty(arbitrary, async (sequence) => {
      if ((finder ?? worker) !== worker || performance.now() > giveUp) return true
      const difference = await runSequence(
        worlds,
        sequence,
        `q${(seed % 46_656).toString(36)}w${worker}n${++marks}`,
        tally,
      )
      if (difference && (finder ?? worker) === worker) {
        finder = worker
        last = { sequence, difference }
        if (giveUp === Infinity) giveUp = performance.now() + shrinkFor
        return false
      }
      if (!last && ++done % progress === 0) {
        const perSecond = done / (performance.now() - start) * 1000
        report(`two worlds: ${done} of ${runs} sequences, ${perSecond.toFixed(1)} a second, no difference`)
      }
      return true
    })
    const share = Math.floor(runs / side) + (worker < runs % side ? 1 : 0)
    const { failed, error, counterexamplePath } = await checked(property, share, seed + worker)
    if (failed && last) findings.push(toFinding(last.difference, seed + worker, counterexamplePath))
    else if (failed) throw error
  }
  await Promise.all(Array.from({ length: side }, (_, worker) => work(worker)))
  const requests = [...tally.values()].reduce((sum, count) => sum + count, 0)
  return { sequences: done, requests, tally, findings }
}

async function checked(property: fc.IAsyncProperty<[Sequence]>, numRuns: number, seed: number) {
  const { failed, errorInstance, counterexamplePath } = await fc.check(property, { numRuns, seed })
  return { failed, error: errorInstance, counterexamplePath }
}

function toFinding(difference: Difference, seed: number, path: string | null): Finding {
  const { api, method, path: address } = difference.requests.at(-1) ?? { api: '', method: '', path: '' }
  return {
    law: 'two worlds answer alike',
    object: `${method} /${api}/v1${address.split('?')[0]}`,
    detail: `${describe(difference)}\n(seed ${seed}, path ${path})`,
    consequence: 'One company can tell from this answer what another company has in the same database.',
  }
}
