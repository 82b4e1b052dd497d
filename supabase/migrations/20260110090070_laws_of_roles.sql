-- Laws of roles: whoever comes through the API has no power but what is granted, and meets the engine first.

create function tenancy.api_roles()
returns table (id oid, role_name text)
language sql stable
set search_path = ''
as $$
    select to_regrole(name)::oid, name
    from unnest(array['anon', 'authenticated', 'service_role', 'authenticator']) as name
    where to_regrole(name) is not null
$$;
comment on function tenancy.api_roles() is 'The roles as which the API acts.';


create function tenancy.verify_roles()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    select
        'api_roles_have_no_powers',
        a.role_name,
        nullif(
            concat_ws(
                ', ',
                case when r.rolsuper then 'superuser' end,
                case when r.rolcreaterole then 'createrole' end,
                case when r.rolcreatedb then 'createdb' end,
                case when r.rolreplication then 'replication' end,
                case when r.rolbypassrls and a.role_name <> 'service_role' then 'bypassrls' end
            ),
            ''
        ),
        concat_ws(
            ' ',
            'alter role', a.role_name,
            case when r.rolsuper then 'nosuperuser' end,
            case when r.rolcreaterole then 'nocreaterole' end,
            case when r.rolcreatedb then 'nocreatedb' end,
            case when r.rolreplication then 'noreplication' end,
            case when r.rolbypassrls and a.role_name <> 'service_role' then 'nobypassrls' end
        ) || ';'
    from tenancy.api_roles() as a
    join pg_catalog.pg_roles as r on r.oid = a.id

    union all
    select
        'api_roles_belong_to_no_other',
        a.role_name,
        string_agg(format('it is a member of %I', pg_get_userbyid(m.roleid)), ', ' order by m.roleid)
            filter (where m.roleid is not null),
        string_agg(format('revoke %I from %s;', pg_get_userbyid(m.roleid), a.role_name), ' ' order by m.roleid)
            filter (where m.roleid is not null)
    from tenancy.api_roles() as a
    left join pg_catalog.pg_auth_members as m on m.member = a.id
    where a.role_name in ('anon', 'authenticated')
    group by a.role_name

    union all
    select
        'api_roles_own_nothing',
        a.role_name,
        'it owns ' || string_agg(owned.label, ', ' order by owned.label),
        string_agg(
            format(
                'alter %s owner to %I;', owned.label,
                (select pg_get_userbyid(n.nspowner) from pg_catalog.pg_namespace as n where n.nspname = 'tenancy')
            ),
            ' ' order by owned.label
        ) filter (where owned.owner is not null)
    from tenancy.api_roles() as a
    left join (
        select c.relowner as owner, case c.relkind when 'v' then 'view ' when 'S' then 'sequence ' else 'table ' end || g.label as label
        from tenancy.guarded_relations() as g
        join pg_catalog.pg_class as c on c.oid = g.id
        union all
        select p.proowner, 'routine ' || f.label
        from tenancy.our_functions() as f
        join pg_catalog.pg_proc as p on p.oid = f.id
        union all
        select n.nspowner, 'schema ' || quote_ident(n.nspname)
        from pg_catalog.pg_namespace as n
        where n.nspname = 'tenancy' or n.nspname = any ((select tenancy.exposed_schemas())::text[])
    ) as owned on owned.owner = a.id
    group by a.role_name

    union all
    select
        'api_roles_make_nothing_temporary',
        a.role_name,
        case when has_database_privilege(a.id, current_database(), 'temporary') then
            'it may make temporary objects in this database'
        end,
        format('revoke temporary on database %I from public, %s;', current_database(), a.role_name)
    from tenancy.api_roles() as a
    where a.role_name <> 'authenticator'

    union all
    select
        'the_engine_is_not_exposed',
        'schema tenancy',
        case when 'tenancy' = any ((select tenancy.exposed_schemas())::text[]) then 'pgrst.db_schemas names it' end,
        format(
            'alter role authenticator set pgrst.db_schemas = %L;',
            array_to_string(array_remove(tenancy.exposed_schemas(), 'tenancy'), ', ')
        )

    union all
    -- What is set for the role in this database goes before what is set for it everywhere.
    select
        'requests_are_checked_first',
        'authenticator',
        case
            when check_setting.value is null then 'pgrst.db_pre_request is not set'
            when check_setting.value <> 'tenancy.check_request' then 'pgrst.db_pre_request is ' || check_setting.value
        end,
        case when check_setting.is_of_database then
            format('alter role authenticator in database %I reset pgrst.db_pre_request; ', current_database())
        else '' end
        || 'alter role authenticator set pgrst.db_pre_request = ''tenancy.check_request''; notify pgrst, ''reload config'';'
    from (select 1) as always
    left join lateral (
        select split_part(setting, '=', 2) as value, s.setdatabase <> 0 as is_of_database
        from pg_catalog.pg_db_role_setting as s
        join pg_catalog.pg_roles as r on r.oid = s.setrole and r.rolname = 'authenticator'
        left join pg_catalog.pg_database as d on d.oid = s.setdatabase
        cross join unnest(s.setconfig) as setting
        where setting like 'pgrst.db_pre_request=%' and (s.setdatabase = 0 or d.datname = current_database())
        order by s.setdatabase = 0
        limit 1
    ) as check_setting on true
$$;
comment on function tenancy.verify_roles() is 'The roles of the API have no power but what is granted. See tenancy.verify().';


revoke execute on all functions in schema tenancy from public;
