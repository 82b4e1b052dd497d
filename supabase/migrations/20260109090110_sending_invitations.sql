-- What admins do with invitations.

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
    v_email text := tenancy.to_mailbox(p_email);
    v_invitation public.organization_invitations;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    perform tenancy.require_state(p_organization_id, 'invite');
    -- So nobody invites to a role above their own: what is left are the roles up to admin.
    if p_role = 'owner' then
        perform tenancy.refuse('forbidden', 'Ownership is not given by invitation.');
    end if;
    if exists (
        select 1
        from public.organization_users as ou
        join auth.users as u on u.id = ou.user_id
        where ou.organization_id = p_organization_id and tenancy.to_mailbox(u.email) = v_email
    ) then
        perform tenancy.refuse('already_member', 'This person already belongs to the organization.');
    elsif exists (
        select 1
        from public.organization_invitations as i
        where i.organization_id = p_organization_id and i.email = v_email and i.expires_at > now()
            and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
    ) then
        perform tenancy.refuse('invitation_pending', 'This address already has a pending invitation. Resend or revoke that one.');
    end if;

    perform tenancy.hold_entries();
    -- One that ran out makes room for the new one.
    update public.organization_invitations as i set revoked_at = now()
    where i.organization_id = p_organization_id and i.email = v_email and i.expires_at <= now()
        and i.accepted_at is null and i.declined_at is null and i.revoked_at is null;
    perform tenancy.take_invitation_tokens(p_organization_id, v_email);
    insert into public.organization_invitations (organization_id, email, role, invited_by, valid_for, expires_at)
    values (
        p_organization_id, v_email, p_role, auth.uid(), make_interval(days => p_expires_in_days),
        now() + make_interval(days => p_expires_in_days)
    )
    returning * into v_invitation;
    perform tenancy.record(
        p_organization_id, 'invitation.created', 'invitation', v_invitation.id,
        null, tenancy.to_recorded_invitation(v_invitation)
    );
    return tenancy.issue_invitation(v_invitation);
end
$$;
comment on function tenancy.create_invitation(uuid, text, public.organization_role, integer) is 'See public.create_invitation().';


create function tenancy.create_invitation_link(
    p_organization_id uuid,
    p_max_uses integer,
    p_allowed_domains text[],
    p_expires_in_days integer
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    perform tenancy.require_state(p_organization_id, 'invite');
    perform tenancy.take_invitation_tokens(p_organization_id, null);
    insert into public.organization_invitations (
        organization_id, role, max_uses, allowed_domains, invited_by, valid_for, expires_at
    )
    values (
        p_organization_id, 'member', p_max_uses, p_allowed_domains, auth.uid(), make_interval(days => p_expires_in_days),
        now() + make_interval(days => p_expires_in_days)
    )
    returning * into v_invitation;
    return tenancy.issue_invitation(v_invitation);
end
$$;
comment on function tenancy.create_invitation_link(uuid, integer, text[], integer) is 'See public.create_invitation_link().';


create function tenancy.require_pending_invitation(p_organization_id uuid, p_invitation_id uuid)
returns public.organization_invitations
language plpgsql
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations;
begin
    -- The organization is locked already, as for whoever accepts: one of the two is first.
    select * into v_invitation
    from public.organization_invitations as i
    where i.id = p_invitation_id and i.organization_id = p_organization_id;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such invitation.');
    elsif num_nonnulls(v_invitation.accepted_at, v_invitation.declined_at, v_invitation.revoked_at) > 0 then
        perform tenancy.refuse('conflict', 'This invitation was already accepted, declined or revoked.');
    end if;
    return v_invitation;
end
$$;
comment on function tenancy.require_pending_invitation(uuid, uuid) is
    'An invitation that has no outcome yet. Raises not_found, conflict.';


create function tenancy.resend_invitation(p_organization_id uuid, p_invitation_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_invitation public.organization_invitations;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    perform tenancy.require_state(p_organization_id, 'invite');
    v_invitation := tenancy.require_pending_invitation(p_organization_id, p_invitation_id);
    if v_invitation.email is null then
        perform tenancy.refuse('conflict', 'A link is not sent to anybody. Revoke it and make another.');
    end if;
    perform tenancy.take_token('resends_per_invitation', p_invitation_id::text);
    -- Whoever resends stands for it from now on.
    update public.organization_invitations as i
    set invited_by = auth.uid(), last_sent_at = clock_timestamp(), expires_at = now() + i.valid_for
    where i.id = p_invitation_id
    returning * into v_invitation;
    perform tenancy.take_invitation_tokens(p_organization_id, v_invitation.email);
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
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
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
begin
    perform tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    if p_status is null or p_status not in ('pending', 'accepted', 'declined', 'revoked', 'expired', 'all') then
        perform tenancy.refuse('validation_failed', 'An invitation is pending, accepted, declined, revoked or expired; "all" lists every one.');
    end if;
    return (
        select tenancy.to_page(
            'invitations', v_limit,
            array_agg(p.item order by p.time, p.id), array_agg(p.time order by p.time, p.id), array_agg(p.id order by p.time, p.id)
        )
        from (
            select tenancy.to_invitation(i) as item, i.created_at as time, i.id as id
            from public.organization_invitations as i
            where i.organization_id = p_organization_id
                and (p_status = 'all' or tenancy.to_invitation(i) ->> 'status' = p_status)
                and (i.created_at, i.id) > (v_after.after_time, v_after.after_id)
            order by i.created_at, i.id
            limit v_limit + 1
        ) as p
    );
end
$$;
comment on function tenancy.list_invitations(uuid, integer, text, text) is 'See public.list_invitations().';


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
    return coalesce(
        tenancy.replayed(), tenancy.kept(tenancy.create_invitation(organization_id, email, role, expires_in_days))
    );
end
$$;
comment on function public.create_invitation(uuid, text, public.organization_role, integer) is
    'Invites an address for 1 to 30 days, to no role above one''s own; admins and above. {invitation, organization, inviter,
token}: the token is shown this once. Raises unauthenticated, not_found, forbidden, organization_suspended, already_member,
invitation_pending, quota_exceeded, rate_limited.';


create function public.create_invitation_link(
    organization_id uuid,
    max_uses integer default null,
    allowed_domains text[] default null,
    expires_in_days integer default 7
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.create_invitation_link(organization_id, max_uses, allowed_domains, expires_in_days)));
end
$$;
comment on function public.create_invitation_link(uuid, integer, text[], integer) is
    'Makes a link by which whoever has it may join as member, for 1 to 30 days, up to so many times and with a verified address
at these domains where they are given; admins and above. {invitation, organization, inviter, token}: the token is shown this
once. Raises unauthenticated, not_found, forbidden, organization_suspended, rate_limited.';


create function public.resend_invitation(organization_id uuid, invitation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.resend_invitation(organization_id, invitation_id)));
end
$$;
comment on function public.resend_invitation(uuid, uuid) is
    'A fresh token and a fresh term; the old token dies. Admins and above. {invitation, organization, inviter, token}.
Raises unauthenticated, not_found, forbidden, organization_suspended, conflict (it has an outcome, or is a link),
quota_exceeded, rate_limited.';


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


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.create_invitation(uuid, text, public.organization_role, integer),
    tenancy.create_invitation_link(uuid, integer, text[], integer),
    tenancy.resend_invitation(uuid, uuid),
    tenancy.revoke_invitation(uuid, uuid),
    tenancy.list_invitations(uuid, integer, text, text)
to authenticated;

revoke execute on function
    public.create_invitation(uuid, text, public.organization_role, integer),
    public.create_invitation_link(uuid, integer, text[], integer),
    public.resend_invitation(uuid, uuid),
    public.revoke_invitation(uuid, uuid),
    public.list_invitations(uuid, integer, text, text)
from public, anon, authenticated, service_role;
grant execute on function
    public.create_invitation(uuid, text, public.organization_role, integer),
    public.create_invitation_link(uuid, integer, text[], integer),
    public.resend_invitation(uuid, uuid),
    public.revoke_invitation(uuid, uuid),
    public.list_invitations(uuid, integer, text, text)
to authenticated;
