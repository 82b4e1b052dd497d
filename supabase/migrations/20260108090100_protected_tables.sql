-- Which tables belong to organizations, and who may do what there: the registry behind tenancy.protect().

create table tenancy.protected_tables (
    table_schema text not null,
    table_name text not null,
    read_role public.organization_role,
    create_role public.organization_role,
    update_role public.organization_role,
    delete_role public.organization_role,
    own_rows text[] not null default '{}',
    undo text[] not null default '{}',
    protected_at timestamptz not null default now(),
    primary key (table_schema, table_name),
    constraint protected_tables_own_rows_are_commands check (own_rows <@ array['select', 'update', 'delete'])
);
comment on table tenancy.protected_tables is
    'The access matrix: the role from which a command may touch any row of the organization (null: nobody), and the
commands that every member may use on their own rows.';
comment on column tenancy.protected_tables.undo is 'Statements that take protection off again, in the order they were earned.';


create table tenancy.scoped_foreign_keys (
    child regclass not null,
    parent regclass not null,
    constraint_name name not null,
    child_column name not null,
    parent_column name not null,
    original_definition text not null,
    primary key (child, constraint_name)
);
comment on table tenancy.scoped_foreign_keys is 'Foreign keys that protect() narrowed to the same organization, and what they were.';


-- Tables on their way: they carry organization_id already, and are not protected yet.
create table tenancy.prepared_tables (
    table_schema text not null,
    table_name text not null,
    undo text[] not null,
    prepared_at timestamptz not null default now(),
    primary key (table_schema, table_name)
);
comment on table tenancy.prepared_tables is 'Tables that tenancy.prepare() gave their organization_id, until tenancy.protect() takes over.';


-- Tables of the API that span organizations have policies of their own and are not for protect().
create table tenancy.spanning_tables (
    table_schema text not null,
    table_name text not null,
    reason text not null,
    read_rule text not null,
    service_commands text[] not null default '{SELECT,INSERT,UPDATE,DELETE}',
    primary key (table_schema, table_name)
);
comment on table tenancy.spanning_tables is 'API tables that do not belong to one organization, and why.';
comment on column tenancy.spanning_tables.read_rule is
    'The condition of its one policy, as Postgres prints it: what a person reads of it.';
comment on column tenancy.spanning_tables.service_commands is 'What the secret key may do with it.';

insert into tenancy.spanning_tables (table_schema, table_name, reason, read_rule) values
    (
        'public', 'organizations', 'the organizations themselves',
        'id = any ((select tenancy.visible_organization_ids())::uuid[])'
    ),
    (
        'public', 'organization_users', 'a person sees the memberships of all their organizations',
        'organization_id = any ((select tenancy.member_organization_ids())::uuid[])'
    ),
    (
        'public', 'profiles', 'a person is the same person in every organization',
        'id = any ((select tenancy.co_member_ids())::uuid[])'
    ),
    ('public', 'subscription_plans', 'the same plans are offered to everybody', 'tier is not null');


create function tenancy.unprotected_tables()
returns table (table_schema text, table_name text)
language sql stable
set search_path = ''
as $$
    select n.nspname::text, c.relname::text
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')
        and not exists (
            select 1 from tenancy.protected_tables as p where p.table_schema = n.nspname and p.table_name = c.relname
        )
        and not exists (
            select 1 from tenancy.spanning_tables as s where s.table_schema = n.nspname and s.table_name = c.relname
        )
    order by 1, 2
$$;
comment on function tenancy.unprotected_tables() is 'Tables of the API that were forgotten: neither protected nor known to span organizations.';


revoke execute on all functions in schema tenancy from public;
