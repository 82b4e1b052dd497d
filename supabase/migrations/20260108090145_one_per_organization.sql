-- Rules per user become rules per organization: what two of its people each had, one organization can't have twice.

-- Rows that were merged with another; what each of them said is kept here.
create table tenancy.merged_rows (
    id bigint generated always as identity primary key,
    table_name text not null,
    merged_into uuid not null,
    original jsonb not null,
    merged_at timestamptz not null default now()
);
comment on table tenancy.merged_rows is 'Rows as they were before phase 2 merged the duplicates of one organization. Nothing is lost.';


create table tenancy.scoped_unique_rules (
    table_name regclass not null,
    constraint_name name not null,
    original_name name not null,
    original_definition text not null,
    primary key (table_name, constraint_name)
);
comment on table tenancy.scoped_unique_rules is 'Unique rules that phase 2 narrowed to the same organization, and what they were.';


create function tenancy.keep_one_per_organization(p_table regclass, variadic p_columns text[] default '{}')
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_group text := 's.organization_id' || coalesce((select string_agg(format(', s.%I', c), '') from unnest(p_columns) as c), '');
begin
    execute format(
        'with ranked as (
            select s.id, first_value(s.id) over (
                partition by %2$s order by ou.role = ''owner'' desc nulls last, s.created_at, s.id
            ) as kept_id
            from %1$s as s
            left join public.organization_users as ou
                on ou.organization_id = s.organization_id and ou.user_id = s.user_id
        ),
        removed as (
            delete from %1$s as s using ranked as r where s.id = r.id and r.id <> r.kept_id
            returning r.kept_id, to_jsonb(s) as original
        )
        insert into tenancy.merged_rows (table_name, merged_into, original)
        select %3$L, kept_id, original from removed',
        p_table, v_group, (select c.relname from pg_catalog.pg_class as c where c.oid = p_table)
    );
end
$$;
comment on function tenancy.keep_one_per_organization(regclass, text[]) is
    'Of the rows of an organization that agree in these columns (in none: of all its rows) the owner''s stays, else the oldest.
The others go to tenancy.merged_rows.';


create function tenancy.scope_unique_rule(p_table regclass, p_instead_of name, p_rule name, variadic p_columns text[] default '{}')
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_schema text;
    v_name text;
    v_definition text;
    v_deferrable boolean;
    v_columns text;
    v_index regclass;
begin
    select n.nspname, c.relname into strict v_schema, v_name
    from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.oid = p_table;
    if exists (
        select 1 from tenancy.scoped_unique_rules as r where r.table_name = p_table and r.constraint_name = p_rule
    ) then
        -- The index that was built beforehand has become the rule's; a second one, of a second run, is one too many.
        execute format('drop index if exists %I.%I', v_schema, p_rule || '_here');
        return;
    end if;
    select pg_get_constraintdef(con.oid), con.condeferrable into strict v_definition, v_deferrable
    from pg_catalog.pg_constraint as con
    where con.conrelid = p_table and con.conname = p_instead_of and con.contype = 'u';

    -- An index that was built beforehand becomes the rule's; that of a table which is not big is built here.
    v_columns := 'organization_id' || coalesce((select string_agg(format(', %I', c), '') from unnest(p_columns) as c), '');
    select i.indexrelid::regclass into v_index
    from pg_catalog.pg_index as i
    where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indpred is null
        and not exists (select 1 from pg_catalog.pg_constraint as con where con.conindid = i.indexrelid)
        and pg_get_indexdef(i.indexrelid) like '%(' || v_columns || ')';
    if v_index is null then
        perform tenancy.build_index(p_table, 'unique index', p_rule || '_here', v_columns);
        v_index := format('%I.%I', v_schema, p_rule || '_here')::regclass;
    end if;
    execute format('alter table %s drop constraint %I', p_table, p_instead_of);
    execute format(
        'alter table %s add constraint %I unique using index %I%s', p_table, p_rule,
        (select c.relname from pg_catalog.pg_class as c where c.oid = v_index),
        case when v_deferrable then ' deferrable' end
    );
    insert into tenancy.scoped_unique_rules (table_name, constraint_name, original_name, original_definition)
    values (p_table, p_rule, p_instead_of, v_definition);

    -- The old rule was the index by which a person's account that goes finds their rows.
    if exists (
        select 1 from pg_catalog.pg_attribute as a
        where a.attrelid = p_table and a.attname = 'user_id' and not a.attisdropped
    ) and not tenancy.has_index(p_table, 'user_id') then
        perform tenancy.build_index(p_table, 'index', v_name || '_user_id_idx', 'user_id');
    end if;
end
$$;
comment on function tenancy.scope_unique_rule(regclass, name, name, text[]) is
    'Replaces a unique rule by one that compares organization_id too. Without it the refusal would tell which rows other
organizations have. Whatever the new rule refuses must be merged before.';


revoke execute on all functions in schema tenancy from public;
