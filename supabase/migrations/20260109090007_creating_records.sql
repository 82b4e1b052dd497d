-- Rows of protected tables, created by an entry point: as an insert through the Data API, with an answer that can be kept
-- for a retry. It runs as its caller, so that policies, grants and stamps are those of any insert.

create function tenancy.insert_statement(p_table_name text, p_records jsonb)
returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_relation regclass;
    v_unknown text;
    v_columns text;
    v_types text;
    v_defaults text;
begin
    select format('%I.%I', p.table_schema, p.table_name)::regclass into v_relation
    from tenancy.protected_tables as p
    where p.table_schema = 'public' and p.table_name = p_table_name;
    if v_relation is null then
        perform tenancy.refuse('not_found', 'There is no such table.');
    end if;
    if not (
        case when jsonb_typeof(p_records) = 'array' then
            jsonb_array_length(p_records) between 1 and 1000
            and not exists (select 1 from jsonb_array_elements(p_records) as r (record) where jsonb_typeof(r.record) <> 'object')
        else false end
    ) then
        perform tenancy.refuse('validation_failed', 'Send one object, or an array of 1 to 1,000 of them.');
    end if;

    with keys as (
        select k.key, count(*) = jsonb_array_length(p_records) as is_in_all
        from jsonb_array_elements(p_records) as r (record)
        cross join jsonb_object_keys(r.record) as k (key)
        group by k.key
        union all
        -- Rows without any value need a column all the same, and every protected table has this one.
        select 'id', false
        where not exists (select 1 from jsonb_array_elements(p_records) as r (record) where r.record <> '{}')
    )
    select
        min(k.key collate "C") filter (where a.attname is null),
        string_agg(quote_ident(a.attname), ', ' order by a.attnum),
        string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum),
        string_agg(
            format('jsonb_build_object(%L, %s) || ', a.attname, pg_get_expr(d.adbin, d.adrelid)), '' order by a.attnum
        ) filter (where not k.is_in_all and d.adbin is not null and a.attgenerated = '')
    into v_unknown, v_columns, v_types, v_defaults
    from keys as k
    left join pg_catalog.pg_attribute as a
        on a.attrelid = v_relation and a.attname = k.key and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum;
    if v_unknown is not null then
        raise exception using
            errcode = 'undefined_column',
            message = format('Could not find the ''%s'' column of ''%s'' in the schema cache', v_unknown, p_table_name);
    end if;

    perform tenancy.refuse_early('POST', '/' || p_table_name, null);
    return format(
        'with stored as (
            insert into %1$s (%2$s)
            select %2$s
            from jsonb_array_elements($1) with ordinality as "sent record" (value, position)
            cross join lateral jsonb_to_record(%3$s"sent record".value) as "new record" (%4$s)
            order by "sent record".position
            returning *
        )
        select json_agg(s)::text from stored as s',
        v_relation, v_columns, coalesce(v_defaults, ''), v_types
    );
end
$$;
comment on function tenancy.insert_statement(text, jsonb) is
    'The insert of these rows into a protected table, all in one statement: what a row leaves out gets its default, evaluated
for each. Raises not_found, validation_failed, undefined_column, and what tenancy.refuse_early() raises.';


create function tenancy.create_records(p_table_name text, p_records jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
    v_records jsonb := case jsonb_typeof(p_records) when 'object' then jsonb_build_array(p_records) else p_records end;
    v_stored text;
begin
    execute tenancy.insert_statement(p_table_name, v_records) into v_stored using v_records;
    return v_stored;
end
$$;
comment on function tenancy.create_records(text, jsonb) is 'See public.create_records(). Runs as the caller.';


create function public.create_records(table_name text, records jsonb)
returns json
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed_text(), tenancy.kept(tenancy.create_records(table_name, records)))::json;
end
$$;
comment on function public.create_records(text, jsonb) is
    'Stores one row or up to 1,000 in a protected table, all or none, as an insert would; a retry under an idempotency key stores
nothing more. The rows, in the order they came. Raises not_found, organization_required, organization_suspended,
unauthenticated, validation_failed, and what the insert itself raises.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.insert_statement(text, jsonb),
    tenancy.create_records(text, jsonb)
to authenticated;

revoke execute on function public.create_records(text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_records(text, jsonb) to authenticated;
