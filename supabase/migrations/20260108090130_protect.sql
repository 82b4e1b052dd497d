-- tenancy.protect(): one call makes any table tenant-safe. Reading the calls reads the whole access matrix.

create function tenancy.policy_expression(
    p_role public.organization_role,
    p_own boolean,
    p_for_write boolean
)
returns text
language sql immutable
set search_path = ''
as $$
    select case
        when p_own and p_role is null then format(
            'organization_id = (select tenancy.current_organization_id(''member'', %1$s)) and user_id = (select auth.uid())',
            p_for_write::text
        )
        when p_own then format(
            'organization_id = (select tenancy.current_organization_id(''member'', %1$s)) and (user_id = (select auth.uid())'
            || ' or (select tenancy.current_organization_id(%2$L, %1$s)) is not null)',
            p_for_write::text, p_role
        )
        else format('organization_id = (select tenancy.current_organization_id(%L, %s))', p_role, p_for_write::text)
    end
$$;
comment on function tenancy.policy_expression(public.organization_role, boolean, boolean) is
    'The one shape of a policy: a comparison with a value that is asked once per statement.';


create function tenancy.write_policy(
    p_table regclass,
    p_command text,
    p_role public.organization_role,
    p_own boolean,
    p_has_author boolean
)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_name text := (select c.relname from pg_catalog.pg_class as c where c.oid = p_table) || '_' || p_command;
    v_expression text := tenancy.policy_expression(p_role, p_own, p_command <> 'select');
begin
    if exists (select 1 from pg_catalog.pg_policy as pol where pol.polrelid = p_table and pol.polname = v_name) then
        execute format('drop policy %I on %s', v_name, p_table);
    end if;
    if p_role is null and not p_own then
        return;
    end if;
    execute format('grant %s on %s to authenticated', p_command, p_table);
    execute format('create policy %I on %s for %s to authenticated ', v_name, p_table, p_command)
        || case p_command
            when 'insert' then format(
                'with check (%s%s)', v_expression, case when p_has_author then ' and user_id = (select auth.uid())' end
            )
            -- What an update leaves is compared as the select policies of most tables compare it: equal ones are asked once.
            -- The role is the caller's, whichever row it is, so that only an author is looked at again.
            when 'update' then format(
                'using (%s) with check (%s)', v_expression,
                tenancy.policy_expression(case when p_own then p_role else 'member' end, p_own, false)
            )
            else format('using (%s)', v_expression)
        end;
end
$$;
comment on function tenancy.write_policy(regclass, text, public.organization_role, boolean, boolean) is
    'Writes the policy and the grant of one command; neither, where nobody may use it.';


create function tenancy.add_organization_column(p_table regclass)
returns text[]
language plpgsql
set search_path = ''
as $$
begin
    if exists (
        select 1 from pg_catalog.pg_attribute as a
        where a.attrelid = p_table and a.attname = 'organization_id' and not a.attisdropped
    ) then
        return '{}';
    end if;
    -- A constant default fills existing rows without touching them: the table is locked for a moment only.
    execute format(
        'alter table %s add column organization_id uuid not null default %L', p_table, tenancy.default_organization_id()
    );
    return array[format('alter table %s drop column organization_id', p_table)];
end
$$;
comment on function tenancy.add_organization_column(regclass) is
    'organization_id; existing rows go to the default organization. Answers how to undo it.';


create function tenancy.prepare(variadic p_tables regclass[])
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_table record;
begin
    perform tenancy.lock_tables(variadic p_tables);
    for v_table in
        select c.oid::regclass as name, n.nspname as schema, c.relname as plain_name
        from unnest(p_tables) as t (name)
        join pg_catalog.pg_class as c on c.oid = t.name
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where not exists (
            select 1 from tenancy.protected_tables as p where p.table_schema = n.nspname and p.table_name = c.relname
            union all
            select 1 from tenancy.prepared_tables as p where p.table_schema = n.nspname and p.table_name = c.relname
        )
    loop
        insert into tenancy.prepared_tables (table_schema, table_name, undo)
        values (v_table.schema, v_table.plain_name, tenancy.add_organization_column(v_table.name));
    end loop;
end
$$;
comment on function tenancy.prepare(regclass[]) is
    'Gives tables that are in use their organization_id, so that indexes on it can be built concurrently before
tenancy.protect(). Nothing else changes for their users.';


create function tenancy.count_organizations(p_table regclass)
returns void
language plpgsql
set search_path = ''
as $$
begin
    -- Without statistics the planner takes a condition on organization_id for a rare find, also where every row has it.
    if not tenancy.is_big(p_table) then
        execute format('analyze %s (organization_id)', p_table);
    elsif not exists (
        select 1
        from pg_catalog.pg_stats as s
        join pg_catalog.pg_class as c on c.relname = s.tablename
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = s.schemaname
        where c.oid = p_table and s.attname = 'organization_id'
    ) then
        raise exception 'tenancy.protect: % is big, and the planner knows nothing of its organization_id yet', p_table
        using hint = format('Run this first: analyze %s (organization_id)', p_table);
    end if;
end
$$;
comment on function tenancy.count_organizations(regclass) is
    'Has the planner know how rows spread over organizations; for a big table it raises, with the statement to run
beforehand as hint.';


create function tenancy.stamp_organization_column(p_table regclass)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_name text := (select c.relname from pg_catalog.pg_class as c where c.oid = p_table);
begin
    execute format(
        'alter table %s alter column organization_id set default nullif(current_setting(''tenancy.organization_id'', true), '''')::uuid',
        p_table
    );
    if not exists (
        select 1 from pg_catalog.pg_constraint as con
        where con.conrelid = p_table and con.contype = 'f' and con.confrelid = 'public.organizations'::regclass
    ) then
        perform tenancy.add_foreign_key(
            p_table, v_name || '_belong_to_an_organization',
            '(organization_id) references public.organizations (id) on delete cascade'
        );
    end if;
    if not tenancy.has_index(p_table, 'organization_id', 'created_at') then
        perform tenancy.build_index(
            p_table, 'index', v_name || '_organization_id_created_at_idx', 'organization_id, created_at desc'
        );
    end if;
end
$$;
comment on function tenancy.stamp_organization_column(regclass) is 'The stamping default of organization_id, its foreign key and its index.';


create function tenancy.author_keys(p_table regclass)
returns table (name name, definition text)
language sql stable
set search_path = ''
as $$
    select con.conname, pg_get_constraintdef(con.oid)
    from pg_catalog.pg_constraint as con
    join pg_catalog.pg_attribute as a on a.attrelid = con.conrelid and a.attnum = con.conkey[1]
    where con.conrelid = p_table and con.contype = 'f' and con.confrelid = 'auth.users'::regclass
        and a.attname = 'user_id' and con.confdeltype <> 'n'
$$;
comment on function tenancy.author_keys(regclass) is 'The foreign keys of user_id with which a row would go when its author''s account goes.';


create function tenancy.free_author_column(p_table regclass)
returns text[]
language plpgsql
set search_path = ''
as $$
declare
    v_undo text[] := '{}';
    v_key record;
begin
    -- A person's account can go while their work stays with the organization.
    for v_key in select k.name, k.definition from tenancy.author_keys(p_table) as k loop
        execute format('alter table %s drop constraint %I', p_table, v_key.name);
        perform tenancy.add_foreign_key(
            p_table, v_key.name, '(user_id) references auth.users (id) on delete set null'
        );
        v_undo := v_undo
            || format('alter table %s add constraint %I %s', p_table, v_key.name, v_key.definition)
            || format('alter table %s drop constraint %I', p_table, v_key.name);
    end loop;
    if (select a.attnotnull from pg_catalog.pg_attribute as a where a.attrelid = p_table and a.attname = 'user_id') then
        execute format('alter table %s alter column user_id drop not null', p_table);
        v_undo := v_undo || format('alter table %s alter column user_id set not null', p_table);
    end if;
    select coalesce(
        (
            select format('alter table %s alter column user_id set default %s', p_table, pg_get_expr(d.adbin, d.adrelid))
            from pg_catalog.pg_attrdef as d
            join pg_catalog.pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where d.adrelid = p_table and a.attname = 'user_id'
        ),
        format('alter table %s alter column user_id drop default', p_table)
    ) || v_undo into v_undo;
    execute format(
        'alter table %s alter column user_id set default nullif(current_setting(''tenancy.user_id'', true), '''')::uuid', p_table
    );
    return v_undo;
end
$$;
comment on function tenancy.free_author_column(regclass) is 'user_id is stamped, and emptied when the account goes. Answers how to undo it.';


create function tenancy.take_over_policies(p_table regclass)
returns text[]
language plpgsql
set search_path = ''
as $$
declare
    v_undo text[] := '{}';
    v_policy record;
    v_grant record;
begin
    for v_policy in
        select pol.polname, p.permissive, p.cmd, p.qual, p.with_check, array_to_string(p.roles, ', ') as roles
        from pg_catalog.pg_policy as pol
        join pg_catalog.pg_class as c on c.oid = pol.polrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        join pg_catalog.pg_policies as p on p.schemaname = n.nspname and p.tablename = c.relname and p.policyname = pol.polname
        where pol.polrelid = p_table
    loop
        v_undo := v_undo || format(
            'create policy %I on %s as %s for %s to %s%s%s', v_policy.polname, p_table, v_policy.permissive, v_policy.cmd,
            v_policy.roles, ' using (' || v_policy.qual || ')', ' with check (' || v_policy.with_check || ')'
        );
        execute format('drop policy %I on %s', v_policy.polname, p_table);
    end loop;
    for v_grant in
        select acl.privilege_type, acl.grantee::regrole as grantee
        from pg_catalog.pg_class as c
        cross join aclexplode(c.relacl) as acl
        where c.oid = p_table
            and acl.grantee::regrole::text in ('anon', 'authenticated', 'service_role')
    loop
        v_undo := v_undo || format('grant %s on %s to %s', v_grant.privilege_type, p_table, v_grant.grantee);
    end loop;
    return v_undo
        || format('revoke all on %s from anon, authenticated, service_role', p_table)
        || (
            select format(
                'alter table %s %s row level security, %s row level security', p_table,
                case when c.relrowsecurity then 'enable' else 'disable' end,
                case when c.relforcerowsecurity then 'force' else 'no force' end
            )
            from pg_catalog.pg_class as c where c.oid = p_table
        );
end
$$;
comment on function tenancy.take_over_policies(regclass) is
    'Drops the policies that were there (two permissive ones would be OR-ed). Answers how to bring them and the grants back.';


create function tenancy.protect(
    p_table regclass,
    p_read_role public.organization_role,
    p_create_role public.organization_role,
    p_update_role public.organization_role,
    p_delete_role public.organization_role,
    p_own_rows text[] default '{}'
)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_schema text;
    v_name text;
    v_has_author boolean;
    v_undo text[];
    v_key record;
begin
    select n.nspname, c.relname into strict v_schema, v_name
    from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.oid = p_table;
    v_has_author := exists (
        select 1 from pg_catalog.pg_attribute as a
        where a.attrelid = p_table and a.attname = 'user_id' and not a.attisdropped
    );
    if (
        select count(*) from pg_catalog.pg_attribute as a
        where a.attrelid = p_table and a.attname in ('id', 'created_at') and not a.attisdropped
    ) < 2 then
        raise exception 'tenancy.protect: % needs the columns id and created_at', p_table;
    end if;
    if cardinality(p_own_rows) > 0 and not v_has_author then
        raise exception 'tenancy.protect: % has no user_id, so nobody owns a row of it', p_table;
    end if;

    perform tenancy.lock_tables(variadic (
        select array_agg(distinct t.name)
        from (
            select p_table as name
            union all
            select unnest(array[k.child, k.parent]) from tenancy.unscoped_foreign_keys(p_table) as k
            union all
            -- Replacing a foreign key locks what it refers to just as much.
            select 'auth.users'::regclass where exists (select 1 from tenancy.author_keys(p_table))
        ) as t
    ));
    if not exists (
        select 1 from tenancy.protected_tables as p where p.table_schema = v_schema and p.table_name = v_name
    ) then
        delete from tenancy.prepared_tables as p where p.table_schema = v_schema and p.table_name = v_name
        returning p.undo into v_undo;
        v_undo := tenancy.take_over_policies(p_table) || coalesce(v_undo, tenancy.add_organization_column(p_table));
        perform tenancy.follow_parents(p_table);
        perform tenancy.count_organizations(p_table);
        if v_has_author then
            v_undo := v_undo || tenancy.free_author_column(p_table);
        end if;
        insert into tenancy.protected_tables (table_schema, table_name, undo) values (v_schema, v_name, v_undo);
    end if;
    perform tenancy.stamp_organization_column(p_table);
    update tenancy.protected_tables as p
    set read_role = p_read_role, create_role = p_create_role, update_role = p_update_role, delete_role = p_delete_role,
        own_rows = p_own_rows
    where p.table_schema = v_schema and p.table_name = v_name;

    execute format(
        'create or replace trigger stamp before insert on %s for each statement execute function tenancy.stamp()', p_table
    );
    execute format(
        'create or replace trigger refuse_move before update of id, organization_id%2$s on %1$s for each row'
        || ' when (new.id is distinct from old.id or new.organization_id is distinct from old.organization_id%3$s)'
        || ' execute function tenancy.refuse_move()',
        p_table,
        case when v_has_author then ', user_id' end,
        case when v_has_author then ' or new.user_id is distinct from old.user_id' end
    );

    -- The other end may be protected now or later; a self-reference is both ends at once.
    for v_key in select k.* from tenancy.unscoped_foreign_keys(p_table) as k loop
        perform tenancy.scope_foreign_key(v_key.constraint_oid);
        perform tenancy.write_inheritance(v_key.child);
    end loop;

    execute format('alter table %s enable row level security', p_table);
    execute format('alter table %s force row level security', p_table);
    execute format('revoke all on %s from public, anon, authenticated, service_role', p_table);
    execute format('grant select, insert, update, delete on %s to service_role', p_table);
    perform tenancy.write_policy(p_table, 'select', p_read_role, 'select' = any (p_own_rows), v_has_author);
    perform tenancy.write_policy(p_table, 'insert', p_create_role, false, v_has_author);
    perform tenancy.write_policy(p_table, 'update', p_update_role, 'update' = any (p_own_rows), v_has_author);
    perform tenancy.write_policy(p_table, 'delete', p_delete_role, 'delete' = any (p_own_rows), v_has_author);
end
$$;
comment on function tenancy.protect(
    regclass, public.organization_role, public.organization_role, public.organization_role, public.organization_role, text[]
) is
    'Makes a table tenant-safe: from which role a command may touch any row of the organization (null: nobody), and
which commands every member may use on their own rows. Existing rows go to the default organization. May be called again,
with other roles too. Needs the columns id and created_at. Indexes and foreign keys that are there already are used, so for
a big live table the slow parts can be made beforehand.';


revoke execute on all functions in schema tenancy from public;
