-- What plans give, and what an organization may do in each state of its life. Data, so that changing a price list or a
-- grace period is an update.

create table public.subscription_plans (
    tier text primary key,
    name text not null,
    position smallint not null,
    max_users integer,
    max_campaigns integer,
    max_phone_numbers integer,
    monthly_call_limit integer,
    stripe_price_id text,
    features jsonb not null default '[]',
    constraint subscription_plans_tier_is_a_word check (tier ~ '^[a-z][a-z0-9_]{0,39}$'),
    constraint subscription_plans_name_is_readable
        check (char_length(name) >= 1 and char_length(name) <= 100 and tenancy.is_readable_line(name)),
    constraint subscription_plans_position_is_unique unique (position),
    constraint subscription_plans_limits_are_not_negative
        check (least(max_users, max_campaigns, max_phone_numbers, monthly_call_limit) >= 0),
    constraint subscription_plans_price_is_of_one_plan unique (stripe_price_id),
    constraint subscription_plans_price_is_an_id check (stripe_price_id ~ '^price_[A-Za-z0-9_]{1,200}$'),
    constraint subscription_plans_features_are_a_list
        check (jsonb_typeof(features) = 'array' and not jsonb_path_exists(features, 'strict $[*] ? (@.type() != "string")'))
);
alter table public.subscription_plans enable row level security;
alter table public.subscription_plans force row level security;
comment on table public.subscription_plans is
    'The plans there are. Limits: null for none; an organization''s own max_* columns come before them. features: what price
lists say of a plan, in its words.';
comment on column public.subscription_plans.stripe_price_id is 'The Stripe price that buys it; null: not for sale.';

insert into public.subscription_plans
(tier, name, position, max_users, max_campaigns, max_phone_numbers, monthly_call_limit) values
    ('basic', 'Basic', 1, 5, 10, 5, 1000),
    ('professional', 'Professional', 2, 25, 100, 50, 50000),
    ('enterprise', 'Enterprise', 3, null, null, null, null);

revoke all on public.subscription_plans from public, anon, authenticated, service_role;
grant select on public.subscription_plans to authenticated;
grant select, insert, update, delete on public.subscription_plans to service_role;

create policy subscription_plans_select on public.subscription_plans for select to authenticated using (tier is not null);


create function tenancy.list_plans()
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return jsonb_build_object('plans', (
        select coalesce(
            jsonb_agg(
                to_jsonb(p) - array['position', 'stripe_price_id']
                    || jsonb_build_object('for_sale', p.stripe_price_id is not null)
                order by p.position
            ),
            '[]'
        )
        from public.subscription_plans as p
    ));
end
$$;
comment on function tenancy.list_plans() is 'See public.list_plans().';


create function public.list_plans()
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_plans();
end
$$;
comment on function public.list_plans() is
    'The plans there are, smallest first, for anybody. {plans}: tier, name, limits (null: none), features, for_sale.';


create table tenancy.organization_states (
    status text primary key,
    may_write boolean not null,
    may_invite boolean not null,
    may_join boolean not null,
    may_bill boolean not null
);
comment on table tenancy.organization_states is
    'What the people of an organization may do in each state: change rows and settings, invite, join, reach billing (owners).
They may read in all of them. A deleted organization is in none: it is gone for all but its owners, who can restore it.';

insert into tenancy.organization_states (status, may_write, may_invite, may_join, may_bill) values
    ('trial', true, true, true, true),
    ('active', true, true, true, true),
    ('past_due', true, true, true, true),
    ('suspended', false, false, false, true),
    ('cancelled', false, false, false, true);


create table tenancy.status_transitions (
    from_status text not null references tenancy.organization_states (status),
    to_status text not null references tenancy.organization_states (status),
    cause text not null,
    set_by text[] not null default '{billing,schedule,operator}',
    after interval,
    primary key (from_status, to_status, cause),
    constraint status_transitions_change_the_status check (from_status <> to_status),
    constraint status_transitions_cause_is_known check (cause in ('billing', 'schedule', 'operator')),
    constraint status_transitions_have_known_setters check (set_by <@ '{billing,schedule,operator}'),
    constraint status_transitions_wait_for_the_schedule check (after is null or cause = 'schedule' and after > interval '0')
);
create index status_transitions_to_idx on tenancy.status_transitions (to_status);
comment on table tenancy.status_transitions is
    'Which status may follow which, and what may cause it. billing: what Stripe tells of a subscription. schedule: time that
has passed. operator: SQL and the secret key.';
comment on column tenancy.status_transitions.set_by is
    'Whose status may be left like that: what an operator suspended, no payment brings back; what waited out its grace, only
a payment does.';
comment on column tenancy.status_transitions.after is
    'How long after the status was entered the schedule moves on. Null: at trial_ends_at.';

-- What Stripe says holds, in whatever order its events arrive. A failed attempt to collect is no payment, though: it brings
-- nobody back whose grace is over.
insert into tenancy.status_transitions (from_status, to_status, cause, set_by)
select f.status, t.status, 'billing', case
    when f.may_write then '{billing,schedule,operator}'::text[]
    when t.status = 'past_due' then '{billing}'
    else '{billing,schedule}'
end
from tenancy.organization_states as f
join tenancy.organization_states as t on t.status <> f.status;

insert into tenancy.status_transitions (from_status, to_status, cause, set_by, after) values
    ('trial', 'past_due', 'schedule', '{billing,schedule,operator}', null),
    ('past_due', 'suspended', 'schedule', '{billing,schedule,operator}', interval '14 days'),
    ('suspended', 'cancelled', 'schedule', '{billing,schedule}', interval '60 days');

-- An operator may do everything but make a trial of what was paid for.
insert into tenancy.status_transitions (from_status, to_status, cause)
select f.status, t.status, 'operator'
from tenancy.organization_states as f
join tenancy.organization_states as t on t.status <> f.status
where not (t.status = 'trial' and f.status in ('active', 'past_due'));


revoke execute on all functions in schema tenancy from public;
grant execute on function tenancy.list_plans() to anon, authenticated;

revoke execute on function public.list_plans() from public, anon, authenticated, service_role;
grant execute on function public.list_plans() to anon, authenticated;
