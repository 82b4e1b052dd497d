import { createHash } from 'node:crypto'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { samples } from '../../tests/database/support/rows.ts'
import type { Schema } from './schema.ts'

/** Who asks in a sequence. `double` belongs to both organizations, `lone` to none, `removed` no longer. */
export const people = ['owner', 'admin', 'manager', 'member', 'suspended', 'removed', 'double', 'lone'] as const
export type Person = (typeof people)[number]

const rolesAtAcme: Partial<Record<Person, string>> = {
  owner: 'owner',
  admin: 'admin',
  manager: 'manager',
  member: 'member',
  suspended: 'manager',
  double: 'member',
}

/** A company made for one sequence, the same in both worlds: every id is derived from `mark`. */
export interface Company {
  mark: string
  /** Its ids, by the names that requests use: `org:acme`, `user:owner`, `own:leads`. */
  ids: Record<string, string>
  addresses: Record<string, string>
  /** The token of an invitation that it began with, to `lone`. */
  token: string
  /** Makes it, in one round trip. */
  statements: string
}

/** A uuid that follows from a text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha1').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** Founds Acme, and a second organization that only `double` is in, with a row in each of the tables. */
export function foundCompany(mark: string, tables: string[], schema: Schema, status = 'trial'): Company {
  const ids: Record<string, string> = {}
  const addresses: Record<string, string> = {}
  const token = `inv_${createHash('sha256').update(mark).digest('hex')}`
  ids['own:organization_invitations'] = uuidOf(`${mark} invitation`)
  ids['own:organization_domains'] = uuidOf(`${mark} domain`)
  ids['own:lead_fields'] = uuidOf(`${mark} field`)
  for (const name of ['acme', 'second']) ids[`org:${name}`] = uuidOf(`${mark} ${name}`)
  for (const person of people) {
    ids[`user:${person}`] = uuidOf(`${mark} ${person}`)
    addresses[person] = `${person}@acme-${mark}.test`
  }
  const members = Object.entries(rolesAtAcme).map(([person, role], at) =>
    `('${ids['org:acme']}', '${ids[`user:${person}`]}', '${role}', '2024-02-0${at + 1}', ${
      person === 'suspended' ? "'2024-03-01'" : 'null'
    })`
  )
  const statements = [
    `insert into auth.users (id, aud, role, email, email_confirmed_at, created_at) values ${
      people.map((person) =>
        `('${ids[`user:${person}`]}', 'authenticated', 'authenticated', '${
          addresses[person]
        }', '2024-01-01', '2024-01-01')`
      )
    }`,
    `insert into public.organizations (id, name, slug, subscription_status, max_users, created_at) values
      ('${ids['org:acme']}', 'Acme ${mark}', 'acme-${mark}', '${status}', 50, '2024-01-01'),
      ('${ids['org:second']}', 'Second ${mark}', 'second-${mark}', 'trial', 50, '2024-01-02')`,
    `insert into public.organization_users (organization_id, user_id, role, joined_at, suspended_at) values ${members},
      ('${ids['org:second']}', '${ids['user:double']}', 'owner', '2024-02-08', null)`,
    `insert into public.organization_invitations
      (id, organization_id, email, role, invited_by, valid_for, created_at, last_sent_at, expires_at) values (
        '${ids['own:organization_invitations']}', '${ids['org:acme']}', '${addresses.lone}', 'member',
        '${ids['user:owner']}', '7 days', '2024-03-01', '2024-03-01', now() + interval '7 days')`,
    `insert into tenancy.invitation_tokens (invitation_id, token_hash)
      values ('${ids['own:organization_invitations']}', sha256('${token}'))`,
    `insert into public.organization_domains (id, organization_id, domain, join_mode, verified_at, created_at)
      values ('${ids['own:organization_domains']}', '${ids['org:acme']}', 'acme-${mark}.test', 'automatic',
        '2024-03-01', '2024-03-01')`,
    `insert into public.lead_fields (id, organization_id, key, label, type, created_at)
      values ('${ids['own:lead_fields']}', '${ids['org:acme']}', 'a', 'A', 'text', '2024-03-01')`,
    ...withParents(tables).flatMap((table, at, all) =>
      (['acme', 'second'] as const).map((organization) => {
        const row = { ...samples[table].row, created_at: `2024-04-${String(10 + at % 20)}` }
        const earlier = all.slice(0, at)
        return insertRow(mark, table, organization, row, earlier, ids, schema)
      })
    ),
  ]
  return { mark, ids, addresses, token, statements: statements.join(';\n') }
}

function insertRow(
  mark: string,
  table: ProtectedTable,
  organization: 'acme' | 'second',
  sample: Record<string, string>,
  earlier: ProtectedTable[],
  ids: Record<string, string>,
  { foreignKeys }: Schema,
): string {
  const nameOf = (name: string) => organization === 'acme' ? `own:${name}` : `second:${name}`
  const id = uuidOf(`${mark} ${nameOf(table)}`)
  const row: Record<string, string | undefined> = {
    ...sample,
    id,
    organization_id: ids[`org:${organization}`],
    ...(!samples[table].authorless && { user_id: ids[organization === 'acme' ? 'user:member' : 'user:double'] }),
  }
  for (const { child, column, parent } of foreignKeys) {
    if (child === table && earlier.some((name) => name === parent)) row[column] = ids[nameOf(parent)]
  }
  ids[nameOf(table)] = id
  const entries = Object.entries(row).flatMap(([column, value]) =>
    value === undefined ? [] : [[column, value] as const]
  )
  return `insert into public.${table} (${entries.map(([column]) => column).join(', ')}) values (${
    entries.map(([, value]) => quote(value)).join(', ')
  })`
}

/** The protected ones of the tables, each after the parents that its rows must have. */
function withParents(tables: string[]): ProtectedTable[] {
  const sorted = new Set<ProtectedTable>()
  const add = (table: ProtectedTable) => {
    for (const parent of Object.values(samples[table].parents ?? {})) if (parent !== table) add(parent)
    sorted.add(table)
  }
  for (const table of protectedTables) if (tables.includes(table)) add(table)
  return [...sorted]
}
