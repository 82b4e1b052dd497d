-- Laws of tables: nothing is forgotten, and row-level security holds for everything that is there.

create function tenancy.verify_tables()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    select
        'every_table_is_protected',
        g.label,
        case when u.table_name is not null then 'neither tenancy.protect() nor tenancy.spanning_tables knows it' end,
        (
            select coalesce(string_agg(format('alter table %s add column %s; ', g.label, needed.definition), ''), '')
            from (
                values ('id', 'id uuid primary key default gen_random_uuid()'),
                    ('created_at', 'created_at timestamptz not null default now()')
            ) as needed (name, definition)
            where not exists (
                select 1 from pg_catalog.pg_attribute as a
                where a.attrelid = g.id and a.attname = needed.name and not a.attisdropped
            )
        ) || format('select tenancy.protect(%L, ''admin'', ''admin'', ''admin'', ''admin'');', g.label)
    from tenancy.guarded_relations() as g
    left join tenancy.unprotected_tables() as u on u.table_schema = g.schema_name and u.table_name = g.table_name
    where g.kind in ('r', 'p')

    union all
    select
        'registered_tables_exist',
        r.label,
        case when to_regclass(r.label) is null then 'there is no such table' end,
        format('delete from tenancy.%I where table_schema = %L and table_name = %L;', r.registry, r.table_schema, r.table_name)
    from (
        select format('%I.%I', p.table_schema, p.table_name) as label, 'protected_tables' as registry, p.table_schema, p.table_name
        from tenancy.protected_tables as p
        union all
        select format('%I.%I', s.table_schema, s.table_name), 'spanning_tables', s.table_schema, s.table_name
        from tenancy.spanning_tables as s
    ) as r

    union all
    select
        'row_security_is_enabled',
        g.label,
        case when not c.relrowsecurity then 'row-level security is off' end,
        format('alter table %s enable row level security;', g.label)
    from tenancy.guarded_relations() as g
    join pg_catalog.pg_class as c on c.oid = g.id
    where g.kind in ('r', 'p')

    union all
    select
        'row_security_is_forced',
        g.label,
        case when not c.relforcerowsecurity then 'row-level security does not bind the owner' end,
        format('alter table %s force row level security;', g.label)
    from tenancy.guarded_relations() as g
    join pg_catalog.pg_class as c on c.oid = g.id
    where g.kind in ('r', 'p')

    union all
    select
        'the_api_has_tables_and_views_alone',
        g.label,
        case g.kind when 'm' then 'it is a materialized view' when 'f' then 'it is a foreign table' end,
        format(
            'revoke all on %1$s from public, anon, authenticated, service_role; alter %2$s %1$s set schema tenancy;', g.label,
            case g.kind when 'm' then 'materialized view' else 'foreign table' end
        )
    from tenancy.guarded_relations() as g
    where g.kind <> 'S'

    union all
    select
        'no_rule_rewrites_a_request',
        g.label,
        'rules: ' || string_agg(w.rulename, ', ' order by w.rulename),
        string_agg(format('drop rule %I on %s;', w.rulename, g.label), ' ' order by w.rulename)
            filter (where w.rulename is not null)
    from tenancy.guarded_relations() as g
    left join pg_catalog.pg_rewrite as w on w.ev_class = g.id and w.rulename <> '_RETURN'
    where g.kind in ('r', 'p', 'v')
    group by g.label

    union all
    select
        'views_ask_as_the_caller',
        g.label,
        case
            when not exists (
                select 1 from pg_catalog.pg_options_to_table(c.reloptions) as o
                where o.option_name = 'security_invoker' and o.option_value::boolean
            )
            then 'security_invoker is not set'
        end,
        format('alter view %s set (security_invoker = true);', g.label)
    from tenancy.guarded_relations() as g
    join pg_catalog.pg_class as c on c.oid = g.id
    where g.kind = 'v'
$$;
comment on function tenancy.verify_tables() is 'Which relations there are, and that row-level security holds for them. See tenancy.verify().';


revoke execute on all functions in schema tenancy from public;
