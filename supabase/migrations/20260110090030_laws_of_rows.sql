-- Laws of rows: each belongs to one organization, is stamped, never moves, and refers to its own kind alone.

create function tenancy.expected_triggers()
returns table (id oid, label text, trigger_name text, definition text)
language sql stable
set search_path = ''
as $$
    select r.id, r.label, 'stamp',
        format('CREATE TRIGGER stamp BEFORE INSERT ON %s FOR EACH STATEMENT EXECUTE FUNCTION tenancy.stamp()', r.label)
    from tenancy.registered_relations() as r
    union all
    select r.id, r.label, 'refuse_move', format(
        'CREATE TRIGGER refuse_move BEFORE UPDATE OF id, organization_id%2$s ON %1$s FOR EACH ROW'
        || ' WHEN (((new.id IS DISTINCT FROM old.id) OR (new.organization_id IS DISTINCT FROM old.organization_id)%3$s))'
        || ' EXECUTE FUNCTION tenancy.refuse_move()',
        r.label,
        case when r.has_author then ', user_id' end,
        case when r.has_author then ' OR (new.user_id IS DISTINCT FROM old.user_id)' end
    )
    from tenancy.registered_relations() as r
$$;
comment on function tenancy.expected_triggers() is 'The triggers that every protected table has, as Postgres prints them.';


create function tenancy.trigger_faults(p_trigger_name text)
returns table (id oid, fault text, mend text)
language sql stable
set search_path = ''
as $$
    select
        e.id,
        case
            when t.oid is null then format('the trigger %s is missing', e.trigger_name)
            when t.tgenabled not in ('O', 'A') then format('the trigger %s is disabled', e.trigger_name)
            when pg_get_triggerdef(t.oid) <> e.definition then format('the trigger is: %s', pg_get_triggerdef(t.oid))
        end,
        format(
            '%s; alter table %s enable trigger %I;', replace(e.definition, 'CREATE TRIGGER', 'create or replace trigger'),
            e.label, e.trigger_name
        )
    from tenancy.expected_triggers() as e
    left join pg_catalog.pg_trigger as t on t.tgrelid = e.id and t.tgname = e.trigger_name
    where e.trigger_name = p_trigger_name
$$;
comment on function tenancy.trigger_faults(text) is 'What is wrong with one of the triggers that every protected table has; null for nothing.';


create function tenancy.verify_columns()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    select
        'every_row_has_an_organization',
        r.label,
        case
            when a.attnum is null then 'there is no organization_id'
            when not a.attnotnull then 'organization_id may be null'
            when not k.is_there then 'organization_id is no foreign key to public.organizations'
        end,
        case when a.attnum is null then format(
            'alter table %s add column organization_id uuid not null default tenancy.default_organization_id(); ', r.label
        ) else '' end
        || case when not a.attnotnull then format(
            'alter table %1$s disable trigger user; update %1$s set organization_id = tenancy.default_organization_id()'
            || ' where organization_id is null; alter table %1$s enable trigger user;'
            || ' alter table %1$s alter column organization_id set not null; ', r.label
        ) else '' end
        || case when not k.is_there then format(
            'alter table %s add constraint %I foreign key (organization_id) references public.organizations (id) on delete cascade;',
            r.label, r.table_name || '_belong_to_an_organization'
        ) else '' end
    from tenancy.registered_relations() as r
    left join pg_catalog.pg_attribute as a on a.attrelid = r.id and a.attnum = r.organization_column
    cross join lateral (
        select exists (
            select 1 from pg_catalog.pg_constraint as con
            where con.conrelid = r.id and con.contype = 'f' and con.confrelid = 'public.organizations'::regclass
                and con.conkey = array[r.organization_column]
        ) as is_there
    ) as k

    union all
    select
        'rows_are_stamped',
        r.label,
        nullif(concat_ws('; ', f.fault, d.fault), ''),
        concat_ws(' ', case when f.fault is not null then f.mend end, d.mend)
    from tenancy.registered_relations() as r
    join tenancy.trigger_faults('stamp') as f on f.id = r.id
    cross join lateral (
        select
            string_agg(format('%s has the default %s', stamped.name, coalesce(stamped.preset, 'null')), '; ') as fault,
            string_agg(
                format(
                    'alter table %s alter column %I set default nullif(current_setting(%L, true), '''')::uuid;',
                    r.label, stamped.name, 'tenancy.' || stamped.name
                ),
                ' '
            ) as mend
        from (
            select a.attname as name, pg_get_expr(def.adbin, def.adrelid) as preset
            from pg_catalog.pg_attribute as a
            left join pg_catalog.pg_attrdef as def on def.adrelid = a.attrelid and def.adnum = a.attnum
            where a.attrelid = r.id and a.attname in ('organization_id', 'user_id') and not a.attisdropped
        ) as stamped
        where stamped.preset is distinct from
            format('(NULLIF(current_setting(''tenancy.%s''::text, true), ''''::text))::uuid', stamped.name)
    ) as d

    union all
    select 'rows_never_move', r.label, f.fault, f.mend
    from tenancy.registered_relations() as r
    join tenancy.trigger_faults('refuse_move') as f on f.id = r.id

    union all
    select
        'rows_are_found_by_organization',
        r.label,
        case when not tenancy.has_index(r.id, 'organization_id', 'created_at') then
            'no valid index leads with organization_id, created_at'
        end,
        format(
            'drop index if exists %2$s; create index %1$I on %3$s (organization_id, created_at desc);',
            r.table_name || '_organization_id_created_at_idx',
            format('%I.%I', n.nspname, r.table_name || '_organization_id_created_at_idx'), r.label
        )
    from tenancy.registered_relations() as r
    join pg_catalog.pg_class as c on c.oid = r.id
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
$$;
comment on function tenancy.verify_columns() is 'Each row has its organization, gets it by itself and keeps it. See tenancy.verify().';


create function tenancy.verify_keys()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    with keys as (
        select
            con.oid, con.conname, child.id as child_id, child.label as child_label, child.protect_call, con.conkey, con.confkey,
            parent.label as parent_label,
            exists (
                select 1
                from unnest(con.conkey, con.confkey) as pair (child_column, parent_column)
                where pair.child_column = child.organization_column and pair.parent_column = parent.organization_column
            ) as is_scoped
        from pg_catalog.pg_constraint as con
        join tenancy.registered_relations() as child on child.id = con.conrelid
        join tenancy.registered_relations() as parent on parent.id = con.confrelid
        where con.contype = 'f'
    )
    select
        'constraints_are_validated',
        g.label,
        'not validated: ' || string_agg(con.conname, ', ' order by con.conname),
        string_agg(format('alter table %s validate constraint %I;', g.label, con.conname), ' ' order by con.conname)
            filter (where con.oid is not null)
    from tenancy.guarded_relations() as g
    left join pg_catalog.pg_constraint as con on con.conrelid = g.id and con.contype in ('f', 'c') and not con.convalidated
    where g.kind in ('r', 'p')
    group by g.label

    union all
    select
        'keys_stay_in_the_organization',
        format('%s on %s', k.conname, k.child_label),
        case when not k.is_scoped then format('it is %s', pg_get_constraintdef(k.oid)) end,
        case
            when cardinality(k.conkey) = 1 then format(
                'delete from tenancy.scoped_foreign_keys where child = %L::regclass and constraint_name = %L; %s',
                k.child_label, k.conname, k.protect_call
            )
            else format('alter table %s drop constraint %I;', k.child_label, k.conname)
        end
    from keys as k

    union all
    -- A reference that protect() narrowed is still one.
    select
        'keys_stay_in_the_organization',
        format('%s on %s', k.constraint_name, child.label),
        case when con.oid is null then 'it is missing' end,
        case
            when not exists (
                select 1 from pg_catalog.pg_constraint as u
                where u.conrelid = k.parent and u.conname = parent.table_name || '_are_unique_in_their_organization'
            ) then format(
                'select tenancy.add_unique_key(%L, %L, %L); ', parent.label,
                parent.table_name || '_are_unique_in_their_organization', k.parent_column
            )
            else ''
        end || format(
            'alter table %s add constraint %I foreign key (organization_id, %I) references %s (organization_id, %I) %s;',
            child.label, k.constraint_name, k.child_column, parent.label, k.parent_column,
            regexp_replace(
                coalesce(substring(k.original_definition from 'ON DELETE .*$'), ''), 'SET (NULL|DEFAULT)',
                format('SET \1 (%I)', k.child_column)
            )
        )
    from tenancy.scoped_foreign_keys as k
    join tenancy.registered_relations() as child on child.id = k.child
    join tenancy.registered_relations() as parent on parent.id = k.parent
    left join pg_catalog.pg_constraint as con
        on con.conrelid = k.child and con.conname = k.constraint_name and con.contype = 'f'
    where con.oid is null

    union all
    -- The arguments of the trigger name each parent: the column that names it, its table and the column named.
    select
        'children_take_their_parents_organization',
        k.child_label,
        case
            when t.oid is null then 'the trigger inherit_organization is missing'
            when t.tgenabled not in ('O', 'A') then 'the trigger inherit_organization is disabled'
            when t.tgfoid <> 'tenancy.inherit_organization()'::regprocedure or t.tgtype <> 7
                or pg_get_triggerdef(t.oid) not like '%WHEN ((new.organization_id IS NULL))%'
                or bool_or(position(k.argument in t.tgargs) = 0)
            then format('the trigger is: %s', pg_get_triggerdef(t.oid))
        end,
        format(
            'create or replace trigger inherit_organization before insert on %1$s for each row when (new.organization_id is null)'
            || ' execute function tenancy.inherit_organization(%2$s); alter table %1$s enable trigger inherit_organization;',
            k.child_label,
            string_agg(format('%L, %L, %L', k.child_column, k.parent_label, k.parent_column), ', ' order by k.conname)
        )
    from (
        select
            keys.child_id, keys.child_label, keys.parent_label, keys.conname, a.attname as child_column, pa.attname as parent_column,
            convert_to(a.attname, 'UTF8') || '\x00'::bytea || convert_to(keys.parent_label, 'UTF8') || '\x00'::bytea
            || convert_to(pa.attname, 'UTF8') || '\x00'::bytea as argument
        from keys
        join tenancy.registered_relations() as child on child.id = keys.child_id
        cross join lateral unnest(keys.conkey, keys.confkey) as pair (child_column, parent_column)
        join pg_catalog.pg_attribute as a on a.attrelid = keys.child_id and a.attnum = pair.child_column
        join pg_catalog.pg_constraint as con on con.oid = keys.oid
        join pg_catalog.pg_attribute as pa on pa.attrelid = con.confrelid and pa.attnum = pair.parent_column
        where pair.child_column <> child.organization_column
    ) as k
    left join pg_catalog.pg_trigger as t on t.tgrelid = k.child_id and t.tgname = 'inherit_organization'
    group by k.child_label, t.oid, t.tgenabled, t.tgfoid, t.tgtype
$$;
comment on function tenancy.verify_keys() is 'Rows refer to rows of their own organization, and children follow their parents. See tenancy.verify().';


create function tenancy.verify_triggers()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    select
        'no_trigger_is_disabled',
        g.label,
        'disabled: ' || string_agg(t.tgname, ', ' order by t.tgname),
        string_agg(format('alter table %s enable trigger %I;', g.label, t.tgname), ' ' order by t.tgname)
            filter (where t.oid is not null)
    from tenancy.guarded_relations() as g
    left join pg_catalog.pg_trigger as t on t.tgrelid = g.id and t.tgenabled not in ('O', 'A')
    where g.kind in ('r', 'p')
    group by g.label

    union all
    select
        'triggers_have_no_further_rights',
        g.label,
        string_agg(format('the trigger %s runs %s with its owner''s rights', t.tgname, t.function_name), '; ' order by t.tgname)
            filter (where t.tgrelid is not null),
        string_agg(format('drop trigger %I on %s;', t.tgname, g.label), ' ' order by t.tgname)
            filter (where t.tgrelid is not null)
    from tenancy.guarded_relations() as g
    left join (
        select t.tgrelid, t.tgname, p.oid::regprocedure as function_name
        from pg_catalog.pg_trigger as t
        join pg_catalog.pg_proc as p on p.oid = t.tgfoid
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        where not t.tgisinternal and p.prosecdef and n.nspname <> 'tenancy'
    ) as t on t.tgrelid = g.id
    where g.kind in ('r', 'p', 'v')
    group by g.label
$$;
comment on function tenancy.verify_triggers() is 'Triggers fire, and none but the engine''s acts with more rights than the caller. See tenancy.verify().';


revoke execute on all functions in schema tenancy from public;
