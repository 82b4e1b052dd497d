import fc from 'fast-check'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import type { Finding } from '../proof.ts'
import { Divergence, play } from './play.ts'
import { scripts } from './scripts.ts'
import type { Door, System } from './system.ts'

/** How to search for a script on which model and system disagree. */
export interface SearchOptions {
  door: Door
  facts: System['facts']
  runs: number
  seed: number
  /** The tables that runs are about. Default: all. */
  about?: ProtectedTable[]
  /** Where a search that found something went: repeats it without the runs before. */
  path?: string
  /** False leaves the script that diverged as long as it is. Default true. */
  shorten?: boolean
  onRun?: () => void
}

/** What a search saw. */
export interface Search {
  runs: number
  commands: number
  refused: number
  findings: Finding[]
}

/** Plays random scripts through one door until one diverges, and then shortens that one as far as it goes. */
export async function search(
  { door, facts, runs, seed, about = protectedTables, path, shorten = true, onRun }: SearchOptions,
): Promise<Search> {
  const seen: Search = { runs: 0, commands: 0, refused: 0, findings: [] }
  const property = fc.asyncProperty(scripts(facts, about), async (script) => {
    await door.open(async (system) => {
      const { played, refused } = await play(system, script)
      seen.runs++
      seen.commands += played
      seen.refused += refused
    })
    onRun?.()
  })
  const details = await fc.check(property, { numRuns: runs, seed, path, endOnFailure: !shorten })
  if (!details.failed) return seen
  const told = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance)
  seen.findings.push({
    law: 'the system answers and stores what the reference model says',
    object: `the ${door.name} door`,
    detail:
      `found in run ${details.numRuns}, shortened ${details.numShrinks} times; repeat with seed ${seed} and path ${details.counterexamplePath}\n${told}`,
    consequence: details.errorInstance instanceof Divergence
      ? 'People can do or see something else than the rules say, or are refused what the rules give them.'
      : 'The run broke before the answers could be compared.',
  })
  return seen
}
