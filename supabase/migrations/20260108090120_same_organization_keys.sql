-- A row refers to rows of its own organization only: foreign keys between protected tables compare organization_id too.

create function tenancy.add_unique_key(p_table regclass, p_name text, p_column text)
returns void
language plpgsql
set search_path = ''
as $$
begin
    if not exists (
        select 1
        from pg_catalog.pg_index as i
        join pg_catalog.pg_class as c on c.oid = i.indexrelid
        where i.indrelid = p_table and c.relname = p_name and i.indisunique and i.indisvalid
    ) then
        perform tenancy.build_index(p_table, 'unique index', p_name, format('organization_id, %I', p_column));
    end if;
    execute format('alter table %s add constraint %I unique using index %I', p_table, p_name, p_name);
end
$$;
comment on function tenancy.add_unique_key(regclass, text, text) is
    'The key that children of the same organization refer to, from an index of its name where there is one.';


create function tenancy.unscoped_foreign_keys(p_table regclass)
returns table (constraint_oid oid, child regclass, parent regclass)
language sql stable
set search_path = ''
as $$
    select con.oid, con.conrelid::regclass, con.confrelid::regclass
    from pg_catalog.pg_constraint as con
    join pg_catalog.pg_class as child on child.oid = con.conrelid
    join pg_catalog.pg_namespace as child_schema on child_schema.oid = child.relnamespace
    join pg_catalog.pg_class as parent on parent.oid = con.confrelid
    join pg_catalog.pg_namespace as parent_schema on parent_schema.oid = parent.relnamespace
    left join tenancy.protected_tables as c on c.table_schema = child_schema.nspname and c.table_name = child.relname
    left join tenancy.protected_tables as p on p.table_schema = parent_schema.nspname and p.table_name = parent.relname
    where con.contype = 'f' and cardinality(con.conkey) = 1 and p_table in (con.conrelid, con.confrelid)
        and (c.table_name is not null or con.conrelid = p_table)
        and (p.table_name is not null or con.confrelid = p_table)
$$;
comment on function tenancy.unscoped_foreign_keys(regclass) is
    'The one-column foreign keys between a table and protected ones, itself among them: those that protect() narrows.';


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
        perform tenancy.add_unique_key(
            v_key.parent, v_key.parent_name || '_are_unique_in_their_organization', v_key.parent_column
        );
    end if;

    if not tenancy.has_index(v_key.child, 'organization_id', v_key.child_column) then
        perform tenancy.build_index(
            v_key.child, 'index', v_key.child_name || '_organization_id_' || v_key.child_column || '_idx',
            format('organization_id, %I', v_key.child_column)
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
    perform tenancy.add_foreign_key(
        v_key.child, v_key.conname,
        format(
            '(organization_id, %I) references %s (organization_id, %I) %s',
            v_key.child_column, v_key.parent, v_key.parent_column, v_on_delete
        )
    );
    insert into tenancy.scoped_foreign_keys (child, parent, constraint_name, child_column, parent_column, original_definition)
    values (v_key.child, v_key.parent, v_key.conname, v_key.child_column, v_key.parent_column, v_key.definition);
end
$$;
comment on function tenancy.scope_foreign_key(oid) is
    'Replaces a one-column foreign key between two protected tables by one that also compares organization_id.';


revoke execute on all functions in schema tenancy from public;
