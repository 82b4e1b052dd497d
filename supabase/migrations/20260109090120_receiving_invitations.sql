-- What the invited person does.

-- One answer for a token that is unknown, used, expired, revoked, or of an organization that is deleted.
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
        and o.deleted_at is null;
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
    v_preview jsonb;
begin
    select jsonb_build_object(
        'organization', tenancy.to_host(o),
        'role', i.role,
        'email_hint', left(i.email, 1) || '***' || substr(i.email, strpos(i.email, '@')),
        'allowed_domains', i.allowed_domains,
        'expires_at', i.expires_at
    )
    into v_preview
    from public.organization_invitations as i
    join public.organizations as o on o.id = i.organization_id
    join tenancy.organization_states as s on s.status = o.subscription_status
    where i.id = v_id and s.may_join;
    if v_preview is null then
        perform tenancy.refuse_token();
    end if;
    return v_preview;
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
    perform tenancy.hold_account(v_user_id);
    -- The organization row is the lock: it makes a single-use invitation single use, and keeps who stands for it, and the
    -- seats, as they are until the end. The invitation's own is for whoever changes it past the entry points. What other
    -- transactions did meanwhile shows now, so the account must still be open and the token open the same invitation.
    perform 1
    from public.organizations as o
    join public.organization_invitations as i on i.organization_id = o.id
    where i.id = v_id
    for no key update of o;
    select i.* into v_invitation from public.organization_invitations as i where i.id = v_id for no key update;
    perform tenancy.require_caller();
    if tenancy.invitation_by_token(p_token) is distinct from v_id then
        perform tenancy.refuse_token();
    end if;

    -- Only auth.users says which address is whose: user_metadata is written by the user.
    select tenancy.to_mailbox(u.email), u.email_confirmed_at into v_email, v_confirmed_at
    from auth.users as u where u.id = v_user_id;
    if v_email is distinct from coalesce(v_invitation.email, v_email) then
        perform tenancy.refuse('email_mismatch', 'This invitation was sent to another e-mail address than the one you signed in with.');
    elsif v_confirmed_at is null then
        perform tenancy.refuse('email_not_verified', 'Confirm your e-mail address first.');
    elsif not coalesce(split_part(v_email, '@', -1) = any (v_invitation.allowed_domains), true) then
        perform tenancy.refuse(
            'email_mismatch',
            format('This link is for e-mail addresses at %s.', array_to_string(v_invitation.allowed_domains, ', '))
        );
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
    perform tenancy.require_state(v_invitation.organization_id, 'join');
    if v_invitation.email is null and exists (
        select 1 from tenancy.kept_out as k
        where k.organization_id = v_invitation.organization_id and k.user_id = v_user_id
    ) then
        perform tenancy.refuse('conflict', 'An admin has removed you from this organization. Ask for an invitation to your address.');
    end if;
    -- An invitation is as good as the person who stands for it is today.
    if not exists (
        select 1 from public.organization_users as ou
        where ou.user_id = v_invitation.invited_by and ou.organization_id = v_invitation.organization_id
            and ou.role >= 'admin' and ou.suspended_at is null and tenancy.is_in_good_standing(ou.user_id)
    ) then
        perform tenancy.refuse('conflict', 'The person who invited you can no longer invite. Ask the organization for a new invitation.');
    end if;

    perform tenancy.hold_entries();
    -- Whoever arrives with another one pending has that withdrawn.
    perform set_config('tenancy.accepting', v_invitation.id::text, true);
    insert into public.organization_users (organization_id, user_id, role)
    values (v_invitation.organization_id, v_user_id, v_invitation.role);
    perform set_config('tenancy.accepting', '', true);
    update public.organization_invitations as i
    set uses = i.uses + 1,
        accepted_at = case when i.uses + 1 = i.max_uses then now() end,
        accepted_by = case when i.uses + 1 = i.max_uses then v_user_id end
    where i.id = v_invitation.id
    returning * into v_invitation;
    if v_invitation.accepted_at is not null then
        delete from tenancy.invitation_tokens as t where t.invitation_id = v_invitation.id;
    end if;
    perform tenancy.record(
        v_invitation.organization_id, 'member.joined', 'member', v_user_id, null,
        (
            select tenancy.to_recorded_member(ou) || jsonb_build_object('invitation_id', v_invitation.id)
            from public.organization_users as ou
            where ou.user_id = v_user_id and ou.organization_id = v_invitation.organization_id
        )
    );
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
    if v_invitation.email is null then
        perform tenancy.refuse('conflict', 'A link is not addressed to you alone, so there is nothing to decline.');
    end if;
    update public.organization_invitations as i set declined_at = now() where i.id = v_invitation.id;
    delete from tenancy.invitation_tokens as t where t.invitation_id = v_invitation.id;
    return (
        select jsonb_build_object('organization', tenancy.to_host(o), 'role', v_invitation.role)
        from public.organizations as o where o.id = v_invitation.organization_id
    );
end
$$;
comment on function tenancy.decline_invitation(text) is 'See public.decline_invitation().';


create function tenancy.invitations_for(p_email text)
returns setof public.organization_invitations
language sql stable
set search_path = ''
as $$
    select i.*
    from public.organization_invitations as i
    join public.organizations as o on o.id = i.organization_id
    join tenancy.organization_states as s on s.status = o.subscription_status
    where i.email = p_email
        and i.expires_at > now() and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
        and o.deleted_at is null and s.may_join
$$;
comment on function tenancy.invitations_for(text) is 'The invitations that an address could accept now.';


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
        cross join tenancy.invitations_for(tenancy.to_mailbox(u.email)) as i
        join public.organizations as o on o.id = i.organization_id
        where u.id = v_user_id and u.email_confirmed_at is not null
    ));
end
$$;
comment on function tenancy.my_invitations() is 'See public.my_invitations().';


-- A refused token must count, and the count must stay: the refusal is caught, so that what was done for it is undone, and
-- answered instead of raised, so that the transaction of the request is committed.

-- Volatile, so that a GET is what runs it read-only: a token in an address would end up in logs.
create function public.preview_invitation(token text)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
    v_state text;
    v_message text;
    v_detail text;
    v_hint text;
begin
    if current_setting('transaction_read_only')::boolean then
        raise exception using
            errcode = 'read_only_sql_transaction',
            message = 'Send the token in the body of a POST, never in an address.';
    end if;
    perform tenancy.require_attempts_left();
    return tenancy.preview_invitation(token);
exception when sqlstate 'PT403' or sqlstate 'PT404' then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
        v_hint = pg_exception_hint;
    return tenancy.failed_attempt(v_state, v_message, v_detail, v_hint);
end
$$;
comment on function public.preview_invitation(text) is
    'What a token invites to; for everybody who holds it. {organization: {name, branding}, role, email_hint (null for a link),
allowed_domains, expires_at}. Refuses with not_found, in the same words for every dead token, and rate_limited.';


create function public.accept_invitation(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    v_state text;
    v_message text;
    v_detail text;
    v_hint text;
begin
    perform tenancy.require_attempts_left();
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.accept_invitation(token)));
exception when sqlstate 'PT403' or sqlstate 'PT404' then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
        v_hint = pg_exception_hint;
    return tenancy.failed_attempt(v_state, v_message, v_detail, v_hint);
end
$$;
comment on function public.accept_invitation(text) is
    'Joins the organization; for the account whose verified address was invited, or by link for any with a verified address.
{organization, role}. Refuses with unauthenticated, not_found, email_mismatch, email_not_verified, already_member,
organization_suspended, quota_exceeded, conflict (who invited can no longer do so, or
a link for somebody who was removed), rate_limited.';


create function public.decline_invitation(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    v_state text;
    v_message text;
    v_detail text;
    v_hint text;
begin
    perform tenancy.require_attempts_left();
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.decline_invitation(token)));
exception when sqlstate 'PT403' or sqlstate 'PT404' then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
        v_hint = pg_exception_hint;
    return tenancy.failed_attempt(v_state, v_message, v_detail, v_hint);
end
$$;
comment on function public.decline_invitation(text) is
    'Says no; for the account whose verified address was invited. {organization: {name, branding}, role}.
Refuses with unauthenticated, not_found, email_mismatch, email_not_verified, conflict (a link),
rate_limited.';


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
    tenancy.preview_invitation(text),
    tenancy.accept_invitation(text),
    tenancy.decline_invitation(text),
    tenancy.my_invitations()
to authenticated;
-- Whoever holds a token may see what it invites to, signed in or not (docs/decisions/0007).
grant usage on schema tenancy to anon;
grant execute on function tenancy.preview_invitation(text) to anon;

revoke execute on function
    public.preview_invitation(text),
    public.accept_invitation(text),
    public.decline_invitation(text),
    public.my_invitations()
from public, anon, authenticated, service_role;
grant execute on function
    public.preview_invitation(text),
    public.accept_invitation(text),
    public.decline_invitation(text),
    public.my_invitations()
to authenticated;
grant execute on function public.preview_invitation(text) to anon;
