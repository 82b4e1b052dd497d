import postgres from 'postgres'
import { inject } from 'vitest'
import { protectedTables } from '../../../shared/roles.ts'
import type { Stage } from './cast.ts'
import { mailIdsTo } from './mail.ts'

const selectRows = (table: string, condition: string): string =>
  `(select jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text) from ${table} as t where ${condition})`
const ofOrganizations = 't.organization_id in (select id from theirs)'
const tables = {
  organizations: selectRows('public.organizations', 't.id in (select id from theirs)'),
  organization_users: selectRows('public.organization_users', `t.user_id = any ($1) or ${ofOrganizations}`),
  organization_invitations: selectRows('public.organization_invitations', ofOrganizations),
  organization_domains: selectRows('public.organization_domains', ofOrganizations),
  lead_fields: selectRows('public.lead_fields', ofOrganizations),
  organization_branding: selectRows('public.organization_branding', ofOrganizations),
  join_requests: selectRows('tenancy.join_requests', `t.user_id = any ($1) or ${ofOrganizations}`),
  billing_customers: selectRows('tenancy.billing_customers', ofOrganizations),
  kept_out: selectRows('tenancy.kept_out', `t.user_id = any ($1) or ${ofOrganizations}`),
  audit_log: selectRows('public.audit_log', ofOrganizations),
  profiles: selectRows('public.profiles', 't.id = any ($1)'),
  invitation_tokens: selectRows(
    'tenancy.invitation_tokens',
    `t.invitation_id in (select i.id from public.organization_invitations as i join theirs on theirs.id = i.organization_id)`,
  ),
  idempotency_keys: selectRows('tenancy.idempotency_keys', 't.user_id = any ($1)'),
  audit_heads: selectRows('tenancy.audit_heads', ofOrganizations),
  active_organizations: selectRows('tenancy.active_organizations', 't.user_id = any ($1)'),
  ...Object.fromEntries(protectedTables.map((table) => [table, selectRows(`public.${table}`, ofOrganizations)])),
}
const query = `with theirs as (
    select organization_id as id from public.organization_users where user_id = any ($1) union select unnest($2::uuid[])
  ) select ${Object.entries(tables).map(([name, rows]) => `${rows} as ${name}`).join(', ')}`

/** Planning so many tables takes ten times as long as reading them: one connection plans once. */
const reader = postgres(inject('stack').DB_URL, {
  max: 1,
  connection: { plan_cache_mode: 'force_generic_plan' },
  onnotice: () => {},
})

/** Every row that requests of this cast could have changed. */
export async function rowsOf({ users, acme, globex }: Stage): Promise<Record<string, unknown>> {
  const [rows] = await reader.unsafe(query, [Object.values(users), [acme, globex]], { prepare: true })
  return { ...rows }
}

/** The rows, and every mail to eve and to strangers that requests could have caused. Two equal worlds: what was between them changed nothing. */
export async function worldOf(cast: Stage): Promise<Record<string, unknown>> {
  const [rows, ...mails] = await Promise.all([rowsOf(cast), ...[cast.mark, cast.emails.eve].map(mailIdsTo)])
  return { ...rows, mails: mails.flat() }
}
