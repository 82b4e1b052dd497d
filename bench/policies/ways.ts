import type postgres from 'postgres'

/** A way to keep organizations apart. */
export interface Way {
  name: string
  /** The database role that asks. */
  role: string
  /** Where leads and call logs are: the project's own, or copies without its triggers. */
  schema: 'public' | 'bench'
  /** Whether the statement names its organization itself, as clients of such policies do and have to. */
  filters: boolean
  /** Whether whoever asks says who they are; the controls need not. */
  claims: boolean
  settings?: Record<string, string>
}

/** The same tables, with their triggers, rules and keys, for a role that no policy binds. */
export const control: Way = {
  name: 'no RLS',
  role: 'bench_nobody_asks',
  schema: 'public',
  filters: true,
  claims: false,
}

export const genericControl: Way = {
  ...control,
  name: 'no RLS, generic plan',
  settings: { plan_cache_mode: 'force_generic_plan' },
}

export const ours: Way = { name: 'this project', role: 'authenticated', schema: 'public', filters: false, claims: true }

/** The copies, whose rows nothing stamps, counts or keeps in place. */
export const bare: Way = { ...control, name: 'bare tables', schema: 'bench' }

/** This project's policies without what else it does: on the copies, as the peers' are. */
export const oursAlone: Way = {
  name: "this project's policies",
  role: 'bench_ours',
  schema: 'bench',
  filters: true,
  claims: true,
}

/** What people use today, each with the filter in the statement that its documentation recommends. */
export const peers: Way[] = [
  { name: 'function of the row', role: 'bench_function_of_row' },
  { name: 'in (select function())', role: 'bench_in_set' },
  { name: 'claims in the token', role: 'bench_claims' },
].map((peer) => ({ ...peer, schema: 'bench', filters: true, claims: true }))

/** Those that read every row of the table where a statement names no organization. */
export const readingAll = peers.filter(({ role }) => role !== 'bench_claims')

/** The peers' policies, by role; reading for members, changing for managers. Membership is this project's table. */
const conditions: Record<string, (role: string) => string> = {
  bench_function_of_row: (role) => `bench.is_member(organization_id, '${role}')`,
  bench_in_set: (role) => `organization_id in (select bench.organizations_of((select auth.uid()), '${role}'))`,
  bench_claims: (role) => `organization_id = any ((select bench.claimed('${role}'))::uuid[])`,
}

/** Makes the role that no policy binds. Run as superuser. */
export async function settleControl(admin: postgres.Sql): Promise<void> {
  await admin.unsafe(`
    create role bench_nobody_asks bypassrls;
    grant usage on schema bench, public to bench_nobody_asks, authenticated;
    grant all on public.leads, public.call_logs to bench_nobody_asks`)
}

/** Makes the roles, the peers' functions and their policies on the copies. Run as superuser. */
export async function settlePeers(admin: postgres.Sql): Promise<void> {
  await admin.unsafe(`
    ${Object.keys(conditions).map((role) => `create role ${role};`).join('\n')}

    create function bench.is_member(organization_id uuid, min_role public.organization_role) returns boolean
    language sql stable security definer set search_path = '' as $$
      select exists (
        select 1 from public.organization_users as ou
        where ou.organization_id = is_member.organization_id and ou.user_id = auth.uid() and ou.role >= min_role
      )
    $$;
    create function bench.organizations_of(user_id uuid, min_role public.organization_role) returns setof uuid
    language sql stable security definer set search_path = '' as $$
      select ou.organization_id from public.organization_users as ou
      where ou.user_id = organizations_of.user_id and ou.role >= min_role
    $$;
    create function bench.claimed(min_role public.organization_role) returns uuid[]
    language plpgsql stable set search_path = '' as $$
    begin
      return array(
        select (c ->> 'id')::uuid
        from jsonb_array_elements(current_setting('request.jwt.claims')::jsonb -> 'organizations') as c
        where (c ->> 'role')::public.organization_role >= min_role
      );
    end $$;
    alter table bench.leads enable row level security;
    alter table bench.call_logs enable row level security;`)
  for (const [role, condition] of Object.entries(conditions)) {
    for (const table of ['leads', 'call_logs']) {
      await admin.unsafe(`
        create policy ${role}_select on bench.${table} for select to ${role} using (${condition('member')});
        create policy ${role}_insert on bench.${table} for insert to ${role} with check (${condition('member')});
        create policy ${role}_update on bench.${table} for update to ${role}
          using (${condition('manager')}) with check (${condition('manager')});
        create policy ${role}_delete on bench.${table} for delete to ${role} using (${condition('manager')});`)
    }
  }
  const written = await admin<{ table: string; command: string; using: string; check: string }[]>`
    select tablename as table, cmd as command, coalesce(' using (' || qual || ')', '') as using,
      coalesce(' with check (' || with_check || ')', '') as check
    from pg_policies where schemaname = 'public' and tablename in ('leads', 'call_logs')`
  await admin.unsafe(`create role ${oursAlone.role}; grant usage on schema tenancy to ${oursAlone.role};
    grant execute on function tenancy.current_organization_id to ${oursAlone.role};
    ${
    written.map(({ table, command, using, check }) =>
      `create policy ${oursAlone.role}_${command} on bench.${table} for ${command} to ${oursAlone.role}${using}${check};`
    ).join('\n')
  }`)
  const roles = ['bench_nobody_asks', oursAlone.role, ...Object.keys(conditions)].join(', ')
  await admin.unsafe(`
    grant usage on schema bench, auth, public to ${roles};
    grant all on bench.leads, bench.call_logs to ${roles};
    grant execute on all functions in schema bench to ${roles};`)
}
