-- Organizations, who belongs to them, and the one question every policy asks: in which organization does this request act?
-- `public` is the API; `tenancy` is the engine behind it and is never exposed.

create schema tenancy;
revoke all on schema tenancy from public;
grant usage on schema tenancy to authenticated, service_role;
comment on schema tenancy is 'The engine that keeps organizations apart. Never exposed by the Data API.';

-- Types are looked up in a session's temporary schema first, whatever search_path says: whoever can make a temporary type
-- named uuid can have a definer function run their code.
do $$
begin
    execute format('revoke temporary on database %I from public', current_database());
end
$$;


-- Problems -------------------------------------------------------------------------------------------------------

-- The SQL side of shared/problems.ts: what the database may refuse with, and the HTTP status that goes with it.
create table tenancy.problems (
    code text primary key,
    status smallint not null,
    constraint problems_status_is_an_error check (status between 400 and 599)
);
comment on table tenancy.problems is 'Problem codes the database raises, with their HTTP status, as shared/problems.ts has them.';

insert into tenancy.problems (code, status) values
    ('unauthenticated', 401),
    ('forbidden', 403),
    ('email_mismatch', 403),
    ('email_not_verified', 403),
    ('organization_suspended', 403),
    ('not_found', 404),
    ('conflict', 409),
    ('slug_taken', 409),
    ('already_member', 409),
    ('last_owner', 409),
    ('invitation_pending', 409),
    ('organization_required', 400),
    ('invalid_header', 400),
    ('validation_failed', 422);


create function tenancy.refuse(p_code text, p_message text, p_detail jsonb default null)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_status smallint := (select p.status from tenancy.problems as p where p.code = p_code);
begin
    if v_status is null then
        raise exception 'tenancy.refuse: unknown problem code "%"', p_code;
    end if;
    -- PostgREST turns a PTnnn state into the HTTP status nnn.
    raise exception using
        errcode = 'PT' || v_status,
        message = p_message,
        hint = p_code,
        detail = coalesce(p_detail::text, '');
end
$$;
comment on function tenancy.refuse(text, text, jsonb) is
    'Raises a known problem: SQLSTATE PT<status>, message for people, hint = code, detail = further members as JSON.';


-- Organizations --------------------------------------------------------------------------------------------------

create function tenancy.reserved_slugs()
returns text[]
language sql immutable
set search_path = ''
as $$
    select array[
        'about', 'account', 'admin', 'api', 'app', 'assets', 'auth', 'billing', 'blog', 'contact', 'dashboard', 'docs',
        'help', 'invitations', 'login', 'logout', 'mail', 'new', 'null', 'organization', 'organizations', 'pricing',
        'privacy', 'public', 'root', 'settings', 'signin', 'signout', 'signup', 'static', 'status', 'support', 'system',
        'terms', 'undefined', 'user', 'users', 'well-known', 'www'
    ]
$$;
comment on function tenancy.reserved_slugs() is 'Slugs nobody can take, because paths and hosts need them. Equal to shared/contract.';


create function tenancy.is_slug(p_slug text)
returns boolean
language sql immutable
set search_path = ''
as $$
    select p_slug ~ '^[a-z0-9][a-z0-9-]{0,48}[a-z0-9]$'
        and p_slug !~ '--'
        and p_slug !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
$$;
comment on function tenancy.is_slug(text) is 'The slug grammar: 2 to 50 of a-z, 0-9 and single inner hyphens, and not the shape of a uuid.';


create function tenancy.is_time_zone(p_name text)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    -- Area/Location or UTC: Postgres would also take POSIX rules such as "FOO5", which no client knows.
    if p_name !~ '^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){1,2})$' then
        return false;
    end if;
    perform timestamptz 'epoch' at time zone p_name;
    return true;
exception when invalid_parameter_value then
    return false;
end
$$;
comment on function tenancy.is_time_zone(text) is 'Whether a name is in the IANA time zone database that this server carries.';


create function tenancy.is_readable_line(p_text text)
returns boolean
language sql immutable
set search_path = ''
as $$
    -- Controls, line separators, and what turns the direction of writing around: nobody sees what such a name says.
    select p_text = btrim(p_text) and p_text !~ '[[:cntrl:]\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
$$;
comment on function tenancy.is_readable_line(text) is 'Whether a text is one line that reads as it is written, without space around it.';


create function tenancy.is_email(p_email text)
returns boolean
language sql immutable
set search_path = ''
as $$
    select tenancy.is_readable_line(p_email)
        and p_email = lower(p_email)
        and char_length(p_email) <= 254
        and p_email ~ '^[^@,;:<>()"[:space:]]+@[^@,;:<>()"[:space:]]+$'
$$;
comment on function tenancy.is_email(text) is 'Whether a text is one e-mail address as we keep them: lower case, at most 254 characters.';


create function tenancy.is_small_object(p_json jsonb)
returns boolean
language sql immutable
set search_path = ''
as $$
    select jsonb_typeof(p_json) = 'object'
        and octet_length(p_json::text) <= 16384
        and not jsonb_path_exists(p_json, 'strict $.**{65 to last}')
$$;
comment on function tenancy.is_small_object(jsonb) is 'Whether JSON is an object of at most 16 KiB and 64 levels: what a client can be asked to read.';


create table public.organizations (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    slug text not null,
    settings jsonb not null default '{}',
    subscription_tier text not null default 'basic',
    subscription_status text not null default 'trial',
    trial_ends_at timestamptz,
    max_users integer,
    max_campaigns integer,
    max_phone_numbers integer,
    monthly_call_limit integer,
    owner_email text,
    contact_phone text,
    timezone text not null default 'UTC',
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint organizations_slug_is_unique unique (slug),
    constraint organizations_name_is_readable
        check (char_length(name) between 1 and 100 and tenancy.is_readable_line(name)),
    constraint organizations_slug_is_well_formed check (tenancy.is_slug(slug)),
    constraint organizations_slug_is_not_reserved check (slug <> all (tenancy.reserved_slugs())),
    constraint organizations_settings_are_a_small_object check (tenancy.is_small_object(settings)),
    constraint organizations_branding_is_an_object
        check (coalesce(jsonb_typeof(settings -> 'branding'), 'object') = 'object'),
    constraint organizations_metadata_is_a_small_object check (tenancy.is_small_object(metadata)),
    constraint organizations_tier_is_known check (subscription_tier in ('basic', 'professional', 'enterprise')),
    constraint organizations_status_is_known
        check (subscription_status in ('trial', 'active', 'past_due', 'suspended', 'cancelled')),
    constraint organizations_limits_are_not_negative
        check (least(max_users, max_campaigns, max_phone_numbers, monthly_call_limit) >= 0),
    constraint organizations_owner_email_is_an_address check (tenancy.is_email(owner_email)),
    constraint organizations_contact_phone_is_e164 check (contact_phone ~ '^\+[1-9][0-9]{6,14}$'),
    constraint organizations_timezone_is_known check (tenancy.is_time_zone(timezone))
);
alter table public.organizations enable row level security;
alter table public.organizations force row level security;
create index organizations_created_at_idx on public.organizations (created_at, id);
comment on table public.organizations is
    'A company that uses the product. Rows are changed through entry points; deleting sets deleted_at for 30 days.';
comment on column public.organizations.max_users is 'Null: what the plan gives. The same for the other limits.';


-- Weakest first, so that "at least this role" is >=.
create type public.organization_role as enum ('member', 'manager', 'admin', 'owner');
comment on type public.organization_role is 'A person''s role in one organization, weakest first.';


create table public.organization_users (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role public.organization_role not null default 'member',
    joined_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    suspended_at timestamptz,
    primary key (user_id, organization_id)
);
alter table public.organization_users enable row level security;
alter table public.organization_users force row level security;
create index organization_users_joined_idx on public.organization_users (organization_id, joined_at, user_id);
comment on table public.organization_users is 'Who belongs to which organization, and as what. One row per pair.';


create table public.profiles (
    id uuid primary key references auth.users (id) on delete cascade,
    email text,
    full_name text,
    avatar_url text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
alter table public.profiles enable row level security;
alter table public.profiles force row level security;
comment on table public.profiles is 'What co-members may see of a person. Kept by a trigger on auth.users.';


-- One row per auth session, so that two devices of one person can be in two organizations. The membership is the
-- parent: when it ends, the choice ends in the same transaction.
create table tenancy.active_organizations (
    user_id uuid not null,
    session_id uuid not null,
    organization_id uuid not null,
    selected_at timestamptz not null default now(),
    primary key (user_id, session_id),
    foreign key (user_id, organization_id)
        references public.organization_users (user_id, organization_id) on delete cascade
);
create index active_organizations_membership_idx on tenancy.active_organizations (user_id, organization_id);
create index active_organizations_selected_at_idx on tenancy.active_organizations (selected_at);
comment on table tenancy.active_organizations is
    'The organization each auth session last chose. Tokens without a session share the nil session of their user.';


-- Who asks, and for which organization ---------------------------------------------------------------------------

create function tenancy.session_id()
returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(
        (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'session_id')::uuid,
        '00000000-0000-0000-0000-000000000000'
    );
end
$$;
comment on function tenancy.session_id() is 'The auth session of the token; the nil uuid for a token that names none.';


create function tenancy.requested_organization_id()
returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
    v_header text := nullif(current_setting('request.headers', true), '')::json ->> 'x-organization-id';
begin
    if v_header is null then
        return null;
    end if;
    if v_header !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
        perform tenancy.refuse('invalid_header', 'The header x-organization-id must be one uuid.');
    end if;
    return v_header::uuid;
end
$$;
comment on function tenancy.requested_organization_id() is
    'The organization that the header x-organization-id names; null without one. Raises invalid_header.';


create function tenancy.is_in_good_standing(p_user_id uuid)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return exists (
        select 1 from auth.users as u
        where u.id = p_user_id and u.deleted_at is null and coalesce(u.banned_until, '-infinity') <= now()
    );
end
$$;
comment on function tenancy.is_in_good_standing(uuid) is
    'Whether an account exists and is neither deleted nor banned: a token outlives all three.';


-- Asked once per statement by every policy. plpgsql, because its plans are cached: an SQL function that is security
-- definer is planned anew at every call.
create function tenancy.current_organization_id(
    p_min_role public.organization_role default 'member',
    p_for_write boolean default false
)
returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := auth.uid();
    v_requested_id uuid;
    v_organization_id uuid;
    v_role public.organization_role;
    v_status text;
begin
    if v_user_id is null then
        return null;
    end if;
    v_requested_id := tenancy.requested_organization_id();
    v_organization_id := v_requested_id;

    if v_organization_id is null then
        select a.organization_id into v_organization_id
        from tenancy.active_organizations as a
        join public.organization_users as ou on ou.user_id = a.user_id and ou.organization_id = a.organization_id
        join public.organizations as o on o.id = a.organization_id
        where a.user_id = v_user_id and ou.suspended_at is null and o.deleted_at is null
        order by a.session_id = tenancy.session_id() desc, a.selected_at desc
        limit 1;
    end if;

    if v_organization_id is null then
        select (array_agg(only_one.organization_id))[1] into v_organization_id
        from (
            select ou.organization_id
            from public.organization_users as ou
            join public.organizations as o on o.id = ou.organization_id
            where ou.user_id = v_user_id and ou.suspended_at is null and o.deleted_at is null
            limit 2
        ) as only_one
        having count(*) = 1;
    end if;

    -- A header is a wish and a stored choice may be old: the membership of this moment decides.
    select ou.role, o.subscription_status into v_role, v_status
    from public.organization_users as ou
    join public.organizations as o on o.id = ou.organization_id
    where ou.user_id = v_user_id and ou.organization_id = v_organization_id
        and ou.suspended_at is null and o.deleted_at is null;

    if p_for_write then
        if not tenancy.is_in_good_standing(v_user_id) then
            perform tenancy.refuse('unauthenticated', 'This account is closed or banned.');
        elsif v_role is null and v_requested_id is not null then
            perform tenancy.refuse('not_found', 'There is no such organization.');
        elsif v_role is null then
            perform tenancy.refuse(
                'organization_required',
                'Say in which organization to act: send x-organization-id, or choose an active organization.'
            );
        elsif v_status in ('suspended', 'cancelled') then
            perform tenancy.refuse('organization_suspended', 'This organization is suspended: it can be read, not changed.');
        end if;
    end if;

    if v_role >= p_min_role then
        return v_organization_id;
    end if;
    return null;
end
$$;
comment on function tenancy.current_organization_id(public.organization_role, boolean) is
    'The organization this request acts in, if the caller has at least this role there now: header, else the session''s
choice, else the last choice, else the only membership. Null otherwise. For a write it raises organization_required,
not_found (a header that names no organization of one''s own), organization_suspended, unauthenticated (an account that is
closed or banned); always invalid_header.';


-- For the tables that span organizations.
create function tenancy.member_organization_ids(p_min_role public.organization_role default 'member')
returns uuid[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return array(
        select ou.organization_id
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = auth.uid() and ou.role >= p_min_role and ou.suspended_at is null and o.deleted_at is null
    );
end
$$;
comment on function tenancy.member_organization_ids(public.organization_role) is
    'Every live organization in which the caller is active with at least this role.';


create function tenancy.restorable_until(p_deleted_at timestamptz)
returns timestamptz
language sql stable
set search_path = ''
as $$
    select p_deleted_at + interval '30 days'
$$;
comment on function tenancy.restorable_until(timestamptz) is 'Until when a deleted organization can be restored by an owner.';


create function tenancy.visible_organization_ids()
returns uuid[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return array(
        select ou.organization_id
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = auth.uid() and ou.suspended_at is null
            and (o.deleted_at is null or ou.role = 'owner' and now() < tenancy.restorable_until(o.deleted_at))
    );
end
$$;
comment on function tenancy.visible_organization_ids() is
    'The caller''s organizations, with the deleted ones that the caller owns and can still restore.';


create function tenancy.co_member_ids()
returns uuid[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return array(
        select ou.user_id
        from public.organization_users as ou
        where ou.organization_id = any ((select tenancy.member_organization_ids())::uuid[])
        union
        select auth.uid()
    );
end
$$;
comment on function tenancy.co_member_ids() is 'The caller, and everybody with whom the caller shares an organization.';


-- Triggers -------------------------------------------------------------------------------------------------------

create trigger organizations_set_updated_at before update on public.organizations
for each row execute function public.set_updated_at();

create trigger profiles_set_updated_at before update on public.profiles
for each row execute function public.set_updated_at();


create function tenancy.keep_an_owner()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    -- Two owners who leave at the same moment must not both succeed: the organization row is the lock. It is updated
    -- and not only locked, so that a repeatable-read transaction with an older view fails instead of passing.
    update public.organizations as o set updated_at = o.updated_at where o.id = old.organization_id;
    -- No row: the organization itself is being removed, and its memberships with it.
    if found and not exists (
        select 1
        from public.organization_users as ou
        where ou.organization_id = old.organization_id and ou.user_id <> old.user_id
            and ou.role = 'owner' and ou.suspended_at is null
    ) then
        perform tenancy.refuse('last_owner', 'An organization keeps at least one active owner. Make somebody else an owner first.');
    end if;
    return coalesce(new, old);
end
$$;
comment on function tenancy.keep_an_owner() is 'Refuses what would take the last active owner from an organization. Raises last_owner.';

create trigger keep_an_owner_on_delete before delete on public.organization_users
for each row when (old.role = 'owner' and old.suspended_at is null)
execute function tenancy.keep_an_owner();

create trigger keep_an_owner_on_update before update on public.organization_users
for each row when (
    old.role = 'owner' and old.suspended_at is null
    and (new.role <> 'owner' or new.suspended_at is not null
        or new.user_id <> old.user_id or new.organization_id <> old.organization_id)
)
execute function tenancy.keep_an_owner();


create function tenancy.keep_profile()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    insert into public.profiles as p (id, email, full_name, avatar_url)
    values (
        new.id,
        new.email,
        left(coalesce(new.raw_user_meta_data ->> 'full_name', new.raw_user_meta_data ->> 'name'), 200),
        left(new.raw_user_meta_data ->> 'avatar_url', 2000)
    )
    on conflict (id) do update
    set email = excluded.email, full_name = excluded.full_name, avatar_url = excluded.avatar_url;
    return null;
end
$$;
comment on function tenancy.keep_profile() is 'Keeps public.profiles equal to what auth.users says of a person.';

create trigger keep_profile after insert or update of email, raw_user_meta_data on auth.users
for each row execute function tenancy.keep_profile();


-- Helper functions: security invoker, so that row-level security bounds the answer to people one shares an
-- organization with. The database owner gets the whole truth.
create function public.get_user_organizations(user_uuid uuid)
returns setof uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return query
        select ou.organization_id
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = user_uuid and ou.suspended_at is null and o.deleted_at is null
        order by ou.joined_at, ou.organization_id;
end
$$;
comment on function public.get_user_organizations(uuid) is
    'The organizations of a person, as far as the caller may know, in the order they joined.';


create function public.get_user_org_role(user_uuid uuid, org_uuid uuid)
returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select ou.role
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = user_uuid and ou.organization_id = org_uuid and ou.suspended_at is null and o.deleted_at is null
    );
end
$$;
comment on function public.get_user_org_role(uuid, uuid) is
    'A person''s role in an organization: owner, admin, manager, member; null for no active member, or one the caller may not know of.';


create function public.user_in_organization(user_uuid uuid, org_uuid uuid)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return public.get_user_org_role(user_uuid, org_uuid) is not null;
end
$$;
comment on function public.user_in_organization(uuid, uuid) is 'Whether a person is an active member, as far as the caller may know.';


create function public.is_org_admin(user_uuid uuid, org_uuid uuid)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(public.get_user_org_role(user_uuid, org_uuid) in ('owner', 'admin'), false);
end
$$;
comment on function public.is_org_admin(uuid, uuid) is 'Whether a person is owner or admin there, as far as the caller may know.';


-- Grants: signed-in people read; every change goes through an entry point. Nothing for anon.
revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.current_organization_id(public.organization_role, boolean),
    tenancy.member_organization_ids(public.organization_role),
    tenancy.visible_organization_ids(),
    tenancy.co_member_ids()
to authenticated;
-- The checks of public.organizations run as whoever writes the row.
grant execute on function
    tenancy.is_slug(text),
    tenancy.reserved_slugs(),
    tenancy.is_time_zone(text),
    tenancy.is_readable_line(text),
    tenancy.is_email(text),
    tenancy.is_small_object(jsonb)
to service_role;

revoke execute on function
    public.get_user_organizations(uuid),
    public.get_user_org_role(uuid, uuid),
    public.user_in_organization(uuid, uuid),
    public.is_org_admin(uuid, uuid)
from public, anon;
grant execute on function
    public.get_user_organizations(uuid),
    public.get_user_org_role(uuid, uuid),
    public.user_in_organization(uuid, uuid),
    public.is_org_admin(uuid, uuid)
to authenticated, service_role;

revoke all on public.organizations, public.organization_users, public.profiles from public, anon, authenticated, service_role;
grant select on public.organizations, public.organization_users, public.profiles to authenticated;
grant select, insert, update, delete on public.organizations, public.organization_users, public.profiles to service_role;


create policy organizations_select on public.organizations for select to authenticated
using (id = any ((select tenancy.visible_organization_ids())::uuid[]));

create policy organization_users_select on public.organization_users for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids())::uuid[]));

create policy profiles_select on public.profiles for select to authenticated
using (id = any ((select tenancy.co_member_ids())::uuid[]));


-- What exists already --------------------------------------------------------------------------------------------

-- Everything from before organizations belongs to this one; its first user owns it, all others are members.
create function tenancy.default_organization_id()
returns uuid
language sql immutable
set search_path = ''
as $$
    select '00000000-0000-4000-a000-000000000001'::uuid
$$;
comment on function tenancy.default_organization_id() is 'The organization that holds what existed before organizations.';

insert into public.organizations (id, name, slug, subscription_tier, subscription_status)
values (tenancy.default_organization_id(), 'Default Organization', 'default-org', 'enterprise', 'active');

revoke execute on function tenancy.default_organization_id() from public;

insert into public.profiles (id, email, full_name, avatar_url)
select
    u.id,
    u.email,
    left(coalesce(u.raw_user_meta_data ->> 'full_name', u.raw_user_meta_data ->> 'name'), 200),
    left(u.raw_user_meta_data ->> 'avatar_url', 2000)
from auth.users as u;

insert into public.organization_users (organization_id, user_id, role, joined_at)
select
    tenancy.default_organization_id(),
    u.id,
    case when row_number() over (order by u.created_at, u.id) = 1 then 'owner' else 'member' end::public.organization_role,
    coalesce(u.created_at, now())
from auth.users as u;
