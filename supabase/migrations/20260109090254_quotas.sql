-- What a plan allows, held at the rows: people, campaigns and phone numbers here, calls in the next migration. Counters are
-- kept under their row's lock, so a limit is exact for every way in and whoever comes at once.

create table tenancy.quota_counters (
    organization_id uuid not null,
    quota text not null,
    used bigint not null default 0,
    starts_at timestamptz,
    ends_at timestamptz,
    warned_percent smallint,
    warned_limit integer,
    warned_until timestamptz,
    primary key (organization_id, quota),
    constraint quota_counters_quota_is_known check (quota in ('users', 'campaigns', 'phone_numbers', 'calls'))
) with (fillfactor = 50);
comment on table tenancy.quota_counters is
    'What organizations use of their quotas. users: active members (pending invitations are counted when asked). campaigns:
not archived. phone_numbers: not released. calls: those of the month from starts_at to ends_at, with what was given out as
allowances; only where there is a limit.';
comment on column tenancy.quota_counters.warned_until is 'Until then owners know of warned_percent of warned_limit.';


create function tenancy.start_of_day(p_zone text, p_day date)
returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
    -- Of a midnight that the clock strikes twice Postgres takes the second; of one that it skips, the moment it does so.
    v_last timestamptz := p_day::timestamp at time zone p_zone;
    v_evening timestamptz := v_last - interval '6 hours';
    -- When the clock of that evening would strike midnight.
    v_first timestamptz := v_evening + (p_day::timestamp - (v_evening at time zone p_zone));
begin
    if v_first < v_last and v_first at time zone p_zone >= p_day then
        return v_first;
    end if;
    return v_last;
end
$$;
comment on function tenancy.start_of_day(text, date) is
    'The first moment of a day in a time zone, whatever its clocks do around midnight. A day that a zone has skipped begins
when the next one does.';


create function tenancy.month_of(
    p_at timestamptz, p_zone text, out starts_at timestamptz, out ends_at timestamptz, out month date
)
returns record
language plpgsql stable
set search_path = ''
as $$
declare
    v_month timestamp := date_trunc('month', p_at at time zone p_zone);
    v_begins timestamptz[] := array(
        select tenancy.start_of_day(p_zone, (v_month + make_interval(months => n.number))::date)
        from generate_series(0, 2) as n (number)
        order by n.number
    );
begin
    -- An hour that comes again on the last day of a month belongs to the month that has begun already.
    if p_at < v_begins[2] then
        starts_at := v_begins[1];
        ends_at := v_begins[2];
        month := v_month::date;
    else
        starts_at := v_begins[2];
        ends_at := v_begins[3];
        month := (v_month + interval '1 month')::date;
    end if;
end
$$;
comment on function tenancy.month_of(timestamptz, text) is
    'The calendar month of a time zone that an instant is in: from the first local midnight to the next month''s. month: its
first day.';


create table tenancy.call_months (
    organization_id uuid not null,
    month date not null,
    starts_at timestamptz not null,
    primary key (organization_id, month)
);
comment on table tenancy.call_months is
    'Since when a month counts calls against a limit: since the first of its beginnings in the time zones that the organization
had meanwhile. Midnight comes a day later in the far west than in the far east, so by another zone a month could begin again
and again. Those older than the last one are forgotten.';


create function tenancy.call_month(
    p_organization_id uuid,
    p_at timestamptz,
    p_zone text,
    out starts_at timestamptz,
    out ends_at timestamptz,
    out month date
)
returns record
language plpgsql stable
set search_path = ''
as $$
declare
    v_month record;
begin
    v_month := tenancy.month_of(p_at, p_zone);
    starts_at := least(v_month.starts_at, (
        select m.starts_at from tenancy.call_months as m
        where m.organization_id = p_organization_id and m.month = v_month.month
    ));
    ends_at := v_month.ends_at;
    month := v_month.month;
end
$$;
comment on function tenancy.call_month(uuid, timestamptz, text) is
    'The month that an instant is in, as calls are counted in it: one that has begun does not begin again in another zone.';


create function tenancy.limit_on(
    p_organization_id uuid,
    p_quota text,
    p_tier text default null,
    out quota_limit integer,
    out plan text,
    out zone text
)
returns record
language plpgsql stable
set search_path = ''
as $$
begin
    select
        case p_quota
            when 'users' then coalesce(o.max_users, p.max_users)
            when 'campaigns' then coalesce(o.max_campaigns, p.max_campaigns)
            when 'phone_numbers' then coalesce(o.max_phone_numbers, p.max_phone_numbers)
            when 'calls' then coalesce(o.monthly_call_limit, p.monthly_call_limit)
        end,
        p.tier, o.timezone
    into quota_limit, plan, zone
    from public.organizations as o
    join public.subscription_plans as p on p.tier = coalesce(p_tier, o.subscription_tier)
    where o.id = p_organization_id;
end
$$;
comment on function tenancy.limit_on(uuid, text, text) is
    'The limit of a quota: the organization''s own, else that of its plan, or of another one; null for none. With the plan and
the time zone.';


create function tenancy.refuse_quota(
    p_quota text, p_limit integer, p_used bigint, p_requested bigint, p_plan text, p_resets_at timestamptz
)
returns void
language plpgsql stable
set search_path = ''
as $$
begin
    perform tenancy.refuse(
        'quota_exceeded',
        format(
            'The plan allows %s %s: %s are used, and this would take %s more.',
            p_limit, case p_quota when 'phone_numbers' then 'phone numbers' when 'calls' then 'calls a month' else p_quota end,
            p_used, p_requested
        ),
        jsonb_build_object(
            'quota', p_quota, 'limit', p_limit, 'used', p_used, 'requested', p_requested, 'plan', p_plan,
            'resets_at', p_resets_at
        )
    );
end
$$;
comment on function tenancy.refuse_quota(text, integer, bigint, bigint, text, timestamptz) is 'Raises quota_exceeded, with all there is to say.';


create function tenancy.pending_invitations(p_organization_id uuid)
returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select count(*)
        from public.organization_invitations as i
        where i.organization_id = p_organization_id and i.email is not null and i.expires_at > now()
            and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
    );
end
$$;
comment on function tenancy.pending_invitations(uuid) is 'How many invitations to an address wait, each of which keeps a seat.';


create function tenancy.take_quota(
    p_organization_id uuid, p_quota text, p_requested bigint, p_reserved bigint default 0, p_keeps boolean default true
)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_used bigint;
    v_limit record;
begin
    if p_requested <= 0 then
        -- No row: the organization itself is being removed.
        update tenancy.quota_counters as c set used = c.used + p_requested
        where c.organization_id = p_organization_id and c.quota = p_quota;
        return;
    end if;
    insert into tenancy.quota_counters as c (organization_id, quota, used)
    values (p_organization_id, p_quota, p_requested * p_keeps::integer)
    on conflict (organization_id, quota) do update set used = c.used + excluded.used
    returning c.used + p_reserved + p_requested * (not p_keeps)::integer into v_used;
    -- After the wait for the counter: the limit as it is now.
    v_limit := tenancy.limit_on(p_organization_id, p_quota);
    if v_used > v_limit.quota_limit then
        perform tenancy.refuse_quota(p_quota, v_limit.quota_limit, v_used - p_requested, p_requested, v_limit.plan, null);
    end if;
    perform tenancy.warn_of_quota(p_organization_id, p_quota, v_used, v_limit.quota_limit, v_limit.zone, null);
end
$$;
comment on function tenancy.take_quota(uuid, text, bigint, bigint, boolean) is
    'Takes from a quota, or gives back what is negative. p_reserved: what is used besides the counter; p_keeps false: what is
asked for is not the counter''s to keep. Raises quota_exceeded.';


select tenancy.lock_tables('public.campaigns', 'public.phone_numbers', 'public.organization_users', 'public.organization_invitations');


create function tenancy.count_quota()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_change record;
begin
    if tg_op = 'INSERT' then
        for v_change in
            select n.organization_id, count(*) as requested from new_rows as n where n.status <> tg_argv[1] group by 1 order by 1
        loop
            perform tenancy.take_quota(v_change.organization_id, tg_argv[0], v_change.requested);
        end loop;
    elsif tg_op = 'UPDATE' then
        for v_change in
            select c.organization_id, sum(c.sign) as requested
            from (
                select 1 as sign, n.organization_id from new_rows as n where n.status <> tg_argv[1]
                union all
                select -1, o.organization_id from old_rows as o where o.status <> tg_argv[1]
            ) as c
            group by 1
            having sum(c.sign) <> 0
            order by 1
        loop
            perform tenancy.take_quota(v_change.organization_id, tg_argv[0], v_change.requested);
        end loop;
    else
        for v_change in
            select o.organization_id, count(*) as given from old_rows as o where o.status <> tg_argv[1] group by 1 order by 1
        loop
            perform tenancy.take_quota(v_change.organization_id, tg_argv[0], -v_change.given);
        end loop;
    end if;
    return null;
end
$$;
comment on function tenancy.count_quota() is
    'Counts rows against the quota that is the first argument, but for those with the status that is the second. Raises
quota_exceeded.';

create trigger count_quota_on_insert after insert on public.campaigns
referencing new table as new_rows
for each statement execute function tenancy.count_quota('campaigns', 'archived');

create trigger count_quota_on_update after update on public.campaigns
referencing old table as old_rows new table as new_rows
for each statement execute function tenancy.count_quota('campaigns', 'archived');

create trigger count_quota_on_delete after delete on public.campaigns
referencing old table as old_rows
for each statement execute function tenancy.count_quota('campaigns', 'archived');

create trigger count_quota_on_insert after insert on public.phone_numbers
referencing new table as new_rows
for each statement execute function tenancy.count_quota('phone_numbers', 'released');

create trigger count_quota_on_update after update on public.phone_numbers
referencing old table as old_rows new table as new_rows
for each statement execute function tenancy.count_quota('phone_numbers', 'released');

create trigger count_quota_on_delete after delete on public.phone_numbers
referencing old table as old_rows
for each statement execute function tenancy.count_quota('phone_numbers', 'released');


create function tenancy.count_seats()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    -- change_one_at_a_time() has locked the organization.
    if tg_op = 'DELETE' or tg_op = 'UPDATE' and new.suspended_at is not null then
        perform tenancy.take_quota(old.organization_id, 'users', -1);
    elsif exists (
        select 1
        from public.organization_invitations as i
        join auth.users as u on i.email = tenancy.to_mailbox(u.email)
        where i.organization_id = new.organization_id and u.id = new.user_id and i.expires_at > now()
            and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
    ) then
        -- Their invitation has kept a seat for them. Where the limit was lowered since, whoever comes first has it.
        perform tenancy.take_quota(new.organization_id, 'users', 1);
    else
        perform tenancy.take_quota(new.organization_id, 'users', 1, tenancy.pending_invitations(new.organization_id));
    end if;
    return null;
end
$$;
comment on function tenancy.count_seats() is
    'Counts active members; whoever comes without an invitation to their address takes no seat that one keeps. Raises
quota_exceeded.';

-- Their names come before those that write the audit log, whose end is locked last.
create trigger count_seats_on_insert after insert on public.organization_users
for each row when (new.suspended_at is null)
execute function tenancy.count_seats();

create trigger count_seats_on_update after update on public.organization_users
for each row when ((old.suspended_at is null) <> (new.suspended_at is null))
execute function tenancy.count_seats();

create trigger count_seats_on_delete after delete on public.organization_users
for each row when (old.suspended_at is null)
execute function tenancy.count_seats();


create function tenancy.keep_seats()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'UPDATE' and old.email is not null and old.expires_at > now()
        and num_nonnulls(old.accepted_at, old.declined_at, old.revoked_at) = 0
    then
        return null;
    end if;
    -- The lock of everything about an organization's people, also for whoever comes past the entry points.
    update public.organizations as o set updated_at = o.updated_at where o.id = new.organization_id;
    perform tenancy.take_quota(
        new.organization_id, 'users', 1, tenancy.pending_invitations(new.organization_id) - 1, p_keeps => false
    );
    return null;
end
$$;
comment on function tenancy.keep_seats() is
    'Has an invitation to an address keep a seat from when it waits: sent, sent again after it ran out, or given back its
outcome. Raises quota_exceeded.';

create trigger keep_seats_on_insert after insert on public.organization_invitations
for each row when (
    new.email is not null and new.expires_at > now() and num_nonnulls(new.accepted_at, new.declined_at, new.revoked_at) = 0
)
execute function tenancy.keep_seats();

create trigger keep_seats_on_update after update on public.organization_invitations
for each row when (
    new.email is not null and new.expires_at > now() and num_nonnulls(new.accepted_at, new.declined_at, new.revoked_at) = 0
)
execute function tenancy.keep_seats();


-- What was there before it was counted: nobody writes while the tables are locked.
insert into tenancy.quota_counters (organization_id, quota, used)
select m.organization_id, 'users', count(*) from public.organization_users as m where m.suspended_at is null group by 1
union all
select c.organization_id, 'campaigns', count(*) from public.campaigns as c where c.status <> 'archived' group by 1
union all
select n.organization_id, 'phone_numbers', count(*) from public.phone_numbers as n where n.status <> 'released' group by 1;


create function tenancy.quotas_of(p_organization_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_month record;
begin
    v_month := tenancy.call_month(
        p_organization_id, now(), (select o.timezone from public.organizations as o where o.id = p_organization_id)
    );
    return (
        select coalesce(jsonb_agg(
            jsonb_build_object('quota', q.name, 'limit', q.quota_limit, 'used', q.used, 'resets_at', q.resets_at)
            order by q.position
        ), '[]')
        from (
            select
                k.name, k.position,
                (tenancy.limit_on(o.id, k.name)).quota_limit,
                case when k.name = 'calls' then v_month.ends_at end as resets_at,
                case k.name
                    when 'calls' then tenancy.calls_of(o.id, v_month.starts_at, v_month.ends_at)
                    else coalesce((
                        select c.used from tenancy.quota_counters as c where c.organization_id = o.id and c.quota = k.name
                    ), 0) + case when k.name = 'users' then tenancy.pending_invitations(o.id) else 0 end
                end as used
            from public.organizations as o
            cross join (values ('users', 1), ('campaigns', 2), ('phone_numbers', 3), ('calls', 4)) as k (name, position)
            where o.id = p_organization_id
        ) as q
    );
end
$$;
comment on function tenancy.quotas_of(uuid) is
    'The quotas of an organization: [{quota, limit, used, resets_at}] of users, campaigns, phone_numbers and calls, in this
order; limit null: none; resets_at null: never. An empty list where there is no such organization.';


revoke execute on all functions in schema tenancy from public;
