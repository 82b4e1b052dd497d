-- When an organization calls and which number it shows, unless a campaign says otherwise: what a new campaign or broadcast
-- has, whoever inserts it and however, where nothing else is given.
--
-- The number may be released at any time, by people who change numbers and not the organization. It is a default while it can
-- be used: asked when it is set, and again whenever it would be used. Nobody waits for the organization to release a number.

alter table public.organizations
    add column calling_hours_start time,
    add column calling_hours_end time,
    add column default_caller_id text,
    add constraint organizations_calling_hours_have_a_start_and_an_end
        check ((calling_hours_start is null) = (calling_hours_end is null)),
    add constraint organizations_calling_hours_end_after_they_start check (calling_hours_start < calling_hours_end);
comment on column public.organizations.calling_hours_start is
    'From when new campaigns and broadcasts call, in the organization''s time zone. Null, as calling_hours_end is then: what
their columns say.';
comment on column public.organizations.default_caller_id is
    'The number that new campaigns show; counts while it is one of the organization''s that is not released.';


create function tenancy.has_number(p_organization_id uuid, p_number text)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return exists (
        select 1 from public.phone_numbers as n
        where n.organization_id = p_organization_id and n.number = p_number and n.status <> 'released'
    );
end
$$;
comment on function tenancy.has_number(uuid, text) is 'Whether a number is one of an organization''s that is not released.';


create function tenancy.check_default_caller_id()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if not tenancy.has_number(new.id, new.default_caller_id) then
        perform tenancy.refuse(
            'validation_failed',
            'The default caller id has to be one of the organization''s phone numbers that is not released.',
            '{"errors": [{"pointer": "/default_caller_id", "code": "unknown_number", "message": "Must be a phone number of the organization that is not released."}]}'
        );
    end if;
    return new;
end
$$;
comment on function tenancy.check_default_caller_id() is
    'Refuses a default caller id that the organization can''t show, whoever writes. Raises validation_failed.';

create trigger check_first_default_caller_id before insert on public.organizations
for each row when (new.default_caller_id is not null)
execute function tenancy.check_default_caller_id();

create trigger check_default_caller_id before update of default_caller_id on public.organizations
for each row when (new.default_caller_id is distinct from old.default_caller_id and new.default_caller_id is not null)
execute function tenancy.check_default_caller_id();


create function tenancy.stamp_calling_defaults()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    -- What stamp() has found: its name comes before this one's.
    v_organization_id uuid := nullif(current_setting('tenancy.organization_id', true), '')::uuid;
    v_default record;
begin
    select
        o.calling_hours_start, o.calling_hours_end,
        -- Hours are a zone's: without them a campaign keeps to what it always had.
        case when o.calling_hours_start is not null then o.timezone end as timezone,
        case when tenancy.has_number(o.id, o.default_caller_id) then o.default_caller_id end as caller_id
    into v_default
    from public.organizations as o
    where o.id = v_organization_id;
    perform
        set_config('tenancy.calling_hours_start', coalesce(v_default.calling_hours_start::text, ''), true),
        set_config('tenancy.calling_hours_end', coalesce(v_default.calling_hours_end::text, ''), true),
        set_config('tenancy.calling_timezone', coalesce(v_default.timezone, ''), true),
        set_config('tenancy.caller_id', coalesce(v_default.caller_id, ''), true);
    return null;
end
$$;
comment on function tenancy.stamp_calling_defaults() is
    'Before each insert of what calls by the clock: what the organization has set for it. The column defaults read it.';


select tenancy.lock_tables('public.campaigns', 'public.voice_broadcasts');

alter table public.campaigns
    add column caller_id text,
    add constraint campaigns_caller_id_is_at_most_32_characters check (char_length(caller_id) <= 32);
comment on column public.campaigns.caller_id is 'The number that its calls show. Null: whatever the carrier shows.';

alter table public.campaigns
    alter column calling_hours_start set default coalesce(nullif(current_setting('tenancy.calling_hours_start', true), ''), '09:00')::time,
    alter column calling_hours_end set default coalesce(nullif(current_setting('tenancy.calling_hours_end', true), ''), '17:00')::time,
    alter column timezone set default coalesce(nullif(current_setting('tenancy.calling_timezone', true), ''), 'America/New_York'),
    alter column caller_id set default nullif(current_setting('tenancy.caller_id', true), '');

alter table public.voice_broadcasts
    alter column calling_hours_start set default coalesce(nullif(current_setting('tenancy.calling_hours_start', true), ''), '09:00')::time,
    alter column calling_hours_end set default coalesce(nullif(current_setting('tenancy.calling_hours_end', true), ''), '17:00')::time,
    alter column timezone set default coalesce(nullif(current_setting('tenancy.calling_timezone', true), ''), 'America/New_York');

create trigger stamp_calling_defaults before insert on public.campaigns
for each statement execute function tenancy.stamp_calling_defaults();

create trigger stamp_calling_defaults before insert on public.voice_broadcasts
for each statement execute function tenancy.stamp_calling_defaults();


create or replace function tenancy.update_organization(p_organization_id uuid, p_changes jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_role public.organization_role := tenancy.require_role_to_change(p_organization_id, 'admin');
    v_unknown text;
    v_changed public.organizations;
    v_organization public.organizations;
begin
    select k.key into v_unknown
    from jsonb_object_keys(p_changes) as k (key)
    where k.key <> all (array[
        'name', 'slug', 'timezone', 'contact_phone', 'owner_email', 'settings', 'calling_hours_start', 'calling_hours_end',
        'default_caller_id'
    ])
    limit 1;
    if v_unknown is not null then
        perform tenancy.refuse('validation_failed', format('An organization''s "%s" can''t be changed here.', left(v_unknown, 60)));
    end if;
    select * into strict v_organization from public.organizations as o where o.id = p_organization_id;
    v_changed := jsonb_populate_record(v_organization, p_changes);
    update public.organizations as o
    set name = btrim(v_changed.name), slug = v_changed.slug, timezone = v_changed.timezone,
        contact_phone = v_changed.contact_phone, owner_email = v_changed.owner_email, settings = v_changed.settings,
        calling_hours_start = v_changed.calling_hours_start, calling_hours_end = v_changed.calling_hours_end,
        default_caller_id = v_changed.default_caller_id
    where o.id = p_organization_id
    returning * into v_organization;
    return jsonb_build_object('organization', tenancy.to_organization(v_organization, v_role));
exception when unique_violation then
    perform tenancy.refuse('slug_taken', 'Another organization has this slug.');
end
$$;

comment on function public.update_organization(uuid, jsonb) is
    'Changes name, slug, timezone, contact_phone, owner_email, settings, calling_hours_start and calling_hours_end (both or neither),
or default_caller_id (a phone number of the organization that is not released); admins and above. {organization}.
Raises unauthenticated, not_found, forbidden, organization_suspended, slug_taken, conflict (a time zone in which the last month
is not over, while calls of this one are counted), validation_failed.';


revoke execute on all functions in schema tenancy from public;
