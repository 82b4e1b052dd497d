-- Invitations by e-mail: single use, bound to the verified address of the account that accepts, and known to the
-- database only by the hash of their token.

create table public.organization_invitations (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    email text not null,
    role public.organization_role not null,
    invited_by uuid references auth.users (id) on delete set null,
    valid_for interval not null,
    created_at timestamptz not null default now(),
    last_sent_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid references auth.users (id) on delete set null,
    declined_at timestamptz,
    revoked_at timestamptz,
    constraint invitations_role_is_not_owner check (role <> 'owner'),
    constraint invitations_have_one_outcome check (num_nonnulls(accepted_at, declined_at, revoked_at) <= 1),
    constraint invitations_email_is_an_address
        check (tenancy.is_email(email)),
    constraint invitations_last_between_1_and_30_days check (valid_for between interval '1 day' and interval '30 days')
);
alter table public.organization_invitations enable row level security;
alter table public.organization_invitations force row level security;
create unique index invitations_are_pending_once on public.organization_invitations (organization_id, email)
where accepted_at is null and declined_at is null and revoked_at is null;
create index organization_invitations_created_idx on public.organization_invitations (organization_id, created_at, id);
create index organization_invitations_email_idx on public.organization_invitations (email);
create index organization_invitations_invited_by_idx on public.organization_invitations (invited_by);
create index organization_invitations_accepted_by_idx on public.organization_invitations (accepted_by);
comment on table public.organization_invitations is
    'Who was asked to join which organization, and what became of it. The token''s hash lives in tenancy.';

insert into tenancy.spanning_tables (table_schema, table_name, reason) values
    ('public', 'organization_invitations', 'admins see those of all their organizations');


-- A secret has its own table: withholding one column of a table would break select=*.
create table tenancy.invitation_tokens (
    invitation_id uuid primary key references public.organization_invitations (id) on delete cascade,
    token_hash bytea not null unique
);
comment on table tenancy.invitation_tokens is 'SHA-256 of the token of each invitation that can still be used.';


-- Shared by the entry points ---------------------------------------------------------------------------------------

create function tenancy.new_invitation_token(p_invitation_id uuid)
returns text
language plpgsql
set search_path = ''
as $$
declare
    -- Two random uuids carry 244 bits from the server's cryptographic generator.
    v_token text := 'inv_' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
    insert into tenancy.invitation_tokens as t (invitation_id, token_hash)
    values (p_invitation_id, sha256(convert_to(v_token, 'UTF8')))
    on conflict (invitation_id) do update set token_hash = excluded.token_hash;
    return v_token;
end
$$;
comment on function tenancy.new_invitation_token(uuid) is
    'A fresh token for an invitation; the one before it dies. Only its hash is kept: the answer is the only copy.';


create function tenancy.to_invitation(p_invitation public.organization_invitations)
returns jsonb
language sql stable
set search_path = ''
as $$
    select to_jsonb(p_invitation) - 'valid_for' || jsonb_build_object(
        'status', case
            when p_invitation.accepted_at is not null then 'accepted'
            when p_invitation.declined_at is not null then 'declined'
            when p_invitation.revoked_at is not null then 'revoked'
            when p_invitation.expires_at <= now() then 'expired'
            else 'pending'
        end
    )
$$;
comment on function tenancy.to_invitation(public.organization_invitations) is 'An invitation as an admin reads it, with its status.';


create function tenancy.to_host(p_organization public.organizations)
returns jsonb
language sql stable
set search_path = ''
as $$
    select jsonb_build_object(
        'name', p_organization.name, 'branding', coalesce(p_organization.settings -> 'branding', '{}')
    )
$$;
comment on function tenancy.to_host(public.organizations) is 'What somebody who is not yet a member may see of an organization.';


create function tenancy.issue_invitation(p_invitation public.organization_invitations)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'invitation', tenancy.to_invitation(p_invitation),
        'organization', (select tenancy.to_host(o) from public.organizations as o where o.id = p_invitation.organization_id),
        'inviter', (
            select jsonb_build_object('full_name', p.full_name, 'email', p.email)
            from public.profiles as p where p.id = auth.uid()
        ),
        'token', tenancy.new_invitation_token(p_invitation.id)
    );
end
$$;
comment on function tenancy.issue_invitation(public.organization_invitations) is
    'The answer that carries an invitation''s token, and what its mail needs to say.';


-- Entry points of the engine ---------------------------------------------------------------------------------------

create function tenancy.create_invitation(
    p_organization_id uuid,
    p_email text,
    p_role public.organization_role,
    p_expires_in_days integer
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_email text := lower(btrim(p_email));
    v_invitation public.organization_invitations;
begin
    perform tenancy.require_role(p_organization_id, 'admin');
    -- So nobody invites to a role above their own: what is left are the roles up to admin.
    if p_role = 'owner' then
        perform tenancy.refuse('forbidden', 'Ownership is not given by invitation.');
    end if;
    if exists (
        select 1
        from public.organization_users as ou
        join auth.users as u on u.id = ou.user_id
        where ou.organization_id = p_organization_id and lower(u.email) = v_email
    ) then
        perform tenancy.refuse('already_member', 'This person already belongs to the organization.');
    end if;

    -- One that ran out makes room for the new one.
    update public.organization_invitations as i set revoked_at = now()
    where i.organization_id = p_organization_id and i.email = v_email and i.expires_at <= now()
        and i.accepted_at is null and i.declined_at is null and i.revoked_at is null;
    insert into public.organization_invitations (organization_id, email, role, invited_by, valid_for, expires_at)
    values (
        p_organization_id, v_email, p_role, auth.uid(), make_interval(days => p_expires_in_days),
        now() + make_interval(days => p_expires_in_days)
    )
    on conflict (organization_id, email) where accepted_at is null and declined_at is null and revoked_at is null
    do nothing
    returning * into v_invitation;
    if not found then
        perform tenancy.refuse('invitation_pending', 'This address already has a pending invitation. Resend or revoke that one.');
    end if;
    return tenancy.issue_invitation(v_invitation);
end
$$;
comment on function tenancy.create_invitation(uuid, text, public.organization_role, integer) is 'See public.create_invitation().';


create function tenancy.require_pending_invitation(p_organization_id uuid, p_invitation_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations;
begin
    -- The row lock keeps an acceptance at the same moment apart from a revocation or a new token.
    select * into v_invitation
    from public.organization_invitations as i
    where i.id = p_invitation_id and i.organization_id = p_organization_id
    for update;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such invitation.');
    elsif num_nonnulls(v_invitation.accepted_at, v_invitation.declined_at, v_invitation.revoked_at) > 0 then
        perform tenancy.refuse('conflict', 'This invitation was already accepted, declined or revoked.');
    end if;
end
$$;
comment on function tenancy.require_pending_invitation(uuid, uuid) is
    'Locks an invitation that has no outcome yet. Raises not_found, conflict.';


create function tenancy.resend_invitation(p_organization_id uuid, p_invitation_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations;
begin
    perform tenancy.require_role(p_organization_id, 'admin');
    perform tenancy.require_pending_invitation(p_organization_id, p_invitation_id);
    -- Whoever resends stands for it from now on.
    update public.organization_invitations as i
    set invited_by = auth.uid(), last_sent_at = now(), expires_at = now() + i.valid_for
    where i.id = p_invitation_id
    returning * into v_invitation;
    return tenancy.issue_invitation(v_invitation);
end
$$;
comment on function tenancy.resend_invitation(uuid, uuid) is 'See public.resend_invitation().';


create function tenancy.revoke_invitation(p_organization_id uuid, p_invitation_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations;
begin
    perform tenancy.require_role(p_organization_id, 'admin');
    perform tenancy.require_pending_invitation(p_organization_id, p_invitation_id);
    update public.organization_invitations as i set revoked_at = now()
    where i.id = p_invitation_id
    returning * into v_invitation;
    delete from tenancy.invitation_tokens as t where t.invitation_id = p_invitation_id;
    return jsonb_build_object('invitation', tenancy.to_invitation(v_invitation));
end
$$;
comment on function tenancy.revoke_invitation(uuid, uuid) is 'See public.revoke_invitation().';


create function tenancy.list_invitations(
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
    v_answer jsonb;
begin
    perform tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    if p_status is null or p_status not in ('pending', 'accepted', 'declined', 'revoked', 'expired', 'all') then
        perform tenancy.refuse('validation_failed', 'An invitation is pending, accepted, declined, revoked or expired; "all" lists every one.');
    end if;
    with page as (
        select tenancy.to_invitation(i) as invitation, i.created_at, i.id,
            row_number() over (order by i.created_at, i.id) as position
        from public.organization_invitations as i
        where i.organization_id = p_organization_id
            and (p_status = 'all' or tenancy.to_invitation(i) ->> 'status' = p_status)
            and (i.created_at, i.id) > (v_after.after_time, v_after.after_id)
        order by i.created_at, i.id
        limit v_limit + 1
    )
    select jsonb_build_object(
        'invitations', coalesce(jsonb_agg(p.invitation order by p.position) filter (where p.position <= v_limit), '[]'),
        'next_cursor', case when count(*) > v_limit then
            (select tenancy.to_cursor(l.created_at, l.id) from page as l where l.position = v_limit)
        end
    ) into v_answer
    from page as p;
    return v_answer;
end
$$;
comment on function tenancy.list_invitations(uuid, integer, text, text) is 'See public.list_invitations().';


-- One answer for a token that is unknown, used, expired, revoked, or of an organization that can't be joined now.
create function tenancy.refuse_token()
returns void
language plpgsql stable
set search_path = ''
as $$
begin
    perform tenancy.refuse('not_found', 'This invitation is not valid. It may have been used, withdrawn or run out; ask for a new one.');
end
$$;
comment on function tenancy.refuse_token() is 'Raises not_found, with the same words for every dead token.';


create function tenancy.invitation_by_token(p_token text)
returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_id uuid;
begin
    select i.id into v_id
    from tenancy.invitation_tokens as t
    join public.organization_invitations as i on i.id = t.invitation_id
    join public.organizations as o on o.id = i.organization_id
    where t.token_hash = sha256(convert_to(p_token, 'UTF8'))
        and i.expires_at > now()
        and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
        and o.deleted_at is null and o.subscription_status not in ('suspended', 'cancelled');
    if v_id is null then
        perform tenancy.refuse_token();
    end if;
    return v_id;
end
$$;
comment on function tenancy.invitation_by_token(text) is 'The invitation that a token opens now. Raises not_found.';


create function tenancy.preview_invitation(p_token text)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_id uuid := tenancy.invitation_by_token(p_token);
begin
    return (
        select jsonb_build_object(
            'organization', tenancy.to_host(o),
            'role', i.role,
            'email_hint', left(i.email, 1) || '***' || substr(i.email, strpos(i.email, '@')),
            'expires_at', i.expires_at
        )
        from public.organization_invitations as i
        join public.organizations as o on o.id = i.organization_id
        where i.id = v_id
    );
end
$$;
comment on function tenancy.preview_invitation(text) is 'See public.preview_invitation().';


create function tenancy.own_invitation(p_token text)
returns public.organization_invitations
language plpgsql security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_id uuid := tenancy.invitation_by_token(p_token);
    v_invitation public.organization_invitations;
    v_email text;
    v_confirmed_at timestamptz;
begin
    -- The row locks make a single-use invitation single use, and keep its organization as it is until the end. What other
    -- transactions did meanwhile shows now, so the token must still open the same invitation.
    select i.* into v_invitation from public.organization_invitations as i where i.id = v_id for update;
    perform 1 from public.organizations as o where o.id = v_invitation.organization_id for no key update;
    if tenancy.invitation_by_token(p_token) is distinct from v_id then
        perform tenancy.refuse_token();
    end if;

    -- Only auth.users says which address is whose: user_metadata is written by the user.
    select lower(u.email), u.email_confirmed_at into v_email, v_confirmed_at from auth.users as u where u.id = v_user_id;
    if v_email is distinct from v_invitation.email then
        perform tenancy.refuse('email_mismatch', 'This invitation was sent to another e-mail address than the one you signed in with.');
    elsif v_confirmed_at is null then
        perform tenancy.refuse('email_not_verified', 'Confirm your e-mail address first.');
    end if;
    return v_invitation;
end
$$;
comment on function tenancy.own_invitation(text) is
    'Locks the invitation that a token opens for the caller. Raises unauthenticated, not_found, email_mismatch, email_not_verified.';


create function tenancy.accept_invitation(p_token text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations := tenancy.own_invitation(p_token);
    v_user_id uuid := auth.uid();
begin
    if exists (
        select 1 from public.organization_users as ou
        where ou.user_id = v_user_id and ou.organization_id = v_invitation.organization_id
    ) then
        perform tenancy.refuse('already_member', 'You already belong to this organization.');
    end if;
    -- An invitation is as good as the person who stands for it is today.
    if not exists (
        select 1 from public.organization_users as ou
        where ou.user_id = v_invitation.invited_by and ou.organization_id = v_invitation.organization_id
            and ou.role >= 'admin' and ou.suspended_at is null
    ) then
        perform tenancy.refuse('conflict', 'The person who invited you can no longer invite. Ask the organization for a new invitation.');
    end if;

    insert into public.organization_users (organization_id, user_id, role)
    values (v_invitation.organization_id, v_user_id, v_invitation.role);
    update public.organization_invitations as i set accepted_at = now(), accepted_by = v_user_id where i.id = v_invitation.id;
    delete from tenancy.invitation_tokens as t where t.invitation_id = v_invitation.id;
    return (
        select jsonb_build_object('organization', tenancy.to_organization(o, v_invitation.role), 'role', v_invitation.role)
        from public.organizations as o where o.id = v_invitation.organization_id
    );
end
$$;
comment on function tenancy.accept_invitation(text) is 'See public.accept_invitation().';


create function tenancy.decline_invitation(p_token text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations := tenancy.own_invitation(p_token);
begin
    update public.organization_invitations as i set declined_at = now() where i.id = v_invitation.id;
    delete from tenancy.invitation_tokens as t where t.invitation_id = v_invitation.id;
    return (
        select jsonb_build_object('organization', tenancy.to_host(o), 'role', v_invitation.role)
        from public.organizations as o where o.id = v_invitation.organization_id
    );
end
$$;
comment on function tenancy.decline_invitation(text) is 'See public.decline_invitation().';


create function tenancy.my_invitations()
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
begin
    return jsonb_build_object('invitations', (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'id', i.id, 'organization', tenancy.to_host(o), 'role', i.role, 'expires_at', i.expires_at,
                    'created_at', i.created_at
                )
                order by i.created_at, i.id
            ),
            '[]'
        )
        from auth.users as u
        join public.organization_invitations as i on i.email = lower(u.email)
        join public.organizations as o on o.id = i.organization_id
        where u.id = v_user_id and u.email_confirmed_at is not null
            and i.expires_at > now() and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
            and o.deleted_at is null and o.subscription_status not in ('suspended', 'cancelled')
    ));
end
$$;
comment on function tenancy.my_invitations() is 'See public.my_invitations().';


-- Entry points -----------------------------------------------------------------------------------------------------

create function public.create_invitation(
    organization_id uuid,
    email text,
    role public.organization_role,
    expires_in_days integer default 7
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.create_invitation(organization_id, email, role, expires_in_days);
end
$$;
comment on function public.create_invitation(uuid, text, public.organization_role, integer) is
    'Invites an address for 1 to 30 days, to no role above one''s own; admins and above. {invitation, organization, inviter,
token}: the token is shown this once. Raises unauthenticated, not_found, forbidden, organization_suspended, already_member,
invitation_pending.';


create function public.resend_invitation(organization_id uuid, invitation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.resend_invitation(organization_id, invitation_id);
end
$$;
comment on function public.resend_invitation(uuid, uuid) is
    'A fresh token and a fresh term; the old token dies. Admins and above. {invitation, organization, inviter, token}.
Raises unauthenticated, not_found, forbidden, organization_suspended, conflict.';


create function public.revoke_invitation(organization_id uuid, invitation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.revoke_invitation(organization_id, invitation_id);
end
$$;
comment on function public.revoke_invitation(uuid, uuid) is
    'Withdraws an invitation; admins and above. {invitation}. Raises unauthenticated, not_found, forbidden,
organization_suspended, conflict.';


create function public.list_invitations(
    organization_id uuid,
    page_limit integer default 50,
    page_cursor text default null,
    invitation_status text default 'pending'
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_invitations(organization_id, page_limit, page_cursor, invitation_status);
end
$$;
comment on function public.list_invitations(uuid, integer, text, text) is
    'An organization''s invitations of one status, or "all", oldest first; admins and above. {invitations, next_cursor}.
Raises unauthenticated, not_found, forbidden, validation_failed.';


-- Volatile, so that a GET is what runs it read-only: a token in an address would end up in logs.
create function public.preview_invitation(token text)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
    if current_setting('transaction_read_only')::boolean then
        raise exception using
            errcode = 'read_only_sql_transaction',
            message = 'Send the token in the body of a POST, never in an address.';
    end if;
    return tenancy.preview_invitation(token);
end
$$;
comment on function public.preview_invitation(text) is
    'What a token invites to; for everybody who holds it. {organization: {name, branding}, role, email_hint, expires_at}.
Raises not_found, in the same words for every dead token.';


create function public.accept_invitation(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.accept_invitation(token);
end
$$;
comment on function public.accept_invitation(text) is
    'Joins the organization; for the account whose verified address was invited. {organization, role}. Raises unauthenticated,
not_found, email_mismatch, email_not_verified, already_member, conflict (who invited can no longer do so).';


create function public.decline_invitation(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.decline_invitation(token);
end
$$;
comment on function public.decline_invitation(text) is
    'Says no; for the account whose verified address was invited. {organization: {name, branding}, role}.
Raises unauthenticated, not_found, email_mismatch, email_not_verified.';


create function public.my_invitations()
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.my_invitations();
end
$$;
comment on function public.my_invitations() is
    'The invitations that wait for the caller''s verified address. {invitations}. Raises unauthenticated.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.create_invitation(uuid, text, public.organization_role, integer),
    tenancy.resend_invitation(uuid, uuid),
    tenancy.revoke_invitation(uuid, uuid),
    tenancy.list_invitations(uuid, integer, text, text),
    tenancy.preview_invitation(text),
    tenancy.accept_invitation(text),
    tenancy.decline_invitation(text),
    tenancy.my_invitations()
to authenticated;
-- Whoever holds a token may see what it invites to, signed in or not: the one thing that anon can ask of the engine.
grant usage on schema tenancy to anon;
grant execute on function tenancy.preview_invitation(text) to anon;

revoke execute on function
    public.create_invitation(uuid, text, public.organization_role, integer),
    public.resend_invitation(uuid, uuid),
    public.revoke_invitation(uuid, uuid),
    public.list_invitations(uuid, integer, text, text),
    public.preview_invitation(text),
    public.accept_invitation(text),
    public.decline_invitation(text),
    public.my_invitations()
from public, anon, authenticated, service_role;
grant execute on function
    public.create_invitation(uuid, text, public.organization_role, integer),
    public.resend_invitation(uuid, uuid),
    public.revoke_invitation(uuid, uuid),
    public.list_invitations(uuid, integer, text, text),
    public.preview_invitation(text),
    public.accept_invitation(text),
    public.decline_invitation(text),
    public.my_invitations()
to authenticated;
grant execute on function public.preview_invitation(text) to anon;

revoke all on public.organization_invitations from public, anon, authenticated, service_role;
grant select on public.organization_invitations to authenticated;
grant select, insert, update, delete on public.organization_invitations to service_role;

create policy organization_invitations_select on public.organization_invitations for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids('admin'))::uuid[]));


-- Housekeeping -----------------------------------------------------------------------------------------------------

create function tenancy.tidy()
returns void
language plpgsql
set search_path = ''
as $$
begin
    delete from tenancy.active_organizations as a where a.selected_at < now() - interval '90 days';
    delete from tenancy.invitation_tokens as t
    using public.organization_invitations as i
    where i.id = t.invitation_id and i.expires_at < now() - interval '30 days';
end
$$;
comment on function tenancy.tidy() is 'Forgets choices of sessions that ended long ago and tokens that ran out long ago. Safe to run at any time.';
revoke execute on function tenancy.tidy() from public;

do $$
begin
    if to_regprocedure('cron.schedule(text,text,text)') is not null then
        perform cron.schedule('tenancy-tidy', '17 3 * * *', 'select tenancy.tidy()');
    end if;
end
$$;
