-- Whoever has a verified address at an organization's verified domain may join it as a member: at once, or when an admin
-- approves. To everybody else the organization is not there.

-- The address and the name are those of the moment: whoever was refused need not be followed through later changes.
create table tenancy.join_requests (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    domain text not null,
    email text not null,
    full_name text,
    created_at timestamptz not null default now(),
    outcome text,
    decided_at timestamptz,
    decided_by uuid references auth.users (id) on delete set null,
    constraint join_requests_outcome_is_known check (outcome in ('approved', 'refused', 'ended')),
    constraint join_requests_outcome_has_its_time check ((outcome is null) = (decided_at is null))
);
create unique index join_requests_are_pending_once on tenancy.join_requests (organization_id, user_id) where outcome is null;
create index join_requests_created_idx on tenancy.join_requests (organization_id, created_at, id);
create index join_requests_user_idx on tenancy.join_requests (user_id, organization_id, decided_at);
create index join_requests_decided_by_idx on tenancy.join_requests (decided_by);
comment on table tenancy.join_requests is
    'Who asked to join which organization by its domain, and what became of it. Ended: the domain was given up, or the person joined otherwise.';


-- Whom an admin has shown out does not walk back in: an admin must let them in again.
create table tenancy.kept_out (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    since timestamptz not null default now(),
    primary key (organization_id, user_id)
);
create index kept_out_user_idx on tenancy.kept_out (user_id);
comment on table tenancy.kept_out is
    'Who was removed from an organization, left it while suspended, or was refused: neither a domain nor a link lets them in.';


create function tenancy.keep_out_removed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if old.suspended_at is null and old.user_id = auth.uid() then
        return null;
    end if;
    -- Nothing to keep when the organization or the account itself is being removed.
    insert into tenancy.kept_out (organization_id, user_id)
    select o.id, u.id
    from public.organizations as o
    cross join auth.users as u
    where o.id = old.organization_id and u.id = old.user_id
    on conflict do nothing;
    return null;
end
$$;
comment on function tenancy.keep_out_removed() is 'Remembers whom somebody else removed, and who left while suspended.';

create trigger keep_out_removed after delete on public.organization_users
for each row execute function tenancy.keep_out_removed();


create function tenancy.end_invitation_to(p_organization_id uuid, p_user_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_held boolean := tenancy.entries_are_held();
    v_invitation_id uuid;
begin
    -- It has an entry of its own, whatever is under way.
    perform set_config('tenancy.entries', '', true);
    update public.organization_invitations as i set revoked_at = now()
    from auth.users as u
    where u.id = p_user_id and i.organization_id = p_organization_id and i.email = tenancy.to_mailbox(u.email)
        and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
        and i.id::text is distinct from current_setting('tenancy.accepting', true)
    returning i.id into v_invitation_id;
    delete from tenancy.invitation_tokens as t where t.invitation_id = v_invitation_id;
    if v_held then
        perform tenancy.hold_entries();
    end if;
end
$$;
comment on function tenancy.end_invitation_to(uuid, uuid) is
    'Withdraws the invitation to the address of somebody who has come another way, and not by accepting it: it would keep a seat
for nobody.';


create function tenancy.settle_arrival()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    delete from tenancy.kept_out as k where k.organization_id = new.organization_id and k.user_id = new.user_id;
    update tenancy.join_requests as r set outcome = 'ended', decided_at = now()
    where r.organization_id = new.organization_id and r.user_id = new.user_id and r.outcome is null;
    if new.suspended_at is null then
        perform tenancy.end_invitation_to(new.organization_id, new.user_id);
    end if;
    return null;
end
$$;
comment on function tenancy.settle_arrival() is
    'Forgets, once a person belongs to an organization, that they were kept out, had asked or were invited.';

create trigger settle_arrival after insert or update of suspended_at on public.organization_users
for each row execute function tenancy.settle_arrival();


create function tenancy.to_recorded_request(p_request tenancy.join_requests)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'user_id', p_request.user_id, 'email', p_request.email, 'domain', p_request.domain,
        'status', coalesce(p_request.outcome, 'pending')
    );
end
$$;
comment on function tenancy.to_recorded_request(tenancy.join_requests) is
    'A request as the audit log remembers it: it outlives the account.';


create function tenancy.record_join_request()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tenancy.entries_are_held() then
        return null;
    end if;
    perform tenancy.record(
        new.organization_id,
        case
            when tg_op = 'INSERT' then 'join_request.created'
            when new.outcome = 'approved' then 'join_request.approved'
            else 'join_request.refused'
        end,
        'join_request',
        new.id,
        case when tg_op = 'UPDATE' then tenancy.to_recorded_request(old) end,
        tenancy.to_recorded_request(new)
    );
    return null;
end
$$;
comment on function tenancy.record_join_request() is 'Writes the entry of a request or its outcome.';

create trigger record_join_request after insert on tenancy.join_requests
for each row execute function tenancy.record_join_request();
-- What ends a request has an entry of its own.
create trigger record_join_request_outcome after update on tenancy.join_requests
for each row when (old.outcome is null and new.outcome in ('approved', 'refused'))
execute function tenancy.record_join_request();


create function tenancy.joinable_domain(p_user_id uuid)
returns public.organization_domains
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_email_domain text;
    v_domain public.organization_domains;
begin
    -- Only auth.users says which address is whose: user_metadata is written by the user. What follows the last @ is the
    -- domain.
    select split_part(tenancy.to_mailbox(u.email), '@', -1) into v_email_domain
    from auth.users as u
    where u.id = p_user_id and u.email_confirmed_at is not null and tenancy.is_in_good_standing(u.id);

    select d.* into v_domain
    from public.organization_domains as d
    join public.organizations as o on o.id = d.organization_id
    join tenancy.organization_states as s on s.status = o.subscription_status
    where d.domain = v_email_domain and d.verified_at is not null
        and o.deleted_at is null and s.may_join
        -- The list may have grown since.
        and not tenancy.is_public_mail_domain(d.domain);
    return v_domain;
end
$$;
comment on function tenancy.joinable_domain(uuid) is
    'The verified domain of a live organization at which a person has their verified address; nulls for none.';


create function tenancy.joins_automatically(p_domain public.organization_domains, p_user_id uuid)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return p_domain.join_mode = 'automatic' and not exists (
        select 1 from tenancy.kept_out as k where k.organization_id = p_domain.organization_id and k.user_id = p_user_id
    );
end
$$;
comment on function tenancy.joins_automatically(public.organization_domains, uuid) is
    'Whether a person at this domain joins without being approved.';


create function tenancy.to_own_request(p_request tenancy.join_requests)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'id', p_request.id, 'organization_id', p_request.organization_id, 'status', coalesce(p_request.outcome, 'pending'),
        'created_at', p_request.created_at
    );
end
$$;
comment on function tenancy.to_own_request(tenancy.join_requests) is 'A request as the person who made it reads it.';


create function tenancy.to_join_request(p_request tenancy.join_requests)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(p_request) - 'outcome' || jsonb_build_object('status', coalesce(p_request.outcome, 'pending'));
end
$$;
comment on function tenancy.to_join_request(tenancy.join_requests) is 'A request as an admin reads it, with its status.';


create function tenancy.joinable_organizations()
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_domain public.organization_domains := tenancy.joinable_domain(v_user_id);
begin
    return jsonb_build_object('organizations', (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'organization_id', o.id,
                    'organization', tenancy.to_host(o),
                    'join_mode', case when tenancy.joins_automatically(v_domain, v_user_id) then 'automatic' else 'approval' end,
                    'request', (
                        select tenancy.to_own_request(r) from tenancy.join_requests as r
                        where r.organization_id = o.id and r.user_id = v_user_id and r.outcome is null
                    )
                )
            ),
            '[]'
        )
        from public.organizations as o
        where o.id = v_domain.organization_id and not exists (
            select 1 from public.organization_users as ou where ou.organization_id = o.id and ou.user_id = v_user_id
        )
    ));
end
$$;
comment on function tenancy.joinable_organizations() is 'See public.joinable_organizations().';


create function tenancy.require_joinable(p_organization_id uuid)
returns public.organization_domains
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_domain public.organization_domains := tenancy.joinable_domain(v_user_id);
begin
    if exists (
        select 1
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.organization_id = p_organization_id and ou.user_id = v_user_id and o.deleted_at is null
    ) then
        perform tenancy.refuse('already_member', 'You already belong to this organization.');
    elsif v_domain.organization_id is distinct from p_organization_id then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    end if;
    return v_domain;
end
$$;
comment on function tenancy.require_joinable(uuid) is
    'The domain by which the caller may join an organization. Raises unauthenticated, already_member, not_found.';


create function tenancy.request_to_join(p_domain public.organization_domains, p_user_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_request tenancy.join_requests;
    v_refused_at timestamptz;
begin
    select * into v_request from tenancy.join_requests as r
    where r.organization_id = p_domain.organization_id and r.user_id = p_user_id and r.outcome is null;
    if found then
        return jsonb_build_object('request', tenancy.to_own_request(v_request));
    end if;
    -- A refusal is an answer: nobody asks again and again.
    select max(r.decided_at) into v_refused_at from tenancy.join_requests as r
    where r.organization_id = p_domain.organization_id and r.user_id = p_user_id and r.outcome = 'refused';
    if v_refused_at > now() - interval '7 days' then
        perform tenancy.refuse('conflict', 'The organization refused your request. You can ask again seven days later.');
    end if;

    insert into tenancy.join_requests (organization_id, user_id, domain, email, full_name)
    select p_domain.organization_id, u.id, p_domain.domain, tenancy.to_mailbox(u.email), p.full_name
    from auth.users as u
    left join public.profiles as p on p.id = u.id
    where u.id = p_user_id
    returning * into v_request;
    perform tenancy.notify_person(
        'notice.domain_join_request', v_request.organization_id, ou.user_id, jsonb_build_object('requester_id', p_user_id)
    )
    from public.organization_users as ou
    where ou.organization_id = v_request.organization_id and ou.role >= 'admin' and ou.suspended_at is null;
    return jsonb_build_object('request', tenancy.to_own_request(v_request));
end
$$;
comment on function tenancy.request_to_join(public.organization_domains, uuid) is
    'Asks the admins to let a person in, and tells them; answers the request that is pending already. Raises conflict.';


create function tenancy.join_organization(p_organization_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_domain public.organization_domains := tenancy.require_joinable(p_organization_id);
begin
    -- Domains are removed and people removed under this lock: what was true before waiting need not be true any more.
    perform 1 from public.organizations as o where o.id = p_organization_id for no key update;
    v_domain := tenancy.require_joinable(p_organization_id);
    if not tenancy.joins_automatically(v_domain, v_user_id) then
        return tenancy.request_to_join(v_domain, v_user_id);
    end if;

    perform tenancy.hold_entries();
    insert into public.organization_users (organization_id, user_id, role) values (p_organization_id, v_user_id, 'member');
    perform tenancy.record(
        p_organization_id, 'member.joined', 'member', v_user_id, null,
        (
            select tenancy.to_recorded_member(ou) || jsonb_build_object('by', 'domain', 'domain', v_domain.domain)
            from public.organization_users as ou
            where ou.user_id = v_user_id and ou.organization_id = p_organization_id
        )
    );
    return (
        select jsonb_build_object('organization', tenancy.to_organization(o, 'member'), 'role', 'member')
        from public.organizations as o where o.id = p_organization_id
    );
end
$$;
comment on function tenancy.join_organization(uuid) is 'See public.join_organization().';


create function tenancy.list_join_requests(
    p_organization_id uuid,
    p_page_limit integer,
    p_page_cursor text,
    p_status text
)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_limit integer := tenancy.require_page_limit(p_page_limit);
    v_after record := tenancy.from_cursor(p_page_cursor);
begin
    perform tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    if p_status is null or p_status not in ('pending', 'approved', 'refused', 'ended', 'all') then
        perform tenancy.refuse('validation_failed', 'A request is pending, approved, refused or ended; "all" lists every one.');
    end if;
    return (
        select tenancy.to_page(
            'requests', v_limit,
            array_agg(p.item order by p.time, p.id), array_agg(p.time order by p.time, p.id), array_agg(p.id order by p.time, p.id)
        )
        from (
            select tenancy.to_join_request(r) as item, r.created_at as time, r.id as id
            from tenancy.join_requests as r
            where r.organization_id = p_organization_id
                and (p_status = 'all' or coalesce(r.outcome, 'pending') = p_status)
                and (r.created_at, r.id) > (v_after.after_time, v_after.after_id)
            order by r.created_at, r.id
            limit v_limit + 1
        ) as p
    );
end
$$;
comment on function tenancy.list_join_requests(uuid, integer, text, text) is 'See public.list_join_requests().';


create function tenancy.require_pending_request(p_organization_id uuid, p_request_id uuid)
returns tenancy.join_requests
language plpgsql security definer
set search_path = ''
as $$
declare
    v_request tenancy.join_requests;
begin
    -- Under the lock of the organization, which keeps two decisions apart.
    select * into v_request from tenancy.join_requests as r
    where r.id = p_request_id and r.organization_id = p_organization_id;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such request.');
    elsif v_request.outcome is not null then
        perform tenancy.refuse('conflict', format('This request is not pending any more: it was %s.', v_request.outcome));
    end if;
    return v_request;
end
$$;
comment on function tenancy.require_pending_request(uuid, uuid) is 'A request that nobody has decided. Raises not_found, conflict.';


create function tenancy.approve_join_request(p_organization_id uuid, p_request_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_before tenancy.join_requests;
    v_request tenancy.join_requests;
    v_domain public.organization_domains;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_before := tenancy.require_pending_request(p_organization_id, p_request_id);
    -- A request is as good as the address behind it is today.
    v_domain := tenancy.joinable_domain(v_before.user_id);
    if v_domain.organization_id is distinct from p_organization_id then
        perform tenancy.refuse('conflict', 'This person has no verified address at a domain of the organization any more. Refuse, or invite them.');
    end if;

    perform tenancy.hold_entries();
    -- The outcome first: whoever arrives with a pending request has it ended.
    update tenancy.join_requests as r set outcome = 'approved', decided_at = now(), decided_by = auth.uid()
    where r.id = p_request_id
    returning * into v_request;
    insert into public.organization_users (organization_id, user_id, role)
    values (p_organization_id, v_request.user_id, 'member');
    perform tenancy.record(
        p_organization_id, 'join_request.approved', 'join_request', v_request.id, tenancy.to_recorded_request(v_before),
        tenancy.to_recorded_request(v_request) || '{"role": "member"}'
    );
    return jsonb_build_object('request', tenancy.to_join_request(v_request));
end
$$;
comment on function tenancy.approve_join_request(uuid, uuid) is 'See public.approve_join_request().';


create function tenancy.refuse_join_request(p_organization_id uuid, p_request_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_request tenancy.join_requests;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_request := tenancy.require_pending_request(p_organization_id, p_request_id);
    update tenancy.join_requests as r set outcome = 'refused', decided_at = now(), decided_by = auth.uid()
    where r.id = p_request_id
    returning * into v_request;
    insert into tenancy.kept_out (organization_id, user_id) values (p_organization_id, v_request.user_id)
    on conflict do nothing;
    return jsonb_build_object('request', tenancy.to_join_request(v_request));
end
$$;
comment on function tenancy.refuse_join_request(uuid, uuid) is 'See public.refuse_join_request().';


create function public.joinable_organizations()
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.joinable_organizations();
end
$$;
comment on function public.joinable_organizations() is
    'The organization that the caller may join, because their verified address is at its verified domain. {organizations:
[{organization_id, organization: {name, branding}, join_mode, request}]}; join_mode is what holds for the caller.
Raises unauthenticated.';


create function public.join_organization(organization_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.join_organization(organization_id)));
end
$$;
comment on function public.join_organization(uuid) is
    'Joins an organization as a member, or asks its admins to be let in; for people whose verified address is at its verified
domain. {organization, role} or {request}. Raises unauthenticated, not_found, already_member, conflict (refused less than
seven days ago), quota_exceeded.';


create function public.list_join_requests(
    organization_id uuid,
    page_limit integer default 50,
    page_cursor text default null,
    request_status text default 'pending'
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_join_requests(organization_id, page_limit, page_cursor, request_status);
end
$$;
comment on function public.list_join_requests(uuid, integer, text, text) is
    'The requests to join an organization, of one status or "all", oldest first; admins and above. {requests, next_cursor}.
Raises unauthenticated, not_found, forbidden, validation_failed.';


create function public.approve_join_request(organization_id uuid, request_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.approve_join_request(organization_id, request_id)));
end
$$;
comment on function public.approve_join_request(uuid, uuid) is
    'Lets a person in as a member; admins and above. {request}. Raises unauthenticated, not_found, forbidden,
organization_suspended, conflict (decided already, or the address is no longer theirs or at a domain of the organization),
quota_exceeded.';


create function public.refuse_join_request(organization_id uuid, request_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.refuse_join_request(organization_id, request_id)));
end
$$;
comment on function public.refuse_join_request(uuid, uuid) is
    'Says no: the person can ask again after seven days, and joins by approval only; admins and above. {request}. Raises
unauthenticated, not_found, forbidden, organization_suspended, conflict (decided already).';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.joinable_organizations(),
    tenancy.join_organization(uuid),
    tenancy.list_join_requests(uuid, integer, text, text),
    tenancy.approve_join_request(uuid, uuid),
    tenancy.refuse_join_request(uuid, uuid)
to authenticated;

revoke execute on function
    public.joinable_organizations(),
    public.join_organization(uuid),
    public.list_join_requests(uuid, integer, text, text),
    public.approve_join_request(uuid, uuid),
    public.refuse_join_request(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function
    public.joinable_organizations(),
    public.join_organization(uuid),
    public.list_join_requests(uuid, integer, text, text),
    public.approve_join_request(uuid, uuid),
    public.refuse_join_request(uuid, uuid)
to authenticated;
