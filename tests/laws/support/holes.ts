import { found, join, signUp, stage } from '../../database/support/cast.ts'
import type { Transaction } from '../../database/support/outcome.ts'

/** A way to leave companies less apart than they should be, and the law that must notice. */
export interface Hole {
  /** What somebody did. */
  name: string
  law: string
  /** What the law finds it in; with rows, what the object begins with. */
  object: string
  /** How it is done: as the database owner, or by hand in a transaction. */
  plant: string | ((tx: Transaction) => Promise<unknown>)
  /** What only a superuser can do here; on hosted the platform's own settings do. */
  superuser?: true
  /** It is not there, or can't be, beside others. */
  alone?: true
}

/** Creates a policy that says what another one says, with something changed. */
const rewritten = (policy: string, change: string) => `
  do $$
  declare
    p record;
  begin
    select * into p from pg_policies where schemaname = 'public' and policyname = '${policy}';
    execute format('drop policy %I on public.%I', p.policyname, p.tablename);
    execute format(${change}, p.policyname, p.tablename, p.qual, p.with_check);
  end
  $$`

const tables: Hole[] = [
  {
    name: 'a table that nobody protected',
    law: 'every_table_is_protected',
    object: 'public.notes',
    plant: 'create table public.notes (body text)',
  },
  {
    name: 'a table without row-level security',
    law: 'row_security_is_enabled',
    object: 'public.notes',
    plant: `create table public.notes (id uuid primary key, organization_id uuid, created_at timestamptz);
      grant select, insert, update, delete on public.notes to authenticated`,
  },
  {
    name: 'a child table without row-level security',
    law: 'row_security_is_enabled',
    object: 'public.hot_leads',
    plant: 'create table public.hot_leads () inherits (public.leads)',
  },
  {
    name: 'a registered table that was dropped',
    law: 'registered_tables_exist',
    object: 'public.disposition_metrics',
    alone: true,
    plant: 'drop table public.disposition_metrics cascade',
  },
  {
    name: 'row-level security off',
    law: 'row_security_is_enabled',
    object: 'public.leads',
    plant: 'alter table public.leads disable row level security',
  },
  {
    name: 'row-level security not forced',
    law: 'row_security_is_forced',
    object: 'public.organization_users',
    plant: 'alter table public.organization_users no force row level security',
  },
  {
    name: 'a materialized view',
    law: 'the_api_has_tables_and_views_alone',
    object: 'public.lead_counts',
    plant:
      'create materialized view public.lead_counts as select organization_id, count(*) from public.leads group by 1',
  },
  {
    name: 'a foreign table',
    law: 'the_api_has_tables_and_views_alone',
    object: 'public.elsewhere',
    superuser: true,
    plant: `create foreign data wrapper nowhere; create server nowhere foreign data wrapper nowhere;
      create foreign table public.elsewhere (id uuid) server nowhere`,
  },
  {
    name: 'a rule',
    law: 'no_rule_rewrites_a_request',
    object: 'public.leads',
    plant: 'create rule copy as on update to public.leads do also delete from public.campaigns',
  },
  {
    name: 'a view without security_invoker',
    law: 'views_ask_as_the_caller',
    object: 'public.all_leads',
    plant: 'create view public.all_leads as select * from public.leads',
  },
  {
    name: 'a view that was made without it by hand',
    law: 'views_ask_as_the_caller',
    object: 'public.calendar_integrations_overview',
    plant: 'alter view public.calendar_integrations_overview set (security_invoker = false)',
  },
]

const rows: Hole[] = [
  {
    name: 'organization_id may be null',
    law: 'every_row_has_an_organization',
    object: 'public.dispositions',
    // Not a table that is counted: the counter would refuse it.
    plant: `alter table public.dispositions alter column organization_id drop not null;
      insert into public.dispositions (name, organization_id) values ('Nobody''s', null)`,
  },
  {
    name: 'organization_id refers to nothing',
    law: 'every_row_has_an_organization',
    object: 'public.leads',
    plant: 'alter table public.leads drop constraint leads_belong_to_an_organization',
  },
  {
    name: 'no stamp trigger',
    law: 'rows_are_stamped',
    object: 'public.leads',
    plant: 'drop trigger stamp on public.leads',
  },
  {
    name: 'a stamp trigger that is disabled',
    law: 'rows_are_stamped',
    object: 'public.leads',
    plant: 'alter table public.leads disable trigger stamp',
  },
  {
    name: 'another default for organization_id',
    law: 'rows_are_stamped',
    object: 'public.leads',
    plant: 'alter table public.leads alter column organization_id set default tenancy.default_organization_id()',
  },
  {
    name: 'no default for user_id',
    law: 'rows_are_stamped',
    object: 'public.leads',
    plant: 'alter table public.leads alter column user_id drop default',
  },
  {
    name: 'refuse_move disabled',
    law: 'rows_never_move',
    object: 'public.leads',
    plant: 'alter table public.leads disable trigger refuse_move',
  },
  {
    name: 'refuse_move dropped',
    law: 'rows_never_move',
    object: 'public.leads',
    plant: 'drop trigger refuse_move on public.leads',
  },
  {
    name: 'refuse_move with another condition',
    law: 'rows_never_move',
    object: 'public.leads',
    plant: `create or replace trigger refuse_move before update of id, organization_id, user_id on public.leads
      for each row when (new.id is distinct from old.id) execute function tenancy.refuse_move()`,
  },
  {
    name: 'refuse_move for fewer columns',
    law: 'rows_never_move',
    object: 'public.leads',
    plant: `create or replace trigger refuse_move before update of id, user_id on public.leads for each row
      when (new.id is distinct from old.id or new.organization_id is distinct from old.organization_id
        or new.user_id is distinct from old.user_id) execute function tenancy.refuse_move()`,
  },
  {
    name: 'no index by organization',
    law: 'rows_are_found_by_organization',
    object: 'public.leads',
    plant: 'drop index public.leads_organization_id_created_at_idx',
  },
  {
    name: 'a foreign key that is not validated',
    law: 'constraints_are_validated',
    object: 'public.leads',
    alone: true,
    plant: `alter table public.leads drop constraint leads_belong_to_an_organization;
      alter table public.leads add constraint leads_belong_to_an_organization
        foreign key (organization_id) references public.organizations (id) on delete cascade not valid`,
  },
  {
    name: 'a single-column foreign key',
    law: 'keys_stay_in_the_organization',
    object: 'call_logs_lead_id_fkey on public.call_logs',
    plant: `alter table public.call_logs drop constraint call_logs_lead_id_fkey;
      alter table public.call_logs add constraint call_logs_lead_id_fkey foreign key (lead_id) references public.leads (id)`,
  },
  {
    name: 'a foreign key that is gone',
    law: 'keys_stay_in_the_organization',
    object: 'call_logs_lead_id_fkey on public.call_logs',
    plant: 'alter table public.call_logs drop constraint call_logs_lead_id_fkey',
  },
  {
    name: 'a parent that children can no longer refer to',
    law: 'keys_stay_in_the_organization',
    object: 'sms_messages_conversation_id_fkey on public.sms_messages',
    plant:
      'alter table public.sms_conversations drop constraint sms_conversations_are_unique_in_their_organization cascade',
  },
  {
    name: 'a foreign key of two columns that leaves the organization out',
    law: 'keys_stay_in_the_organization',
    object: 'call_logs_lead_fkey on public.call_logs',
    plant: `alter table public.leads add constraint leads_numbers_key unique (id, phone_number);
      alter table public.call_logs add constraint call_logs_lead_fkey
        foreign key (lead_id, phone_number) references public.leads (id, phone_number)`,
  },
  {
    name: 'a child that takes no organization from its parents',
    law: 'children_take_their_parents_organization',
    object: 'public.call_logs',
    plant: 'drop trigger inherit_organization on public.call_logs',
  },
  {
    name: 'a child that knows one parent of two',
    law: 'children_take_their_parents_organization',
    object: 'public.call_logs',
    plant: `create or replace trigger inherit_organization before insert on public.call_logs for each row
      when (new.organization_id is null)
      execute function tenancy.inherit_organization('lead_id', 'public.leads', 'id')`,
  },
  {
    name: 'a child whose parent chooses, whatever the row says',
    law: 'children_take_their_parents_organization',
    object: 'public.pipeline_boards',
    plant: `create or replace trigger inherit_organization before insert on public.pipeline_boards for each row
      execute function tenancy.inherit_organization('disposition_id', 'public.dispositions', 'id')`,
  },
  {
    name: 'a protected table without organization_id',
    law: 'every_row_has_an_organization',
    object: 'public.disposition_metrics',
    plant: 'alter table public.disposition_metrics drop column organization_id cascade',
  },
  {
    name: 'an index that is not valid',
    law: 'rows_are_found_by_organization',
    object: 'public.leads',
    superuser: true,
    plant: `update pg_index set indisvalid = false
      where indexrelid = 'public.leads_organization_id_created_at_idx'::regclass`,
  },
  {
    name: "a trigger with its owner's rights",
    law: 'triggers_have_no_further_rights',
    object: 'public.leads',
    plant: `create schema app; create function app.copy() returns trigger language plpgsql security definer
        set search_path = '' as $$ begin return new; end $$;
      revoke execute on function app.copy() from public;
      create trigger copy before insert on public.leads for each row execute function app.copy()`,
  },
  {
    name: 'a disabled trigger',
    law: 'no_trigger_is_disabled',
    object: 'public.organization_users',
    plant: 'alter table public.organization_users disable trigger keep_an_owner_on_delete',
  },
  {
    name: 'a foreign key that is switched off',
    law: 'no_trigger_is_disabled',
    object: 'public.call_logs',
    superuser: true,
    plant: 'alter table public.call_logs disable trigger all',
  },
]

const policies: Hole[] = [
  {
    name: 'a permissive second policy',
    law: 'policies_stand_alone',
    object: 'everybody on public.leads',
    plant: 'create policy everybody on public.leads for select to authenticated using (true)',
  },
  {
    name: 'a second policy on a table that spans organizations',
    law: 'policies_stand_alone',
    object: 'organizations_update on public.organizations',
    plant: 'create policy organizations_update on public.organizations for update to authenticated using (true)',
  },
  {
    name: 'a policy for another role',
    law: 'policies_stand_alone',
    object: 'leads_select on public.leads',
    plant: 'alter policy leads_select on public.leads to anon, authenticated',
  },
  {
    name: 'a policy for everybody',
    law: 'policies_stand_alone',
    object: 'leads_select on public.leads',
    plant: 'alter policy leads_select on public.leads to public',
  },
  {
    name: 'a policy for all commands',
    law: 'policies_stand_alone',
    object: 'leads_select on public.leads',
    plant: rewritten('leads_select', `'create policy %I on public.%I to authenticated using (%s)'`),
  },
  {
    name: 'a restrictive policy in place of the permissive one',
    law: 'policies_stand_alone',
    object: 'leads_select on public.leads',
    plant: rewritten(
      'leads_select',
      `'create policy %I on public.%I as restrictive for select to authenticated using (%s)'`,
    ),
  },
  {
    name: 'a missing WITH CHECK',
    law: 'policies_say_what_the_registry_says',
    object: 'public.leads for update',
    plant: rewritten('leads_update', `'create policy %I on public.%I for update to authenticated using (%s)'`),
  },
  {
    name: 'a WITH CHECK that checks nothing',
    law: 'policies_say_what_the_registry_says',
    object: 'public.leads for update',
    plant: 'alter policy leads_update on public.leads with check (true)',
  },
  {
    name: 'an insert that may name another author',
    law: 'policies_say_what_the_registry_says',
    object: 'public.leads for insert',
    plant: `alter policy leads_insert on public.leads
      with check (organization_id = (select tenancy.current_organization_id('member', true)))`,
  },
  {
    name: 'a weaker role than registered',
    law: 'policies_say_what_the_registry_says',
    object: 'public.leads for delete',
    plant: `alter policy leads_delete on public.leads
      using (organization_id = (select tenancy.current_organization_id('member', true)))`,
  },
  {
    name: 'the registered policy with its parentheses moved',
    law: 'policies_say_what_the_registry_says',
    object: 'public.leads for update',
    plant: `alter policy leads_update on public.leads using (
      (organization_id = (select tenancy.current_organization_id('member', true)) and user_id = (select auth.uid()))
      or (select tenancy.current_organization_id('manager', true)) is not null)`,
  },
  {
    name: 'no policy where the registry has one',
    law: 'policies_say_what_the_registry_says',
    object: 'public.leads for delete',
    plant: 'drop policy leads_delete on public.leads',
  },
  {
    name: 'a policy where the registry has none',
    law: 'policies_say_what_the_registry_says',
    object: 'public.disposition_metrics for update',
    plant: `create policy disposition_metrics_update on public.disposition_metrics for update to authenticated
      using (organization_id = (select tenancy.current_organization_id('member', true)))
      with check (organization_id = (select tenancy.current_organization_id('member', true)))`,
  },
  {
    name: 'a policy that calls a function of the row',
    law: 'policies_ask_once_a_statement',
    object: 'leads_select on public.leads',
    plant: `alter policy leads_select on public.leads
      using (public.user_in_organization((select auth.uid()), organization_id))`,
  },
  {
    name: 'a policy with a query of the row',
    law: 'policies_ask_once_a_statement',
    object: 'profiles_select on public.profiles',
    alone: true,
    plant: `alter policy profiles_select on public.profiles
      using (exists (select 1 from public.organization_users as ou where ou.user_id = profiles.id))`,
  },
  {
    name: 'everybody sees every organization',
    law: 'spanning_tables_are_read_by_their_rule',
    object: 'public.organizations',
    plant: 'alter policy organizations_select on public.organizations using (true)',
  },
  {
    name: 'every member sees invitations',
    law: 'spanning_tables_are_read_by_their_rule',
    object: 'public.organization_invitations',
    plant: `alter policy organization_invitations_select on public.organization_invitations
      using (organization_id = any ((select tenancy.member_organization_ids())::uuid[]))`,
  },
  {
    name: 'nobody sees profiles',
    law: 'spanning_tables_are_read_by_their_rule',
    object: 'public.profiles',
    plant: 'drop policy profiles_select on public.profiles',
  },
]

const grants: Hole[] = [
  {
    name: 'default grants',
    law: 'grants_are_the_matrix',
    object: 'public.leads',
    plant: 'grant all on public.leads to anon, authenticated',
  },
  {
    name: 'default privileges for what is made later',
    law: 'defaults_hand_out_nothing',
    object: 'what postgres makes in public',
    plant: `alter default privileges in schema public grant all on tables to anon, authenticated;
      alter default privileges in schema public grant execute on functions to anon`,
  },
  {
    name: 'a grant to everybody',
    law: 'grants_are_the_matrix',
    object: 'public.organizations',
    plant: 'grant select on public.organizations to public',
  },
  {
    name: 'a grant that the matrix has not',
    law: 'grants_are_the_matrix',
    object: 'public.organization_users',
    plant: 'grant update on public.organization_users to authenticated',
  },
  {
    name: 'a grant that is missing',
    law: 'grants_are_the_matrix',
    object: 'public.leads',
    plant: 'revoke select on public.leads from authenticated; revoke delete on public.leads from service_role',
  },
  {
    name: 'a view for everybody',
    law: 'grants_are_the_matrix',
    object: 'public.calendar_integrations_overview',
    plant: 'grant select on public.calendar_integrations_overview to anon',
  },
  {
    name: 'a sequence that people may draw from',
    law: 'grants_are_the_matrix',
    object: 'public.numbers',
    plant: 'create sequence public.numbers; grant usage on sequence public.numbers to authenticated',
  },
  {
    name: 'a grant to truncate',
    law: 'no_grant_passes_row_security',
    object: 'public.leads',
    plant: 'grant truncate, references, trigger on public.leads to authenticated',
  },
  {
    name: 'a grant that can be passed on',
    law: 'no_grant_passes_row_security',
    object: 'public.leads',
    plant: 'grant select on public.leads to authenticated with grant option',
  },
  {
    name: 'a column granted alone',
    law: 'no_column_is_granted_alone',
    object: 'public.organizations',
    plant: 'grant update (name) on public.organizations to authenticated',
  },
  {
    name: 'a grant on a table of the engine',
    law: 'nobody_reaches_the_engines_tables',
    object: 'tenancy.invitation_tokens',
    plant: 'grant select on tenancy.invitation_tokens to service_role',
  },
  {
    name: 'people may create in the engine',
    law: 'nobody_creates_in_our_schemas',
    object: 'schema tenancy',
    plant: 'grant create on schema tenancy to authenticated',
  },
]

const functions: Hole[] = [
  {
    name: 'a definer RPC with a user argument',
    law: 'api_functions_act_as_the_caller',
    object: 'public.leads_of(uuid)',
    plant: `create function public.leads_of(user_uuid uuid) returns setof public.leads language sql security definer
        set search_path = '' as $$ select * from public.leads as l where l.user_id = user_uuid $$;
      revoke execute on function public.leads_of(uuid) from public;
      grant execute on function public.leads_of(uuid) to authenticated`,
  },
  {
    name: 'a definer function without a pinned search path',
    law: 'functions_pin_their_search_path',
    object: 'tenancy.current_organization_id(public.organization_role,boolean)',
    plant: 'alter function tenancy.current_organization_id(public.organization_role, boolean) reset search_path',
  },
  {
    name: 'a definer function elsewhere with another search path',
    law: 'functions_pin_their_search_path',
    object: 'app.helper()',
    plant: `create schema app; create function app.helper() returns integer language sql security definer
        set search_path = 'public' as $$ select 1 $$;
      revoke execute on function app.helper() from public`,
  },
  {
    name: 'a function that everybody may call',
    law: 'no_function_is_open_to_everybody',
    object: 'public.hello()',
    plant: `create function public.hello() returns text language sql set search_path = '' as $$ select 'hello' $$`,
  },
  {
    name: 'a function of the engine that everybody may call',
    law: 'no_function_is_open_to_everybody',
    object: 'tenancy.tidy()',
    plant: 'grant execute on function tenancy.tidy() to public',
  },
  {
    name: 'a function for those who are not signed in',
    law: 'nobody_signed_out_calls_unlisted_functions',
    object: 'public.get_user_organizations(uuid)',
    plant: 'grant execute on function public.get_user_organizations(uuid) to anon',
  },
]

const roles: Hole[] = [
  {
    name: 'people pass row-level security',
    law: 'api_roles_have_no_powers',
    object: 'authenticated',
    plant: 'alter role authenticated bypassrls createdb',
  },
  {
    name: 'people can become the secret key',
    law: 'api_roles_belong_to_no_other',
    object: 'authenticated',
    plant: 'grant service_role to authenticated',
  },
  {
    name: 'people own a table',
    law: 'api_roles_own_nothing',
    object: 'authenticated',
    superuser: true,
    plant: 'alter table public.leads owner to authenticated',
  },
  {
    name: 'people make temporary types',
    law: 'api_roles_make_nothing_temporary',
    object: 'authenticated',
    plant: `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`,
  },
  {
    name: 'the engine is exposed',
    law: 'the_engine_is_not_exposed',
    object: 'schema tenancy',
    superuser: true,
    alone: true,
    plant: `alter role authenticator set pgrst.db_schemas = 'public, tenancy'`,
  },
  {
    name: 'a second schema of the API with a forgotten table',
    law: 'every_table_is_protected',
    object: 'reports.notes',
    superuser: true,
    plant: `create schema reports authorization postgres; create table reports.notes (id uuid, created_at timestamptz);
      alter table reports.notes owner to postgres;
      do $$ begin
        execute format('alter role authenticator in database %I set pgrst.db_schemas = ''public, reports''', current_database());
      end $$`,
  },
  {
    name: 'no check before a request',
    law: 'requests_are_checked_first',
    object: 'authenticator',
    plant: 'alter role authenticator reset pgrst.db_pre_request',
  },
  {
    name: 'another check before a request, in this database alone',
    law: 'requests_are_checked_first',
    object: 'authenticator',
    plant: `do $$ begin
      execute format('alter role authenticator in database %I set pgrst.db_pre_request = ''public.ready''', current_database());
    end $$`,
  },
]

const memberships: Hole[] = [
  {
    name: 'a stale membership: the account is closed',
    law: 'memberships_end_with_the_account',
    object: 'membership of ',
    // An account that closes leaves by itself; this one was let in afterwards.
    plant: async (tx) => {
      const { users, acme } = await stage(tx)
      await tx`update auth.users set deleted_at = now() where id = ${users.eve}`
      await join(tx, acme, users.eve, 'member')
    },
  },
  {
    name: 'a stale membership: the closed account was the last owner',
    law: 'memberships_end_with_the_account',
    object: 'membership of ',
    plant: async (tx) => {
      const { users } = await stage(tx)
      await tx`update auth.users set deleted_at = now() where id = ${users.eve}`
      const id = await found(tx, 'Orphan')
      await join(tx, id, users.eve, 'owner')
      await join(tx, id, users.mia, 'member')
    },
  },
  {
    name: 'a stale membership: a choice outlived it',
    law: 'choices_rest_on_a_membership',
    object: 'choice of ',
    plant: async (tx) => {
      const { users, acme } = await stage(tx)
      const [key] = await tx`select conname from pg_constraint
        where conrelid = 'tenancy.active_organizations'::regclass and contype = 'f'`
      await tx`alter table tenancy.active_organizations drop constraint ${tx(key?.conname)}`
      await tx`insert into tenancy.active_organizations (user_id, session_id, organization_id)
        values (${users.eve}, gen_random_uuid(), ${acme})`
    },
  },
  {
    name: 'an organization without an owner',
    law: 'every_organization_has_an_owner',
    object: 'organization ',
    plant: async (tx) => {
      const id = await found(tx, 'Orphan')
      await join(tx, id, await signUp(tx, 'left.behind@example.test'), 'member')
    },
  },
  {
    name: 'a token of an invitation that was withdrawn',
    law: 'tokens_end_with_their_invitation',
    object: 'invitation ',
    plant: async (tx) => {
      const { users, acme } = await stage(tx)
      await tx`with invited as (
          insert into organization_invitations (organization_id, email, role, invited_by, valid_for, expires_at, revoked_at)
          values (${acme}, 'guest@example.test', 'member', ${users.alice}, '7 days', now() + interval '7 days', now())
          returning id
        )
        insert into tenancy.invitation_tokens (invitation_id, token_hash) select id, '\\x00' from invited`
    },
  },
]

/** Every hole that is planted, one after the other. */
export const holes: Hole[] = [
  ...tables,
  ...rows,
  ...policies,
  ...grants,
  ...functions,
  ...roles,
  ...memberships,
]
