-- Calls of a calendar month, exactly, and without a row that all writers of an organization wait for: the month's counter
-- gives out allowances to the rows of tenancy.call_counters, on which statements count without asking it again. Near the
-- limit, what was given out and not used comes back, and the counter alone decides.

create function tenancy.gather_calls(p_organization_id uuid, p_ends_at timestamptz, p_waits boolean)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
    v_shard record;
    v_gathered bigint := 0;
begin
    if p_waits then
        perform 1 from tenancy.call_counters as a
        where a.organization_id = p_organization_id and a.ends_at = p_ends_at
        order by a.shard
        for update;
    end if;
    for v_shard in
        select a.shard, a.remaining
        from tenancy.call_counters as a
        where a.organization_id = p_organization_id and a.ends_at = p_ends_at and a.remaining > 0
        for update skip locked
    loop
        update tenancy.call_counters as a set remaining = 0
        where a.organization_id = p_organization_id and a.shard = v_shard.shard;
        v_gathered := v_gathered + v_shard.remaining;
    end loop;
    return v_gathered;
end
$$;
comment on function tenancy.gather_calls(uuid, timestamptz, boolean) is
    'Takes back what a month''s allowances have left: all of them after waiting for whoever has one, or only those that nobody
has. It is the month that ends then. Call it with the counter locked.';


create function tenancy.give_calls(p_organization_id uuid, p_chunk integer, p_starts_at timestamptz, p_ends_at timestamptz)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
    v_shard record;
    v_given bigint := 0;
begin
    if not exists (select 1 from tenancy.call_counters as a where a.organization_id = p_organization_id) then
        insert into tenancy.call_counters (organization_id, shard, remaining, starts_at, ends_at)
        select p_organization_id, s.shard, 0, p_starts_at, p_ends_at from generate_series(0, 63) as s (shard);
    end if;
    for v_shard in
        select a.shard, case when a.starts_at = p_starts_at and a.ends_at = p_ends_at then a.remaining else 0 end as remaining
        from tenancy.call_counters as a
        where a.organization_id = p_organization_id
            and (a.remaining * 2 < p_chunk or a.starts_at <> p_starts_at or a.ends_at <> p_ends_at)
        for update skip locked
    loop
        update tenancy.call_counters as a set remaining = p_chunk, starts_at = p_starts_at, ends_at = p_ends_at
        where a.organization_id = p_organization_id and a.shard = v_shard.shard;
        v_given := v_given + p_chunk - v_shard.remaining;
    end loop;
    return v_given;
end
$$;
comment on function tenancy.give_calls(uuid, integer, timestamptz, timestamptz) is
    'Fills the allowances that are low and that nobody has, and answers how many calls that took. Call it with the counter
locked.';


create function tenancy.calls_of(p_organization_id uuid, p_starts_at timestamptz, p_ends_at timestamptz)
returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce((
        select sum(u.calls + u.removed_calls)
        from tenancy.usage as u
        where u.organization_id = p_organization_id and u.bucket >= p_starts_at and u.bucket < p_ends_at
    ), 0);
end
$$;
comment on function tenancy.calls_of(uuid, timestamptz, timestamptz) is
    'The calls that count in a month, with those deleted since: what was called is not given back.';


create function tenancy.take_calls(
    p_organization_id uuid,
    p_buckets timestamptz[],
    p_calls bigint[],
    p_first timestamptz,
    p_last timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_is_person constant boolean := auth.uid() is not null;
    v_limit record;
    v_counter tenancy.quota_counters;
    v_now record;
    v_month record;
    v_requested bigint := 0;
    v_used bigint;
    v_mark integer;
    v_ceiling integer;
    v_chunk integer;
begin
    v_limit := tenancy.limit_on(p_organization_id, 'calls');
    if v_limit.quota_limit is null then
        return;
    elsif v_is_person and (p_first < now() - interval '1 day' or p_last > clock_timestamp()) then
        perform tenancy.refuse(
            'validation_failed',
            'Where calls are limited, a call is written within a day: its created_at is neither further back nor in the future.',
            jsonb_build_object('errors', jsonb_build_array(jsonb_build_object(
                'pointer', '/created_at', 'code', 'out_of_range', 'message', 'Must be within the last day.'
            )))
        );
    end if;

    loop
        select * into v_counter
        from tenancy.quota_counters as c
        where c.organization_id = p_organization_id and c.quota = 'calls'
        for no key update;
        exit when found;
        insert into tenancy.quota_counters (organization_id, quota) values (p_organization_id, 'calls') on conflict do nothing;
    end loop;
    -- After the wait: the limit and the time as they are now. Whoever changes the limit or the zone has waited for all who
    -- were writing, and has left a counter without a month.
    v_limit := tenancy.limit_on(p_organization_id, 'calls');
    if v_limit.quota_limit is null then
        return;
    end if;
    v_now := tenancy.call_month(p_organization_id, clock_timestamp(), v_limit.zone);

    for v_month in
        select
            -- This month may have begun before it did in this zone.
            case when c.bucket >= v_now.starts_at and c.bucket < v_now.ends_at then v_now.month else m.month end as month,
            min(m.starts_at) as starts_at, max(m.ends_at) as ends_at, sum(c.calls)::bigint as calls, min(c.bucket) as bucket
        from unnest(p_buckets, p_calls) as c (bucket, calls)
        cross join lateral tenancy.call_month(p_organization_id, c.bucket, v_limit.zone) as m
        group by 1
        having sum(c.calls) <> 0
        order by 1
    loop
        if v_month.calls < 0 and v_is_person then
            -- Moved to another month, it still was a call of this one.
            insert into tenancy.usage_changes (organization_id, bucket, removed_calls)
            values (p_organization_id, v_month.bucket, -v_month.calls);
        elsif v_month.month = v_now.month then
            v_requested := v_month.calls;
        elsif v_month.calls > 0 and v_month.month = v_now.month - interval '1 month'
            and now() < v_now.starts_at + interval '1 day'
        then
            -- Late for the month that has just ended: whoever still takes from its allowances goes first.
            perform tenancy.gather_calls(p_organization_id, v_month.ends_at, p_waits => true);
            v_used := tenancy.calls_of(p_organization_id, v_month.starts_at, least(v_month.ends_at, v_now.starts_at));
            if v_used > v_limit.quota_limit then
                perform tenancy.refuse_quota(
                    'calls', v_limit.quota_limit, v_used - v_month.calls, v_month.calls, v_limit.plan, v_month.ends_at
                );
            end if;
        end if;
    end loop;

    if v_counter.starts_at is distinct from v_now.starts_at or v_counter.ends_at is distinct from v_now.ends_at then
        v_counter.used := tenancy.calls_of(p_organization_id, v_now.starts_at, v_now.ends_at) - v_requested;
        insert into tenancy.call_months as m (organization_id, month, starts_at)
        values (p_organization_id, v_now.month, v_now.starts_at)
        on conflict (organization_id, month) do update set starts_at = excluded.starts_at;
        delete from tenancy.call_months as m
        where m.organization_id = p_organization_id and m.month < v_now.month - interval '1 month';
    end if;
    v_used := v_counter.used;
    v_mark := ceil(v_limit.quota_limit * 0.8);
    v_ceiling := case when v_used < v_mark then v_mark else v_limit.quota_limit end;
    v_chunk := least((v_ceiling - v_used - v_requested - 1) / 128, 256);
    if v_requested > 0 and v_chunk < 1 then
        v_used := v_used - tenancy.gather_calls(p_organization_id, v_now.ends_at, p_waits => false);
        if v_used + v_requested >= v_ceiling then
            -- Over the limit or not, and to be warned of or not: only all that is left says it.
            v_used := v_used - tenancy.gather_calls(p_organization_id, v_now.ends_at, p_waits => true);
        end if;
        if v_used + v_requested > v_limit.quota_limit then
            perform tenancy.refuse_quota(
                'calls', v_limit.quota_limit, v_used, v_requested, v_limit.plan, v_now.ends_at
            );
        end if;
    end if;
    v_used := v_used + v_requested;
    if v_requested between 1 and v_chunk then
        v_used := v_used + tenancy.give_calls(p_organization_id, v_chunk, v_now.starts_at, v_now.ends_at);
    end if;
    update tenancy.quota_counters as c set used = v_used, starts_at = v_now.starts_at, ends_at = v_now.ends_at
    where c.organization_id = p_organization_id and c.quota = 'calls';
    if v_requested > 0 then
        perform tenancy.warn_of_quota(
            p_organization_id, 'calls', v_used, v_limit.quota_limit, v_limit.zone, v_now.ends_at
        );
    end if;
end
$$;
comment on function tenancy.take_calls(uuid, timestamptz[], bigint[], timestamptz, timestamptz) is
    'Takes calls from their months, once they are in the usage: so many in each quarter hour, the first and the last at these
times. The limit holds for this month, and for the last one while a day is not over; older ones are only counted, and only
for who is nobody''s user. Raises quota_exceeded, validation_failed.';


select tenancy.lock_tables('public.call_logs');


create function tenancy.count_calls()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_change record;
    v_shard constant smallint := pg_backend_pid() % 64;
    v_bucket timestamptz;
    v_buckets timestamptz[];
    v_calls bigint[];
    v_counter record;
    v_limit record;
    v_moved record;
begin
    if tg_op = 'INSERT' then
        -- First what nearly all statements need: calls of now, of one organization, on the row that this connection had last
        -- time. Everybody has one that they try first, so that they seldom meet.
        select
            any_value(n.organization_id) as organization_id, count(*) as calls, count(n.answered_at) as answered_calls,
            coalesce(sum(n.duration_seconds), 0) as call_seconds, min(n.created_at) as first, max(n.created_at) as last
        into v_change
        from new_rows as n;
        v_bucket := date_bin('15 minutes', v_change.first, '2000-01-01 00:00+00');
        if v_change.last < v_bucket + interval '15 minutes'
            and v_change.first >= now() - interval '1 day' and v_change.last <= clock_timestamp()
            and (v_change.calls = 1 or not exists (
                select 1 from new_rows as n where n.organization_id <> v_change.organization_id
            ))
        then
            update tenancy.call_counters as c
            set calls = c.calls + v_change.calls, answered_calls = c.answered_calls + v_change.answered_calls,
                call_seconds = c.call_seconds + v_change.call_seconds, remaining = c.remaining - v_change.calls
            where (c.organization_id, c.shard) = (
                select f.organization_id, f.shard
                from tenancy.call_counters as f
                where f.organization_id = v_change.organization_id and f.shard = v_shard and f.bucket = v_bucket
                    and (f.remaining >= v_change.calls or f.remaining is null)
                    and f.starts_at <= v_change.first and f.ends_at > v_change.last
                for update skip locked
            );
            if found then
                return null;
            end if;
        end if;
        for v_change in
            select
                n.organization_id, count(*) as calls, count(n.answered_at) as answered_calls,
                coalesce(sum(n.duration_seconds), 0) as call_seconds, min(n.created_at) as first, max(n.created_at) as last
            from new_rows as n
            group by 1
            order by 1
        loop
            v_bucket := date_bin('15 minutes', v_change.first, '2000-01-01 00:00+00');
            v_buckets := array[v_bucket];
            v_calls := array[v_change.calls];
            if v_change.last >= v_bucket + interval '15 minutes' then
                with added as (
                    insert into tenancy.usage_changes as a (organization_id, bucket, calls, answered_calls, call_seconds)
                    select
                        n.organization_id, date_bin('15 minutes', n.created_at, '2000-01-01 00:00+00'),
                        count(*), count(n.answered_at), coalesce(sum(n.duration_seconds), 0)
                    from new_rows as n
                    where n.organization_id = v_change.organization_id
                    group by 1, 2
                    returning a.bucket, a.calls
                )
                select array_agg(a.bucket), array_agg(a.calls) into v_buckets, v_calls from added as a;
            else
                -- This connection's row, or any allowance that nobody has; if it counts no later quarter hour already.
                select c.shard, c.bucket into v_counter
                from tenancy.call_counters as c
                where c.organization_id = v_change.organization_id and c.bucket <= v_bucket
                    and (c.remaining >= v_change.calls or c.remaining is null and c.shard = v_shard)
                    and c.starts_at <= v_change.first and c.ends_at > v_change.last
                    and v_change.first >= now() - interval '1 day' and v_change.last <= clock_timestamp()
                order by c.shard <> v_shard
                limit 1
                for update skip locked;
                if found then
                    insert into tenancy.usage_changes (organization_id, bucket, calls, answered_calls, call_seconds)
                    select c.organization_id, c.bucket, c.calls, c.answered_calls, c.call_seconds
                    from tenancy.call_counters as c
                    where c.organization_id = v_change.organization_id and c.shard = v_counter.shard
                        and c.bucket > '-infinity' and c.bucket < v_bucket;
                    update tenancy.call_counters as c
                    set bucket = v_bucket, remaining = c.remaining - v_change.calls,
                        calls = v_change.calls + case when c.bucket = v_bucket then c.calls else 0 end,
                        answered_calls = v_change.answered_calls + case when c.bucket = v_bucket then c.answered_calls else 0 end,
                        call_seconds = v_change.call_seconds + case when c.bucket = v_bucket then c.call_seconds else 0 end
                    where c.organization_id = v_change.organization_id and c.shard = v_counter.shard;
                    continue;
                end if;
                insert into tenancy.usage_changes (organization_id, bucket, calls, answered_calls, call_seconds)
                values (v_change.organization_id, v_bucket, v_change.calls, v_change.answered_calls, v_change.call_seconds);
            end if;
            v_limit := tenancy.limit_on(v_change.organization_id, 'calls');
            if v_limit.quota_limit is null then
                -- One at a time: two that make the same row would wait for each other's transaction to end, as would one that
                -- asks for a row that is there, by `on conflict`.
                if pg_try_advisory_xact_lock(hashtextextended(v_change.organization_id::text, v_shard)) then
                    insert into tenancy.call_counters (organization_id, shard)
                    select v_change.organization_id, v_shard
                    where not exists (
                        select 1 from tenancy.call_counters as c
                        where c.organization_id = v_change.organization_id and c.shard = v_shard
                    );
                end if;
            else
                perform tenancy.take_calls(v_change.organization_id, v_buckets, v_calls, v_change.first, v_change.last);
            end if;
        end loop;
    elsif tg_op = 'UPDATE' then
        for v_change in
            with added as (
                insert into tenancy.usage_changes as a (organization_id, bucket, calls, answered_calls, call_seconds)
                select
                    c.organization_id, date_bin('15 minutes', c.created_at, '2000-01-01 00:00+00'),
                    sum(c.sign), sum(c.sign * (c.answered_at is not null)::integer), sum(c.sign * coalesce(c.duration_seconds, 0))
                from (
                    select 1 as sign, n.organization_id, n.created_at, n.answered_at, n.duration_seconds from new_rows as n
                    union all
                    select -1, o.organization_id, o.created_at, o.answered_at, o.duration_seconds from old_rows as o
                ) as c
                group by 1, 2
                having
                    (sum(c.sign), sum(c.sign * (c.answered_at is not null)::integer), sum(c.sign * coalesce(c.duration_seconds, 0)))
                    <> (0, 0, 0)
                returning a.organization_id, a.bucket, a.calls
            )
            select a.organization_id, array_agg(a.bucket) as buckets, array_agg(a.calls) as calls
            from added as a
            where a.calls <> 0
            group by 1
            order by 1
        loop
            select min(n.created_at) as first, max(n.created_at) as last into v_moved
            from new_rows as n
            join old_rows as o on o.id = n.id
            where n.organization_id = v_change.organization_id and n.created_at <> o.created_at;
            perform tenancy.take_calls(
                v_change.organization_id, v_change.buckets, v_change.calls, v_moved.first, v_moved.last
            );
        end loop;
    else
        insert into tenancy.usage_changes (organization_id, bucket, calls, answered_calls, call_seconds, removed_calls)
        select
            o.organization_id, date_bin('15 minutes', o.created_at, '2000-01-01 00:00+00'),
            -count(*), -count(o.answered_at), -coalesce(sum(o.duration_seconds), 0), count(*)
        from old_rows as o
        -- Not where the organization itself goes, and its usage with it.
        join public.organizations as g on g.id = o.organization_id
        group by 1, 2;
    end if;
    return null;
end
$$;
comment on function tenancy.count_calls() is
    'Counts calls, in the usage and against the quota: what was inserted, what changes afterwards (answer, duration, another
day), what is deleted. Raises quota_exceeded, validation_failed.';

create trigger count_calls_on_insert after insert on public.call_logs
referencing new table as new_rows
for each statement execute function tenancy.count_calls();

create trigger count_calls_on_update after update on public.call_logs
referencing old table as old_rows new table as new_rows
for each statement execute function tenancy.count_calls();

create trigger count_calls_on_delete after delete on public.call_logs
referencing old table as old_rows
for each statement execute function tenancy.count_calls();


create function tenancy.begin_calls_anew(p_organization_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
    -- Waits for everybody who is writing rows of the organization: whoever did so under the old limit, or under none, is in
    -- the usage then, from which the next one counts the month.
    perform 1 from public.organizations as o where o.id = p_organization_id for update;
    update tenancy.quota_counters as c set starts_at = null, ends_at = null
    where c.organization_id = p_organization_id and c.quota = 'calls';
    -- Whether there is a limit shows in these rows as well, so they go. What they have counted stays.
    with gone as (
        delete from tenancy.call_counters as c
        where c.organization_id = p_organization_id
        returning c.bucket, c.calls, c.answered_calls, c.call_seconds
    )
    insert into tenancy.usage_changes (organization_id, bucket, calls, answered_calls, call_seconds)
    select p_organization_id, g.bucket, sum(g.calls), sum(g.answered_calls), sum(g.call_seconds)
    from gone as g
    where g.bucket > '-infinity'
    group by g.bucket;
end
$$;
comment on function tenancy.begin_calls_anew(uuid) is
    'Has the next call count its month from the usage, by the limit and the time zone of then.';


create function tenancy.follow_limit()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_table_name = 'organizations' then
        perform tenancy.begin_calls_anew(new.id);
        -- In the far west the last month goes on for a day after this one has begun to count in the far east.
        if exists (
            select 1 from tenancy.call_months as m
            where m.organization_id = new.id and m.month > (tenancy.month_of(now(), new.timezone)).month
        ) then
            perform tenancy.refuse(
                'conflict',
                'In this time zone the last month is not over, and calls of the new one are counted already: choose it in a day.'
            );
        end if;
    else
        perform tenancy.begin_calls_anew(o.id)
        from (
            select g.id from public.organizations as g
            where g.subscription_tier = new.tier and g.monthly_call_limit is null
            order by g.id
        ) as o;
    end if;
    return null;
end
$$;
comment on function tenancy.follow_limit() is
    'Has calls counted anew where their limit changes, or the time zone of their month. Raises conflict: no month that has begun
to count ends again.';

create trigger follow_limit after update on public.organizations
for each row when (
    old.monthly_call_limit is distinct from new.monthly_call_limit
    or old.subscription_tier is distinct from new.subscription_tier
    or old.timezone is distinct from new.timezone
)
execute function tenancy.follow_limit();

create trigger follow_limit after update on public.subscription_plans
for each row when (old.monthly_call_limit is distinct from new.monthly_call_limit)
execute function tenancy.follow_limit();


create function tenancy.forget_quotas()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    delete from tenancy.quota_counters as c where c.organization_id = old.id;
    delete from tenancy.call_months as m where m.organization_id = old.id;
    return null;
end
$$;
comment on function tenancy.forget_quotas() is 'Removes what an organization that is removed has used.';

create trigger forget_quotas after delete on public.organizations
for each row execute function tenancy.forget_quotas();


revoke execute on all functions in schema tenancy from public;
