import type { Transaction } from '../tests/database/support/outcome.ts'
import type { Engine } from './engine.ts'

/**
 * The engine as a database has it: a hash of each function with its settings, and the text of the triggers and rules
 * that tenancy.verify() does not know word for word.
 */
export async function storedEngine(tx: Transaction): Promise<Omit<Engine, 'version'>> {
  // The search path decides which names Postgres prints with their schema.
  const [before] = await tx`select current_setting('search_path') as path, set_config('search_path', '', true)`
  const functions = await tx<Part[]>`
    select p.oid::regprocedure::text as name, encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex') as text
    from pg_proc as p
    where p.pronamespace in ('public'::regnamespace, 'tenancy'::regnamespace) and p.prokind in ('f', 'p')
      and not exists (
        select 1 from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      )`
  // Of tables verify() knows the grants.
  const grants = await tx<Part[]>`
    select 'function ' || p.oid::regprocedure as name, p.acl as text
    from (
      select oid, pronamespace, ${whoMay(tx, 'proacl', 'f', 'proowner')} as acl from pg_proc where prokind in ('f', 'p')
    ) as p
    where p.pronamespace in ('public'::regnamespace, 'tenancy'::regnamespace)
    union all
    select 'schema ' || oid::regnamespace, ${whoMay(tx, 'nspacl', 'n', 'nspowner')}
    from pg_namespace where nspname = 'tenancy'
    union all
    select 'table ' || oid::regclass, ${whoMay(tx, 'relacl', 'r', 'relowner')}
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'`
  // Of protected tables verify() knows these three.
  const triggers = await tx<Part[]>`
    select format('%s on %s', t.tgname, t.tgrelid::regclass) as name,
      pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' when 'A' then ' (always)' else ' (disabled)' end as text
    from pg_trigger as t
    join pg_proc as p on p.oid = t.tgfoid
    join pg_class as c on c.oid = t.tgrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where not t.tgisinternal and t.tgname not in ('stamp', 'refuse_move', 'inherit_organization') and (
      p.pronamespace = 'tenancy'::regnamespace
      or exists (
        select 1 from tenancy.spanning_tables as s where s.table_schema = n.nspname and s.table_name = c.relname
      )
    )`
  const ours = tx`(
    n.nspname = 'tenancy'
    or exists (
      select 1 from tenancy.spanning_tables as s where s.table_schema = n.nspname and s.table_name = c.relname
    )
  )`
  const constraints = await tx<Part[]>`
    select format('%s on %s', con.conname, con.conrelid::regclass) as name, pg_get_constraintdef(con.oid) as text
    from pg_constraint as con
    join pg_class as c on c.oid = con.conrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where con.contype in ('c', 'f', 'p', 'u', 'x') and ${ours}
    union all
    select format('%s on %s', a.attname, c.oid::regclass), 'not null'
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attnotnull and ${ours}
    union all
    select format('%s on %s', i.indexrelid::regclass, i.indrelid::regclass), pg_get_indexdef(i.indexrelid)
    from pg_index as i
    join pg_class as c on c.oid = i.indrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where i.indisunique and not exists (select 1 from pg_constraint as con where con.conindid = i.indexrelid) and ${ours}`
  await tx`select set_config('search_path', ${before?.path}, true)`
  return {
    functions: byName(functions),
    grants: byName(grants),
    triggers: byName(triggers),
    rules: byName(constraints),
  }
}

/** Which of the API's roles hold which rights, by an access list; what the owner and others hold is not ours to say. */
const whoMay = (tx: Transaction, acl: string, kind: string, owner: string) =>
  tx.unsafe(`coalesce((
    select string_agg(held.rights || ' to ' || held.role, '; ' order by held.role)
    from (
      select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as role,
        string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as rights
      from aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) as a
      where a.grantee = 0 or a.grantee::regrole::text in ('anon', 'authenticated', 'service_role')
      group by a.grantee
    ) as held
  ), 'nothing to anybody')`)

interface Part {
  name: string
  text: string
}

const byName = (parts: Part[]): Record<string, string> =>
  Object.fromEntries(parts.map(({ name, text }) => [name, text] as const).sort(([a], [b]) => a < b ? -1 : 1))
