-- A read replica knows of a removal or a suspension only once that has reached it. How late that may be is said here, on the
-- primary; a replica that is later, or can't tell, answers nothing.

create table tenancy.heartbeat (
    id boolean not null default true,
    at timestamptz not null,
    max_lag interval not null,
    primary key (id),
    constraint heartbeat_is_one check (id),
    constraint heartbeat_may_lag check (max_lag > interval '0')
);
comment on table tenancy.heartbeat is
    'When the primary was last heard of, in its own copy and in each replica''s, and how long ago that may be where requests are
answered. Without a row replicas answer nothing.';


create function tenancy.serve_replicas(p_max_lag interval default interval '15 seconds')
returns void
language plpgsql
set search_path = ''
as $$
begin
    if p_max_lag is null then
        delete from tenancy.heartbeat as h where h.id;
    else
        insert into tenancy.heartbeat as h (at, max_lag) values (clock_timestamp(), p_max_lag)
        on conflict (id) do update set at = excluded.at, max_lag = excluded.max_lag;
    end if;
end
$$;
comment on function tenancy.serve_replicas(interval) is
    'Lets read replicas answer requests while they are at most so far behind; null lets none. Less than two beats of five seconds
would have them refuse now and then for nothing.';


create function tenancy.beat()
returns void
language plpgsql
set search_path = ''
as $$
begin
    -- Nothing is written where nobody follows.
    update tenancy.heartbeat as h set at = clock_timestamp()
    where exists (select from pg_catalog.pg_stat_replication);
end
$$;
comment on function tenancy.beat() is 'Tells the replicas that the primary is there. For the scheduler.';


create function tenancy.refuse_stale()
returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if not exists (select from tenancy.heartbeat as h where h.at > clock_timestamp() - h.max_lag) then
        perform tenancy.refuse('unavailable', 'This replica is too far behind to answer; ask again in a moment.');
    end if;
end
$$;
comment on function tenancy.refuse_stale() is 'On a replica: raises unavailable when it may not know what was revoked.';


insert into tenancy.jobs (name, schedule, command) values ('tenancy-beat', '5 seconds', 'select tenancy.beat()');

revoke all on tenancy.heartbeat from public, anon, authenticated, service_role;
revoke execute on function
    tenancy.serve_replicas(interval), tenancy.beat(), tenancy.refuse_stale()
from public;
