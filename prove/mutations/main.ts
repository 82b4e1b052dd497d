import postgres from 'postgres'
import { startStack } from '../../tests/stack/start.ts'
import { migrateUp } from '../../tests/database/support/migrate-up.ts'
import { rolledBack } from '../../tests/database/support/outcome.ts'
import { type Rule, rulesOf } from '../constraints.ts'
import type { Proof } from '../proof.ts'
import { kill } from './kill.ts'
import { listMutations, type Mutation } from './list.ts'

const workers = 2

/** Takes every policy, trigger, constraint, grant and revoke out, one at a time, and expects a proof to go red. */
export async function proveMutations({ report }: { report: (line: string) => void }): Promise<Proof> {
  const stack = await startStack({ seed: false })
  const owner = postgres(stack.status.DB_URL, { max: 1, onnotice: () => {} })
  try {
    const urlOf = (name: string) => Object.assign(new URL(stack.status.DB_URL), { pathname: name }).href
    await owner`create database mutated_0 template stack_template`
    await migrateUp(urlOf('mutated_0'))
    for (let n = 1; n < workers; n++) await owner`create database ${owner(`mutated_${n}`)} template mutated_0`
    const copies = Array.from(
      { length: workers },
      (_, n) => postgres(urlOf(`mutated_${n}`), { max: 1, onnotice: () => {} }),
    )

    const rules = await rulesOf(copies[0]!)
    await requireGreen(copies[0]!, rules)
    const mutations = await listMutations(copies[0]!)
    report(`${mutations.length} mutations`)
    const killed: Record<string, number> = {}
    const survivors: Mutation[] = []
    let next = 0
    await Promise.all(copies.map(async (copy) => {
      for (let at = next++; at < mutations.length; at = next++) {
        const mutation = mutations[at]!
        const killer = await tried(copy, mutation, rules)
        if (killer) killed[killer.by] = (killed[killer.by] ?? 0) + 1
        else survivors.push(mutation)
        if (at % 200 === 199) report(`${at + 1} tried, ${survivors.length} survived`)
      }
    }))
    await Promise.all(copies.map((copy) => copy.end()))
    return {
      name: 'mutations',
      claim: 'Whatever is taken out of the schema, or handed out that was held back, some proof notices.',
      tried: `${mutations.length} mutations, one at a time; ${
        Object.entries(killed).map(([by, count]) => `${count} noticed by the ${by}`).join(', ')
      }, ${survivors.length} by nothing.`,
      findings: survivors.map(({ kind, what, sql }) => ({
        law: 'every_mutation_is_noticed',
        object: what,
        detail: `${kind}: no proof contradicts \`${sql}\``,
        consequence: 'It could get lost without anybody noticing.',
      })),
    }
  } finally {
    await owner.end()
    await stack.stop()
  }
}

async function tried(copy: postgres.Sql, mutation: Mutation, rules: Rule[]): Promise<Awaited<ReturnType<typeof kill>>> {
  let killer: Awaited<ReturnType<typeof kill>>
  await rolledBack(copy, async (tx) => {
    await tx.unsafe(mutation.sql)
    killer = await kill(tx, mutation, rules)
  })
  return killer
}

/** The control: with nothing taken out, no proof says anything. */
async function requireGreen(copy: postgres.Sql, rules: Rule[]): Promise<void> {
  const tables =
    await copy`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')`
  for (const { name } of tables) {
    const killer = await tried(copy, { kind: 'nothing', table: name, what: 'nothing', sql: 'select 1' }, rules)
    if (killer) throw new Error(`the ${killer.by} are red before anything is taken out: ${killer.because}`)
  }
}
