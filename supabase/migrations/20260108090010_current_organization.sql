-- The one question every policy asks: in which organization does this request act? And for the tables that span
-- organizations: in which does the caller belong?

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
    v_headers text := current_setting('request.headers', true);
    -- As PostgREST writes it, which takes half as long to find as to parse all headers: no value can hold these quotes.
    v_header text := left(split_part(v_headers, '"x-organization-id":"', 2), 37);
begin
    if v_header ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"$' then
        return left(v_header, 36)::uuid;
    elsif v_headers is null or v_headers not like '%"x-organization-id"%' then
        return null;
    end if;
    v_header := v_headers::json ->> 'x-organization-id';
    if v_header !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
        perform tenancy.refuse('invalid_header', 'The header x-organization-id must be one uuid.');
    end if;
    return v_header::uuid;
end
$$;
comment on function tenancy.requested_organization_id() is
    'The organization that the header x-organization-id names; null without one. Raises invalid_header.';


create view tenancy.accounts_in_good_standing as
select u.id
from auth.users as u
where u.deleted_at is null and coalesce(u.banned_until, '-infinity') <= now();
comment on view tenancy.accounts_in_good_standing is
    'Accounts that are neither deleted nor banned: a token outlives all three.';


create function tenancy.is_in_good_standing(p_user_id uuid)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return exists (select 1 from tenancy.accounts_in_good_standing as a where a.id = p_user_id);
end
$$;
comment on function tenancy.is_in_good_standing(uuid) is 'Whether an account exists and is neither deleted nor banned.';


create function tenancy.require_state(p_organization_id uuid, p_action text)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_state record;
begin
    select o.subscription_status, o.status_changed_at, o.status_cause, case p_action
        when 'write' then s.may_write
        when 'invite' then s.may_invite
        when 'join' then s.may_join
        when 'bill' then s.may_bill
    end as may
    into v_state
    from public.organizations as o
    join tenancy.organization_states as s on s.status = o.subscription_status
    where o.id = p_organization_id;
    if not v_state.may then
        perform tenancy.refuse(
            'organization_suspended',
            format('This organization is %s: ', v_state.subscription_status) || case p_action
                when 'write' then 'it can be read, not changed.'
                when 'invite' then 'nobody can be invited.'
                when 'join' then 'nobody can join it now.'
                else 'nothing can be bought for it.'
            end,
            -- Who is only about to join learns no more than that.
            case when p_action <> 'join' then to_jsonb(v_state) - 'may' end
        );
    end if;
end
$$;
comment on function tenancy.require_state(uuid, text) is
    'Refuses what an organization can''t do in its state (write, invite, join, bill), and says since when and by what it is in
it. Raises organization_suspended.';


create function tenancy.refuse_write(p_user_id uuid, p_requested_id uuid, p_organization_id uuid)
returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if not tenancy.is_in_good_standing(p_user_id) then
        perform tenancy.refuse('unauthenticated', 'This account is closed or banned.');
    elsif exists (
        select 1
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = p_user_id and ou.organization_id = p_organization_id
            and ou.suspended_at is null and o.deleted_at is null
    ) then
        perform tenancy.require_state(p_organization_id, 'write');
    elsif p_requested_id is not null then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    else
        perform tenancy.refuse(
            'organization_required',
            'Say in which organization to act: send x-organization-id, or choose an active organization.'
        );
    end if;
end
$$;
comment on function tenancy.refuse_write(uuid, uuid, uuid) is
    'Says why somebody can''t write where they want to. Raises unauthenticated, organization_suspended, not_found,
organization_required.';


-- Asked once per statement by every policy, and once more of what an update leaves behind. plpgsql, because its plans are
-- cached: an SQL function that is security definer is planned anew at every call. What is asked each time stands here, in
-- as few queries and calls as there can be; what is asked seldom has functions of its own.
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
    if p_for_write then
        select ou.role into v_role
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        join tenancy.organization_states as s on s.status = o.subscription_status
        join tenancy.accounts_in_good_standing as a on a.id = ou.user_id
        where ou.user_id = v_user_id and ou.organization_id = v_organization_id
            and ou.suspended_at is null and o.deleted_at is null and s.may_write;
        if v_role is null then
            perform tenancy.refuse_write(v_user_id, v_requested_id, v_organization_id);
        end if;
    else
        select ou.role into v_role
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = v_user_id and ou.organization_id = v_organization_id
            and ou.suspended_at is null and o.deleted_at is null;
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
language plpgsql stable
set search_path = ''
as $$
begin
    return p_deleted_at + interval '30 days';
end
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


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.current_organization_id(public.organization_role, boolean),
    tenancy.member_organization_ids(public.organization_role),
    tenancy.visible_organization_ids(),
    tenancy.co_member_ids()
to authenticated;


create policy organizations_select on public.organizations for select to authenticated
using (id = any ((select tenancy.visible_organization_ids())::uuid[]));

create policy organization_users_select on public.organization_users for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids())::uuid[]));

create policy profiles_select on public.profiles for select to authenticated
using (id = any ((select tenancy.co_member_ids())::uuid[]));
