import { drawPeople, equip } from './askers.ts'
import { measure, type Times } from './measure.ts'
import { open } from './open.ts'
import { statements } from './statements.ts'
import { control, ours } from './ways.ts'

/** One size of the system, and what statements took at it: first without row-level security, then with it. */
export interface Growth {
  organizations: number
  leads: number
  statements: { name: string; times: Times[] }[]
}

const asked = ['newest 20', 'by id', 'count own', 'insert 1', "update by id, one's own, as manager"]

/** The same statements in ever more organizations, each size in a stack of its own. */
export async function measureGrowth(
  sizes: number[],
  of: { leads: number; biggest: number },
  turns: number,
): Promise<Growth[]> {
  const found: Growth[] = []
  for (const organizations of sizes) {
    const bench = await open({ organizations, ...of, calls: 0, copies: false })
    try {
      const measured: Growth['statements'] = []
      for (const statement of statements.filter(({ name }) => asked.includes(name))) {
        const askers = await equip(bench.admin, await drawPeople(bench.admin, statement.role, 20), statement.times)
        measured.push({
          name: statement.name,
          times: measure(bench.library, bench.url, statement, [control, ours], askers, turns),
        })
      }
      found.push({ organizations, leads: (organizations - 1) * of.leads + of.biggest, statements: measured })
      console.log(`  ${organizations} organizations measured`)
    } finally {
      await bench.close()
    }
  }
  return found
}
