import { protectedTables } from '../../../shared/roles.ts'
import { sql } from '../../database/support/database.ts'
import type { Stage } from './cast.ts'
import { mailsWith } from './mail.ts'

const rowsOf = (table: string, condition: string): string =>
  `(select jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text) from ${table} as t where ${condition})`
const ofOrganizations = 't.organization_id in (select id from theirs)'
const members = {
  organizations: rowsOf('public.organizations', 't.id in (select id from theirs)'),
  organization_users: rowsOf('public.organization_users', `t.user_id = any ($1) or ${ofOrganizations}`),
  organization_invitations: rowsOf('public.organization_invitations', ofOrganizations),
  profiles: rowsOf('public.profiles', 't.id = any ($1)'),
  invitation_tokens: rowsOf(
    'tenancy.invitation_tokens',
    `t.invitation_id in (select i.id from public.organization_invitations as i join theirs on theirs.id = i.organization_id)`,
  ),
  active_organizations: rowsOf('tenancy.active_organizations', 't.user_id = any ($1)'),
  ...Object.fromEntries(protectedTables.map((table) => [table, rowsOf(`public.${table}`, ofOrganizations)])),
}
const query = `with theirs as (
    select organization_id as id from public.organization_users where user_id = any ($1) union select unnest($2::uuid[])
  ) select ${Object.entries(members).map(([name, rows]) => `${rows} as ${name}`).join(', ')}`

/**
 * Every row that requests of this cast could have changed, and every mail they could have caused. Two equal worlds: the
 * requests between them changed nothing.
 */
export async function worldOf({ users, acme, globex, mark, emails }: Stage): Promise<Record<string, unknown>> {
  const [[rows], ...mails] = await Promise.all([
    sql.unsafe(query, [Object.values(users), [acme, globex]]),
    ...[mark, emails.eve].map(mailsWith),
  ])
  return { ...rows, mails: mails.flat().map(({ id }) => id) }
}
