import type postgres from 'postgres'
import type { Transaction } from './outcome.ts'

/** The audit log of an organization, oldest entry first. */
export const logOf = (tx: Transaction | postgres.Sql, organization: string) =>
  tx`select * from audit_log where organization_id = ${organization} order by position`

/** What a change left in the audit log of an organization. */
export async function entriesOf(tx: Transaction, organization: string, change: () => Promise<unknown>) {
  const before = await logOf(tx, organization)
  await change()
  return (await logOf(tx, organization)).slice(before.length)
}

/** Where the audit log of an organization is not as it was written. */
export const faultsOf = (tx: Transaction | postgres.Sql, organization: string) =>
  tx<{ at_position: number; fault: string }[]>`
    select at_position::int, fault from tenancy.verify_audit(${organization})`
