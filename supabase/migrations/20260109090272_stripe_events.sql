-- Events of Stripe as the function stripe-webhook passes them on: noted, and with all their effects, in one transaction.

create function tenancy.note_stripe_event(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
    v_said_at timestamptz := to_timestamp((p_event ->> 'created')::bigint);
    v_subscription jsonb := nullif(p_event -> 'subscription', 'null');
    v_invoice jsonb := nullif(p_event -> 'invoice', 'null');
    v_customer tenancy.billing_customers;
    v_deleted_at timestamptz;
    v_tier text;
begin
    if coalesce(v_subscription, v_invoice) is null then
        return 'irrelevant';
    end if;
    -- By what is stored here alone: anybody with an account at Stripe can write anything into metadata.
    select * into v_customer from tenancy.billing_customers as c where c.customer_id = p_event ->> 'customer';
    if not found then
        return 'unknown_customer';
    elsif v_customer.livemode <> (p_event ->> 'livemode')::boolean then
        return 'other_mode';
    end if;
    select o.deleted_at into v_deleted_at from public.organizations as o
    where o.id = v_customer.organization_id for no key update;
    if not found then
        return 'unknown_customer';
    end if;
    select p.tier into v_tier from public.subscription_plans as p
    where v_subscription -> 'prices' ? p.stripe_price_id
    order by p.position desc
    limit 1;
    insert into tenancy.subscription_facts as f (
        event_id, organization_id, customer_id, subscription_id, said_at, status, is_first, tier, subscribed_at, trial_ends_at, invoiced_at, is_paid
    ) values (
        p_event ->> 'id', v_customer.organization_id, v_customer.customer_id,
        coalesce(v_subscription ->> 'id', v_invoice ->> 'subscription'), v_said_at,
        v_subscription ->> 'status', p_event ->> 'type' = 'customer.subscription.created', v_tier,
        to_timestamp((v_subscription ->> 'created')::bigint), to_timestamp((v_subscription ->> 'trial_end')::bigint),
        to_timestamp((v_invoice ->> 'created')::bigint), (v_invoice ->> 'paid')::boolean
    )
    on conflict (event_id) do update
    set organization_id = excluded.organization_id, tier = excluded.tier, heard_at = excluded.heard_at;
    perform tenancy.apply_subscriptions(v_customer.organization_id);
    return case
        when v_deleted_at is not null then 'deleted_organization'
        when v_subscription is not null and v_tier is null then 'unknown_price'
        else 'applied'
    end;
end
$$;
comment on function tenancy.note_stripe_event(jsonb) is
    'Notes what an event says and lets it take effect; answers the outcome for tenancy.stripe_events. Locks the organization.';


create function tenancy.receive_stripe_event(p_event jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_outcome text;
begin
    -- The row is the lock: of deliveries at the same moment one inserts it, and the others wait for what it did.
    insert into tenancy.stripe_events as e (id, type, livemode, created, customer_id, outcome)
    values (
        p_event ->> 'id', p_event ->> 'type', (p_event ->> 'livemode')::boolean,
        to_timestamp((p_event ->> 'created')::bigint), p_event ->> 'customer', 'irrelevant'
    )
    on conflict (id) do update set received_at = excluded.received_at
    where e.outcome in ('unknown_customer', 'other_mode', 'unknown_price');
    if not found then
        return jsonb_build_object('outcome', 'duplicate');
    end if;
    v_outcome := tenancy.note_stripe_event(p_event);
    update tenancy.stripe_events as e set outcome = v_outcome where e.id = p_event ->> 'id' and e.outcome <> v_outcome;
    return jsonb_build_object('outcome', v_outcome);
end
$$;
comment on function tenancy.receive_stripe_event(jsonb) is 'See public.receive_stripe_event().';


create function public.receive_stripe_event(event jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.receive_stripe_event(event);
end
$$;
comment on function public.receive_stripe_event(jsonb) is
    'Takes an event of Stripe, once, whose signature the function stripe-webhook has checked; with the secret key. {id, type,
livemode, created, customer, subscription: {id, status, created, trial_end, prices} or invoice: {subscription, created, paid}},
times in seconds. {outcome}: applied, duplicate, or why it was only noted: irrelevant, unknown_customer, other_mode,
unknown_price, deleted_organization.';


revoke execute on all functions in schema tenancy from public;
grant execute on function tenancy.receive_stripe_event(jsonb) to service_role;

revoke execute on function public.receive_stripe_event(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.receive_stripe_event(jsonb) to service_role;
