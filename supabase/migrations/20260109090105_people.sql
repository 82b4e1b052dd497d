-- Who is in an organization: what ends with a role, and the record of it. All of it holds for SQL too.

create function tenancy.what_ends(p_organization_id uuid, p_user_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'invitations', (
                select count(*)
                from public.organization_invitations as i
                where i.organization_id = p_organization_id and i.invited_by = p_user_id
                    and i.accepted_at is null and i.declined_at is null and i.revoked_at is null and i.expires_at > now()
            ),
            'sessions', (
                select count(*)
                from tenancy.active_organizations as a
                where a.organization_id = p_organization_id and a.user_id = p_user_id
            )
        )
    );
end
$$;
comment on function tenancy.what_ends(uuid, uuid) is
    'How many pending invitations somebody stands for, and how many of their sessions act in the organization: what ends with
their membership.';


create function tenancy.end_invitations(p_organization_id uuid, p_user_id uuid)
returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_count integer;
begin
    with ended as (
        update public.organization_invitations as i set revoked_at = now()
        where i.organization_id = p_organization_id and i.invited_by = p_user_id
            and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
        returning i.id, i.expires_at
    ), gone as (
        delete from tenancy.invitation_tokens as t using ended as e where t.invitation_id = e.id
    )
    select count(*) filter (where e.expires_at > now()) into v_count from ended as e;
    return v_count;
end
$$;
comment on function tenancy.end_invitations(uuid, uuid) is 'Withdraws what somebody stands for, and says how many could still be accepted.';


create function tenancy.to_recorded_member(p_membership public.organization_users)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select to_jsonb(p_membership) - array['organization_id', 'user_id', 'joined_at', 'created_at']
            || jsonb_build_object('email', (select u.email from auth.users as u where u.id = p_membership.user_id))
    );
end
$$;
comment on function tenancy.to_recorded_member(public.organization_users) is
    'A member as the audit log remembers them: it outlives the account.';


create function tenancy.follow_membership()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_held boolean := tenancy.entries_are_held();
    v_organization_id uuid := coalesce(new.organization_id, old.organization_id);
    v_user_id uuid := coalesce(new.user_id, old.user_id);
    v_before jsonb := case when tg_op <> 'INSERT' then tenancy.to_recorded_member(old) end;
    v_after jsonb := case when tg_op <> 'DELETE' then tenancy.to_recorded_member(new) end;
    v_ended integer := 0;
begin
    if not exists (select 1 from public.organizations as o where o.id = v_organization_id) then
        -- The organization itself is being removed.
        return null;
    end if;
    perform tenancy.hold_entries();
    -- An invitation is as good as the person who stands for it.
    if tg_op = 'DELETE' or tg_op = 'UPDATE' and (new.role < 'admin' or new.suspended_at is not null) then
        v_ended := tenancy.end_invitations(v_organization_id, v_user_id);
    end if;
    if tg_op = 'UPDATE' and new.suspended_at is not null then
        delete from tenancy.active_organizations as a
        where a.organization_id = v_organization_id and a.user_id = v_user_id;
    end if;
    if v_held then
        return null;
    end if;

    if tg_op = 'UPDATE' then
        v_after := tenancy.differences(v_after, v_before);
        v_before := tenancy.differences(v_before, tenancy.to_recorded_member(new));
    end if;
    if v_ended > 0 then
        v_after := coalesce(v_after, '{}') || jsonb_build_object('ended_invitations', v_ended);
    end if;
    perform tenancy.record(
        v_organization_id,
        case
            when tg_op = 'INSERT' then 'member.added'
            when tg_op = 'DELETE' and v_user_id = auth.uid() then 'member.left'
            when tg_op = 'DELETE' then 'member.removed'
            when new.suspended_at is not null and new.suspended_at is distinct from old.suspended_at then 'member.suspended'
            when old.suspended_at is not null and new.suspended_at is null then 'member.reactivated'
            else 'member.role_changed'
        end,
        'member',
        v_user_id,
        v_before,
        v_after
    );
    return null;
end
$$;
comment on function tenancy.follow_membership() is
    'Ends with a membership, or with the role that allowed them, the invitations that the person stands for; ends with a
suspension the choice of the organization; and writes the entry of it all.';

create trigger follow_membership after insert or update or delete on public.organization_users
for each row execute function tenancy.follow_membership();


-- An account that closes, is banned or deleted takes no organization's last owner with it.
create function tenancy.refuse_to_orphan(p_user_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_organizations jsonb;
begin
    -- All locks before the look, and in one order: two owners who go at the same moment must not both see the other stay.
    perform 1
    from public.organizations as o
    join public.organization_users as ou on ou.organization_id = o.id
    where ou.user_id = p_user_id
    order by o.id
    for no key update of o;
    -- Updated too, so that a repeatable-read transaction with an older view fails instead of passing.
    update public.organizations as o set updated_at = o.updated_at
    from public.organization_users as ou
    where ou.organization_id = o.id and ou.user_id = p_user_id;
    select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name, 'slug', o.slug, 'deleted_at', o.deleted_at) order by o.id)
    into v_organizations
    from public.organization_users as ou
    join public.organizations as o on o.id = ou.organization_id
    where ou.user_id = p_user_id and ou.role = 'owner' and ou.suspended_at is null
        and not tenancy.has_another_owner(o.id, p_user_id);
    if v_organizations is not null then
        perform tenancy.refuse(
            'last_owner',
            format(
                'This account is the last owner of %s organization(s). Make somebody else an owner there first.',
                jsonb_array_length(v_organizations)
            ),
            jsonb_build_object('organizations', v_organizations)
        );
    end if;
end
$$;
comment on function tenancy.refuse_to_orphan(uuid) is
    'Refuses to let an account go that is the last owner of organizations, and lists them. Raises last_owner.';


create function tenancy.leave_with_account()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform tenancy.refuse_to_orphan(old.id);
    if tg_op = 'DELETE' or new.deleted_at is not null then
        -- Here and not by the cascade, so that the record still knows who it was.
        delete from public.organization_users as ou where ou.user_id = old.id;
        -- Nobody is left whom it could concern.
        delete from tenancy.outbox as e where e.order_key = old.id::text and e.delivered_at is null;
    end if;
    return coalesce(new, old);
end
$$;
comment on function tenancy.leave_with_account() is
    'Ends the memberships of an account that is deleted or closed; what it made stays. Raises last_owner with the list of
organizations that would be left without one, also for a ban.';

create trigger leave_with_account_on_delete before delete on auth.users
for each row execute function tenancy.leave_with_account();

create trigger leave_with_account_on_update before update of deleted_at, banned_until on auth.users
for each row when (
    old.deleted_at is null and new.deleted_at is not null
    or coalesce(old.banned_until, '-infinity') < new.banned_until and new.banned_until > now()
)
execute function tenancy.leave_with_account();


revoke execute on all functions in schema tenancy from public;
