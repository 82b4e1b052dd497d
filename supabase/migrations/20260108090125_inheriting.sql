-- A row that nobody in particular writes, and that names no organization, belongs where its parent belongs.

create function tenancy.inherit_organization()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_row jsonb := to_jsonb(new);
begin
    -- Whoever is signed in acts in one organization, and a parent must not choose another for them.
    if auth.uid() is not null then
        return new;
    end if;
    for v_at in 0 .. tg_nargs - 1 by 3 loop
        if v_row ->> tg_argv[v_at] is not null then
            execute format('select p.organization_id from %s as p where p.%I = $1::uuid', tg_argv[v_at + 1], tg_argv[v_at + 2])
            into new.organization_id
            using v_row ->> tg_argv[v_at];
            exit when new.organization_id is not null;
        end if;
    end loop;
    return new;
end
$$;
comment on function tenancy.inherit_organization() is
    'For the secret key and the database owner: takes the organization of the first parent that a row names. Arguments: for
each parent the column that names it, its table and the column named.';


create function tenancy.write_inheritance(p_table regclass)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_arguments text := (
        select string_agg(format('%L, %L, %L', k.child_column, k.parent, k.parent_column), ', ' order by k.constraint_name)
        from tenancy.scoped_foreign_keys as k
        where k.child = p_table
    );
begin
    if v_arguments is not null then
        execute format(
            'create or replace trigger inherit_organization before insert on %s for each row'
            || ' when (new.organization_id is null) execute function tenancy.inherit_organization(%s)',
            p_table, v_arguments
        );
    elsif exists (
        select 1 from pg_catalog.pg_trigger as t where t.tgrelid = p_table and t.tgname = 'inherit_organization'
    ) then
        execute format('drop trigger inherit_organization on %s', p_table);
    end if;
end
$$;
comment on function tenancy.write_inheritance(regclass) is 'Tells the trigger inherit_organization of a table which parents there are.';


create function tenancy.follow_parents(p_table regclass)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_key record;
    v_strangers boolean;
begin
    for v_key in
        select a.attname as child_column, con.confrelid::regclass as parent, pa.attname as parent_column
        from pg_catalog.pg_constraint as con
        join pg_catalog.pg_attribute as a on a.attrelid = con.conrelid and a.attnum = con.conkey[1]
        join pg_catalog.pg_attribute as pa on pa.attrelid = con.confrelid and pa.attnum = con.confkey[1]
        join pg_catalog.pg_class as c on c.oid = con.confrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        join tenancy.protected_tables as p on p.table_schema = n.nspname and p.table_name = c.relname
        where con.conrelid = p_table and con.confrelid <> p_table and con.contype = 'f' and cardinality(con.conkey) = 1
        order by con.conkey[1]
    loop
        -- The two ends of an index say whether anybody but the default organization is there at all.
        execute format(
            'select exists (select 1 from ('
            || '(select p.organization_id from %1$s as p order by p.organization_id limit 1) union all'
            || ' (select p.organization_id from %1$s as p order by p.organization_id desc limit 1)'
            || ') as ends where ends.organization_id <> $1)', v_key.parent
        )
        into v_strangers
        using tenancy.default_organization_id();
        if v_strangers then
            execute format(
                'update %s as c set organization_id = p.organization_id from %s as p'
                || ' where p.%I = c.%I and c.organization_id = %L and p.organization_id <> c.organization_id',
                p_table, v_key.parent, v_key.parent_column, v_key.child_column, tenancy.default_organization_id()
            );
        end if;
    end loop;
end
$$;
comment on function tenancy.follow_parents(regclass) is
    'Gives rows that were there before a table was protected to the organization of their parents.';


revoke execute on all functions in schema tenancy from public;
