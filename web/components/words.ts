import type { Role } from '../../shared/roles.ts'

/** What roles are called. */
export const roleName: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  manager: 'Manager',
  member: 'Member',
}

/** What a role is for, in one sentence. */
export const roleMeaning: Record<Role, string> = {
  owner: 'Everything, including ownership and deleting the organization.',
  admin: 'Manages people, invitations, domains and settings.',
  manager: 'Plans the work: changes and deletes what others made.',
  member: 'Does the daily work and changes what is their own.',
}

/** “1 member”, “2 members”. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString()} ${n === 1 ? one : many}`

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** A date in words, for sentences. */
export const toDay = (at: string): string => day.format(new Date(at))

/** A time of the day as people write it: hours and minutes. */
export const toMinutes = (time: string): string => time.slice(0, 5)

/** What a person is called where one has to be named. */
export const personName = ({ full_name, email }: { full_name: string | null; email: string | null }): string =>
  full_name?.trim() || email || 'Somebody without a name'
