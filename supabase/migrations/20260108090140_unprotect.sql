-- The way back from tenancy.protect().

create function tenancy.unprotect(p_table regclass)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_schema text;
    v_name text;
    v_undo text[];
    v_statement text;
    v_key record;
    v_policy record;
    v_strangers bigint;
begin
    select n.nspname, c.relname, p.undo into v_schema, v_name, v_undo
    from tenancy.protected_tables as p
    join pg_catalog.pg_namespace as n on n.nspname = p.table_schema
    join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = p.table_name
    where c.oid = p_table;
    if not found then
        return;
    end if;
    execute format('select count(*) from %s where organization_id <> %L', p_table, tenancy.default_organization_id())
    into v_strangers;
    if v_strangers > 0 then
        raise exception 'tenancy.unprotect: % holds % rows of other organizations, which nothing would keep apart any more',
            p_table, v_strangers;
    end if;

    for v_key in
        delete from tenancy.scoped_foreign_keys as k where p_table in (k.child, k.parent) returning *
    loop
        execute format('alter table %s drop constraint %I', v_key.child, v_key.constraint_name);
        execute format(
            'alter table %s add constraint %I %s', v_key.child, v_key.constraint_name, v_key.original_definition
        );
        perform tenancy.write_inheritance(v_key.child);
    end loop;
    execute format('drop trigger stamp on %s', p_table);
    execute format('drop trigger refuse_move on %s', p_table);
    for v_policy in select pol.polname from pg_catalog.pg_policy as pol where pol.polrelid = p_table loop
        execute format('drop policy %I on %s', v_policy.polname, p_table);
    end loop;
    for v_statement in select u.statement from unnest(v_undo) with ordinality as u (statement, position) order by position desc
    loop
        execute v_statement;
    end loop;
    delete from tenancy.protected_tables as p where p.table_schema = v_schema and p.table_name = v_name;
end
$$;
comment on function tenancy.unprotect(regclass) is
    'Takes protection off again and brings back the policies, grants and foreign keys from before. Refuses while the table
holds rows of any organization but the default one.';


revoke execute on all functions in schema tenancy from public;
