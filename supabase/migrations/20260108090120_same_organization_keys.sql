-- A row refers to rows of its own organization only: foreign keys between protected tables compare organization_id too.

create function tenancy.has_index(p_table regclass, variadic p_columns text[])
returns boolean
language sql stable
set search_path = ''
as $$
    select exists (
        select 1
        from pg_catalog.pg_index as i
        where i.indrelid = p_table and i.indisvalid and i.indpred is null
            and (
                select array_agg(a.attname::text order by k.position)
                from unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
                join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
                where k.position <= cardinality(p_columns)
            ) = p_columns
    )
$$;
comment on function tenancy.has_index(regclass, text[]) is 'Whether a valid index of the table starts with these columns, in this order.';


create function tenancy.scope_foreign_key(p_constraint_oid oid)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_key record;
    v_on_delete text;
begin
    select
        con.conname,
        con.conrelid::regclass as child,
        con.confrelid::regclass as parent,
        child_column.attname as child_column,
        parent_column.attname as parent_column,
        con.confdeltype,
        pg_get_constraintdef(con.oid) as definition,
        child_class.relname as child_name,
        parent_class.relname as parent_name
    into strict v_key
    from pg_catalog.pg_constraint as con
    join pg_catalog.pg_class as child_class on child_class.oid = con.conrelid
    join pg_catalog.pg_class as parent_class on parent_class.oid = con.confrelid
    join pg_catalog.pg_attribute as child_column on child_column.attrelid = con.conrelid and child_column.attnum = con.conkey[1]
    join pg_catalog.pg_attribute as parent_column on parent_column.attrelid = con.confrelid and parent_column.attnum = con.confkey[1]
    where con.oid = p_constraint_oid;

    if not exists (
        select 1
        from pg_catalog.pg_constraint as u
        where u.conrelid = v_key.parent and u.contype = 'u'
            and u.conname = v_key.parent_name || '_are_unique_in_their_organization'
    ) then
        execute format(
            'alter table %s add constraint %I unique (organization_id, %I)',
            v_key.parent, v_key.parent_name || '_are_unique_in_their_organization', v_key.parent_column
        );
    end if;

    if not tenancy.has_index(v_key.child, 'organization_id', v_key.child_column) then
        execute format(
            'create index %I on %s (organization_id, %I)',
            v_key.child_name || '_organization_id_' || v_key.child_column || '_idx', v_key.child, v_key.child_column
        );
    end if;

    v_on_delete := case v_key.confdeltype
        when 'c' then 'on delete cascade'
        when 'r' then 'on delete restrict'
        -- Only the reference is emptied, never the organization.
        when 'n' then format('on delete set null (%I)', v_key.child_column)
        when 'd' then format('on delete set default (%I)', v_key.child_column)
        else ''
    end;
    execute format('alter table %s drop constraint %I', v_key.child, v_key.conname);
    execute format(
        'alter table %s add constraint %I foreign key (organization_id, %I) references %s (organization_id, %I) %s',
        v_key.child, v_key.conname, v_key.child_column, v_key.parent, v_key.parent_column, v_on_delete
    );
    insert into tenancy.scoped_foreign_keys (child, parent, constraint_name, original_definition)
    values (v_key.child, v_key.parent, v_key.conname, v_key.definition);
end
$$;
comment on function tenancy.scope_foreign_key(oid) is
    'Replaces a one-column foreign key between two protected tables by one that also compares organization_id.';


revoke execute on all functions in schema tenancy from public;
