import { type Asker, drawPeople, equip } from './askers.ts'
import { measure, type Times } from './measure.ts'
import { type Bench, open } from './open.ts'
import { type Statement, statements } from './statements.ts'
import { control, ours } from './ways.ts'

/** One size of the system, and what statements took at it: first without row-level security, then with it. */
export interface Growth {
  organizations: number
  leads: number
  statements: { name: string; times: Times[] }[]
}

const asked = ['newest 20', 'by id', 'count own', 'insert 1', "update by id, one's own, as manager"]

/**
 * The same statements in ever more organizations, each size in a stack of its own. Turn by turn all sizes are asked: a
 * machine that is slower for a minute would otherwise make one of them slower.
 */
export async function measureGrowth(
  { sizes, turns, ...of }: { sizes: number[]; turns: number; leads: number; biggest: number },
): Promise<Growth[]> {
  const benches: Bench[] = []
  try {
    for (const organizations of sizes) benches.push(await open({ organizations, ...of, calls: 0, copies: false }))
    const found = sizes.map((organizations): Growth => ({
      organizations,
      leads: (organizations - 1) * of.leads + of.biggest,
      statements: [],
    }))
    for (const statement of statements.filter(({ name }) => asked.includes(name))) {
      const measured = await measureEverywhere(benches, statement, turns)
      for (const [at, times] of measured.entries()) found[at]!.statements.push({ name: statement.name, times })
      console.log(`  ${statement.name} measured in ever more organizations`)
    }
    return found
  } finally {
    for (const bench of benches) await bench.close()
  }
}

/** The times at each size. */
async function measureEverywhere(benches: Bench[], statement: Statement, turns: number): Promise<Times[][]> {
  const askers: Asker[][] = []
  for (const { admin } of benches) {
    askers.push(await equip(admin, await drawPeople(admin, statement.role, 20), statement.times))
  }
  const found: Times[][] = benches.map(() => [])
  for (let turn = 0; turn < turns; turn++) {
    for (const [at, { library, url }] of benches.entries()) {
      const times = measure(library, url, statement, [control, ours], askers[at]!, 1)
      found[at] = turn === 0 ? times : found[at]!.map((sum, way) => ({
        way: sum.way,
        statement: [...sum.statement, ...times[way]!.statement],
        transaction: [...sum.transaction, ...times[way]!.transaction],
        executions: [...sum.executions, ...times[way]!.executions],
      }))
    }
  }
  return found
}
