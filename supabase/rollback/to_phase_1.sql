-- The way back to phase 1, in one transaction: run it as role postgres, in an SQL editor or with psql. It refuses, and
-- changes nothing, while any organization but the default one has members or rows. `npm run rollback` runs the same.
-- See docs/how-to/go-back-to-phase-1.md.

begin;
set local search_path = '';
set local statement_timeout = 0;


do $$
begin
    if to_regclass('tenancy.phase_1') is null or to_regprocedure('tenancy.way_back_obstacles()') is null then
        raise exception using
            message = 'This database has no organizations, or is not at the latest migration.',
            hint = 'Apply all migrations first; a database at phase 1 already needs nothing.';
    end if;
end
$$;


-- All locks at once: whoever works now finishes first, and nobody sees anything half done.
select tenancy.lock_tables(variadic array(
    select format('%I.%I', t.table_schema, t.table_name)::regclass from tenancy.protected_tables as t
    union all
    select unnest(array[
        'auth.users', 'public.organizations', 'public.organization_users', 'public.organization_invitations', 'public.organization_domains',
        'public.organization_branding', 'public.profiles', 'public.audit_log', 'public.lead_fields'
    ])::regclass
));


do $$
declare
    v_obstacles text;
    v_organizations text;
begin
    select string_agg(w.obstacle, e'\n'), string_agg(format('delete from public.organizations where id = %L;', w.organization_id), e'\n')
    into v_obstacles, v_organizations
    from tenancy.way_back_obstacles() as w;
    if v_obstacles is not null then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'Nothing was changed. Phase 1 has no place for what is here:' || e'\n' || v_obstacles,
            hint = 'Organizations: export them first (npm run rollback -- --url … --export <folder>, or select * from '
                || 'tenancy.export_organization(id)), then delete them, rows and all, and run this again.'
                || coalesce(e'\n' || v_organizations, '');
    end if;
end
$$;


-- Tables that were not there before organizations.
do $$
declare
    v_table regclass;
begin
    for v_table in
        select format('%I.%I', t.table_schema, t.table_name)::regclass
        from tenancy.protected_tables as t
        where not exists (select 1 from tenancy.phase_1 as p where p.object = format('%I.%I', t.table_schema, t.table_name))
    loop
        perform tenancy.unprotect(v_table);
    end loop;
end
$$;


-- Off comes what the tables have now and had not before. Columns that came since stay, with the rules about them.
do $$
declare
    v_statements text[];
    v_statement text;
begin
    select array_agg(extra.statement order by extra.position, extra.statement) into v_statements
    from (
        select
            array_position(array['policy', 'trigger', 'foreign key', 'index', 'constraint', 'default', 'not null', 'grant'], d.kind)
                as position,
            case d.kind
                when 'policy' then format('drop policy %I on %s', d.name, t.relation)
                when 'trigger' then format('drop trigger %I on %s', d.name, t.relation)
                when 'index' then format('drop index %I.%I', t.table_schema, d.name)
                when 'default' then format('alter table %s alter column %I drop default', t.relation, d.name)
                when 'not null' then format('alter table %s alter column %I drop not null', t.relation, d.name)
                when 'grant' then regexp_replace(regexp_replace(d.statement, '^grant', 'revoke'), ' to ([a-z_]+)$', ' from \1')
                else format('alter table %s drop constraint %I', t.relation, d.name)
            end as statement
        from (
            select p.table_schema, format('%I.%I', p.table_schema, p.table_name) as object,
                format('%I.%I', p.table_schema, p.table_name)::regclass as relation
            from tenancy.protected_tables as p
        ) as t
        cross join lateral tenancy.describe(t.relation) as d
        where d.kind not in ('column', 'comment', 'row security')
            and (d.kind <> 'trigger' or d.statement like '% EXECUTE FUNCTION tenancy.%')
            and not exists (
                select 1 from tenancy.phase_1 as p
                where p.object = t.object and p.kind = d.kind and p.name = d.name and p.statement = d.statement
            )
            and not exists (
                select 1 from unnest(d.columns) as c
                where c <> 'organization_id' and not exists (
                    select 1 from tenancy.phase_1 as p where p.object = t.object and p.kind = 'column' and p.name = c
                )
            )
    ) as extra;
    foreach v_statement in array coalesce(v_statements, '{}') loop
        execute v_statement;
    end loop;
end
$$;


-- Rows whose author is gone become the owner's: phase 1 knows no row without a person. Their triggers rest meanwhile, so
-- that nothing else about them changes.
do $$
declare
    v_owner_id uuid := tenancy.default_owner_id();
    v_table text;
    v_triggers text[];
    v_trigger text;
    v_any boolean;
begin
    for v_table in
        select p.object from tenancy.phase_1 as p
        where p.kind = 'not null' and p.name = 'user_id' and to_regclass(p.object) is not null
        order by 1
    loop
        execute format('select exists (select 1 from %s where user_id is null)', v_table) into v_any;
        continue when not v_any;
        v_triggers := array(
            select t.tgname::text from pg_catalog.pg_trigger as t
            where t.tgrelid = v_table::regclass and not t.tgisinternal and t.tgenabled = 'O'
        );
        foreach v_trigger in array v_triggers loop
            execute format('alter table %s disable trigger %I', v_table, v_trigger);
        end loop;
        execute format('update %s set user_id = $1 where user_id is null', v_table) using v_owner_id;
        foreach v_trigger in array v_triggers loop
            execute format('alter table %s enable trigger %I', v_table, v_trigger);
        end loop;
    end loop;
end
$$;


-- Back comes what the tables had.
do $$
declare
    v_table text;
    v_statements text[];
    v_statement text;
begin
    for v_table in
        select c.oid::regclass::text
        from tenancy.protected_tables as t
        join pg_catalog.pg_namespace as n on n.nspname = t.table_schema
        join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = t.table_name
        where not exists (
            select 1 from tenancy.phase_1 as p
            where p.object = format('%I.%I', t.table_schema, t.table_name) and p.kind = 'column' and p.name = 'organization_id'
        )
    loop
        execute format('alter table %s drop column if exists organization_id', v_table);
    end loop;
    -- Another column that organizations brought.
    alter table public.campaigns drop column caller_id;

    with current as materialized (
        select t.object, d.kind, d.name, d.statement
        from (select distinct p.object from tenancy.phase_1 as p where p.kind = 'column' and to_regclass(p.object) is not null) as t
        cross join lateral tenancy.describe(to_regclass(t.object)) as d
    )
    select array_agg(p.statement order by array_position(
        array['default', 'not null', 'constraint', 'index', 'foreign key', 'trigger', 'policy', 'grant', 'row security', 'comment'],
        p.kind
    ), p.statement) into v_statements
    from tenancy.phase_1 as p
    where p.kind <> 'column' and exists (select 1 from current as c where c.object = p.object)
        and not exists (
            select 1 from current as c
            where c.object = p.object and c.kind = p.kind and c.name = p.name and c.statement = p.statement
        )
        -- Not for a column that was dropped since.
        and not exists (
            select 1 from unnest(p.columns) as a
            where not exists (select 1 from current as c where c.object = p.object and c.kind = 'column' and c.name = a)
        );
    foreach v_statement in array coalesce(v_statements, '{}') loop
        execute v_statement;
    end loop;
end
$$;


-- What phase 2 merged away comes back as it was, where the row it was merged into still is. That one keeps what it has.
do $$
declare
    v_row record;
    v_table text;
    v_exists boolean;
    v_left_out bigint := 0;
begin
    for v_row in
        select m.table_name, m.merged_into, m.original from tenancy.merged_rows as m
        where m.original ->> 'id' <> m.merged_into::text
        order by m.id
    loop
        v_table := format('public.%I', v_row.table_name);
        execute format('select exists (select 1 from %s where id = $1)', v_table) into v_exists using v_row.merged_into;
        continue when not v_exists;
        begin
            execute format(
                'insert into %1$s select (jsonb_populate_record(null::%1$s, $1)).* on conflict do nothing', v_table
            ) using v_row.original;
        exception when foreign_key_violation then
            -- Its person, or what it was about, is gone.
            null;
        end;
        execute format('select exists (select 1 from %s where id = ($1 ->> ''id'')::uuid)', v_table) into v_exists
        using v_row.original;
        v_left_out := v_left_out + (not v_exists)::integer;
    end loop;
    if v_left_out > 0 then
        raise notice '% rows that phase 2 had merged stay merged: their person or what they were about is gone, or such a row is there', v_left_out;
    end if;
end
$$;


-- What organizations brought goes. Nothing here cascades but the triggers on auth.users: whatever else has come to depend
-- on organizations makes this fail, with its name.
do $$
declare
    v_statements text[];
    v_statement text;
    v_on_accounts oid[] := array(
        select distinct g.tgfoid from pg_catalog.pg_trigger as g
        join pg_catalog.pg_proc as p on p.oid = g.tgfoid and p.pronamespace = 'tenancy'::regnamespace
        where g.tgrelid = 'auth.users'::regclass
    );
begin
    drop view public.calendar_integrations_overview;
    -- Who may upload logos, where the project has Storage. What was uploaded stays in its bucket.
    for v_statement in
        select format('drop policy %I on storage.objects', p.policyname)
        from pg_catalog.pg_policies as p
        where p.schemaname = 'storage' and p.tablename = 'objects' and p.policyname like 'branding\_logos\_%'
    loop
        execute v_statement;
    end loop;
    select array_agg(format('drop routine %s', p.oid::regprocedure)) into v_statements
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'public'::regnamespace and p.proname in (
        'accept_invitation', 'accept_received_invitation', 'active_organization', 'approve_join_request',
        'change_member', 'check_audit', 'claim_domain', 'clear_active_organization', 'create_invitation',
        'create_invitation_link', 'create_lead_field', 'create_organization', 'create_records',
        'decline_invitation', 'decline_received_invitation', 'delete_organization', 'domain_to_verify',
        'export_audit', 'find_branding', 'get_branding', 'get_organization', 'get_usage', 'get_user_org_role',
        'get_user_organizations', 'host_to_verify', 'is_org_admin', 'join_organization', 'joinable_organizations',
        'link_customer', 'list_audit', 'list_domains', 'list_invitations', 'list_join_requests', 'list_lead_fields',
        'list_members', 'list_organizations', 'list_plans', 'list_usage', 'my_invitations', 'preview_invitation',
        'preview_plan', 'process_sign_up', 'reactivate_member', 'read_ending', 'read_notice', 'ready',
        'receive_stripe_event', 'refuse_join_request', 'remove_domain', 'remove_lead_field', 'remove_member',
        'resend_invitation', 'restore_organization', 'revoke_invitation', 'search_leads', 'set_active_organization',
        'start_checkout', 'start_portal', 'suspend_member', 'transfer_ownership', 'update_branding',
        'update_domain', 'update_lead_field', 'update_organization', 'user_in_organization', 'verify_domain',
        'verify_host'
    );

    -- Tables and functions refer to each other: rules first, then functions, then tables.
    with tables as (
        select c.oid from pg_catalog.pg_class as c
        where c.relkind = 'r' and (
            c.relnamespace = 'tenancy'::regnamespace
            or c.oid in (
                'public.organizations'::regclass, 'public.organization_users'::regclass,
                'public.organization_invitations'::regclass, 'public.organization_domains'::regclass,
                'public.organization_branding'::regclass,
                'public.profiles'::regclass, 'public.audit_log'::regclass, 'public.lead_fields'::regclass,
                'public.subscription_plans'::regclass
            )
        )
    )
    select v_statements
        || array(
            select format('drop policy %I on %s', p.polname, p.polrelid::regclass)
            from pg_catalog.pg_policy as p join tables as t on t.oid = p.polrelid
        )
        || array(
            select format('drop trigger %I on %s', g.tgname, g.tgrelid::regclass)
            from pg_catalog.pg_trigger as g join tables as t on t.oid = g.tgrelid where not g.tgisinternal
        )
        || array(
            select format('alter table %s drop constraint %I', con.conrelid::regclass, con.conname)
            from pg_catalog.pg_constraint as con join tables as t on t.oid = con.conrelid where con.contype = 'c'
        )
        || (
            select format('drop view %s', string_agg(c.oid::regclass::text, ', '))
            from pg_catalog.pg_class as c where c.relnamespace = 'tenancy'::regnamespace and c.relkind = 'v'
        )
        -- They hang on a table of another role, so they go with what they call.
        || array(
            select format('drop function %s cascade', p.oid::regprocedure)
            from pg_catalog.pg_proc as p where p.oid = any (v_on_accounts)
        )
        || (
            select format('drop routine %s', string_agg(p.oid::regprocedure::text, ', '))
            from pg_catalog.pg_proc as p
            where p.pronamespace = 'tenancy'::regnamespace and p.oid <> all (v_on_accounts)
        )
        || (
            select format('drop table %s', string_agg(t.oid::regclass::text, ', '))
            from tables as t where t.oid <> 'tenancy.phase_1'::regclass
        )
        || 'drop type public.organization_role'::text
    into v_statements;
    foreach v_statement in array v_statements loop
        execute v_statement;
    end loop;
end
$$;


-- The database itself, the Data API, the nightly job, and the history of migrations, so that they can be applied again.
do $$
declare
    v_statement text;
    v_versions text;
begin
    alter role authenticator reset pgrst.db_pre_request;
    for v_statement in select p.statement from tenancy.phase_1 as p where p.object in ('database', 'role authenticator') loop
        execute regexp_replace(v_statement, '^(grant temporary on database ).*( to public)$', '\1' || quote_ident(current_database()) || '\2');
    end loop;
    if to_regclass('cron.job') is not null then
        for v_statement in
            execute $job$select jobname from cron.job where jobname like 'tenancy-%' and username = current_user$job$
        loop
            execute 'select cron.unschedule($1)' using v_statement;
        end loop;
    end if;
    if to_regclass('supabase_migrations.schema_migrations') is not null then
        execute $history$
            with gone as (delete from supabase_migrations.schema_migrations where version >= '20260108' returning version)
            select string_agg(version, ', ' order by version) from gone
        $history$ into v_versions;
        raise notice 'Migrations that count as not applied now: %', v_versions;
    end if;
end
$$;

drop table tenancy.phase_1;
drop schema tenancy;
notify pgrst, 'reload config';
notify pgrst, 'reload schema';
commit;
