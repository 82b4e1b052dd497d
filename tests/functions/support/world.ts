import postgres from 'postgres'
import { inject } from 'vitest'
import { protectedTables } from '../../../shared/roles.ts'
import type { Stage } from './cast.ts'
import { mailIdsTo } from './mail.ts'

const selectRows = (table: string, condition: string): string =>
  `array(select t::text from ${table} as t where ${condition} order by 1)`
const theirs = '(select ids from theirs)::uuid[]'
const ofOrganizations = `t.organization_id = any (${theirs})`
const tables = {
  organizations: selectRows('public.organizations', `t.id = any (${theirs})`),
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
    `t.invitation_id in (select i.id from public.organization_invitations as i where i.organization_id = any (${theirs}))`,
  ),
  idempotency_keys: selectRows('tenancy.idempotency_keys', 't.user_id = any ($1)'),
  audit_heads: selectRows('tenancy.audit_heads', ofOrganizations),
  active_organizations: selectRows('tenancy.active_organizations', 't.user_id = any ($1)'),
  ...Object.fromEntries(protectedTables.map((table) => [table, selectRows(`public.${table}`, ofOrganizations)])),
}
const query = `with theirs as (
    select $2::uuid[] || array(select organization_id from public.organization_users where user_id = any ($1)) as ids
  ) select ${Object.entries(tables).map(([name, rows]) => `${rows} as ${name}`).join(', ')}`

/** Planning so many tables takes ten times as long as reading them: one connection plans once. */
const reader = postgres(inject('stack').DB_URL, {
  max: 1,
  connection: { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' },
  onnotice: () => {},
})

/** Every row that requests of this cast could have changed. */
export async function rowsOf({ users, acme, globex }: Stage): Promise<Record<string, unknown>> {
  const [rows] = await reader.unsafe(query, [Object.values(users), [acme, globex]], { prepare: true })
  return { ...rows }
}

/** The rows, and every mail to eve and to strangers that requests could have caused. Two equal worlds: what was between them changed nothing. */
export async function worldOf(cast: Stage): Promise<Record<string, unknown>> {
  const { eve: _, ...others } = cast.emails
  const [rows, mails] = await Promise.all([rowsOf(cast), mailIdsTo(cast.mark, Object.values(others))])
  return { ...rows, mails }
}
