import type postgres from 'postgres'
import type { ProtectedTable } from '../../../shared/roles.ts'

/** An example of a table's rows. */
export interface Sample {
  /** The least that a new row must say, but for its parents. */
  row: Record<string, string>
  /** A column that anybody with the right may change. */
  change: Record<string, string>
  /** The parents a row must have, by the column that names them. */
  parents?: Record<string, ProtectedTable>
  /** The table has no user_id: its rows are nobody's own. */
  authorless?: true
}

export const samples: Record<ProtectedTable, Sample> = {
  campaigns: { row: { name: 'Spring' }, change: { description: 'changed' } },
  leads: { row: { phone_number: '+15550100' }, change: { notes: 'changed' } },
  phone_numbers: { row: { number: '+15550101' }, change: { friendly_name: 'changed' } },
  voice_broadcasts: { row: { name: 'Reminder' }, change: { description: 'changed' } },
  workflows: { row: { name: 'Follow up' }, change: { description: 'changed' } },
  call_logs: { row: { phone_number: '+15550102' }, change: { notes: 'changed' } },
  dispositions: { row: { name: 'Interested' }, change: { description: 'changed' } },
  dnc_list: { row: { phone_number: '+15550103' }, change: { reason: 'changed' } },
  ai_sms_settings: { row: {}, change: { ai_personality: 'changed' } },
  autonomous_settings: { row: {}, change: { max_daily_autonomous_actions: '7' } },
  agent_scripts: { row: { script_name: 'Opening', script_content: 'Hello' }, change: { description: 'changed' } },
  calendar_integrations: { row: { provider: 'google' }, change: { calendar_name: 'changed' } },
  follow_up_sequences: { row: { name: 'Three days' }, change: { description: 'changed' } },
  disposition_metrics: { row: { disposition_name: 'Interested' }, change: { disposition_name: 'changed' } },
  pipeline_boards: { row: { name: 'New' }, change: { description: 'changed' } },
}

/** Tables of which an organization has one row at most. */
export const single: readonly ProtectedTable[] = ['ai_sms_settings', 'autonomous_settings']

/**
 * A new row of a table for an organization, without its stamps; the parents that it must have are made for it. Run as
 * the database owner.
 */
export async function rowFor(
  sql: postgres.Sql | postgres.TransactionSql,
  table: ProtectedTable,
  organization_id: string,
): Promise<Record<string, string>> {
  const { row, parents = {} } = samples[table]
  const made = await Promise.all(
    Object.entries(parents).map(async (
      [column, parent],
    ) => [column, await insertRow(sql, parent, { organization_id })]),
  )
  return { ...row, ...Object.fromEntries(made) }
}

/** Inserts an example row as the database owner, with its parents, and answers its id. */
export async function insertRow(
  sql: postgres.Sql | postgres.TransactionSql,
  table: ProtectedTable,
  { organization_id, user_id }: { organization_id: string; user_id?: string },
): Promise<string> {
  const row = await rowFor(sql, table, organization_id)
  const author = samples[table].authorless || user_id === undefined ? {} : { user_id }
  const [made] = await sql`insert into ${sql(table)} ${sql({ ...row, organization_id, ...author })} returning id`
  return made?.id
}
