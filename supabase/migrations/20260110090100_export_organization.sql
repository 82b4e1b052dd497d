-- Taking an organization's data along, and what stands between this database and phase 1 (supabase/rollback).

create function tenancy.export_organization(p_organization_id uuid)
returns table (table_name text, "row" jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
    v_table text;
begin
    return query
        select 'public.organizations', to_jsonb(o) from public.organizations as o where o.id = p_organization_id
        union all
        select 'public.profiles', to_jsonb(p)
        from public.profiles as p
        join public.organization_users as ou on ou.user_id = p.id
        where ou.organization_id = p_organization_id
        union all
        select 'public.organization_users', to_jsonb(ou)
        from public.organization_users as ou where ou.organization_id = p_organization_id
        union all
        select 'public.organization_invitations', to_jsonb(i)
        from public.organization_invitations as i where i.organization_id = p_organization_id
        union all
        select 'public.organization_domains', to_jsonb(d)
        from public.organization_domains as d where d.organization_id = p_organization_id
        union all
        select 'public.organization_branding', to_jsonb(b)
        from public.organization_branding as b where b.organization_id = p_organization_id
        union all
        select 'public.lead_fields', to_jsonb(f)
        from public.lead_fields as f where f.organization_id = p_organization_id
        union all
        (
            select 'public.audit_log', to_jsonb(a)
            from public.audit_log as a where a.organization_id = p_organization_id
            order by a.position
        );
    for v_table in
        select format('%I.%I', t.table_schema, t.table_name) from tenancy.protected_tables as t order by t.protected_at, 1
    loop
        return query execute format(
            'select %L, to_jsonb(t) from %s as t where t.organization_id = $1 order by t.created_at, t.id', v_table, v_table
        ) using p_organization_id;
    end loop;
end
$$;
comment on function tenancy.export_organization(uuid) is
    'Every row of an organization: itself, its people, invitations (never their tokens), e-mail domains, branding, lead
fields, its audit log, and all protected tables. For the database owner.';


create function tenancy.holdings()
returns table (organization_id uuid, table_name text, row_count bigint)
language plpgsql stable
set search_path = ''
as $$
declare
    v_table text;
begin
    for v_table in
        select format('%I.%I', t.table_schema, t.table_name) from tenancy.protected_tables as t
        union
        select unnest(array['public.organization_users', 'public.organization_invitations'])
        order by 1
    loop
        return query execute format(
            'select t.organization_id, %L, count(*) from %s as t where t.organization_id <> $1 group by 1', v_table, v_table
        ) using tenancy.default_organization_id();
    end loop;
end
$$;
comment on function tenancy.holdings() is 'How many rows every organization but the default one has, by table. For the database owner.';


create function tenancy.default_owner_id()
returns uuid
language sql stable
set search_path = ''
as $$
    select ou.user_id
    from public.organization_users as ou
    where ou.organization_id = tenancy.default_organization_id() and ou.role = 'owner' and ou.suspended_at is null
    order by ou.joined_at, ou.user_id
    limit 1
$$;
comment on function tenancy.default_owner_id() is 'The first active owner of the default organization: on the way back, rows whose author is gone become theirs.';


create function tenancy.way_back_obstacles()
returns table (obstacle text, organization_id uuid)
language plpgsql stable
set search_path = ''
as $$
declare
    v_owner_id uuid := tenancy.default_owner_id();
    v_rule record;
    v_count bigint;
begin
    return query
        select
            format('organization "%s" (%s) has %s', o.name, o.id, string_agg(
                format('%s in %s', h.row_count, h.table_name), ', '
                order by h.table_name <> 'public.organization_users', h.table_name
            )),
            o.id
        from tenancy.holdings() as h
        join public.organizations as o on o.id = h.organization_id
        group by o.id
        order by o.created_at, o.id;

    -- Phase 1 knows no row without a person.
    for v_rule in
        select p.object, to_regclass(p.object) as relation
        from tenancy.phase_1 as p
        where p.kind = 'not null' and p.name = 'user_id' and to_regclass(p.object) is not null and v_owner_id is null
        order by 1
    loop
        execute format('select count(*) from %s where user_id is null', v_rule.relation) into v_count;
        if v_count > 0 then
            return query select format(
                'the default organization has no active owner, and %s in %s have no person whose they could be again',
                v_count, v_rule.object
            ), null::uuid;
        end if;
    end loop;

    -- What one person has once, and several people who are gone had.
    for v_rule in
        select p.object, to_regclass(p.object) as relation, rest.columns
        from tenancy.phase_1 as p
        cross join lateral (
            select array_agg(format('%I', c)) as columns from unnest(p.columns) as c where c <> 'user_id'
        ) as rest
        where 'user_id' = any (p.columns) and cardinality(p.columns) > 1 and to_regclass(p.object) is not null
            and (p.kind = 'constraint' and p.statement ~* '^alter table .* add constraint .* (unique|primary key) '
                or p.kind = 'index' and p.statement ~* '^create unique index')
        order by 1
    loop
        execute format(
            'select coalesce(sum(n), 0) from (
                select count(*) as n from %1$s
                where (user_id is null or user_id = $1) and num_nulls(%2$s) = 0
                group by %2$s having count(*) > 1 and bool_or(user_id is null)
            ) as twice',
            v_rule.relation, array_to_string(v_rule.columns, ', ')
        ) into v_count using v_owner_id;
        if v_count > 0 then
            return query select format(
                '%s in %s have the same %s and no person of their own, but one person can have them once: delete all but one',
                v_count, v_rule.object, array_to_string(v_rule.columns, ', ')
            ), null::uuid;
        end if;
    end loop;
end
$$;
comment on function tenancy.way_back_obstacles() is
    'Why this database can''t go back to phase 1 now, one obstacle a row, with the organization it is about. For the database owner.';


revoke execute on all functions in schema tenancy from public;
