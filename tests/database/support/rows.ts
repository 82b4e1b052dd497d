import type { ProtectedTable } from '../../../shared/roles.ts'

/** The least that a new row of each table must say, and a column that anybody with the right may change. */
export const samples: Record<ProtectedTable, { row: Record<string, string>; change: Record<string, string> }> = {
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
