import type postgres from 'postgres'
import { type ProtectedTable, protectedTables, tableAccess } from '../../../shared/roles.ts'

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

  sms_conversations: { row: { phone_number: '+15550104' }, change: { contact_name: 'changed' } },
  ai_conversations: { row: { channel: 'chat' }, change: { summary: 'changed' } },
  script_suggestions: {
    row: { suggestion: 'Say hello first' },
    change: { reason: 'changed' },
    parents: { script_id: 'agent_scripts' },
  },
  calendar_appointments: {
    row: { title: 'Demo', starts_at: '2030-01-07T10:00:00+00:00', ends_at: '2030-01-07T11:00:00+00:00' },
    change: { description: 'changed' },
  },
  scheduled_follow_ups: {
    row: { scheduled_at: '2030-01-07T10:00:00+00:00' },
    change: { notes: 'changed' },
    parents: { lead_id: 'leads' },
  },
  smart_lists: { row: { name: 'Warm leads' }, change: { description: 'changed' } },
  contact_list_filters: { row: { name: 'New this week' }, change: { description: 'changed' } },
  sms_messages: {
    row: { from_number: '+15550105', to_number: '+15550106', body: 'Hello' },
    change: { error_message: 'changed' },
  },
  inbound_transfers: { row: { from_number: '+15550107' }, change: { notes: 'changed' } },
  calendar_availability: { row: { day_of_week: '1' }, change: { timezone: 'changed' } },
  workflow_steps: {
    row: { step_number: '1' },
    change: { name: 'changed' },
    parents: { workflow_id: 'workflows' },
    authorless: true,
  },
  sequence_steps: {
    row: { step_number: '1' },
    change: { content: 'changed' },
    parents: { sequence_id: 'follow_up_sequences' },
    authorless: true,
  },
  campaign_phone_pools: {
    row: { purpose: 'primary' },
    change: { purpose: 'backup' },
    parents: { campaign_id: 'campaigns', phone_number_id: 'phone_numbers' },
    authorless: true,
  },
  campaign_automation_rules: {
    row: { name: 'Text after no answer' },
    change: { name: 'changed' },
    parents: { campaign_id: 'campaigns' },
    authorless: true,
  },
  timezone_rules: { row: { region: 'CO', timezone: 'America/Denver' }, change: { notes: 'changed' } },
  caller_id_pool: { row: { phone_number: '+15550108' }, change: { label: 'changed' } },
  lead_workflow_progress: {
    row: { status: 'active' },
    change: { error_message: 'changed' },
    parents: { lead_id: 'leads', workflow_id: 'workflows' },
    authorless: true,
  },
  lead_pipeline_positions: {
    row: { moved_by: 'manual' },
    change: { notes: 'changed' },
    parents: { lead_id: 'leads', pipeline_board_id: 'pipeline_boards' },
    authorless: true,
  },
  broadcast_queue: {
    row: { phone_number: '+15550109' },
    change: { dtmf_pressed: '1' },
    parents: { broadcast_id: 'voice_broadcasts' },
    authorless: true,
  },
  dialing_queues: {
    row: { phone_number: '+15550110' },
    change: { notes: 'changed' },
    parents: { campaign_id: 'campaigns', lead_id: 'leads' },
    authorless: true,
  },
  active_ai_transfers: {
    row: { target_number: '+15550111' },
    change: { agent_id: 'changed' },
    parents: { call_id: 'call_logs' },
    authorless: true,
  },
  system_alerts: { row: { alert_type: 'spam', title: 'A number is flagged' }, change: { message: 'changed' } },
  lead_list_memberships: {
    row: { added_by: 'manual' },
    change: { notes: 'changed' },
    parents: { list_id: 'smart_lists', lead_id: 'leads' },
    authorless: true,
  },
  ai_conversation_messages: {
    row: { content: 'Hello' },
    change: { content: 'changed' },
    parents: { conversation_id: 'ai_conversations' },
    authorless: true,
  },
  ai_daily_insights: {
    row: { title: 'Mornings', content: 'Calls before ten are answered' },
    change: { title: 'changed' },
  },
  script_performance_metrics: {
    row: { metric_date: '2030-01-07' },
    change: { conversion_rate: '0.5' },
    parents: { script_id: 'agent_scripts' },
    authorless: true,
  },
  lead_priority_scores: {
    row: { score: '80' },
    change: { model_version: 'changed' },
    parents: { lead_id: 'leads' },
    authorless: true,
  },
  lead_reachability_scores: {
    row: { score: '80' },
    change: { answer_rate: '0.5' },
    parents: { lead_id: 'leads' },
    authorless: true,
  },
  rotation_history: { row: { phone_number: '+15550112' }, change: { reason: 'changed' } },
  spending_logs: { row: { amount_cents: '12.5' }, change: { description: 'changed' } },
  daily_reports: { row: { report_date: '2030-01-07' }, change: { summary: 'changed' } },
  ai_chatbot_settings: { row: {}, change: { greeting: 'changed' } },
  lead_scoring_settings: { row: {}, change: { notes: 'changed' } },
  rotation_settings: { row: {}, change: { notes: 'changed' } },
  budget_settings: { row: {}, change: { notes: 'changed' } },
  budget_alerts: { row: { alert_type: 'threshold' }, change: { message: 'changed' } },
  number_orders: { row: { provider: 'telnyx' }, change: { notes: 'changed' } },
  carrier_configs: { row: { carrier_name: 'Telnyx' }, change: { account_identifier: 'changed' } },
  sip_trunk_configs: { row: { name: 'Main', host: 'sip.example.test' }, change: { username: 'changed' } },
  phone_providers: { row: { name: 'Telnyx' }, change: { base_url: 'changed' } },
}

const kindOf = (table: ProtectedTable): string => {
  const { authorless, parents } = samples[table]
  return JSON.stringify([tableAccess[table], authorless, parents !== undefined])
}

/**
 * A table of each kind: who may do what, whether rows have an author, whether they must hang on others. Where it is not
 * the tables that are in question, but a way to them, all of a kind answer alike.
 */
export const oneOfEachKind: readonly ProtectedTable[] = Object.values(Object.groupBy(protectedTables, kindOf))
  .flatMap((alike) => alike?.slice(0, 1) ?? [])

/** Tables of which an organization has one row at most. */
export const single: readonly ProtectedTable[] = [
  'ai_sms_settings',
  'autonomous_settings',
  'ai_chatbot_settings',
  'lead_scoring_settings',
  'rotation_settings',
  'budget_settings',
]

/** A new row of a table, without its stamps, below parents that are there already. */
export function rowBelow(table: ProtectedTable, parentIds: Record<ProtectedTable, string>): Record<string, string> {
  const { row, parents = {} } = samples[table]
  const links = Object.entries(parents).map(([column, parent]) => [column, parentIds[parent]])
  return { ...row, ...Object.fromEntries(links) }
}

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

/**
 * Inserts one example row in every protected table, or in these and their parents, each below the others, and answers
 * their ids. Run as the database owner, in a transaction: all of it is sent at once.
 */
export async function insertRowInEach(
  tx: postgres.TransactionSql,
  owner: { organization_id?: string; user_id?: string },
  tables: readonly ProtectedTable[] = protectedTables,
): Promise<Record<ProtectedTable, string>> {
  const ids = {} as Record<ProtectedTable, string>
  const begun = new Map<ProtectedTable, Promise<void>>()
  const insert = async (table: ProtectedTable) => {
    const { parents = {}, authorless } = samples[table]
    await Promise.all(Object.values(parents).map(once))
    const { user_id, ...organization } = owner
    const author = authorless || user_id === undefined ? {} : { user_id }
    const row = { ...rowBelow(table, ids), ...organization, ...author }
    const [made] = await tx`insert into ${tx(table)} ${tx(row)} returning id`
    ids[table] = made?.id
  }
  const once = (table: ProtectedTable): Promise<void> => {
    const running = begun.get(table) ?? insert(table)
    begun.set(table, running)
    return running
  }
  await Promise.all(tables.map(once))
  return ids
}
