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

const daily: TableAccess = { read: everyone, create: everyone, update: ownOrManager, delete: managers }
const settings: TableAccess = { read: everyone, create: admins, update: admins, delete: admins }

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
  call_logs: { ...daily, delete: admins },
  disposition_metrics: { read: everyone, create: everyone, update: nobody, delete: admins },
  dnc_list: { read: everyone, create: everyone, update: admins, delete: admins },
  phone_numbers: { read: everyone, create: managers, update: managers, delete: admins },
  ai_sms_settings: settings,
  autonomous_settings: settings,
  calendar_integrations: { read: ownOnly, create: everyone, update: ownOnly, delete: ownOnly },
} as const satisfies Record<string, TableAccess>

/** The name of a table that belongs to organizations. */
export type ProtectedTable = keyof typeof tableAccess

/** Whether a name is one of the protected tables. */
export const isProtectedTable = (name: string): name is ProtectedTable => Object.hasOwn(tableAccess, name)

/** The names of all protected tables. */
export const protectedTables: ProtectedTable[] = Object.keys(tableAccess).filter(isProtectedTable)
