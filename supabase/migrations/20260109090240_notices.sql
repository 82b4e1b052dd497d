-- Mails about what somebody else did to one's membership. They are queued with the change itself; the function `notices`
-- writes and sends them, and a mail provider that is down only delays them.

create function tenancy.notify_person(p_topic text, p_organization_id uuid, p_user_id uuid, p_payload jsonb)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
    -- Nobody is written to at an address that may be somebody else's, and nobody about an organization that is gone.
    if exists (
        select 1 from auth.users as u
        where u.id = p_user_id and u.email_confirmed_at is not null and tenancy.is_in_good_standing(u.id)
    ) and exists (select 1 from public.organizations as o where o.id = p_organization_id) then
        perform tenancy.queue_event(p_topic, p_user_id::text, coalesce(p_payload, '{}') || jsonb_build_object(
            'organization_id', p_organization_id, 'user_id', p_user_id, 'actor_id', auth.uid()
        ));
    end if;
end
$$;
comment on function tenancy.notify_person(text, uuid, uuid, jsonb) is
    'Queues a mail to one person about an organization, if their address is verified. Topics and what their payload adds:
notice.role_changed {role, previous_role}, notice.removed, notice.ownership_received, notice.domain_join_request
{requester_id}, notice.status_changed {status, previous_status}, notice.quota_reached {quota, percent, limit, used, resets_at}.';


create function tenancy.notify_of_membership()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    -- One knows what one did oneself.
    if auth.uid() = old.user_id then
        return null;
    elsif tg_op = 'DELETE' then
        perform tenancy.notify_person('notice.removed', old.organization_id, old.user_id, '{}');
    elsif new.role = 'owner' then
        perform tenancy.notify_person('notice.ownership_received', new.organization_id, new.user_id, '{}');
    else
        perform tenancy.notify_person(
            'notice.role_changed', new.organization_id, new.user_id,
            jsonb_build_object('role', new.role, 'previous_role', old.role)
        );
    end if;
    return null;
end
$$;
comment on function tenancy.notify_of_membership() is 'Tells people what others did: a changed role, ownership, the end of a membership.';

create trigger notify_of_role after update of role on public.organization_users
for each row when (new.role <> old.role)
execute function tenancy.notify_of_membership();

create trigger notify_of_removal after delete on public.organization_users
for each row execute function tenancy.notify_of_membership();


create function tenancy.read_notice(p_event_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object(
            'topic', e.topic,
            'to', tenancy.to_mailbox(u.email),
            'organization', tenancy.to_host(o),
            'actor', (
                select jsonb_build_object('full_name', p.full_name, 'email', p.email)
                from public.profiles as p where p.id = (e.payload ->> 'actor_id')::uuid
            ),
            'requester', (
                select jsonb_build_object('full_name', p.full_name, 'email', p.email)
                from public.profiles as p where p.id = (e.payload ->> 'requester_id')::uuid
            )
        ) || (e.payload - array['organization_id', 'user_id', 'actor_id', 'requester_id'])
        from tenancy.outbox as e
        join auth.users as u on u.id = (e.payload ->> 'user_id')::uuid
        join public.organizations as o on o.id = (e.payload ->> 'organization_id')::uuid
        where e.id = p_event_id and e.topic like 'notice.%' and e.delivered_at is null
            and u.email_confirmed_at is not null and tenancy.is_in_good_standing(u.id)
    );
end
$$;
comment on function tenancy.read_notice(uuid) is 'See public.read_notice().';


create function public.read_notice(event_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.read_notice(event_id);
end
$$;
comment on function public.read_notice(uuid) is
    'What a queued mail has to say, to the address that the person has now; null when there is nothing to send any more. For the
function notices, with the secret key. {topic, to, organization, actor, requester} and what the event adds.';


revoke execute on all functions in schema tenancy from public;
grant execute on function tenancy.read_notice(uuid) to service_role;

revoke execute on function public.read_notice(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_notice(uuid) to service_role;
