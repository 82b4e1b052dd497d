import type postgres from 'postgres'

/**
 * Everything a database is, apart from its rows: one line for each schema, table, column, default, rule, index, trigger,
 * policy, grant, function, type, comment and setting, sorted. Two databases with equal lines behave alike. What has no
 * meaning is left out: oids, dropped columns, and whether a default grant was written down or left implicit.
 */
export async function catalogOf(sql: postgres.Sql): Promise<string[]> {
  const parts = await sql.begin('read only', async (tx) => {
    await tx`set local search_path = ''`
    const lines: string[] = []
    for (const part of [objects, tables, programs, settings]) {
      for (const { line } of await tx.unsafe(`with ${own} ${part}`)) lines.push(line)
    }
    return lines
  })
  return parts.sort()
}

/** What only one of two catalogs has: `-` for the first, `+` for the second. */
export function difference(first: string[], second: string[]): string[] {
  const [left, right] = [new Set(first), new Set(second)]
  return [
    ...first.filter((line) => !right.has(line)).map((line) => `- ${line}`),
    ...second.filter((line) => !left.has(line)).map((line) => `+ ${line}`),
  ]
}

// Objects of Postgres itself and of extensions are not the database's own.
const own = `
  schemas as (
    select * from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
  ),
  of_extensions as (
    select classid, objid from pg_depend where deptype = 'e'
  ),
  relations as (
    select c.* from pg_class as c join schemas as n on n.oid = c.relnamespace
    where not exists (select 1 from of_extensions as e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
  ),
  readable as (
    select * from relations where relkind in ('r', 'p', 'v', 'm', 'f')
  ),
  sequences as (
    select * from relations where relkind = 'S'
  ),
  functions as (
    select p.* from pg_proc as p join schemas as n on n.oid = p.pronamespace
    where not exists (select 1 from of_extensions as e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
  ),
  types as (
    select t.* from pg_type as t join schemas as n on n.oid = t.typnamespace
    where t.typtype in ('e', 'd', 'r')
      and not exists (select 1 from of_extensions as e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
  )`

const granted = (what: string, acl: string, owner: string, kind: string, from: string): string => `
  select format('grant on %s: %s to %s by %s%s', ${what}, a.privilege_type,
    case a.grantee when 0 then 'public' else a.grantee::regrole::text end, a.grantor::regrole,
    case when a.is_grantable then ', grantable' end) as line
  from ${from} cross join aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) as a`

const objects = `
  select format('schema %I, owner %s', nspname, nspowner::regrole) as line from schemas
  union all ${granted(`format('schema %I', nspname)`, 'nspacl', 'nspowner', 'n', 'schemas')}
  union all ${granted(`format('type %s', oid::regtype)`, 'typacl', 'typowner', 'T', 'types')}
  union all ${granted(`format('function %s', oid::regprocedure)`, 'proacl', 'proowner', 'f', 'functions')}
  union all ${granted('oid::regclass::text', 'relacl', 'relowner', 'r', `readable`)}
  union all ${granted('oid::regclass::text', 'relacl', 'relowner', 's', `sequences`)}
  union all
  select format('type %s %s, owner %s, %s', typtype, oid::regtype, typowner::regrole, array(
    select enumlabel::text from pg_enum where enumtypid = types.oid order by enumsortorder
  )) from types
  union all
  select format('extension %I in %s', extname, extnamespace::regnamespace) from pg_extension
  union all
  select format('comment on %s %s: %s', i.type, i.identity, d.description)
  from pg_description as d cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) as i
  where i.schema in (select nspname from schemas) or i.type = 'schema' and i.name in (select nspname from schemas)
    or d.classoid in ('pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_constraint'::regclass)
      and exists (select 1 from schemas where i.identity ~ (' on "?' || nspname || '"?\\.'))`

const tables = `
  select format('relation %s %s, owner %s, row security %s forced %s, options %s, replica identity %s', relkind, oid::regclass,
    relowner::regrole, relrowsecurity, relforcerowsecurity, reloptions, relreplident) as line
  from relations where relkind <> 'i'
  union all
  select format('column %s.%I, number %s: %s, not null %s, default %s, identity "%s", generated "%s", statistics %s, collation %s',
    r.oid::regclass, a.attname, row_number() over (partition by r.oid order by a.attnum), format_type(a.atttypid, a.atttypmod),
    a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstattarget, a.attcollation::regcollation)
  from relations as r
  join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where r.relkind in ('r', 'p', 'v', 'm', 'f')
  union all
  select format('grant on %s.%I: %s to %s', r.oid::regclass, t.attname, a.privilege_type,
    case a.grantee when 0 then 'public' else a.grantee::regrole::text end)
  from relations as r join pg_attribute as t on t.attrelid = r.oid and not t.attisdropped cross join aclexplode(t.attacl) as a
  union all
  select format('constraint %I on %s: %s, validated %s', con.conname, r.oid::regclass, pg_get_constraintdef(con.oid), con.convalidated)
  from pg_constraint as con join relations as r on r.oid = con.conrelid
  union all
  select format('index %s, valid %s, clustered %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered)
  from pg_index as i join relations as r on r.oid = i.indrelid
  union all
  select format('trigger %s, enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
  from pg_trigger as t join relations as r on r.oid = t.tgrelid where not t.tgisinternal
  union all
  select format('policy %I on %s: permissive %s for %s to %s using %s with check %s', p.polname, r.oid::regclass,
    p.polpermissive, p.polcmd, array(select case o when 0 then 'public' else o::regrole::text end from unnest(p.polroles) as o order by 1),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  from pg_policy as p join relations as r on r.oid = p.polrelid
  union all
  select format('view %s: %s', r.oid::regclass, pg_get_viewdef(r.oid)) from relations as r where r.relkind in ('v', 'm')
  union all
  select format('rule %s', pg_get_ruledef(w.oid)) from pg_rewrite as w join relations as r on r.oid = w.ev_class
  where w.rulename <> '_RETURN'
  union all
  select format('sequence %s as %s from %s by %s between %s and %s, cycles %s', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart,
    s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
  from pg_sequence as s join relations as r on r.oid = s.seqrelid`

const programs = `
  select format('function %s, owner %s', pg_get_functiondef(oid), proowner::regrole) as line from functions where prokind in ('f', 'p')
  union all
  select format('aggregate %s, owner %s', oid::regprocedure, proowner::regrole) from functions where prokind = 'a'
  union all
  select format('event trigger %I on %s calls %s, enabled %s, tags %s', evtname, evtevent, evtfoid::regproc, evtenabled, evttags)
  from pg_event_trigger`

const settings = `
  select format('setting of role %s%s: %s', case s.setrole when 0 then 'everybody' else s.setrole::regrole::text end,
    case when s.setdatabase <> 0 then ' in this database' end, setting) as line
  from pg_db_role_setting as s cross join unnest(s.setconfig) as setting
  where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  union all
  select format('grant on this database: %s to %s by %s%s', a.privilege_type,
    case a.grantee when 0 then 'public' else a.grantee::regrole::text end, a.grantor::regrole,
    case when a.is_grantable then ', grantable' end)
  from pg_database as d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
  where d.datname = current_database()
  union all
  select format('default privileges of %s in %s for %s: %s', defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, defaclacl)
  from pg_default_acl
  union all
  select format('role %s: inherits %s, creates roles %s, databases %s, passes row security %s, superuser %s', rolname, rolinherit,
    rolcreaterole, rolcreatedb, rolbypassrls, rolsuper)
  from pg_roles where rolname !~ '^pg_'
  union all
  select format('role %s belongs to %s', member::regrole, roleid::regrole) from pg_auth_members`
