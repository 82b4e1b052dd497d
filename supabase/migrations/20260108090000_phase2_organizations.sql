-- Organizations, who belongs to them, and what everything from before belongs to.

create table public.organizations (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    slug text not null,
    settings jsonb not null default '{}',
    subscription_tier text not null default 'basic',
    subscription_status text not null default 'trial',
    status_changed_at timestamptz not null default now(),
    status_cause text not null default 'operator',
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
        check (char_length(name) >= 1 and char_length(name) <= 100 and tenancy.is_readable_line(name)),
    constraint organizations_slug_is_well_formed check (tenancy.is_slug(slug)),
    constraint organizations_slug_is_not_reserved check (slug <> all (tenancy.reserved_slugs())),
    constraint organizations_settings_are_a_small_object check (tenancy.is_small_object(settings)),
    constraint organizations_metadata_is_a_small_object check (tenancy.is_small_object(metadata)),
    constraint organizations_tier_is_known
        foreign key (subscription_tier) references public.subscription_plans (tier) on update cascade,
    constraint organizations_status_is_known
        foreign key (subscription_status) references tenancy.organization_states (status),
    constraint organizations_status_cause_is_known check (status_cause in ('billing', 'schedule', 'operator')),
    constraint organizations_limits_are_not_negative
        check (least(max_users, max_campaigns, max_phone_numbers, monthly_call_limit) >= 0),
    constraint organizations_owner_email_is_an_address check (tenancy.is_email(owner_email)),
    constraint organizations_contact_phone_is_e164 check (contact_phone ~ '^\+[1-9][0-9]{6,14}$'),
    constraint organizations_timezone_is_known check (tenancy.is_time_zone(timezone))
);
alter table public.organizations enable row level security;
alter table public.organizations force row level security;
create index organizations_created_at_idx on public.organizations (created_at, id);
create index organizations_tier_idx on public.organizations (subscription_tier);
create index organizations_status_idx on public.organizations (subscription_status, status_changed_at);
comment on table public.organizations is
    'A company that uses the product. Rows are changed through entry points; deleting sets deleted_at for 30 days.';
comment on column public.organizations.max_users is 'Null: what the plan gives. The same for the other limits.';
comment on column public.organizations.status_cause is
    'Who set the status: billing (what Stripe tells), schedule (time that has passed), operator (SQL and the secret key).';


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


-- Locks are taken by updates that change nothing.
create trigger organizations_set_updated_at before update on public.organizations
for each row when (old.* is distinct from new.*)
execute function public.set_updated_at();

create trigger profiles_set_updated_at before update on public.profiles
for each row execute function public.set_updated_at();


create function tenancy.has_another_owner(p_organization_id uuid, p_user_id uuid)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return exists (
        select 1
        from public.organization_users as ou
        join auth.users as u on u.id = ou.user_id
        where ou.organization_id = p_organization_id and ou.user_id <> p_user_id
            and ou.role = 'owner' and ou.suspended_at is null
            and u.deleted_at is null and coalesce(u.banned_until, '-infinity') <= now()
    );
end
$$;
comment on function tenancy.has_another_owner(uuid, uuid) is
    'Whether an organization has an active owner besides a person: not suspended, and with an account that is neither closed
nor banned.';


create function tenancy.keep_an_owner()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    -- No row: the organization itself is being removed, and its memberships with it.
    if exists (select 1 from public.organizations as o where o.id = old.organization_id)
        and not tenancy.has_another_owner(old.organization_id, old.user_id)
    then
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
    and (new.role <> 'owner' or new.suspended_at is not null)
)
execute function tenancy.keep_an_owner();


create function tenancy.refuse_to_empty()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    perform tenancy.refuse('last_owner', 'Truncating this would take the owners from all organizations. Delete organizations instead.');
    return null;
end
$$;
comment on function tenancy.refuse_to_empty() is 'Refuses to empty the memberships at one stroke, past the row triggers. Raises last_owner.';

create trigger refuse_to_empty before truncate on public.organization_users
for each statement execute function tenancy.refuse_to_empty();


create function tenancy.change_one_at_a_time()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    -- Otherwise somebody could leave one organization and enter another in one step, past what either of them checks.
    if tg_op = 'UPDATE' and (new.organization_id <> old.organization_id or new.user_id <> old.user_id) then
        raise exception using
            errcode = 'insufficient_privilege', hint = 'forbidden',
            message = 'A membership stays with its person and its organization.';
    end if;
    -- Two owners who leave at the same moment must not both succeed, nor two people take the last seat: the organization
    -- row is the lock. It is updated and not only locked, so that a repeatable-read transaction with an older view fails
    -- instead of passing.
    update public.organizations as o set updated_at = o.updated_at
    where o.id = coalesce(new.organization_id, old.organization_id);
    return coalesce(new, old);
end
$$;
comment on function tenancy.change_one_at_a_time() is
    'Lets the people of an organization change one at a time, so that what was checked before a change still holds after it;
a membership stays with its person and its organization.';

-- Its name comes before those of the checks.
create trigger change_one_at_a_time before insert or update or delete on public.organization_users
for each row execute function tenancy.change_one_at_a_time();


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


revoke all on public.organizations, public.organization_users, public.profiles from public, anon, authenticated, service_role;
grant select on public.organizations, public.organization_users, public.profiles to authenticated;
grant select, insert, update, delete on public.organizations, public.organization_users, public.profiles to service_role;


-- Everything from before organizations belongs to this one; its first user owns it, all others are members.
create function tenancy.default_organization_id()
returns uuid
language plpgsql immutable
set search_path = ''
as $$
begin
    return '00000000-0000-4000-a000-000000000001'::uuid;
end
$$;
comment on function tenancy.default_organization_id() is 'The organization that holds what existed before organizations.';

insert into public.organizations (id, name, slug, subscription_tier, subscription_status)
values (tenancy.default_organization_id(), 'Default Organization', 'default-org', 'enterprise', 'active');

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


revoke execute on all functions in schema tenancy from public;
