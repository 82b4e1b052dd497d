-- What an organization wants to know of its leads: fields of its own, whose values are under their keys in
-- leads.custom_fields. check_custom_fields() holds them for every way in.
--
-- What a statement writes has to fit, and what it leaves as it was is not asked again: a lead from before a field was
-- required, before an option was taken away or before a field was removed stays as useful as it was. An organization
-- without fields keeps whatever it likes.

create function tenancy.are_choices(p_choices text[])
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select cardinality(p_choices) >= 1 and cardinality(p_choices) <= 100
            and (
                select bool_and(coalesce(char_length(c) >= 1 and char_length(c) <= 100 and tenancy.is_readable_line(c), false))
                    and count(distinct c) = count(*)
                from unnest(p_choices) as c
            )
    );
end
$$;
comment on function tenancy.are_choices(text[]) is
    'Whether texts can be chosen from: 1 to 100 of them, each one line of 1 to 100 characters, none twice.';


create table public.lead_fields (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    key text not null,
    label text not null,
    type text not null,
    required boolean not null default false,
    options text[],
    position integer not null default 1,
    created_at timestamptz not null default now(),
    constraint lead_fields_have_a_key_of_their_own unique (organization_id, key),
    constraint lead_fields_key_is_a_word check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    constraint lead_fields_label_is_readable
        check (char_length(label) >= 1 and char_length(label) <= 100 and tenancy.is_readable_line(label)),
    constraint lead_fields_type_is_known
        check (type in ('text', 'number', 'boolean', 'date', 'choice', 'email', 'url')),
    constraint lead_fields_have_options_for_a_choice check ((options is not null) = (type = 'choice')),
    constraint lead_fields_options_can_be_told_apart check (tenancy.are_choices(options)),
    constraint lead_fields_position_is_positive check (position > 0)
);
alter table public.lead_fields enable row level security;
alter table public.lead_fields force row level security;
comment on table public.lead_fields is
    'The fields that an organization has its leads have, in the order of position. Their values are in leads.custom_fields.';
comment on column public.lead_fields.options is 'What can be chosen, where the type is choice.';

insert into tenancy.spanning_tables (table_schema, table_name, reason, read_rule) values
    (
        'public', 'lead_fields', 'a person sees those of all their organizations',
        'organization_id = any ((select tenancy.member_organization_ids())::uuid[])'
    );


create function tenancy.keep_lead_field()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform tenancy.refuse('conflict', 'A field keeps its key and its type: values rest on them. Remove it and add another one.');
    return null;
end
$$;
comment on function tenancy.keep_lead_field() is 'Keeps the key, the type and the organization of a field. Raises conflict.';

create trigger keep_lead_field before update of organization_id, key, type on public.lead_fields
for each row when (
    old.organization_id is distinct from new.organization_id or old.key is distinct from new.key
    or old.type is distinct from new.type
)
execute function tenancy.keep_lead_field();


create function tenancy.record_lead_field()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - 'created_at' end;
    v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - 'created_at' end;
begin
    if tenancy.entries_are_held() or not exists (
        -- The organization itself is being removed.
        select 1 from public.organizations as o where o.id = coalesce(new.organization_id, old.organization_id)
    ) then
        return null;
    end if;
    perform tenancy.record(
        coalesce(new.organization_id, old.organization_id),
        case tg_op when 'INSERT' then 'lead_field.created' when 'DELETE' then 'lead_field.removed' else 'lead_field.changed' end,
        'lead_field',
        coalesce(new.id, old.id),
        case when tg_op = 'UPDATE' then tenancy.differences(v_old, v_new) else v_old end,
        case when tg_op = 'UPDATE' then tenancy.differences(v_new, v_old) else v_new end
    );
    return null;
end
$$;
comment on function tenancy.record_lead_field() is 'Writes the entry of a change to a field.';

create trigger record_lead_field after insert or update or delete on public.lead_fields
for each row execute function tenancy.record_lead_field();


create function tenancy.custom_field_faults(p_organization_id uuid, p_new jsonb[], p_old jsonb[])
returns table (place bigint, key text, label text, code text, message text)
language plpgsql stable
set search_path = ''
as $$
declare
    v_keys text[] := array(select f.key from public.lead_fields as f where f.organization_id = p_organization_id);
begin
    return query
    with written as (
        select w.place, w.new, w.old, jsonb_typeof(w.new) = 'object' as is_object
        from unnest(p_new, p_old) with ordinality as w (new, old, place)
    ),
    faults as (
        select w.place, 0 as position, null::text as key, null::text as label, 'invalid_value' as code, 'Must be an object.' as message
        from written as w
        where not w.is_object
        union all
        select w.place, 0, k.key, null, 'unrecognized_keys', 'Unknown field.'
        from written as w
        cross join lateral jsonb_object_keys(case when w.is_object then w.new - v_keys else '{}' end) as k (key)
        where w.new -> k.key is distinct from w.old -> k.key
        union all
        select w.place, f.position, f.key, f.label, case m.message when 'Must have a value.' then 'required' else 'invalid_value' end, m.message
        from written as w
        join public.lead_fields as f on f.organization_id = p_organization_id
        cross join lateral (
            select w.new -> f.key as value, coalesce(jsonb_typeof(w.new -> f.key), 'null') as type, w.new ->> f.key as text
        ) as v
        -- The words are those of shared/contract/custom-fields.ts.
        cross join lateral (
            select case
                when v.type = 'null' then case when f.required then 'Must have a value.' end
                when f.type = 'text' then case
                    when v.type <> 'string' then 'Must be a text.'
                    when char_length(v.text) > 1000 then 'Must have at most 1,000 characters.'
                    when f.required and v.text ~ '^ *$' then 'Must have a value.'
                end
                when f.type = 'number' then case when v.type <> 'number' then 'Must be a number.' end
                when f.type = 'boolean' then case when v.type <> 'boolean' then 'Must be true or false.' end
                when f.type = 'date' then case
                    when v.type <> 'string' or v.text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(v.text, 'date')
                    then 'Must be a date such as 2026-01-31.'
                end
                when f.type = 'choice' then case
                    when v.type <> 'string' or v.text <> all (f.options) then 'Must be one of the options.'
                end
                when f.type = 'email' then case
                    when v.type <> 'string' or char_length(v.text) > 254
                        or v.text !~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$'
                    then 'Must be an e-mail address such as iris@example.com.'
                end
                when f.type = 'url' then case
                    when v.type <> 'string' or char_length(v.text) > 2000 or v.text !~ '^https?://[!-.0-~]+(/[!-~]*)?$'
                    then 'Must be a web address such as https://example.com.'
                end
            end as message
        ) as m
        where w.is_object and m.message is not null
            and (w.old is null or v.value is distinct from w.old -> f.key)
    )
    select f.place, f.key, f.label, f.code, f.message from faults as f order by f.place, f.position, f.key collate "C";
end
$$;
comment on function tenancy.custom_field_faults(uuid, jsonb[], jsonb[]) is
    'What is wrong with custom fields of an organization''s leads: new values, each with the one it replaces (null: a new lead).
place counts them from 1; key is null where it is no object at all.';


create function tenancy.check_custom_fields()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_organization_ids uuid[] := array(select distinct n.organization_id from new_leads as n);
    v_organization_id uuid;
    v_rows bigint;
    v_places bigint[];
    v_ids uuid[];
    v_new jsonb[];
    v_old jsonb[];
    v_faults record;
begin
    -- Those that have fields. Most statements end here.
    v_organization_ids := array(
        select distinct f.organization_id from public.lead_fields as f where f.organization_id = any (v_organization_ids)
    );
    if v_organization_ids = '{}' then
        return null;
    end if;
    select count(*) into v_rows from new_leads;
    foreach v_organization_id in array v_organization_ids loop
        if tg_op = 'INSERT' then
            select array_agg(n.place), array_agg(n.id), array_agg(n.custom_fields), array_agg(null::jsonb)
            into v_places, v_ids, v_new, v_old
            from (select l.id, l.organization_id, l.custom_fields, row_number() over () as place from new_leads as l) as n
            where n.organization_id = v_organization_id;
        else
            select array_agg(null::bigint), array_agg(n.id), array_agg(n.custom_fields), array_agg(o.custom_fields)
            into v_places, v_ids, v_new, v_old
            from new_leads as n
            join old_leads as o on o.id = n.id
            where n.organization_id = v_organization_id and n.custom_fields is distinct from o.custom_fields;
        end if;
        select
            count(*) as number,
            jsonb_agg(
                jsonb_build_object(
                    'pointer', concat(
                        '/' || case when v_rows > 1 then v_places[f.place] - 1 end, '/custom_fields',
                        '/' || replace(replace(f.key, '~', '~0'), '/', '~1')
                    ),
                    'code', f.code,
                    'message', f.message
                )
                order by f.nth
            ) filter (where f.nth <= 100) as errors,
            min(concat(
                case
                    when v_rows > 1 and tg_op = 'INSERT' then format('Row %s, ', v_places[f.place])
                    when v_rows > 1 then format('Lead %s, ', v_ids[f.place])
                end,
                coalesce(f.label, left(f.key, 60), 'custom_fields'), ': ', f.message
            )) filter (where f.nth = 1) as first
        into v_faults
        from (
            select *, row_number() over () as nth from tenancy.custom_field_faults(v_organization_id, v_new, v_old)
        ) as f;
        if v_faults.number > 0 then
            perform tenancy.refuse(
                'validation_failed',
                v_faults.first || case when v_faults.number > 1 then format(' (And %s more.)', v_faults.number - 1) else '' end,
                jsonb_build_object('errors', v_faults.errors)
            );
        end if;
    end loop;
    return null;
end
$$;
comment on function tenancy.check_custom_fields() is
    'After leads have come or changed: what was written of their custom fields fits the fields of their organization. Asked once
a statement. Raises validation_failed, with up to 100 errors.';


select tenancy.lock_tables('public.leads');

create trigger check_custom_fields_of_new after insert on public.leads
referencing new table as new_leads
for each statement execute function tenancy.check_custom_fields();

create trigger check_custom_fields_of_changed after update on public.leads
referencing old table as old_leads new table as new_leads
for each statement execute function tenancy.check_custom_fields();


create function tenancy.make_room_for_lead_field(p_organization_id uuid, p_field_id uuid, p_position integer)
returns void
language plpgsql
set search_path = ''
as $$
begin
    -- That others move up or down is no change of theirs: the entry tells of the one that was put there.
    perform tenancy.hold_entries();
    update public.lead_fields as f
    set position = o.rank + coalesce(o.rank >= p_position, false)::integer
    from (
        select l.id, row_number() over (order by l.position, l.key) as rank
        from public.lead_fields as l
        where l.organization_id = p_organization_id and l.id is distinct from p_field_id
    ) as o
    where f.id = o.id and f.position <> o.rank + coalesce(o.rank >= p_position, false)::integer;
    perform set_config('tenancy.entries', '', true);
end
$$;
comment on function tenancy.make_room_for_lead_field(uuid, uuid, integer) is
    'Counts the fields of an organization but one anew from 1, and leaves a position out for it; none where it is null.';


create function tenancy.require_lead_field(p_organization_id uuid, p_field_id uuid)
returns public.lead_fields
language plpgsql stable
set search_path = ''
as $$
declare
    v_field public.lead_fields;
begin
    select * into v_field from public.lead_fields as f where f.id = p_field_id and f.organization_id = p_organization_id;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such field.');
    end if;
    return v_field;
end
$$;
comment on function tenancy.require_lead_field(uuid, uuid) is 'A field of an organization. Raises not_found.';


create function tenancy.list_lead_fields(p_organization_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    perform tenancy.require_role(p_organization_id, 'member', p_for_write => false);
    return jsonb_build_object('fields', (
        select coalesce(jsonb_agg(to_jsonb(f) order by f.position, f.key), '[]')
        from public.lead_fields as f
        where f.organization_id = p_organization_id
    ));
end
$$;
comment on function tenancy.list_lead_fields(uuid) is 'See public.list_lead_fields().';


create function tenancy.create_lead_field(
    p_organization_id uuid, p_key text, p_label text, p_type text, p_required boolean, p_options text[], p_position integer
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_count integer;
    v_position integer;
    v_field public.lead_fields;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    select count(*) into v_count from public.lead_fields as f where f.organization_id = p_organization_id;
    if v_count >= 50 then
        perform tenancy.refuse('conflict', 'An organization has at most 50 fields.');
    elsif exists (select 1 from public.lead_fields as f where f.organization_id = p_organization_id and f.key = p_key) then
        perform tenancy.refuse('conflict', 'This organization has a field with this key already.');
    end if;
    v_position := least(greatest(coalesce(p_position, v_count + 1), 1), v_count + 1);
    perform tenancy.make_room_for_lead_field(p_organization_id, null, v_position);
    insert into public.lead_fields (organization_id, key, label, type, required, options, position)
    values (p_organization_id, p_key, btrim(p_label), p_type, coalesce(p_required, false), p_options, v_position)
    returning * into v_field;
    return jsonb_build_object('field', to_jsonb(v_field));
end
$$;
comment on function tenancy.create_lead_field(uuid, text, text, text, boolean, text[], integer) is 'See public.create_lead_field().';


create function tenancy.update_lead_field(
    p_organization_id uuid, p_field_id uuid, p_label text, p_required boolean, p_options text[], p_position integer
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_count integer;
    v_position integer;
    v_field public.lead_fields;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_field := tenancy.require_lead_field(p_organization_id, p_field_id);
    select count(*) into v_count from public.lead_fields as f where f.organization_id = p_organization_id;
    v_position := least(greatest(coalesce(p_position, v_field.position), 1), v_count);
    perform tenancy.make_room_for_lead_field(p_organization_id, p_field_id, v_position);
    update public.lead_fields as f
    set label = coalesce(btrim(p_label), f.label), required = coalesce(p_required, f.required),
        options = coalesce(p_options, f.options), position = v_position
    where f.id = p_field_id
    returning * into v_field;
    return jsonb_build_object('field', to_jsonb(v_field));
end
$$;
comment on function tenancy.update_lead_field(uuid, uuid, text, boolean, text[], integer) is 'See public.update_lead_field().';


create function tenancy.remove_lead_field(p_organization_id uuid, p_field_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_field public.lead_fields;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_field := tenancy.require_lead_field(p_organization_id, p_field_id);
    delete from public.lead_fields as f where f.id = p_field_id;
    perform tenancy.make_room_for_lead_field(p_organization_id, null, null);
    return jsonb_build_object('field', to_jsonb(v_field));
end
$$;
comment on function tenancy.remove_lead_field(uuid, uuid) is 'See public.remove_lead_field().';


create function public.list_lead_fields(organization_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_lead_fields(organization_id);
end
$$;
comment on function public.list_lead_fields(uuid) is
    'The fields that an organization has its leads have, in their order; members. {fields}. Raises unauthenticated, not_found.';


create function public.create_lead_field(
    organization_id uuid,
    key text,
    label text,
    type text,
    required boolean default false,
    options text[] default null,
    "position" integer default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(
        tenancy.replayed(),
        tenancy.kept(tenancy.create_lead_field(organization_id, key, label, type, required, options, "position"))
    );
end
$$;
comment on function public.create_lead_field(uuid, text, text, text, boolean, text[], integer) is
    'Adds a field of leads: text, number, boolean, date, choice (with options), email or url. At a position the others make room;
without one it is the last. Leads that are there stay as they are. Admins and above. {field}. Raises unauthenticated,
not_found, forbidden, organization_suspended, validation_failed, conflict (the key is taken, or there are 50 fields).';


create function public.update_lead_field(
    organization_id uuid,
    field_id uuid,
    label text default null,
    required boolean default null,
    options text[] default null,
    "position" integer default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.update_lead_field(organization_id, field_id, label, required, options, "position");
end
$$;
comment on function public.update_lead_field(uuid, uuid, text, boolean, text[], integer) is
    'Changes what is given of a field; its key and type stay. What leads have is not asked again until it is written anew. Admins and
above. {field}. Raises unauthenticated, not_found, forbidden, organization_suspended, validation_failed.';


create function public.remove_lead_field(organization_id uuid, field_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.remove_lead_field(organization_id, field_id);
end
$$;
comment on function public.remove_lead_field(uuid, uuid) is
    'Removes a field. Leads keep their values of it, which can stay or go but not change. Admins and above. {field}. Raises
unauthenticated, not_found, forbidden, organization_suspended.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.list_lead_fields(uuid),
    tenancy.create_lead_field(uuid, text, text, text, boolean, text[], integer),
    tenancy.update_lead_field(uuid, uuid, text, boolean, text[], integer),
    tenancy.remove_lead_field(uuid, uuid)
to authenticated;
-- The checks of public.lead_fields run as whoever writes the row.
grant execute on function tenancy.are_choices(text[]) to service_role;

revoke execute on function
    public.list_lead_fields(uuid),
    public.create_lead_field(uuid, text, text, text, boolean, text[], integer),
    public.update_lead_field(uuid, uuid, text, boolean, text[], integer),
    public.remove_lead_field(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function
    public.list_lead_fields(uuid),
    public.create_lead_field(uuid, text, text, text, boolean, text[], integer),
    public.update_lead_field(uuid, uuid, text, boolean, text[], integer),
    public.remove_lead_field(uuid, uuid)
to authenticated;

revoke all on public.lead_fields from public, anon, authenticated, service_role;
grant select on public.lead_fields to authenticated;
grant select, insert, update, delete on public.lead_fields to service_role;

create policy lead_fields_select on public.lead_fields for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids())::uuid[]));
