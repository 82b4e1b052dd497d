-- Nobody goes on paying for an organization that is gone. Deleting it lets its subscription end with what is paid for, and
-- restoring it takes that back; a purge ends it at once (docs/decisions/0030). Stripe is told from the outbox: nothing of it
-- is lost while Stripe is away, and nobody waits for it.

create function tenancy.tell_of_deletion()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform tenancy.queue_event(
        case when new.deleted_at is null then 'billing.restored' else 'billing.deleted' end, c.customer_id,
        jsonb_build_object('customer_id', c.customer_id)
    )
    from tenancy.billing_customers as c
    where c.organization_id = new.id;
    return null;
end
$$;
comment on function tenancy.tell_of_deletion() is
    'Tells the function billing-webhook that the organization of a customer was deleted or restored.';

create trigger tell_of_deletion after update of deleted_at on public.organizations
for each row when ((old.deleted_at is null) <> (new.deleted_at is null))
execute function tenancy.tell_of_deletion();


create function tenancy.tell_of_purge()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    -- Not where somebody unlinks the customer of an organization that stays.
    if not exists (select 1 from public.organizations as o where o.id = old.organization_id)
        or exists (select 1 from tenancy.purges as p where p.organization_id = old.organization_id)
    then
        -- The customer and nothing else: of the organization nothing is left.
        perform tenancy.queue_event(
            'billing.purged', old.customer_id,
            jsonb_build_object('customer_id', old.customer_id, 'livemode', old.livemode)
        );
    end if;
    return null;
end
$$;
comment on function tenancy.tell_of_purge() is
    'Tells the function billing-webhook that the organization of a customer is gone, whichever way it went.';

create trigger tell_of_purge after delete on tenancy.billing_customers
for each row execute function tenancy.tell_of_purge();


create function tenancy.read_ending(p_event_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return (
        -- As it is now: an event that comes late, or after one that was given up, brings nothing old back.
        select jsonb_build_object(
            'customer_id', e.payload ->> 'customer_id',
            'livemode', coalesce(c.livemode, (e.payload ->> 'livemode')::boolean),
            'ends', case when c.customer_id is null then 'now' when o.deleted_at is not null then 'later' else 'never' end,
            'attempt', e.attempts
        )
        from tenancy.outbox as e
        left join tenancy.billing_customers as c on c.customer_id = e.payload ->> 'customer_id'
        left join public.organizations as o on o.id = c.organization_id
        where e.id = p_event_id and e.topic like 'billing.%' and e.delivered_at is null
            and (c.customer_id is not null or e.topic = 'billing.purged')
    );
end
$$;
comment on function tenancy.read_ending(uuid) is 'See public.read_ending().';


create function public.read_ending(event_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.read_ending(event_id);
end
$$;
comment on function public.read_ending(uuid) is
    'When the subscriptions of the customer that a queued event is about have to end: now (the organization is gone), later (it is
deleted: with what is paid for) or never; null when there is nothing to do any more. For the function billing-webhook, with the
secret key. {customer_id, livemode, ends, attempt}; attempt: which try to deliver the event this is.';


revoke execute on all functions in schema tenancy from public;
grant execute on function tenancy.read_ending(uuid) to service_role;

revoke execute on function public.read_ending(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_ending(uuid) to service_role;
