import type { ProtectedTable } from '../../shared/roles.ts'
import { samples } from '../../tests/database/support/rows.ts'
import type { Run } from './run.ts'
import type { Value } from './world.ts'

// What the system answers in JSON, in the words of the model.

type Json = Record<string, unknown>
type Named = Pick<Run, 'names'>

/** The members of a JSON object; none of anything else. */
export const membersOf = (json: unknown): Json => Object(json)

/** The elements of a JSON array, such as a page's. */
export const listOf = (json: unknown): Json[] => Array.isArray(json) ? json : []

const textOf = (value: unknown): Value => typeof value === 'string' ? value : undefined

export const toOrganization = ({ names }: Named, json: unknown): Value => {
  const { id, name, role, subscription_status, deleted_at } = membersOf(json)
  return {
    organization: names.of(id),
    name: textOf(name),
    role: textOf(role),
    status: textOf(subscription_status),
    deleted: deleted_at !== null,
  }
}

export const toMember = ({ names }: Named, json: unknown): Value => {
  const { user_id, role, suspended_at } = membersOf(json)
  return { person: names.of(user_id), role: textOf(role), suspended: suspended_at !== null }
}

export const toInvitation = ({ names }: Named, json: unknown): Value => {
  const { id, organization_id, email, role, invited_by, status, uses } = membersOf(json)
  return {
    invitation: names.of(id),
    organization: names.of(organization_id),
    email: email === null ? 'anybody' : names.of(email),
    role: textOf(role),
    host: names.of(invited_by),
    status: textOf(status),
    uses: Number(uses),
  }
}

export const toChangedMember = (named: Named, json: unknown): Value => {
  const { member, ended } = membersOf(json)
  const { invitations, sessions } = membersOf(ended)
  return { member: toMember(named, member), ended: { invitations: Number(invitations), sessions: Number(sessions) } }
}

export const toActive = ({ names }: Named, json: unknown): Value => {
  const { organization_id, role } = membersOf(json)
  return { organization: names.of(organization_id), role: textOf(role) }
}

export const toRow = ({ names, system }: Run, table: ProtectedTable, json: unknown): Value => {
  const row = membersOf(json)
  const { hasAuthor, references } = system.facts[table]
  const changed = Object.entries(samples[table].change).every(([column, value]) => String(row[column]) === value)
  // Parents that were made along with a row have no name.
  const links = Object.keys(references).filter((column) => names.knows(row[column]))
    .map((column) => [column, names.of(row[column])])
  return {
    row: names.of(row.id),
    organization: names.of(row.organization_id),
    author: hasAuthor ? names.of(row.user_id) : undefined,
    changed,
    links: Object.fromEntries(links),
  }
}

/** One text for equal values: neither order nor what is missing counts. */
export function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null)
  return `{${members.map(([name, member]) => `${name}: ${canonical(member)}`).sort().join(', ')}}`
}
