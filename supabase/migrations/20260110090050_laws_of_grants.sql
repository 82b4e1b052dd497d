-- Laws of grants: what the API's roles may do is what the registry says, and nothing comes by default.

create function tenancy.expected_grants()
returns table (id oid, grantee text, privilege text, required boolean)
language sql stable
set search_path = ''
as $$
    select e.id, 'authenticated', upper(e.command), true
    from tenancy.expected_policies() as e
    where coalesce(e.condition, e.check_condition) is not null
    union all
    select g.id, 'authenticated', 'SELECT', true
    from tenancy.guarded_relations() as g
    join tenancy.spanning_tables as s on s.table_schema = g.schema_name and s.table_name = g.table_name
    union all
    select r.id, 'service_role', command, true
    from tenancy.registered_relations() as r
    cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as command
    union all
    select g.id, 'service_role', command, true
    from tenancy.guarded_relations() as g
    join tenancy.spanning_tables as s on s.table_schema = g.schema_name and s.table_name = g.table_name
    cross join unnest(s.service_commands) as command
    union all
    -- A view asks as the caller: what its tables refuse, it refuses.
    select g.id, grantee, command, false
    from tenancy.guarded_relations() as g
    cross join unnest(array['authenticated', 'service_role']) as grantee
    cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as command
    where g.kind = 'v'
$$;
comment on function tenancy.expected_grants() is 'Who may hold which grant on what; required: they must.';


create function tenancy.stored_grants(p_acl aclitem[], p_owner oid)
returns table (grantee text, privilege text, can_pass_on boolean)
language sql stable
set search_path = ''
as $$
    select
        case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
        a.privilege_type,
        a.is_grantable
    from aclexplode(p_acl) as a
    left join pg_catalog.pg_roles as r on r.oid = a.grantee
    where a.grantee <> p_owner
        and not coalesce(r.rolsuper, false)
        and a.grantee <> (select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'tenancy')
$$;
comment on function tenancy.stored_grants(aclitem[], oid) is 'The grants in an access list, but those of owners and superusers.';


create function tenancy.verify_grants()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    with held as materialized (
        select g.id, h.grantee, h.privilege, h.can_pass_on
        from tenancy.guarded_relations() as g
        join pg_catalog.pg_class as c on c.oid = g.id
        cross join tenancy.stored_grants(c.relacl, c.relowner) as h
    ),
    expected as materialized (
        select * from tenancy.expected_grants()
    ),
    differences as (
        select h.id, h.grantee, h.privilege, true as too_many
        from held as h
        where h.privilege not in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
            and not exists (
                select 1 from expected as e where e.id = h.id and e.grantee = h.grantee and e.privilege = h.privilege
            )
        union all
        select e.id, e.grantee, e.privilege, false
        from expected as e
        where e.required and not exists (
            select 1 from held as h where h.id = e.id and h.grantee = e.grantee and h.privilege = e.privilege
        )
    )
    select
        'grants_are_the_matrix',
        g.label,
        string_agg(
            format(case when d.too_many then '%s may %s' else '%s may not %s' end, d.grantee, lower(d.privilege)),
            ', ' order by d.grantee, d.privilege
        ) filter (where d.id is not null),
        string_agg(
            format(
                case when d.too_many then 'revoke %s on %s%s from %s;' else 'grant %s on %s%s to %s;' end,
                lower(d.privilege), case when g.kind = 'S' then 'sequence ' end, g.label, d.grantee
            ),
            ' ' order by d.grantee, d.privilege
        ) filter (where d.id is not null)
    from tenancy.guarded_relations() as g
    left join differences as d on d.id = g.id
    group by g.label

    union all
    select
        'no_grant_passes_row_security',
        g.label,
        string_agg(
            format(case when h.can_pass_on then '%s may let others %s' else '%s may %s' end, h.grantee, lower(h.privilege)),
            ', ' order by h.grantee, h.privilege
        ) filter (where h.id is not null),
        string_agg(
            format(
                case when h.privilege in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') then 'revoke %s on %s%s from %s;'
                    else 'revoke grant option for %s on %s%s from %s;'
                end,
                lower(h.privilege), case when g.kind = 'S' then 'sequence ' end, g.label, h.grantee
            ),
            ' ' order by h.grantee, h.privilege
        ) filter (where h.id is not null)
    from tenancy.guarded_relations() as g
    left join held as h on h.id = g.id
        and (h.can_pass_on or h.privilege in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'))
    group by g.label

    union all
    select
        'no_column_is_granted_alone',
        g.label,
        string_agg(format('%s may %s %s', h.grantee, lower(h.privilege), h.attname), ', ' order by h.attname, h.grantee)
            filter (where h.attname is not null),
        string_agg(
            format('revoke %s (%I) on %s from %s;', lower(h.privilege), h.attname, g.label, h.grantee),
            ' ' order by h.attname, h.grantee
        ) filter (where h.attname is not null)
    from tenancy.guarded_relations() as g
    left join (
        select a.attrelid, a.attname, h.grantee, h.privilege
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_class as c on c.oid = a.attrelid
        cross join tenancy.stored_grants(a.attacl, c.relowner) as h
        where a.attacl is not null
    ) as h on h.attrelid = g.id
    where g.kind <> 'S'
    group by g.label

    union all
    select
        'nobody_reaches_the_engines_tables',
        e.label,
        string_agg(format('%s may %s', h.grantee, lower(h.privilege)), ', ' order by h.grantee, h.privilege)
            filter (where h.grantee is not null),
        string_agg(
            distinct format('revoke all on %s%s from %s;', case when e.relkind = 'S' then 'sequence ' end, e.label, h.grantee), ' '
        ) filter (where h.grantee is not null)
    from (
        select format('%I.%I', n.nspname, c.relname) as label, c.relacl, c.relowner, c.relkind
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'tenancy' and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    ) as e
    left join lateral tenancy.stored_grants(e.relacl, e.relowner) as h on true
    group by e.label

    union all
    select
        'nobody_creates_in_our_schemas',
        format('schema %I', n.nspname),
        string_agg(format('%s may create', h.grantee), ', ' order by h.grantee) filter (where h.grantee is not null),
        string_agg(format('revoke create on schema %I from %s;', n.nspname, h.grantee), ' ' order by h.grantee)
            filter (where h.grantee is not null)
    from pg_catalog.pg_namespace as n
    left join lateral tenancy.stored_grants(n.nspacl, n.nspowner) as h on h.privilege = 'CREATE'
    where n.nspname = 'tenancy' or n.nspname = any ((select tenancy.exposed_schemas())::text[])
    group by n.nspname

    union all
    select
        'defaults_hand_out_nothing',
        format('what %I makes%s', pg_get_userbyid(owner.id), coalesce(' in ' || quote_ident(n.nspname), '')),
        string_agg(format('%s may %s %s', h.grantee, lower(h.privilege), h.things), ', ' order by h.things, h.grantee, h.privilege)
            filter (where h.grantee is not null),
        string_agg(
            format(
                'alter default privileges for role %I%s revoke %s on %s from %s;', pg_get_userbyid(owner.id),
                coalesce(' in schema ' || quote_ident(n.nspname), ''), lower(h.privilege), h.things, h.grantee
            ),
            ' ' order by h.things, h.grantee, h.privilege
        ) filter (where h.grantee is not null)
    from (select n.nspowner from pg_catalog.pg_namespace as n where n.nspname = 'tenancy') as owner (id)
    cross join (
        select n.oid, n.nspname from pg_catalog.pg_namespace as n
        where n.nspname = 'tenancy' or n.nspname = any ((select tenancy.exposed_schemas())::text[])
        union all
        select 0, null
    ) as n
    left join lateral (
        select h.grantee, h.privilege, kind.things
        from pg_catalog.pg_default_acl as d
        join (
            values ('r'::"char", 'tables'), ('S', 'sequences'), ('f', 'functions')
        ) as kind (letter, things) on kind.letter = d.defaclobjtype
        cross join tenancy.stored_grants(d.defaclacl, d.defaclrole) as h
        where d.defaclrole = owner.id and d.defaclnamespace = n.oid
            -- Everybody may call a new function, unless it is revoked: what is there is another law's.
            and (h.grantee in ('anon', 'authenticated') or h.grantee = 'public' and kind.letter <> 'f')
    ) as h on true
    group by owner.id, n.nspname
$$;
comment on function tenancy.verify_grants() is 'Grants are the matrix, and nothing is given by default. See tenancy.verify().';


revoke execute on all functions in schema tenancy from public;
