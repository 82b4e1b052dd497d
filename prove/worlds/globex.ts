import type postgres from 'postgres'
import { protectedTables } from '../../shared/roles.ts'
import { found, join, signUp } from '../../tests/database/support/cast.ts'
import { insertRow } from '../../tests/database/support/rows.ts'

/** What only world A has, by the names that requests use: `{foreign:leads}`, `{user:bob}`. */
export interface Foreign {
  ids: Record<string, string>
  addresses: Record<string, string>
}

const staff = ['bob', 'bea', 'ben', 'bill'] as const

/** Lets another company live in this database: people, rows in every table, invitations, and a second organization. */
export async function settleGlobex(sql: postgres.Sql): Promise<Foreign> {
  return await sql.begin(async (tx) => {
    const ids: Record<string, string> = {}
    const addresses: Record<string, string> = { guest: 'guest@globex.test' }
    ids['org:globex'] = await found(tx, 'Globex')
    ids['org:hooli'] = await found(tx, 'Hooli')
    // Of a plan without limits: it calls more than the smallest one allows.
    await tx`update organizations set subscription_tier = 'enterprise' where id = ${ids['org:globex']}`
    for (const name of staff) {
      addresses[name] = `${name}@globex.test`
      ids[`user:${name}`] = await signUp(tx, addresses[name])
      await join(tx, ids['org:globex'], ids[`user:${name}`] ?? '', name === 'bob' ? 'owner' : 'manager')
    }
    await join(tx, ids['org:hooli'], ids['user:bea'] ?? '', 'owner')
    for (const table of protectedTables) {
      ids[`foreign:${table}`] = await insertRow(tx, table, {
        organization_id: ids['org:globex'] ?? '',
        user_id: ids['user:bob'],
      })
    }
    const [invitation] = await tx`
      insert into organization_invitations (organization_id, email, role, invited_by, valid_for, expires_at)
      values (${ids['org:globex'] ?? ''}, ${addresses.guest ?? ''}, 'member', ${ids['user:bob'] ?? ''}, '7 days',
        now() + interval '7 days')
      returning id`
    ids['foreign:organization_invitations'] = invitation?.id
    const [domain] = await tx`insert into organization_domains (organization_id, domain, verified_at)
      values (${ids['org:globex'] ?? ''}, 'globex.test', now()) returning id`
    ids['foreign:organization_domains'] = domain?.id
    const [field] = await tx`insert into lead_fields (organization_id, key, label, type)
      values (${ids['org:globex'] ?? ''}, 'budget', 'Budget', 'number') returning id`
    ids['foreign:lead_fields'] = field?.id
    ids['foreign:organizations'] = ids['org:globex'] ?? ''
    ids['foreign:profiles'] = ids['user:bob'] ?? ''
    // Enough for the planner to see another distribution, and other plans.
    await tx`insert into leads (organization_id, user_id, phone_number, notes)
      select ${ids['org:globex'] ?? ''}, ${ids['user:bob'] ?? ''}, '+1666' || n, '(' from generate_series(1, 5000) as n`
    await tx`insert into call_logs (organization_id, user_id, phone_number, duration_seconds)
      select ${ids['org:globex'] ?? ''}, ${ids['user:bob'] ?? ''}, '+1666' || n, n from generate_series(1, 10000) as n`
    return { ids, addresses }
  })
}
