-- What every table is before it changes, so that the way back (supabase/rollback) can make it so again, whatever later
-- migrations do to it.

create function tenancy.describe(p_table regclass)
returns table (kind text, name text, columns text[], statement text)
language sql stable
set search_path = ''
as $$
    select 'column', a.attname::text, array[a.attname::text], pg_catalog.format_type(a.atttypid, a.atttypmod)
    from pg_catalog.pg_attribute as a
    where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped

    union all
    select 'default', a.attname, array[a.attname::text],
        format('alter table %s alter column %I set default %s', p_table, a.attname, pg_get_expr(d.adbin, d.adrelid))
    from pg_catalog.pg_attrdef as d
    join pg_catalog.pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum
    where d.adrelid = p_table and a.attgenerated = ''

    union all
    select 'not null', a.attname, array[a.attname::text],
        format('alter table %s alter column %I set not null', p_table, a.attname)
    from pg_catalog.pg_attribute as a
    where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attnotnull

    union all
    select
        case con.contype when 'f' then 'foreign key' else 'constraint' end, con.conname,
        array(
            select a.attname::text
            from unnest(con.conkey) with ordinality as k (attnum, position)
            join pg_catalog.pg_attribute as a on a.attrelid = con.conrelid and a.attnum = k.attnum
            order by k.position
        ),
        format('alter table %s add constraint %I %s', p_table, con.conname, pg_get_constraintdef(con.oid))
    from pg_catalog.pg_constraint as con
    where con.conrelid = p_table and con.contype in ('p', 'u', 'c', 'f', 'x')

    union all
    select
        'index', c.relname,
        -- Null where an expression or a condition has a say.
        case when i.indpred is null and i.indexprs is null then array(
            select a.attname::text
            from unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
            join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
            order by k.position
        ) end,
        pg_get_indexdef(i.indexrelid)
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indexrelid
    where i.indrelid = p_table
        and not exists (
            select 1 from pg_catalog.pg_constraint as con where con.conindid = i.indexrelid and con.contype in ('p', 'u', 'x')
        )

    union all
    select 'trigger', t.tgname, null, pg_get_triggerdef(t.oid)
    from pg_catalog.pg_trigger as t
    where t.tgrelid = p_table and not t.tgisinternal

    union all
    select 'policy', p.policyname, null, format(
        'create policy %I on %s as %s for %s to %s%s%s', p.policyname, p_table, p.permissive, p.cmd,
        (select string_agg(case r when 'public' then r else quote_ident(r) end, ', ') from unnest(p.roles) as r),
        ' using (' || p.qual || ')', ' with check (' || p.with_check || ')'
    )
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_policies as p on p.schemaname = n.nspname and p.tablename = c.relname
    where c.oid = p_table

    union all
    select 'grant', format('%s to %s', g.what, g.grantee), null, format('grant %s on %s to %s', g.what, p_table, g.grantee)
    from (
        select acl.privilege_type as what, case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end as grantee
        from pg_catalog.pg_class as c
        cross join aclexplode(c.relacl) as acl
        where c.oid = p_table
        union all
        select format('%s (%I)', acl.privilege_type, a.attname),
            case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end
        from pg_catalog.pg_attribute as a
        cross join aclexplode(a.attacl) as acl
        where a.attrelid = p_table and not a.attisdropped
    ) as g
    -- Whom else the operator trusts is not ours to change.
    where g.grantee in ('public', 'anon', 'authenticated', 'service_role')

    union all
    select 'row security', '', null, format(
        'alter table %s %s row level security, %s row level security', p_table,
        case when c.relrowsecurity then 'enable' else 'disable' end, case when c.relforcerowsecurity then 'force' else 'no force' end
    )
    from pg_catalog.pg_class as c
    where c.oid = p_table

    union all
    select 'comment', '', null, format('comment on table %s is %L', p_table, obj_description(p_table, 'pg_class'))

    union all
    select 'comment', a.attname, array[a.attname::text], format(
        'comment on column %s.%I is %L', p_table, a.attname, col_description(p_table, a.attnum)
    )
    from pg_catalog.pg_attribute as a
    where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
$$;
comment on function tenancy.describe(regclass) is
    'What a table is, piece by piece: columns, rules, indexes, triggers, policies, grants of the API, comments, with the
statement that makes each.';


insert into tenancy.phase_1 (object, kind, name, columns, statement)
select format('%I.%I', n.nspname, c.relname), d.kind, d.name, d.columns, d.statement
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral tenancy.describe(c.oid) as d
where n.nspname = 'public' and c.relkind in ('r', 'p');


revoke execute on all functions in schema tenancy from public;
