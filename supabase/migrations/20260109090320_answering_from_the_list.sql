-- Whoever sees an invitation in the list of those that wait for them can answer it there: their verified address says what
-- the token in the mail would say.

create function tenancy.token_of_received(p_invitation_id uuid)
returns text
language plpgsql security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_email text;
begin
    perform tenancy.hold_account(v_user_id);
    perform tenancy.require_caller();
    -- An address that is not verified is nobody's: which invitations there are for it is not said either.
    select tenancy.to_mailbox(u.email) into v_email
    from auth.users as u where u.id = v_user_id and u.email_confirmed_at is not null;
    if v_email is null then
        perform tenancy.refuse('email_not_verified', 'Confirm your e-mail address first.');
    end if;
    -- The lock of whoever answers by token, taken before the token is written: both come one after the other.
    perform 1
    from public.organizations as o
    join public.organization_invitations as i on i.organization_id = o.id
    where i.id = p_invitation_id and i.email = v_email
    for no key update of o;
    if not found then
        perform tenancy.refuse_token();
    end if;
    -- It leaves this transaction by no way: what is refused takes it back, and what succeeds uses it up.
    return tenancy.new_invitation_token(p_invitation_id);
end
$$;
comment on function tenancy.token_of_received(uuid) is
    'A token of an invitation to the caller''s verified address, to answer it with at once: whether it is still open, and what
else there is to say, is for who answers by token. Raises unauthenticated, email_not_verified, not_found.';


create function tenancy.accept_received_invitation(p_invitation_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    return tenancy.accept_invitation(tenancy.token_of_received(p_invitation_id));
end
$$;
comment on function tenancy.accept_received_invitation(uuid) is 'See public.accept_received_invitation().';


create function tenancy.decline_received_invitation(p_invitation_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    return tenancy.decline_invitation(tenancy.token_of_received(p_invitation_id));
end
$$;
comment on function tenancy.decline_received_invitation(uuid) is 'See public.decline_received_invitation().';


-- No attempts are counted: an id opens nothing for anybody but the person whose address it names.
create function public.accept_received_invitation(invitation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.accept_received_invitation(invitation_id)));
end
$$;
comment on function public.accept_received_invitation(uuid) is
    'Joins the organization of an invitation that my_invitations() lists. {organization, role}. Raises unauthenticated,
email_not_verified, not_found, already_member, organization_suspended, quota_exceeded, conflict (who invited can no longer do so).';


create function public.decline_received_invitation(invitation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.decline_received_invitation(invitation_id)));
end
$$;
comment on function public.decline_received_invitation(uuid) is
    'Says no to an invitation that my_invitations() lists. {organization: {name, branding}, role}. Raises unauthenticated,
email_not_verified, not_found.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.accept_received_invitation(uuid),
    tenancy.decline_received_invitation(uuid)
to authenticated;

revoke execute on function
    public.accept_received_invitation(uuid),
    public.decline_received_invitation(uuid)
from public, anon, authenticated, service_role;
grant execute on function
    public.accept_received_invitation(uuid),
    public.decline_received_invitation(uuid)
to authenticated;
