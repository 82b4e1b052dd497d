-- What admins and owners do with members, and what members do with themselves.

create function tenancy.require_member(p_organization_id uuid, p_user_id uuid, p_own_role public.organization_role)
returns public.organization_users
language plpgsql stable
set search_path = ''
as $$
declare
    v_member public.organization_users;
begin
    select * into v_member
    from public.organization_users as ou
    where ou.organization_id = p_organization_id and ou.user_id = p_user_id;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such member.');
    elsif v_member.role > p_own_role then
        perform tenancy.refuse('forbidden', 'Nobody changes a member whose role is above their own.');
    end if;
    return v_member;
end
$$;
comment on function tenancy.require_member(uuid, uuid, public.organization_role) is
    'A member whom somebody of this role may change. Raises not_found, forbidden.';


create function tenancy.to_member(p_organization_id uuid, p_user_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'user_id', ou.user_id, 'email', p.email, 'full_name', p.full_name, 'role', ou.role,
            'joined_at', ou.joined_at, 'suspended_at', ou.suspended_at
        )
        from public.organization_users as ou
        join public.profiles as p on p.id = ou.user_id
        where ou.organization_id = p_organization_id and ou.user_id = p_user_id
    );
end
$$;
comment on function tenancy.to_member(uuid, uuid) is 'A member as the other members read them.';


create function tenancy.change_member(p_organization_id uuid, p_user_id uuid, p_role public.organization_role)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_own_role public.organization_role := tenancy.require_role_to_change(p_organization_id, 'admin');
    v_member public.organization_users := tenancy.require_member(p_organization_id, p_user_id, v_own_role);
    v_ended jsonb := '{"invitations": 0, "sessions": 0}';
begin
    if p_role is null then
        perform tenancy.refuse('validation_failed', 'Say which role the member shall have.');
    elsif p_role > v_own_role then
        perform tenancy.refuse('forbidden', 'Nobody grants a role above their own.');
    end if;
    if p_role < 'admin' then
        v_ended := v_ended || (tenancy.what_ends(p_organization_id, p_user_id) - 'sessions');
    end if;
    update public.organization_users as ou set role = p_role
    where ou.organization_id = p_organization_id and ou.user_id = p_user_id and ou.role <> p_role;
    return jsonb_build_object('member', tenancy.to_member(p_organization_id, p_user_id), 'ended', v_ended);
end
$$;
comment on function tenancy.change_member(uuid, uuid, public.organization_role) is 'See public.change_member().';


create function tenancy.remove_member(p_organization_id uuid, p_user_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_own_role public.organization_role;
    v_answer jsonb;
begin
    if p_user_id = auth.uid() then
        -- Whoever wants to go may, also from an organization that is suspended.
        v_own_role := tenancy.require_role_to_change(p_organization_id, 'member', p_for_write => false);
    else
        v_own_role := tenancy.require_role_to_change(p_organization_id, 'admin');
    end if;
    perform tenancy.require_member(p_organization_id, p_user_id, v_own_role);
    v_answer := jsonb_build_object(
        'member', tenancy.to_member(p_organization_id, p_user_id), 'ended', tenancy.what_ends(p_organization_id, p_user_id)
    );
    delete from public.organization_users as ou where ou.organization_id = p_organization_id and ou.user_id = p_user_id;
    return v_answer;
end
$$;
comment on function tenancy.remove_member(uuid, uuid) is 'See public.remove_member().';


create function tenancy.suspend_member(p_organization_id uuid, p_user_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_own_role public.organization_role := tenancy.require_role_to_change(p_organization_id, 'admin');
    v_ended jsonb;
begin
    perform tenancy.require_member(p_organization_id, p_user_id, v_own_role);
    if p_user_id = auth.uid() then
        perform tenancy.refuse('conflict', 'Nobody suspends themselves. Leave the organization instead.');
    end if;
    v_ended := tenancy.what_ends(p_organization_id, p_user_id);
    update public.organization_users as ou set suspended_at = now()
    where ou.organization_id = p_organization_id and ou.user_id = p_user_id and ou.suspended_at is null;
    return jsonb_build_object('member', tenancy.to_member(p_organization_id, p_user_id), 'ended', v_ended);
end
$$;
comment on function tenancy.suspend_member(uuid, uuid) is 'See public.suspend_member().';


create function tenancy.reactivate_member(p_organization_id uuid, p_user_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_own_role public.organization_role := tenancy.require_role_to_change(p_organization_id, 'admin');
begin
    perform tenancy.require_member(p_organization_id, p_user_id, v_own_role);
    update public.organization_users as ou set suspended_at = null
    where ou.organization_id = p_organization_id and ou.user_id = p_user_id and ou.suspended_at is not null;
    return jsonb_build_object('member', tenancy.to_member(p_organization_id, p_user_id));
end
$$;
comment on function tenancy.reactivate_member(uuid, uuid) is 'See public.reactivate_member().';


create function tenancy.transfer_ownership(p_organization_id uuid, p_user_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_own_role public.organization_role := tenancy.require_role_to_change(p_organization_id, 'owner');
    v_user_id uuid := auth.uid();
    v_heir public.organization_users := tenancy.require_member(p_organization_id, p_user_id, v_own_role);
    v_why_not text := case
        when p_user_id = v_user_id then 'You own this organization already.'
        when v_heir.suspended_at is not null then 'This member is suspended: reactivate them first.'
        when not tenancy.is_in_good_standing(p_user_id) then 'This member''s account is closed or banned.'
    end;
    v_organization public.organizations;
begin
    if v_why_not is not null then
        perform tenancy.refuse('validation_failed', v_why_not, jsonb_build_object('errors', jsonb_build_array(
            jsonb_build_object('pointer', '/user_id', 'code', 'not_eligible', 'message', v_why_not)
        )));
    end if;
    perform tenancy.hold_entries();
    -- The heir first: at no moment is there no owner.
    update public.organization_users as ou set role = 'owner'
    where ou.organization_id = p_organization_id and ou.user_id = p_user_id and ou.role <> 'owner';
    update public.organization_users as ou set role = 'admin'
    where ou.organization_id = p_organization_id and ou.user_id = v_user_id;
    -- Mail to the owner goes to the new one, unless somebody chose another address for it.
    update public.organizations as o set owner_email = tenancy.to_contact(heir.email)
    from auth.users as heir, auth.users as former
    where o.id = p_organization_id and heir.id = p_user_id and former.id = v_user_id and o.owner_email = tenancy.to_contact(former.email);
    perform tenancy.record(
        p_organization_id, 'organization.ownership_transferred', 'organization', p_organization_id,
        jsonb_build_object('owner', v_user_id, 'role', v_heir.role), jsonb_build_object('owner', p_user_id, 'role', 'owner')
    );
    select * into strict v_organization from public.organizations as o where o.id = p_organization_id;
    return jsonb_build_object('organization', tenancy.to_organization(v_organization, 'admin'));
end
$$;
comment on function tenancy.transfer_ownership(uuid, uuid) is 'See public.transfer_ownership().';


create function public.change_member(organization_id uuid, user_id uuid, role public.organization_role)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.change_member(organization_id, user_id, role);
end
$$;
comment on function public.change_member(uuid, uuid, public.organization_role) is
    'Gives a member another role, at once; admins and above, nobody above their own role. What a role no longer allows ends with
it. {member, ended: {invitations, sessions}}. Raises unauthenticated, not_found, forbidden, organization_suspended, last_owner,
validation_failed (no role).';


create function public.remove_member(organization_id uuid, user_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.remove_member(organization_id, user_id);
end
$$;
comment on function public.remove_member(uuid, uuid) is
    'Takes a member out of the organization, at once; admins and above, nobody above their own role; oneself: any member. What
they made stays. {member, ended: {invitations, sessions}}. Raises unauthenticated, not_found, forbidden,
organization_suspended, last_owner.';


create function public.suspend_member(organization_id uuid, user_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.suspend_member(organization_id, user_id)));
end
$$;
comment on function public.suspend_member(uuid, uuid) is
    'Shuts a member out, at once, who keeps role and place in the list and takes no seat; admins and above, nobody above their
own role. {member, ended: {invitations, sessions}}. Raises unauthenticated, not_found, forbidden, organization_suspended,
conflict (oneself), last_owner.';


create function public.reactivate_member(organization_id uuid, user_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.reactivate_member(organization_id, user_id)));
end
$$;
comment on function public.reactivate_member(uuid, uuid) is
    'Lets a suspended member in again, with the role they had; admins and above, nobody above their own role. {member}.
Raises unauthenticated, not_found, forbidden, organization_suspended, quota_exceeded.';


create function public.transfer_ownership(organization_id uuid, user_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.transfer_ownership(organization_id, user_id)));
end
$$;
comment on function public.transfer_ownership(uuid, uuid) is
    'Makes an active member the owner and the caller an admin; owners. {organization}. Raises unauthenticated, not_found,
forbidden, organization_suspended, validation_failed (oneself, or somebody who is suspended).';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.change_member(uuid, uuid, public.organization_role),
    tenancy.remove_member(uuid, uuid),
    tenancy.suspend_member(uuid, uuid),
    tenancy.reactivate_member(uuid, uuid),
    tenancy.transfer_ownership(uuid, uuid)
to authenticated;

revoke execute on function
    public.change_member(uuid, uuid, public.organization_role),
    public.remove_member(uuid, uuid),
    public.suspend_member(uuid, uuid),
    public.reactivate_member(uuid, uuid),
    public.transfer_ownership(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function
    public.change_member(uuid, uuid, public.organization_role),
    public.remove_member(uuid, uuid),
    public.suspend_member(uuid, uuid),
    public.reactivate_member(uuid, uuid),
    public.transfer_ownership(uuid, uuid)
to authenticated;
