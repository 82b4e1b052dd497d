import type postgres from 'postgres'

/** One thing taken out of the schema, or one right handed out that was held back. */
export interface Mutation {
  kind: string
  /** The table whose tests are relevant; null for what belongs to no table of the API. */
  table: string | null
  /** What is gone, in words. */
  what: string
  sql: string
}

/** Every policy, trigger, constraint, index, grant and revoke of the schemas public and tenancy, found in the catalog. */
export async function listMutations(sql: postgres.Sql): Promise<Mutation[]> {
  const rows = await Promise.all(queries.map((query) => sql.unsafe<Mutation[]>(`${shared} ${query}`)))
  return rows.flatMap((found) => [...found])
}

const shared = `
  with tables as (
    select c.oid, c.relname, c.relacl, c.relowner, c.relkind, n.nspname, format('%I.%I', n.nspname, c.relname) as name,
      case when n.nspname = 'public' then c.relname end as api
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('public', 'tenancy') and c.relkind in ('r', 'p', 'v')
  ),
  functions as (
    select p.oid, p.proacl, p.proowner, n.nspname,
      format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace where n.nspname in ('public', 'tenancy')
  ),
  roles as (select r.oid, r.rolname from pg_roles as r where r.rolname in ('anon', 'authenticated', 'service_role')),
  rights as (
    select t.oid, acl.grantee, acl.privilege_type from tables as t cross join aclexplode(t.relacl) as acl
    where acl.grantee <> t.relowner
  )`

const queries = [
  `select 'policy' as kind, t.api as "table", format('policy %s on %s', p.polname, t.name) as what,
     format('drop policy %I on %s', p.polname, t.name) as sql
   from pg_policy as p join tables as t on t.oid = p.polrelid`,

  `select 'row security' as kind, t.api as "table", format('row security of %s, %s', t.name, s.what) as what,
     format('alter table %s %s', t.name, s.change) as sql
   from tables as t cross join (values ('enabled', 'disable row level security'), ('forced', 'no force row level security'))
     as s (what, change)
   where t.nspname = 'public' and t.relkind = 'r'`,

  `select 'trigger' as kind, t.api as "table", format('trigger %s on %s', g.tgname, g.tgrelid::regclass) as what,
     -- A trigger on a table of the auth server is not the migrations' to drop: its function stops doing anything.
     case when t.oid is not null then format('drop trigger %I on %s', g.tgname, g.tgrelid::regclass)
     else format('create or replace function %s returns trigger language plpgsql as ''begin return null; end''', g.tgfoid::regprocedure)
     end as sql
   from pg_trigger as g left join tables as t on t.oid = g.tgrelid
   where not g.tgisinternal and (t.oid is not null or g.tgfoid in (select f.oid from functions as f))`,

  `select 'constraint' as kind, t.api as "table", format('constraint %s on %s', con.conname, t.name) as what,
     format('alter table %s drop constraint %I cascade', t.name, con.conname) as sql
   from pg_constraint as con join tables as t on t.oid = con.conrelid where con.contype in ('c', 'f', 'p', 'u', 'x')`,

  `select 'constraint' as kind, t.api as "table", format('not null of %s.%s', t.name, a.attname) as what,
     format('alter table %s alter column %I drop not null', t.name, a.attname) as sql
   from pg_attribute as a join tables as t on t.oid = a.attrelid
   where a.attname = 'organization_id' and a.attnotnull and t.nspname = 'public'
     and not exists (select 1 from pg_index as i where i.indrelid = t.oid and i.indisprimary and a.attnum = any (i.indkey))`,

  `select 'default' as kind, t.api as "table", format('default of %s.%s', t.name, a.attname) as what,
     format('alter table %s alter column %I drop default', t.name, a.attname) as sql
   from pg_attribute as a join tables as t on t.oid = a.attrelid
   where a.attname in ('organization_id', 'user_id') and a.atthasdef and t.nspname = 'public'`,

  `select 'index' as kind, t.api as "table", format('index %s', i.indexrelid::regclass) as what,
     format('drop index %s', i.indexrelid::regclass) as sql
   from pg_index as i join tables as t on t.oid = i.indrelid
   where not exists (select 1 from pg_constraint as con where con.conindid = i.indexrelid)
     and (i.indisunique or pg_get_indexdef(i.indexrelid) like '%(organization_id, created_at DESC)')`,

  `select 'grant' as kind, t.api as "table", format('%s on %s for %s', r.privilege_type, t.name, r.grantee::regrole) as what,
     format('revoke %s on %s from %s', r.privilege_type, t.name, r.grantee::regrole) as sql
   from rights as r join tables as t using (oid)`,

  `select 'revoke' as kind, t.api as "table", format('%s on %s held back from %s', p.name, t.name, r.rolname) as what,
     format('grant %s on %s to %I', p.name, t.name, r.rolname) as sql
   from tables as t cross join roles as r
   cross join unnest(case when t.relkind = 'v' then array['SELECT', 'INSERT', 'UPDATE', 'DELETE']
     else array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] end) as p (name)
   where not exists (select 1 from rights as x where x.oid = t.oid and x.grantee = r.oid and x.privilege_type = p.name)`,

  `select 'grant' as kind, null as "table", format('execute on %s for %s', f.name, acl.grantee::regrole) as what,
     format('revoke execute on function %s from %s', f.name, acl.grantee::regrole) as sql
   from functions as f cross join aclexplode(f.proacl) as acl where acl.grantee in (select oid from roles)`,

  `select 'revoke' as kind, null as "table", format('execute on %s held back from %s', f.name, r.rolname) as what,
     format('grant execute on function %s to %I', f.name, r.rolname) as sql
   from functions as f cross join roles as r where not has_function_privilege(r.oid, f.oid, 'execute')`,

  `select 'grant' as kind, null as "table", format('usage of schema tenancy for %s', r.rolname) as what,
     format('revoke usage on schema tenancy from %I', r.rolname) as sql
   from roles as r where has_schema_privilege(r.oid, 'tenancy', 'usage')
   union all
   select 'revoke', null, format('create in schema %s held back from %s', n.name, r.rolname),
     format('grant create on schema %s to %I', n.name, r.rolname)
   from roles as r cross join (values ('public'), ('tenancy')) as n (name)
   where not has_schema_privilege(r.oid, n.name, 'create')
   union all
   select 'revoke', null, format('temporary objects held back from %s', r.rolname),
     format('grant temporary on database %I to %I', current_database(), r.rolname)
   from roles as r where not has_database_privilege(r.oid, current_database(), 'temporary')`,
]
