import type postgres from 'postgres'

/** How much a database holds. */
export interface Size {
  organizations: number
  /** Of each organization but the first. */
  leads: number
  /** Calls to each lead: so many, or one more. None: no calls at all. */
  calls: number
  /** Leads of the first organization. */
  biggest: number
  /** Whether there are copies, for the controls and the peers. */
  copies: boolean
}

const peopleOfEach = 4

/**
 * Fills the project's tables, and copies of leads and call logs in the schema `bench`: with the same columns, rules, keys
 * and indexes, and without row-level security and triggers. Run as superuser.
 */
export async function fill(admin: postgres.Sql, { organizations, leads, calls, biggest, copies }: Size): Promise<void> {
  await admin.begin(async (tx) => {
    // These rows satisfy what triggers and foreign keys ask; looking at each would take long.
    await tx`set local session_replication_role = replica`
    await tx`create schema bench`
    await tx`create table bench.organizations as
      select n, md5('organization' || n)::uuid as id, case when n = 0 then ${biggest}::int else ${leads}::int end as leads
      from generate_series(0, ${organizations - 1}) as n`
    await tx`create table bench.people as
      select o.n, p.n as place, md5('person' || o.n || '-' || p.n)::uuid as id
      from bench.organizations as o cross join generate_series(0, ${peopleOfEach - 1}) as p (n)`
    await tx`insert into auth.users (id, aud, role, email, email_confirmed_at, created_at)
      select id, 'authenticated', 'authenticated', 'p' || n || '.' || place || '@example.test', now(), now() from bench.people`
    await tx`insert into public.profiles (id, email) select id, 'p' || n || '.' || place || '@example.test' from bench.people`
    await tx`insert into public.organizations (id, name, slug, subscription_tier, subscription_status, trial_ends_at)
      select id, 'Company ' || n, 'company-' || n, 'enterprise', 'active', null from bench.organizations`
    await tx`insert into public.organization_users (organization_id, user_id, role)
      select o.id, p.id, (array['owner', 'manager', 'member', 'member'])[p.place + 1]::public.organization_role
      from bench.people as p join bench.organizations as o on o.n = p.n`
    await tx`insert into public.leads (id, organization_id, user_id, phone_number, first_name, last_name, email, company, status, created_at)
      select md5('lead' || o.n || '-' || l.n)::uuid, o.id, md5('person' || o.n || '-' || l.n % ${peopleOfEach})::uuid,
        '+1' || (2000000000 + l.n), 'First' || l.n % 1000, 'Last' || l.n % 5000, 'lead' || l.n || '@example.test', 'Company ' || l.n % 700,
        (array['new', 'contacted', 'qualified', 'lost'])[l.n % 4 + 1],
        now() - ((l.n * 7919) % 8640000) * interval '1 second'
      from bench.organizations as o cross join lateral generate_series(0, o.leads - 1) as l (n)
      order by hashtext(o.n || '-' || l.n)`
    if (calls > 0) {
      await tx`insert into public.call_logs (organization_id, user_id, lead_id, phone_number, status, duration_seconds, created_at)
        select l.organization_id, l.user_id, l.id, l.phone_number, 'completed', c.n * 40, l.created_at + c.n * interval '1 hour'
        from public.leads as l
        cross join lateral generate_series(1, floor(${calls} + (hashtext(l.id::text) & 1023) / 1024.0)::int) as c (n)`
    }
    // As searched and indexed already, so that no job works on them meanwhile.
    await tx`insert into tenancy.lead_texts (organization_id, listed_at, lead_id, text, trigrams)
      select l.organization_id, t.listed_at, l.id, t.text, '{}' from public.leads as l
      cross join lateral tenancy.to_lead_text(l) as t`
    if (copies) {
      for (const table of ['leads', 'call_logs']) {
        await tx.unsafe(`create table bench.${table} (like public.${table} including all)`)
        await tx.unsafe(`insert into bench.${table} select * from public.${table}`)
        await tx.unsafe(`
          alter table bench.${table}
            add foreign key (organization_id) references public.organizations (id),
            add foreign key (user_id) references auth.users (id)`)
      }
      await tx`alter table bench.call_logs add foreign key (lead_id) references bench.leads (id) on delete set null`
    }
  })
  await admin`vacuum analyze`
}
