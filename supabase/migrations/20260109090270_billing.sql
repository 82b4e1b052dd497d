-- Who pays at Stripe for which organization. Functions talk to Stripe and the database decides who may: what it tells of
-- Stripe's ids it tells the functions alone, which sign their questions, although they ask with the token of whoever
-- is signed in.

create table tenancy.billing_customers (
    organization_id uuid primary key references public.organizations (id) on delete cascade,
    customer_id text not null,
    livemode boolean not null,
    linked_at timestamptz not null default now(),
    constraint billing_customers_customer_pays_for_one_organization unique (customer_id),
    constraint billing_customers_customer_is_an_id check (customer_id ~ '^cus_[A-Za-z0-9_]{1,200}$')
);
comment on table tenancy.billing_customers is
    'The Stripe customer of an organization, one to one. What Stripe says of a customer that is not here is about nobody.';

insert into tenancy.rate_limits (name, capacity, refills_in, refusal)
values ('billing_per_user', 20, '1 hour', 'You went to checkout or to the customer portal too often.');


create function tenancy.record_customer()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_organization_id uuid := coalesce(new.organization_id, old.organization_id);
begin
    if tenancy.entries_are_held() or not exists (select 1 from public.organizations as o where o.id = v_organization_id) then
        -- The organization itself is being removed.
        return null;
    end if;
    -- Admins read the log: without Stripe's id.
    perform tenancy.record(
        v_organization_id,
        case tg_op when 'INSERT' then 'billing.customer_linked' else 'billing.customer_unlinked' end,
        'billing_customer',
        v_organization_id,
        case tg_op when 'DELETE' then jsonb_build_object('livemode', old.livemode) end,
        case tg_op when 'INSERT' then jsonb_build_object('livemode', new.livemode) end
    );
    return null;
end
$$;
comment on function tenancy.record_customer() is 'Writes the entry of a link between an organization and a Stripe customer.';

create trigger record_customer after insert or delete on tenancy.billing_customers
for each row execute function tenancy.record_customer();


create function tenancy.require_functions(p_proof text, variadic p_said text[])
returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
    -- When it was said, and the signature of whoever said it.
    v_parts text[] := regexp_match(p_proof, '^([0-9]{10})\.([0-9a-f]{64})$');
begin
    if v_parts is null
        or to_timestamp(v_parts[1]::bigint) not between now() - interval '1 minute' and now() + interval '1 minute'
        or not tenancy.is_signed_by_functions(array_to_string(p_said || v_parts[1], e'\n'), v_parts[2])
    then
        perform tenancy.refuse('forbidden', 'Only the functions may ask this: use the routes of billing.');
    end if;
end
$$;
comment on function tenancy.require_functions(text, text[]) is
    'Lets only our functions go on: the proof is the time and their signature over what they say and that time, one below the
other, and counts for a minute. Raises forbidden.';


create function tenancy.require_biller(p_organization_id uuid)
returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
    perform tenancy.require_role(p_organization_id, 'owner', p_for_write => false);
    perform tenancy.require_state(p_organization_id, 'bill');
end
$$;
comment on function tenancy.require_biller(uuid) is
    'Lets owners go on, also of an organization that is suspended: paying is how it comes back. Raises unauthenticated,
not_found, forbidden, organization_suspended.';


create function tenancy.start_checkout(p_organization_id uuid, p_tier text, p_proof text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_price_id text;
begin
    perform tenancy.require_biller(p_organization_id);
    perform tenancy.require_functions(p_proof, 'billing-checkout', p_organization_id::text, p_tier);
    select p.stripe_price_id into v_price_id from public.subscription_plans as p where p.tier = p_tier;
    if v_price_id is null then
        perform tenancy.refuse(
            'validation_failed', 'There is no such plan to buy; list_plans says which are for sale.',
            '{"errors": [{"pointer": "/tier", "code": "not_for_sale", "message": "Is no plan that is for sale."}]}'
        );
    elsif tenancy.has_subscription(p_organization_id) then
        perform tenancy.refuse_second_subscription();
    end if;
    perform tenancy.take_token('billing_per_user', auth.uid()::text);
    return jsonb_build_object('price_id', v_price_id, 'customer_id', (
        select c.customer_id from tenancy.billing_customers as c where c.organization_id = p_organization_id
    ));
end
$$;
comment on function tenancy.start_checkout(uuid, text, text) is 'See public.start_checkout().';


create function tenancy.refuse_second_subscription()
returns void
language plpgsql stable
set search_path = ''
as $$
begin
    perform tenancy.refuse('conflict', 'This organization has a subscription: change its plan or how it is paid in the customer portal.');
end
$$;
comment on function tenancy.refuse_second_subscription() is 'Raises conflict, and says where to go.';


create function tenancy.start_portal(p_organization_id uuid, p_proof text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_customer_id text;
begin
    perform tenancy.require_biller(p_organization_id);
    perform tenancy.require_functions(p_proof, 'billing-portal', p_organization_id::text);
    select c.customer_id into v_customer_id from tenancy.billing_customers as c where c.organization_id = p_organization_id;
    if not found then
        perform tenancy.refuse('conflict', 'Nothing has been bought for this organization yet: begin with a checkout.');
    end if;
    perform tenancy.take_token('billing_per_user', auth.uid()::text);
    return jsonb_build_object('customer_id', v_customer_id);
end
$$;
comment on function tenancy.start_portal(uuid, text) is 'See public.start_portal().';


create function tenancy.link_customer(p_organization_id uuid, p_customer_id text, p_livemode boolean, p_proof text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    -- Of two owners at once, the second one finds the customer of the first.
    perform tenancy.require_role_to_change(p_organization_id, 'owner', p_for_write => false);
    perform tenancy.require_biller(p_organization_id);
    perform tenancy.require_functions(
        p_proof, 'billing-customer', p_organization_id::text, p_customer_id, p_livemode::text
    );
    insert into tenancy.billing_customers (organization_id, customer_id, livemode)
    values (p_organization_id, p_customer_id, p_livemode)
    on conflict (organization_id) do nothing;
    return (
        select jsonb_build_object('customer_id', c.customer_id)
        from tenancy.billing_customers as c where c.organization_id = p_organization_id
    );
exception when unique_violation then
    perform tenancy.refuse('conflict', 'This customer pays for another organization.');
end
$$;
comment on function tenancy.link_customer(uuid, text, boolean, text) is 'See public.link_customer().';


create function public.start_checkout(organization_id uuid, tier text, proof text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.start_checkout(organization_id, tier, proof);
end
$$;
comment on function public.start_checkout(uuid, text, text) is
    'What the function billing needs for a checkout, on behalf of an owner: {price_id, customer_id} (null: none is linked yet).
Raises unauthenticated, not_found, forbidden (also without the functions'' signature), organization_suspended, conflict (it has
a subscription), validation_failed (no such plan for sale), rate_limited.';


create function public.start_portal(organization_id uuid, proof text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.start_portal(organization_id, proof);
end
$$;
comment on function public.start_portal(uuid, text) is
    'What the function billing needs for the customer portal, on behalf of an owner: {customer_id}. Raises unauthenticated,
not_found, forbidden (also without the functions'' signature), organization_suspended, conflict (no customer yet), rate_limited.';


create function public.link_customer(organization_id uuid, customer_id text, livemode boolean, proof text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.link_customer(organization_id, customer_id, livemode, proof);
end
$$;
comment on function public.link_customer(uuid, text, boolean, text) is
    'Notes the Stripe customer that the function billing made for an organization, on behalf of an owner: {customer_id}, the one
that was there before if there was one. Raises unauthenticated, not_found, forbidden (also without the functions'' signature),
organization_suspended, conflict (the customer pays for another organization).';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.start_checkout(uuid, text, text),
    tenancy.start_portal(uuid, text),
    tenancy.link_customer(uuid, text, boolean, text)
to authenticated;

revoke execute on function
    public.start_checkout(uuid, text, text),
    public.start_portal(uuid, text),
    public.link_customer(uuid, text, boolean, text)
from public, anon, authenticated, service_role;
grant execute on function
    public.start_checkout(uuid, text, text),
    public.start_portal(uuid, text),
    public.link_customer(uuid, text, boolean, text)
to authenticated;
