import { isProtectedTable } from '../../shared/roles.ts'
import type { Transaction } from '../../tests/database/support/outcome.ts'
import { checkConstraints, type Rule } from '../constraints.ts'
import { engineFindings } from '../engine.ts'
import { checkTable } from '../matrix/sql.ts'
import type { Mutation } from './list.ts'

/** A proof that can go red, and what it says against a mutated schema; nothing when it stays green. */
interface Killer {
  name: string
  about: (mutation: Mutation) => boolean
  contradict: (tx: Transaction, mutation: Mutation, rules: Rule[]) => Promise<string[]>
}

const ofTable = ({ table }: Mutation): boolean => table !== null && isProtectedTable(table)

/** From what people would notice to what only a look into the catalog tells. */
export const killers: Killer[] = [
  {
    name: 'matrix',
    about: ofTable,
    contradict: async (tx, { table }) =>
      table !== null && isProtectedTable(table) ? (await checkTable(tx, table, { alone: true })).wrong : [],
  },
  {
    name: 'constraints',
    about: ({ table }) => table !== null,
    contradict: (tx, { table }, rules) => checkConstraints(tx, table ?? '', rules),
  },
  {
    name: 'laws',
    about: () => true,
    contradict: async (tx) =>
      (await tx`select law, object from tenancy.verify() where not ok`).map(({ law, object }) => `${law}: ${object}`),
  },
  {
    name: 'engine',
    about: () => true,
    contradict: async (tx) => (await engineFindings(tx)).map(({ object, detail }) => `${object}: ${detail}`),
  },
]

/**
 * The first proof that a mutation contradicts, and its first complaint; undefined when the mutation survives. `rules` are
 * the constraints of the schema before it.
 */
export async function kill(
  tx: Transaction,
  mutation: Mutation,
  rules: Rule[],
): Promise<{ by: string; because: string } | undefined> {
  for (const { name, about, contradict } of killers) {
    if (!about(mutation)) continue
    try {
      const [because] = await tx.savepoint((savepoint) => contradict(savepoint, mutation, rules))
      if (because !== undefined) return { by: name, because }
    } catch (error) {
      return { by: name, because: String(error) }
    }
  }
}
