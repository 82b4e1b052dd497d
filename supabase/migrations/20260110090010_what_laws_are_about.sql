-- What the laws are about, found in the catalog: a table that is added tomorrow is among them.

create function tenancy.exposed_schemas()
returns text[]
language sql stable
set search_path = ''
as $$
    -- The last of these that is set holds for PostgREST: for the role, or for the role in this database.
    select coalesce(
        (
            select string_to_array(regexp_replace(split_part(setting, '=', 2), '[\s"]', '', 'g'), ',')
            from pg_catalog.pg_db_role_setting as s
            join pg_catalog.pg_roles as r on r.oid = s.setrole and r.rolname = 'authenticator'
            left join pg_catalog.pg_database as d on d.oid = s.setdatabase
            cross join unnest(s.setconfig) as setting
            where setting ~ '^pgrst\.db_schemas?='
                and (s.setdatabase = 0 or d.datname = current_database())
            order by s.setdatabase = 0
            limit 1
        ),
        array['public']
    )
$$;
comment on function tenancy.exposed_schemas() is
    'The schemas of the API: what pgrst.db_schemas says for the role authenticator; public, where it is not set in the
database. (A Data API that is configured elsewhere for more schemas must be told here too: alter role authenticator set
pgrst.db_schemas.)';


create function tenancy.guarded_relations()
returns table (id oid, schema_name name, table_name name, kind "char", label text)
language sql stable
set search_path = ''
as $$
    select c.oid, n.nspname, c.relname, c.relkind, format('%I.%I', n.nspname, c.relname)
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        -- The engine has laws of its own, and one is that it is not exposed.
        and n.nspname <> 'tenancy'
        and (
            n.nspname = any ((select tenancy.exposed_schemas())::text[])
            or exists (
                select 1 from tenancy.protected_tables as p where p.table_schema = n.nspname and p.table_name = c.relname
            )
        )
$$;
comment on function tenancy.guarded_relations() is
    'Tables, views and sequences in the schemas of the API, and protected tables wherever they are.';


create function tenancy.registered_relations()
returns table (
    id oid,
    table_name name,
    label text,
    read_role public.organization_role,
    create_role public.organization_role,
    update_role public.organization_role,
    delete_role public.organization_role,
    own_rows text[],
    has_author boolean,
    organization_column smallint,
    protect_call text
)
language sql stable
set search_path = ''
as $$
    select
        c.oid,
        c.relname,
        format('%I.%I', p.table_schema, p.table_name),
        p.read_role,
        p.create_role,
        p.update_role,
        p.delete_role,
        p.own_rows,
        exists (
            select 1 from pg_catalog.pg_attribute as a
            where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
        ),
        (
            select a.attnum from pg_catalog.pg_attribute as a
            where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
        ),
        format(
            'select tenancy.protect(%L, %L, %L, %L, %L, %L);', format('%I.%I', p.table_schema, p.table_name),
            p.read_role, p.create_role, p.update_role, p.delete_role, p.own_rows
        )
    from tenancy.protected_tables as p
    join pg_catalog.pg_namespace as n on n.nspname = p.table_schema
    join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = p.table_name
$$;
comment on function tenancy.registered_relations() is
    'The protected tables as they are, with their registered roles and the call of tenancy.protect() that says the same.';


create function tenancy.our_functions()
returns table (id oid, label text, exposed boolean)
language sql stable
set search_path = ''
as $$
    select p.oid, p.oid::regprocedure::text,
        n.nspname <> 'tenancy' and n.nspname = any ((select tenancy.exposed_schemas())::text[])
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where (
            n.nspname = 'tenancy'
            or n.nspname = any ((select tenancy.exposed_schemas())::text[])
            or p.prosecdef and p.proowner = (select e.nspowner from pg_catalog.pg_namespace as e where e.nspname = 'tenancy')
        )
        and not exists (
            select 1 from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        )
$$;
comment on function tenancy.our_functions() is
    'Functions of the API and the engine, and definer functions of their owner anywhere; not those of extensions.';


create or replace function tenancy.unprotected_tables()
returns table (table_schema text, table_name text)
language sql stable
set search_path = ''
as $$
    select g.schema_name::text, g.table_name::text
    from tenancy.guarded_relations() as g
    where g.kind in ('r', 'p')
        and not exists (
            select 1 from tenancy.protected_tables as p
            where p.table_schema = g.schema_name and p.table_name = g.table_name
        )
        and not exists (
            select 1 from tenancy.spanning_tables as s
            where s.table_schema = g.schema_name and s.table_name = g.table_name
        )
    order by 1, 2
$$;


revoke execute on all functions in schema tenancy from public;
