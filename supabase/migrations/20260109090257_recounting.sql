-- Counters that can be built anew from the rows, which is also how they begin for what was there before them.

create function tenancy.recount_usage(p_organization_id uuid)
returns table (counter text, kept bigint, counted bigint, drift bigint)
language plpgsql
set search_path = ''
as $$
begin
    -- One at a time: what another one repaired must show. Updated and not only locked, so that a repeatable-read
    -- transaction with an older view fails instead of repairing twice.
    update public.organizations as o set updated_at = o.updated_at where o.id = p_organization_id;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    end if;
    return query
    -- Rows and counts of one moment, because each count commits with its rows: nobody has to be kept from writing.
    with there as (
        select
            date_bin('15 minutes', c.created_at, '2000-01-01 00:00+00') as bucket, count(*) as calls,
            count(c.answered_at) as answered_calls, coalesce(sum(c.duration_seconds), 0)::bigint as call_seconds,
            0::bigint as texts, 0::bigint as leads, 0::bigint as members
        from public.call_logs as c
        where c.organization_id = p_organization_id
        group by 1
        union all
        select date_bin('15 minutes', s.created_at, '2000-01-01 00:00+00'), 0, 0, 0, count(*), 0, 0
        from public.sms_messages as s
        where s.organization_id = p_organization_id and s.direction = 'outbound'
        group by 1
        union all
        select date_bin('15 minutes', l.created_at, '2000-01-01 00:00+00'), 0, 0, 0, 0, count(*), 0
        from public.leads as l
        where l.organization_id = p_organization_id
        group by 1
        union all
        -- Of members only their number can be told: who left, and when, is in no row.
        select date_bin('15 minutes', now(), '2000-01-01 00:00+00'), 0, 0, 0, 0, 0, count(*) - coalesce((
            select sum(u.members) from tenancy.usage as u where u.organization_id = p_organization_id
        ), 0)::bigint
        from public.organization_users as m
        where m.organization_id = p_organization_id and m.suspended_at is null
    ), differences as (
        select
            d.bucket, sum(d.calls)::bigint as calls, sum(d.answered_calls)::bigint as answered_calls,
            sum(d.call_seconds)::bigint as call_seconds, sum(d.texts)::bigint as texts, sum(d.leads)::bigint as leads,
            sum(d.members)::bigint as members
        from (
            select t.bucket, t.calls, t.answered_calls, t.call_seconds, t.texts, t.leads, t.members from there as t
            union all
            select u.bucket, -u.calls, -u.answered_calls, -u.call_seconds, -u.texts, -u.leads, 0
            from tenancy.usage as u
            where u.organization_id = p_organization_id
        ) as d
        group by d.bucket
    ), repaired as (
        insert into tenancy.usage_changes (
            organization_id, bucket, calls, answered_calls, call_seconds, texts, leads, members
        )
        select p_organization_id, d.bucket, d.calls, d.answered_calls, d.call_seconds, d.texts, d.leads, d.members
        from differences as d
        where (d.calls, d.answered_calls, d.call_seconds, d.texts, d.leads, d.members) <> (0, 0, 0, 0, 0, 0)
    ), totals as (
        select
            coalesce(sum(u.calls), 0) as calls, coalesce(sum(u.answered_calls), 0) as answered_calls,
            coalesce(sum(u.call_seconds), 0) as call_seconds, coalesce(sum(u.texts), 0) as texts,
            coalesce(sum(u.leads), 0) as leads, coalesce(sum(u.members), 0) as members
        from tenancy.usage as u
        where u.organization_id = p_organization_id
    )
    select r.counter, r.kept::bigint, (r.kept + r.difference)::bigint, r.drift::bigint
    from (
        select v.counter, t.kept, sum(v.difference) as difference, sum(abs(v.difference)) as drift
        from differences as d
        cross join totals
        cross join lateral (
            values
                ('calls', d.calls),
                ('answered_calls', d.answered_calls),
                ('call_seconds', d.call_seconds),
                ('texts', d.texts),
                ('leads', d.leads),
                ('members', d.members)
        ) as v (counter, difference)
        cross join lateral (select (to_jsonb(totals) ->> v.counter)::numeric as kept) as t
        group by v.counter, t.kept
    ) as r
    where r.drift <> 0
    order by r.counter;
end
$$;
comment on function tenancy.recount_usage(uuid) is
    'Compares an organization''s usage with its rows, repairs it, and answers what was wrong: the sum that was kept, the one
counted, and the drift over all quarter hours; no rows where nothing was. Writers go on. Raises not_found.';


create function tenancy.recount(p_organization_id uuid)
returns table (counter text, kept bigint, counted bigint, drift bigint)
language plpgsql
set search_path = ''
as $$
begin
    -- The usage first: of calls it is what the counter is compared with.
    return query select * from tenancy.recount_usage(p_organization_id);
    return query select * from tenancy.recount_blocks(p_organization_id);
    return query
    with there as (
        select 'users' as quota, count(*) as used
        from public.organization_users as m
        where m.organization_id = p_organization_id and m.suspended_at is null
        union all
        select 'campaigns', count(*)
        from public.campaigns as c
        where c.organization_id = p_organization_id and c.status <> 'archived'
        union all
        select 'phone_numbers', count(*)
        from public.phone_numbers as n
        where n.organization_id = p_organization_id and n.status <> 'released'
        union all
        select 'calls', tenancy.calls_of(p_organization_id, c.starts_at, c.ends_at)
        from tenancy.quota_counters as c
        where c.organization_id = p_organization_id and c.quota = 'calls' and c.starts_at is not null
    ), compared as (
        select t.quota, t.used as counted, c.starts_at, coalesce(c.used, 0) - case when t.quota = 'calls' then coalesce((
            select sum(a.remaining) from tenancy.call_counters as a
            where a.organization_id = p_organization_id and a.starts_at = c.starts_at
        ), 0) else 0 end as kept
        from there as t
        left join tenancy.quota_counters as c on c.organization_id = p_organization_id and c.quota = t.quota
    ), repaired as (
        -- By the difference, which holds whatever others have taken meanwhile.
        insert into tenancy.quota_counters as c (organization_id, quota, used, starts_at)
        select p_organization_id, d.quota, d.counted - d.kept, d.starts_at
        from compared as d
        where d.counted <> d.kept
        on conflict (organization_id, quota) do update
        set used = c.used + excluded.used
        where c.starts_at is not distinct from excluded.starts_at
    )
    select 'quota ' || d.quota, d.kept::bigint, d.counted::bigint, abs(d.counted - d.kept)::bigint
    from compared as d
    where d.counted <> d.kept
    order by 1;
end
$$;
comment on function tenancy.recount(uuid) is
    'Compares all counters of an organization with its rows, repairs them, and answers what was wrong: the counter, what it said,
what was counted, and the drift (of usage: over all quarter hours, of blocks: over all blocks); no rows where nothing was.
Calls that were deleted stay used. Writers go on. Raises not_found.';


-- What was there before it was counted. Joining is known of those who are still there.
insert into tenancy.usage_changes (organization_id, bucket, members)
select c.organization_id, date_bin('15 minutes', c.at, '2000-01-01 00:00+00'), sum(c.members)
from (
    select m.organization_id, least(m.joined_at, now()) as at, 1 as members from public.organization_users as m
    union all
    select m.organization_id, least(m.suspended_at, now()), -1 from public.organization_users as m where m.suspended_at is not null
) as c
group by 1, 2
having sum(c.members) <> 0;

do $$
begin
    perform tenancy.recount_usage(o.id) from public.organizations as o order by o.id;
    perform tenancy.fold_usage();
end
$$;


revoke execute on all functions in schema tenancy from public;
