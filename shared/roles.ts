/** The roles a person can have in an organization, strongest first. */
export const roles = ['owner', 'admin', 'manager', 'member'] as const

/** A role in an organization. */
export type Role = (typeof roles)[number]

/** Whether `role` is `least` or stronger. */
export const isAtLeast = (role: Role, least: Role): boolean => roles.indexOf(role) <= roles.indexOf(least)

/** Who may do something: everyone from this role up, or nobody at all. */
export type Audience = Role | 'nobody'

/**
 * What one operation on a table asks for. `any` is the audience for all rows of the organization; `own` widens it for
 * rows that carry the caller's own `user_id`.
 */
export interface Access {
  any: Audience
  own?: Audience
}

/** Who reads, creates, updates and deletes the rows of a table. */
export interface TableAccess {
  read: Access
  create: Access
  update: Access
  delete: Access
}

const everyone: Access = { any: 'member' }
const managers: Access = { any: 'manager' }
const admins: Access = { any: 'admin' }
const nobody: Access = { any: 'nobody' }
const ownOnly: Access = { any: 'nobody', own: 'member' }
const ownOrManager: Access = { any: 'manager', own: 'member' }

/** What people work in all day. */
const daily: TableAccess = { read: everyone, create: everyone, update: ownOrManager, delete: managers }
/** What was said and done: work that is evidence too. */
const evidence: TableAccess = { ...daily, delete: admins }
/** What managers plan and members work by. */
const plans: TableAccess = { read: everyone, create: managers, update: managers, delete: managers }
/** What machines write for whoever is at work. */
const queues: TableAccess = { read: everyone, create: everyone, update: everyone, delete: managers }
/** What is added and never changed. */
const facts: TableAccess = { read: everyone, create: everyone, update: nobody, delete: admins }
/** What holds for everybody, and what costs money. */
const settings: TableAccess = { read: everyone, create: admins, update: admins, delete: admins }
/** Credentials, even encrypted ones. */
const secrets: TableAccess = { ...settings, read: admins }

/** The access matrix of the protected tables; the policies of the database say the same, and a test proves it. */
export const tableAccess = {
  campaigns: daily,
  leads: daily,
  voice_broadcasts: daily,
  workflows: daily,
  follow_up_sequences: daily,
  agent_scripts: daily,
  pipeline_boards: daily,
  dispositions: daily,
  call_logs: evidence,
  disposition_metrics: facts,
  dnc_list: { read: everyone, create: everyone, update: admins, delete: admins },
  phone_numbers: { read: everyone, create: managers, update: managers, delete: admins },
  ai_sms_settings: settings,
  autonomous_settings: settings,
  calendar_integrations: { read: ownOnly, create: everyone, update: ownOnly, delete: ownOnly },

  sms_conversations: daily,
  ai_conversations: daily,
  script_suggestions: daily,
  calendar_appointments: daily,
  scheduled_follow_ups: daily,
  smart_lists: daily,
  contact_list_filters: daily,
  sms_messages: evidence,
  inbound_transfers: evidence,
  calendar_availability: { read: everyone, create: everyone, update: ownOnly, delete: { any: 'admin', own: 'member' } },
  workflow_steps: plans,
  sequence_steps: plans,
  campaign_phone_pools: plans,
  campaign_automation_rules: plans,
  timezone_rules: plans,
  caller_id_pool: plans,
  lead_workflow_progress: queues,
  lead_pipeline_positions: queues,
  broadcast_queue: queues,
  dialing_queues: queues,
  active_ai_transfers: queues,
  system_alerts: queues,
  lead_list_memberships: { ...queues, delete: everyone },
  ai_conversation_messages: facts,
  ai_daily_insights: facts,
  script_performance_metrics: facts,
  lead_priority_scores: facts,
  lead_reachability_scores: facts,
  rotation_history: facts,
  spending_logs: facts,
  daily_reports: facts,
  ai_chatbot_settings: settings,
  lead_scoring_settings: settings,
  rotation_settings: settings,
  budget_settings: settings,
  budget_alerts: settings,
  number_orders: { ...plans, update: admins, delete: admins },
  carrier_configs: secrets,
  sip_trunk_configs: secrets,
  phone_providers: secrets,
} as const satisfies Record<string, TableAccess>

/** The name of a table that belongs to organizations. */
export type ProtectedTable = keyof typeof tableAccess

/** Whether a name is one of the protected tables. */
export const isProtectedTable = (name: string): name is ProtectedTable => Object.hasOwn(tableAccess, name)

/** The names of all protected tables. */
export const protectedTables: ProtectedTable[] = Object.keys(tableAccess).filter(isProtectedTable)

/** The least role that each route about one organization asks for, by the route's name; a test asks every route. */
export const routeAccess = {
  updateOrganization: 'admin',
  deleteOrganization: 'owner',
  getUsage: 'member',
  previewPlan: 'admin',
  startCheckout: 'owner',
  openPortal: 'owner',
  listMembers: 'member',
  changeMember: 'admin',
  removeMember: 'admin',
  suspendMember: 'admin',
  reactivateMember: 'admin',
  transferOwnership: 'owner',
  createInvitation: 'admin',
  createInvitationLink: 'admin',
  listInvitations: 'admin',
  revokeInvitation: 'admin',
  resendInvitation: 'admin',
  claimDomain: 'admin',
  listDomains: 'admin',
  verifyDomain: 'admin',
  updateDomain: 'admin',
  removeDomain: 'admin',
  listLeadFields: 'member',
  createLeadField: 'admin',
  updateLeadField: 'admin',
  removeLeadField: 'admin',
  getBranding: 'admin',
  updateBranding: 'admin',
  verifyHost: 'admin',
  listJoinRequests: 'admin',
  approveJoinRequest: 'admin',
  refuseJoinRequest: 'admin',
  listAudit: 'admin',
  exportAudit: 'admin',
  verifyAudit: 'admin',
} as const satisfies Record<string, Role>

/** What a role may do: call a route, or work on the rows of a table, as in `leads.create`. */
export type Permission = keyof typeof routeAccess | `${ProtectedTable}.${keyof TableAccess}`

const isRoute = (permission: Permission): permission is keyof typeof routeAccess =>
  Object.hasOwn(routeAccess, permission)

/** Whether a role may do something; `own` asks about rows that carry the person's own `user_id`. */
export function can(role: Role, permission: Permission, { own = false } = {}): boolean {
  const reaches = (audience: Audience | undefined): boolean =>
    audience !== undefined && audience !== 'nobody' && isAtLeast(role, audience)
  if (isRoute(permission)) return reaches(routeAccess[permission])
  const [table = '', operation] = permission.split('.')
  if (!isProtectedTable(table)) return false
  const access: TableAccess = tableAccess[table]
  const asked = Object.entries(access).find(([name]) => name === operation)?.[1]
  return reaches(asked?.any) || own && reaches(asked?.own)
}
