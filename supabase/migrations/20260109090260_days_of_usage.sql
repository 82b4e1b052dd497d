-- What usage is summed up from when it is read: whole blocks of three hours, and at the edges of days quarter hours. Eight
-- blocks a day and the quarter hours of one make a day of any time zone, so that changing an organization's zone needs no
-- recount, and three months are some thousand rows instead of seventeen.

create table tenancy.usage_blocks (
    organization_id uuid not null,
    bucket timestamptz not null,
    calls bigint not null,
    answered_calls bigint not null,
    call_seconds bigint not null,
    texts bigint not null,
    leads bigint not null,
    members bigint not null,
    primary key (organization_id, bucket)
);
-- Who was active at a time is every change before it: those few blocks in which there was one.
create index usage_blocks_members_idx on tenancy.usage_blocks (organization_id, bucket) include (members) where members <> 0;
comment on table tenancy.usage_blocks is
    'tenancy.usage_counts by blocks of three hours, kept equal to them by triggers.';
comment on column tenancy.usage_blocks.bucket is 'The start of the block; the first of a UTC day begins at midnight.';


create function tenancy.block_of(p_time timestamptz)
returns timestamptz
language plpgsql immutable
set search_path = ''
as $$
begin
    return date_bin(interval '3 hours', p_time, timestamptz '2000-01-01 00:00:00Z');
end
$$;
comment on function tenancy.block_of(timestamptz) is 'The start of the block of three hours in which a time is.';


create function tenancy.keep_blocks()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op <> 'DELETE' then
        -- In order, so that two rounds of folding never wait for each other.
        insert into tenancy.usage_blocks as b
        (organization_id, bucket, calls, answered_calls, call_seconds, texts, leads, members)
        select
            a.organization_id, tenancy.block_of(a.bucket), sum(a.calls), sum(a.answered_calls), sum(a.call_seconds),
            sum(a.texts), sum(a.leads), sum(a.members)
        from added as a
        group by 1, 2
        order by 1, 2
        on conflict (organization_id, bucket) do update
        set calls = b.calls + excluded.calls, answered_calls = b.answered_calls + excluded.answered_calls,
            call_seconds = b.call_seconds + excluded.call_seconds, texts = b.texts + excluded.texts,
            leads = b.leads + excluded.leads, members = b.members + excluded.members;
    end if;
    if tg_op <> 'INSERT' then
        update tenancy.usage_blocks as b
        set calls = b.calls - r.calls, answered_calls = b.answered_calls - r.answered_calls,
            call_seconds = b.call_seconds - r.call_seconds, texts = b.texts - r.texts, leads = b.leads - r.leads,
            members = b.members - r.members
        from (
            select
                r.organization_id, tenancy.block_of(r.bucket) as bucket, sum(r.calls) as calls,
                sum(r.answered_calls) as answered_calls, sum(r.call_seconds) as call_seconds, sum(r.texts) as texts,
                sum(r.leads) as leads, sum(r.members) as members
            from removed as r
            group by 1, 2
        ) as r
        where b.organization_id = r.organization_id and b.bucket = r.bucket;
    end if;
    return null;
end
$$;
comment on function tenancy.keep_blocks() is 'Keeps tenancy.usage_blocks equal to tenancy.usage_counts.';

create trigger keep_blocks_on_insert after insert on tenancy.usage_counts
referencing new table as added
for each statement execute function tenancy.keep_blocks();

create trigger keep_blocks_on_update after update on tenancy.usage_counts
referencing new table as added old table as removed
for each statement execute function tenancy.keep_blocks();

create trigger keep_blocks_on_delete after delete on tenancy.usage_counts
referencing old table as removed
for each statement execute function tenancy.keep_blocks();

insert into tenancy.usage_blocks (organization_id, bucket, calls, answered_calls, call_seconds, texts, leads, members)
select
    c.organization_id, tenancy.block_of(c.bucket), sum(c.calls), sum(c.answered_calls), sum(c.call_seconds), sum(c.texts),
    sum(c.leads), sum(c.members)
from tenancy.usage_counts as c
group by 1, 2;


create function tenancy.forget_blocks()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    delete from tenancy.usage_blocks as b where b.organization_id = old.id;
    return null;
end
$$;
comment on function tenancy.forget_blocks() is 'Removes the blocks of an organization that is removed.';

-- Its name comes after that of forget_usage: what a round was folding meanwhile has become blocks then.
create trigger forget_usage_blocks after delete on public.organizations
for each row execute function tenancy.forget_blocks();


create function tenancy.recount_blocks(p_organization_id uuid)
returns table (counter text, kept bigint, counted bigint, drift bigint)
language plpgsql
set search_path = ''
as $$
begin
    return query
    -- Blocks and counts of one moment, because each change commits with both.
    with differences as (
        select
            d.bucket, sum(d.calls)::bigint as calls, sum(d.answered_calls)::bigint as answered_calls,
            sum(d.call_seconds)::bigint as call_seconds, sum(d.texts)::bigint as texts, sum(d.leads)::bigint as leads,
            sum(d.members)::bigint as members
        from (
            select
                tenancy.block_of(c.bucket) as bucket, c.calls, c.answered_calls, c.call_seconds, c.texts, c.leads, c.members
            from tenancy.usage_counts as c
            where c.organization_id = p_organization_id
            union all
            select b.bucket, -b.calls, -b.answered_calls, -b.call_seconds, -b.texts, -b.leads, -b.members
            from tenancy.usage_blocks as b
            where b.organization_id = p_organization_id
        ) as d
        group by d.bucket
    ), repaired as (
        -- By the difference, which holds whatever is folded meanwhile.
        insert into tenancy.usage_blocks as b
        (organization_id, bucket, calls, answered_calls, call_seconds, texts, leads, members)
        select p_organization_id, d.bucket, d.calls, d.answered_calls, d.call_seconds, d.texts, d.leads, d.members
        from differences as d
        where (d.calls, d.answered_calls, d.call_seconds, d.texts, d.leads, d.members) <> (0, 0, 0, 0, 0, 0)
        order by d.bucket
        on conflict (organization_id, bucket) do update
        set calls = b.calls + excluded.calls, answered_calls = b.answered_calls + excluded.answered_calls,
            call_seconds = b.call_seconds + excluded.call_seconds, texts = b.texts + excluded.texts,
            leads = b.leads + excluded.leads, members = b.members + excluded.members
    ), totals as (
        select
            coalesce(sum(b.calls), 0) as calls, coalesce(sum(b.answered_calls), 0) as answered_calls,
            coalesce(sum(b.call_seconds), 0) as call_seconds, coalesce(sum(b.texts), 0) as texts,
            coalesce(sum(b.leads), 0) as leads, coalesce(sum(b.members), 0) as members
        from tenancy.usage_blocks as b
        where b.organization_id = p_organization_id
    )
    select 'blocks of ' || r.counter, r.kept::bigint, (r.kept + r.difference)::bigint, r.drift::bigint
    from (
        select v.counter, v.kept, sum(v.difference) as difference, sum(abs(v.difference)) as drift
        from differences as d
        cross join totals as t
        cross join lateral (
            values
                ('calls', t.calls, d.calls),
                ('answered_calls', t.answered_calls, d.answered_calls),
                ('call_seconds', t.call_seconds, d.call_seconds),
                ('texts', t.texts, d.texts),
                ('leads', t.leads, d.leads),
                ('members', t.members, d.members)
        ) as v (counter, kept, difference)
        group by v.counter, v.kept
    ) as r
    where r.drift <> 0
    order by 1;
end
$$;
comment on function tenancy.recount_blocks(uuid) is
    'Compares an organization''s blocks with the quarter hours that they are added up from, repairs them, and answers what was
wrong as tenancy.recount() does, of which it is a part.';


create function tenancy.starts_of_days(p_zone text, p_days date[])
returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
begin
    return array(
        select tenancy.start_of_day(p_zone, d.day) from unnest(p_days) with ordinality as d (day, place) order by d.place
    );
end
$$;
comment on function tenancy.starts_of_days(text, date[]) is 'The first moments of days in a time zone, in their order.';


create function tenancy.usage_between(p_organization_id uuid, p_starts timestamptz[])
returns table (
    period integer,
    calls numeric,
    answered_calls numeric,
    call_seconds numeric,
    texts numeric,
    leads_added numeric,
    active_members numeric
)
language plpgsql stable
set search_path = ''
as $$
declare
    v_periods integer := cardinality(p_starts) - 1;
    v_end timestamptz := p_starts[cardinality(p_starts)];
begin
    return query
    select s.period, s.calls, s.answered_calls, s.call_seconds, s.texts, s.leads, s.active_members
    from (
        -- Period 0 is all that was before: of that the changes of members count.
        select
            n.period, coalesce(u.calls, 0) as calls, coalesce(u.answered_calls, 0) as answered_calls,
            coalesce(u.call_seconds, 0) as call_seconds, coalesce(u.texts, 0) as texts, coalesce(u.leads, 0) as leads,
            coalesce(sum(u.members) over (order by n.period), 0) as active_members
        from generate_series(0, v_periods) as n (period)
        left join (
            select
                width_bucket(p.bucket, p_starts) as period, sum(p.calls) as calls, sum(p.answered_calls) as answered_calls,
                sum(p.call_seconds) as call_seconds, sum(p.texts) as texts, sum(p.leads) as leads,
                sum(p.members) as members
            from (
                -- Blocks within one period.
                select b.bucket, b.calls, b.answered_calls, b.call_seconds, b.texts, b.leads, b.members
                from tenancy.usage_blocks as b
                where b.organization_id = p_organization_id and b.bucket >= p_starts[1] and b.bucket < v_end
                    and width_bucket(b.bucket, p_starts) = width_bucket(b.bucket + interval '165 minutes', p_starts)
                union all
                -- Quarter hours of blocks in which a period begins.
                select c.bucket, c.calls, c.answered_calls, c.call_seconds, c.texts, c.leads, c.members
                from (
                    select distinct tenancy.block_of(s.start) as bucket
                    from unnest(p_starts) as s (start)
                    where s.start <> tenancy.block_of(s.start)
                ) as e
                join tenancy.usage_counts as c
                    on c.organization_id = p_organization_id and c.bucket >= e.bucket
                    and c.bucket < e.bucket + interval '3 hours'
                union all
                -- Before that, only members.
                select b.bucket, 0, 0, 0, 0, 0, b.members
                from tenancy.usage_blocks as b
                where b.organization_id = p_organization_id and b.bucket < tenancy.block_of(p_starts[1]) and b.members <> 0
                union all
                -- What is not folded yet.
                select c.bucket, c.calls, c.answered_calls, c.call_seconds, c.texts, c.leads, c.members
                from tenancy.unfolded_usage as c
                where c.organization_id = p_organization_id and c.bucket < v_end
            ) as p
            group by 1
        ) as u on u.period = n.period
    ) as s
    where s.period > 0
    order by s.period;
end
$$;
comment on function tenancy.usage_between(uuid, timestamptz[]) is
    'What an organization used from each of these moments to the next, the members who were active at its end; a row for each
of them but the last. They are quarter hours, in order.';


revoke execute on all functions in schema tenancy from public;
