-- What Stripe has told of subscriptions, and what follows from it. Events arrive in any order, twice, or days late. So
-- nothing is made of one event alone: each leaves what it says, and an organization's tier and status are what follows
-- from all that was said (docs/decisions/0021).

create table tenancy.stripe_statuses (
    status text primary key,
    phase smallint not null,
    rank smallint not null,
    becomes text references tenancy.organization_states (status),
    is_good_news boolean not null,
    is_open boolean not null,
    constraint stripe_statuses_ranks_differ unique (rank)
);
create index stripe_statuses_becomes_idx on tenancy.stripe_statuses (becomes);
comment on table tenancy.stripe_statuses is
    'What each status of a Stripe subscription means here. phase: 0 it has not begun, 1 it runs, 2 it is over; nothing goes
back a phase. rank: which comes later where Stripe tells of two in the same second. becomes: the organization''s status; null
for none. is_good_news: somebody pays. is_open: none is bought beside it.';

insert into tenancy.stripe_statuses (status, phase, rank, becomes, is_good_news, is_open) values
    -- A first payment that failed bought nothing and ends nothing: the organization stays what it was.
    ('incomplete', 0, 1, null, false, false),
    ('incomplete_expired', 0, 2, null, false, false),
    ('trialing', 1, 3, 'trial', true, true),
    ('active', 1, 4, 'active', true, true),
    ('past_due', 1, 5, 'past_due', false, true),
    ('paused', 1, 6, 'suspended', false, true),
    ('unpaid', 1, 7, 'suspended', false, true),
    ('canceled', 2, 8, 'cancelled', false, false);


create table tenancy.stripe_events (
    id text primary key,
    type text not null,
    livemode boolean not null,
    created timestamptz not null,
    customer_id text,
    outcome text not null,
    received_at timestamptz not null default clock_timestamp(),
    constraint stripe_events_id_is_an_id check (id ~ '^evt_[A-Za-z0-9_]{1,200}$'),
    constraint stripe_events_outcome_is_known check (outcome in (
        'applied', 'irrelevant', 'unknown_customer', 'other_mode', 'unknown_price', 'deleted_organization'
    ))
);
comment on table tenancy.stripe_events is
    'Every event that Stripe has sent, by its id, and what became of it: one that comes again does nothing. An event that was
about a customer, a mode or a price not known here is looked at once more when Stripe sends it again.';


create table tenancy.subscription_facts (
    event_id text primary key references tenancy.stripe_events (id) on delete cascade,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    customer_id text not null,
    subscription_id text not null,
    said_at timestamptz not null,
    heard_at timestamptz not null default clock_timestamp(),
    status text references tenancy.stripe_statuses (status),
    is_first boolean not null default false,
    tier text references public.subscription_plans (tier) on update cascade on delete set null,
    subscribed_at timestamptz,
    trial_ends_at timestamptz,
    invoiced_at timestamptz,
    is_paid boolean,
    constraint subscription_facts_are_of_a_subscription_or_an_invoice
        check (num_nonnulls(status, is_paid) = 1 and (status is null) = (subscribed_at is null)
            and (is_paid is null) = (invoiced_at is null)),
    constraint subscription_facts_subscription_is_an_id check (subscription_id ~ '^sub_[A-Za-z0-9_]{1,200}$')
);
create index subscription_facts_organization_idx on tenancy.subscription_facts (organization_id, subscription_id);
create index subscription_facts_status_idx on tenancy.subscription_facts (status);
create index subscription_facts_tier_idx on tenancy.subscription_facts (tier);
comment on table tenancy.subscription_facts is
    'What each event said: how a subscription was at a moment (status, tier, trial), or that an invoice of it was paid or not.
tier: null for a price that no plan has. What was said of a customer counts while the organization has that customer.';
comment on column tenancy.subscription_facts.is_first is 'The subscription as it was made: before all else that is said of that second.';
comment on column tenancy.subscription_facts.heard_at is 'When it was noted here, with the organization locked.';


create function tenancy.facts_of(p_organization_id uuid)
returns setof tenancy.subscription_facts
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    select f.*
    from tenancy.subscription_facts as f
    join tenancy.billing_customers as c on c.organization_id = f.organization_id and c.customer_id = f.customer_id
    where f.organization_id = p_organization_id;
end
$$;
comment on function tenancy.facts_of(uuid) is 'What Stripe has said of the customer that an organization has now.';


create function tenancy.subscriptions_of(p_organization_id uuid)
returns table (subscription_id text, status text, tier text, subscribed_at timestamptz, trial_ends_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
begin
    return query
    with facts as (
        select f.* from tenancy.facts_of(p_organization_id) as f
    ), snapshots as (
        select f.*, s.phase, row_number() over (
            partition by f.subscription_id
            order by s.phase desc, f.said_at desc, f.is_first, s.rank desc, f.event_id desc
        ) as place
        from facts as f
        join tenancy.stripe_statuses as s on s.status = f.status
    ), tiers as (
        select distinct on (n.subscription_id) n.subscription_id, n.tier
        from snapshots as n where n.tier is not null
        order by n.subscription_id, n.place
    ), trials as (
        select distinct on (n.subscription_id) n.subscription_id, n.trial_ends_at
        from snapshots as n where n.trial_ends_at is not null
        order by n.subscription_id, n.place
    ), payments as (
        -- Of the latest invoice; once paid it stays paid.
        select distinct on (f.subscription_id) f.subscription_id, f.is_paid, f.said_at,
            bool_or(f.is_paid) over (partition by f.subscription_id) as was_ever_paid
        from facts as f
        where f.is_paid is not null
        order by f.subscription_id, f.invoiced_at desc, f.is_paid desc, f.said_at desc, f.event_id desc
    )
    select
        n.subscription_id,
        case
            -- What is said of an invoice counts until the subscription itself is told of again; only that it has begun
            -- stays true.
            when p.said_at > n.said_at and p.is_paid and n.status = 'past_due' then 'active'
            when p.said_at > n.said_at and not p.is_paid and (n.status = 'active' or n.phase = 0 and p.was_ever_paid)
                then 'past_due'
            when n.phase = 0 and p.was_ever_paid then 'active'
            else n.status
        end,
        t.tier,
        n.subscribed_at,
        e.trial_ends_at
    from snapshots as n
    -- A subscription to something that is no plan of ours is none of ours.
    join tiers as t on t.subscription_id = n.subscription_id
    left join trials as e on e.subscription_id = n.subscription_id
    left join payments as p on p.subscription_id = n.subscription_id
    where n.place = 1;
end
$$;
comment on function tenancy.subscriptions_of(uuid) is
    'The subscriptions that an organization has or had, as they are by all that Stripe has said of its customer: whatever
order it was heard in.';


create function tenancy.has_subscription(p_organization_id uuid)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return exists (
        select 1 from tenancy.subscriptions_of(p_organization_id) as s
        join tenancy.stripe_statuses as t on t.status = s.status
        where t.is_open
    );
end
$$;
comment on function tenancy.has_subscription(uuid) is 'Whether an organization has a subscription that is not over, paid or not.';


create function tenancy.is_paid_again(p_organization_id uuid, p_since timestamptz)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return exists (
        select 1
        from tenancy.facts_of(p_organization_id) as f
        left join tenancy.stripe_statuses as s on s.status = f.status
        where f.heard_at > p_since
            and (s.is_good_news and f.tier is not null or f.is_paid and exists (
                select 1 from tenancy.subscriptions_of(p_organization_id) as n where n.subscription_id = f.subscription_id
            ))
    );
end
$$;
comment on function tenancy.is_paid_again(uuid, timestamptz) is
    'Whether something was heard since then that says that somebody pays for the organization.';


create function tenancy.apply_subscriptions(p_organization_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_organization public.organizations;
    v_subscription record;
    v_trial_ends_at timestamptz;
begin
    select * into v_organization from public.organizations as o where o.id = p_organization_id for no key update;
    if not found or v_organization.deleted_at is not null then
        return;
    end if;
    -- Of several, the one that is best for the organization.
    select n.tier, s.becomes into v_subscription
    from tenancy.subscriptions_of(p_organization_id) as n
    join tenancy.stripe_statuses as s on s.status = n.status
    where s.becomes is not null
    order by s.is_good_news desc, case when not s.is_good_news then s.rank end, n.subscribed_at desc, n.subscription_id desc
    limit 1;
    if not found then
        return;
    end if;

    -- Stripe ends its trials itself. Should its word of that be lost, the schedule does, once Stripe tries no more.
    select coalesce(max(n.trial_ends_at) + interval '3 days', v_organization.trial_ends_at) into v_trial_ends_at
    from tenancy.subscriptions_of(p_organization_id) as n;
    update public.organizations as o
    set subscription_tier = v_subscription.tier, trial_ends_at = v_trial_ends_at
    where o.id = p_organization_id
        and (o.subscription_tier <> v_subscription.tier or o.trial_ends_at is distinct from v_trial_ends_at);

    if v_organization.status_cause = 'schedule' and exists (
        select 1 from tenancy.organization_states as s
        where s.status = v_organization.subscription_status and not s.may_write
    ) then
        -- Its grace is over: it hears nothing but that somebody pays again, and then everything.
        if not tenancy.is_paid_again(p_organization_id, v_organization.status_changed_at) then
            return;
        end if;
        perform tenancy.move_organization(p_organization_id, 'active', 'billing');
    end if;
    perform tenancy.move_organization(p_organization_id, v_subscription.becomes, 'billing');
end
$$;
comment on function tenancy.apply_subscriptions(uuid) is
    'Makes tier, status and the end of the trial what all that Stripe has said of an organization comes to. Doing it again
changes nothing. What an operator suspended stays so (tenancy.status_transitions).';


create function tenancy.resume_subscriptions()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform tenancy.apply_subscriptions(new.id);
    return null;
end
$$;
comment on function tenancy.resume_subscriptions() is 'What Stripe said while an organization was deleted holds once it is restored.';

-- Named so that it comes after the entry of the restoring.
create trigger resume_subscriptions after update of deleted_at on public.organizations
for each row when (old.deleted_at is not null and new.deleted_at is null)
execute function tenancy.resume_subscriptions();


revoke execute on all functions in schema tenancy from public;
