import { isProtectedTable } from '../shared/roles.ts'
import { found, signUp } from '../tests/database/support/cast.ts'
import { attempt, type Transaction } from '../tests/database/support/outcome.ts'
import { rowFor, samples } from '../tests/database/support/rows.ts'
import { type Rule, rulesOf } from './constraints/rules.ts'
import { type Row, violationOf } from './constraints/violations.ts'

export { type Rule, rulesOf } from './constraints/rules.ts'
export { violationOf } from './constraints/violations.ts'

/**
 * Breaks every constraint and unique index of a table, one at a time, and answers the names of those that refused nothing
 * or let another refuse. Give it the rules of an intact database to notice one that is gone. Run as the database owner.
 */
export async function checkConstraints(tx: Transaction, table: string, rules?: Rule[]): Promise<string[]> {
  const expected = (rules ?? await rulesOf(tx)).filter((rule) => rule.table === table)
  if (expected.length === 0) return []
  const silent: string[] = []
  await undone(tx, async (tx) => {
    await tx`set constraints all immediate`
    const example = await exampleOf(tx, table)
    const accepted = await refusedBy(tx, table, [example])
    if (accepted !== undefined) throw new Error(`${table}: the example row itself is refused by ${accepted}`)
    for (const rule of expected) {
      for (const rows of violationOf(rule, example) ?? [[]]) {
        if (await refusedBy(tx, table, rows) !== rule.name) silent.push(rule.name)
      }
    }
  })
  return [...new Set(silent)]
}

/** A row that a table takes, with whatever it needs to be there. */
async function exampleOf(tx: Transaction, table: string): Promise<Row> {
  const organization_id = await found(tx, 'Example')
  const user_id = await signUp(tx, `${crypto.randomUUID()}@example.test`)
  if (isProtectedTable(table)) {
    const author = samples[table].authorless ? {} : { user_id }
    return { id: crypto.randomUUID(), ...await rowFor(tx, table, organization_id), organization_id, ...author }
  }
  switch (table) {
    case 'organizations':
      return { id: crypto.randomUUID(), name: 'Acme', slug: `acme-${crypto.randomUUID().slice(0, 8)}` }
    case 'organization_users':
      return { organization_id, user_id }
    case 'profiles':
      // A trigger on the account made one already.
      await tx`delete from profiles where id = ${user_id}`
      return { id: user_id }
    case 'organization_invitations':
      return {
        id: crypto.randomUUID(),
        organization_id,
        email: 'new@example.test',
        role: 'member',
        valid_for: '7 days',
        expires_at: '2030-01-14T10:00:00Z',
      }
    case 'audit_log':
      return {
        id: crypto.randomUUID(),
        organization_id,
        // The organization itself has left the first.
        position: 2,
        occurred_at: '2030-01-07T10:00:00Z',
        actor_type: 'system',
        action: 'organization.updated',
        object_type: 'organization',
        object_id: organization_id,
        after: { name: 'Acme' },
        hash: 'x',
      }
    case 'organization_domains':
      return { id: crypto.randomUUID(), organization_id, domain: 'acme.example' }
    case 'lead_fields':
      return { id: crypto.randomUUID(), organization_id, key: 'budget', label: 'Budget', type: 'number' }
    case 'organization_branding':
      return { organization_id, host: 'acme.example' }
    case 'subscription_plans':
      return { tier: 'example', name: 'Example', position: 90, stripe_price_id: 'price_example' }
    default:
      throw new Error(`There is no example row for ${table}.`)
  }
}

/** The constraint that refuses rows: undefined when they are taken. Leaves nothing behind. */
async function refusedBy(tx: Transaction, table: string, rows: Row[]): Promise<string | undefined> {
  let by: string | undefined
  if (rows.length === 0) return by
  await undone(tx, async (tx) => {
    const sent = rows.map((row) => asParameters(tx, row))
    const { refused } = await attempt(tx, (tx) => tx`insert into ${tx(table)} ${tx(sent)}`)
    by = refused && (refused.constraint || refused.message)
  })
  return by
}

const asParameters = (tx: Transaction, row: Row) =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'object' && value !== null ? tx.json(value as never) : value,
    ]),
  )

class Undo extends Error {}

async function undone(tx: Transaction, story: (tx: Transaction) => Promise<void>): Promise<void> {
  await tx.savepoint(async (savepoint) => {
    await story(savepoint)
    throw new Undo()
  }).catch((cause) => {
    if (!(cause instanceof Undo)) throw cause
  })
}
