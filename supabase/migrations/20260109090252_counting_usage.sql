-- What an organization does, counted as it happens: calls, texts, leads and members, in quarters of an hour of UTC. Every
-- time zone's day begins on one, so a change of the organization's zone moves no count.
--
-- Calls are counted where their quota is held, so that a statement pays once.
--
-- A count is appended beside its rows, in their transaction, and folded later; calls of this quarter hour are added up in
-- place, by each connection on another row. So writers never wait for each other's counts, and whoever reads sees rows and
-- counts of the same moment.

create table tenancy.usage_counts (
    organization_id uuid not null,
    bucket timestamptz not null,
    calls bigint not null default 0,
    answered_calls bigint not null default 0,
    call_seconds bigint not null default 0,
    texts bigint not null default 0,
    leads bigint not null default 0,
    members bigint not null default 0,
    removed_calls bigint not null default 0,
    primary key (organization_id, bucket)
);
comment on table tenancy.usage_counts is
    'Usage per organization and quarter hour, but for what is not folded yet. Read tenancy.usage.';


-- No foreign key: it would lock the organization once more for each append.
create table tenancy.usage_changes (
    organization_id uuid not null,
    bucket timestamptz not null,
    id bigint not null generated always as identity,
    calls bigint not null default 0,
    answered_calls bigint not null default 0,
    call_seconds bigint not null default 0,
    texts bigint not null default 0,
    leads bigint not null default 0,
    members bigint not null default 0,
    removed_calls bigint not null default 0,
    primary key (organization_id, bucket, id)
);
comment on table tenancy.usage_changes is 'What each statement added to the usage or took from it, until tenancy.fold_usage().';


create table tenancy.call_counters (
    organization_id uuid not null,
    shard smallint not null,
    bucket timestamptz not null default '-infinity',
    calls bigint not null default 0,
    answered_calls bigint not null default 0,
    call_seconds bigint not null default 0,
    remaining integer,
    starts_at timestamptz not null default '-infinity',
    ends_at timestamptz not null default 'infinity',
    primary key (organization_id, shard)
) with (fillfactor = 50);
comment on table tenancy.call_counters is
    'Calls of one quarter hour, the bucket, added up by whoever could lock the row; they go to tenancy.usage_changes with its
first call of a later one. Where calls are limited, a row also has an allowance: what the month''s counter has given out for
calls from starts_at to ends_at, and is not used yet. A row stays locked until its statement''s transaction ends, so what it has
left is never uncertain for another one.';
comment on column tenancy.call_counters.remaining is 'Null where calls have no limit.';


create view tenancy.unfolded_usage as
select
    a.organization_id, a.bucket, a.calls, a.answered_calls, a.call_seconds, a.texts, a.leads, a.members, a.removed_calls
from tenancy.usage_changes as a
union all
select c.organization_id, c.bucket, c.calls, c.answered_calls, c.call_seconds, 0, 0, 0, 0
from tenancy.call_counters as c
where c.bucket > '-infinity';
comment on view tenancy.unfolded_usage is 'What tenancy.usage_counts has not got yet.';


create view tenancy.usage as
select
    c.organization_id,
    c.bucket,
    sum(c.calls)::bigint as calls,
    sum(c.answered_calls)::bigint as answered_calls,
    sum(c.call_seconds)::bigint as call_seconds,
    sum(c.texts)::bigint as texts,
    sum(c.leads)::bigint as leads,
    sum(c.members)::bigint as members,
    sum(c.removed_calls)::bigint as removed_calls
from (
    select
        f.organization_id, f.bucket, f.calls, f.answered_calls, f.call_seconds, f.texts, f.leads, f.members, f.removed_calls
    from tenancy.usage_counts as f
    union all
    select
        a.organization_id, a.bucket, a.calls, a.answered_calls, a.call_seconds, a.texts, a.leads, a.members, a.removed_calls
    from tenancy.unfolded_usage as a
) as c
group by c.organization_id, c.bucket;
comment on view tenancy.usage is
    'Usage per organization and quarter hour of UTC. Calls, texts and leads belong to the time of their created_at. A call is
answered when it has answered_at; call_seconds adds up duration_seconds; a text is a message that was sent (outbound); members
is the net change of active members; removed_calls are calls that were deleted, which are not in calls any more.';


select tenancy.lock_tables('public.sms_messages', 'public.leads', 'public.organization_users');


create function tenancy.count_texts()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        insert into tenancy.usage_changes (organization_id, bucket, texts)
        select n.organization_id, date_bin('15 minutes', n.created_at, '2000-01-01 00:00+00'), count(*)
        from new_rows as n
        where n.direction = 'outbound'
        group by 1, 2;
    elsif tg_op = 'DELETE' then
        insert into tenancy.usage_changes (organization_id, bucket, texts)
        select o.organization_id, date_bin('15 minutes', o.created_at, '2000-01-01 00:00+00'), -count(*)
        from old_rows as o
        -- Not where the organization itself goes, and its usage with it.
        join public.organizations as g on g.id = o.organization_id
        where o.direction = 'outbound'
        group by 1, 2;
    else
        insert into tenancy.usage_changes (organization_id, bucket, texts)
        select c.organization_id, date_bin('15 minutes', c.created_at, '2000-01-01 00:00+00'), c.texts
        from (
            values
                (old.organization_id, old.created_at, -(old.direction = 'outbound')::integer),
                (new.organization_id, new.created_at, (new.direction = 'outbound')::integer)
        ) as c (organization_id, created_at, texts)
        where c.texts <> 0;
    end if;
    return null;
end
$$;
comment on function tenancy.count_texts() is 'Counts texts that are sent.';

create trigger count_texts_on_insert after insert on public.sms_messages
referencing new table as new_rows
for each statement execute function tenancy.count_texts();

-- For each row: carriers report on texts all the time, and what counts of one hardly ever changes.
create trigger count_texts_on_update after update on public.sms_messages
for each row when (old.created_at is distinct from new.created_at or old.direction is distinct from new.direction)
execute function tenancy.count_texts();

create trigger count_texts_on_delete after delete on public.sms_messages
referencing old table as old_rows
for each statement execute function tenancy.count_texts();


create function tenancy.count_leads()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        insert into tenancy.usage_changes (organization_id, bucket, leads)
        select n.organization_id, date_bin('15 minutes', n.created_at, '2000-01-01 00:00+00'), count(*)
        from new_rows as n
        group by 1, 2;
    elsif tg_op = 'DELETE' then
        insert into tenancy.usage_changes (organization_id, bucket, leads)
        select o.organization_id, date_bin('15 minutes', o.created_at, '2000-01-01 00:00+00'), -count(*)
        from old_rows as o
        join public.organizations as g on g.id = o.organization_id
        group by 1, 2;
    else
        insert into tenancy.usage_changes (organization_id, bucket, leads) values
            (old.organization_id, date_bin('15 minutes', old.created_at, '2000-01-01 00:00+00'), -1),
            (new.organization_id, date_bin('15 minutes', new.created_at, '2000-01-01 00:00+00'), 1);
    end if;
    return null;
end
$$;
comment on function tenancy.count_leads() is 'Counts leads that are added; one that is deleted was none.';

create trigger count_leads_on_insert after insert on public.leads
referencing new table as new_rows
for each statement execute function tenancy.count_leads();

-- For each row, as with texts.
create trigger count_leads_on_update after update on public.leads
for each row when (old.created_at is distinct from new.created_at)
execute function tenancy.count_leads();

create trigger count_leads_on_delete after delete on public.leads
referencing old table as old_rows
for each statement execute function tenancy.count_leads();


create function tenancy.count_members()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        insert into tenancy.usage_changes (organization_id, bucket, members) values
            (new.organization_id, date_bin('15 minutes', least(new.joined_at, now()), '2000-01-01 00:00+00'), 1);
    else
        insert into tenancy.usage_changes (organization_id, bucket, members)
        select
            g.id, date_bin('15 minutes', now(), '2000-01-01 00:00+00'),
            case when tg_op = 'UPDATE' and new.suspended_at is null then 1 else -1 end
        from public.organizations as g
        where g.id = old.organization_id;
    end if;
    return null;
end
$$;
comment on function tenancy.count_members() is
    'Counts active members: one more who joins or comes back, one less who leaves or is suspended.';

create trigger count_members_on_insert after insert on public.organization_users
for each row when (new.suspended_at is null)
execute function tenancy.count_members();

create trigger count_members_on_update after update on public.organization_users
for each row when ((old.suspended_at is null) <> (new.suspended_at is null))
execute function tenancy.count_members();

create trigger count_members_on_delete after delete on public.organization_users
for each row when (old.suspended_at is null)
execute function tenancy.count_members();


create function tenancy.fold_usage()
returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_folded integer := 0;
    v_some integer;
begin
    loop
        with taken as (
            delete from tenancy.usage_changes as c
            using (
                select f.organization_id, f.bucket, f.id
                from tenancy.usage_changes as f
                order by f.organization_id, f.bucket, f.id
                limit 10000
                -- Another round has those, or they go with their organization.
                for update skip locked
            ) as t
            where c.organization_id = t.organization_id and c.bucket = t.bucket and c.id = t.id
            returning c.*
        ), folded as (
            insert into tenancy.usage_counts as u (
                organization_id, bucket, calls, answered_calls, call_seconds, texts, leads, members, removed_calls
            )
            select
                t.organization_id, t.bucket, sum(t.calls), sum(t.answered_calls), sum(t.call_seconds), sum(t.texts),
                sum(t.leads), sum(t.members), sum(t.removed_calls)
            from taken as t
            group by t.organization_id, t.bucket
            -- In one order, so that two rounds never wait for each other.
            order by t.organization_id, t.bucket
            on conflict (organization_id, bucket) do update
            set calls = u.calls + excluded.calls,
                answered_calls = u.answered_calls + excluded.answered_calls,
                call_seconds = u.call_seconds + excluded.call_seconds,
                texts = u.texts + excluded.texts,
                leads = u.leads + excluded.leads,
                members = u.members + excluded.members,
                removed_calls = u.removed_calls + excluded.removed_calls
        )
        select count(*) into v_some from taken;
        v_folded := v_folded + v_some;
        exit when v_some < 10000;
    end loop;
    return v_folded;
end
$$;
comment on function tenancy.fold_usage() is
    'Adds up what statements have appended; the usage stays what it is. How many rows it folded. Safe to run late, twice and
beside itself.';

insert into tenancy.jobs (name, schedule, command) values ('tenancy-usage', '* * * * *', 'select tenancy.fold_usage()');


create function tenancy.forget_usage()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    delete from tenancy.call_counters as c where c.organization_id = old.id;
    -- In this order: what a round is folding now has become counts when the first of these is through.
    delete from tenancy.usage_changes as c where c.organization_id = old.id;
    delete from tenancy.usage_counts as c where c.organization_id = old.id;
    return null;
end
$$;
comment on function tenancy.forget_usage() is 'Removes the usage of an organization that is removed.';

create trigger forget_usage after delete on public.organizations
for each row execute function tenancy.forget_usage();


revoke execute on all functions in schema tenancy from public;
