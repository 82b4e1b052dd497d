-- What has to be told to the world outside is written down in the transaction that makes it true, and sent from there: at
-- least once, in order for each key, however long a receiver is away. Where pg_net is missing, or a topic has no destination
-- yet, events wait.

create table tenancy.destinations (
    topic text primary key,
    url text not null,
    headers jsonb not null default '{}',
    timeout_milliseconds integer not null default 10000,
    constraint destinations_url_is_http check (url ~ '^https?://'),
    constraint destinations_headers_are_an_object check (jsonb_typeof(headers) = 'object'),
    constraint destinations_timeout_is_1_to_30_seconds check (timeout_milliseconds between 1000 and 30000)
);
comment on table tenancy.destinations is
    'Where events go. A topic is "notice.removed", or "notice" for all that begin so; headers hold the receiver''s secret.';


create table tenancy.outbox (
    id uuid primary key default gen_random_uuid(),
    position bigint not null generated always as identity,
    topic text not null,
    order_key text not null,
    payload jsonb not null,
    created_at timestamptz not null default now(),
    attempts integer not null default 0,
    next_attempt_at timestamptz not null default now(),
    request_id bigint,
    requested_at timestamptz,
    delivered_at timestamptz,
    failed_at timestamptz,
    last_error text,
    constraint outbox_has_one_outcome check (num_nonnulls(delivered_at, failed_at) <= 1),
    constraint outbox_requests_have_a_time check (request_id is null or requested_at is not null),
    constraint outbox_outcomes_end_the_request check (request_id is null or num_nonnulls(delivered_at, failed_at) = 0)
);
create index outbox_waiting_idx on tenancy.outbox (order_key, position) where delivered_at is null and failed_at is null;
create index outbox_due_idx on tenancy.outbox (next_attempt_at, position)
where delivered_at is null and failed_at is null and request_id is null;
create unique index outbox_requests_answer_one_event on tenancy.outbox (request_id) where request_id is not null;
create index outbox_delivered_idx on tenancy.outbox (delivered_at) where delivered_at is not null;
comment on table tenancy.outbox is
    'Events on their way out. Payloads say what happened to which ids: no secrets and no addresses. failed_at: given up after
a day of attempts; last_error says why, and tenancy.requeue(id) tries again.';


create function tenancy.queue_event(p_topic text, p_order_key text, p_payload jsonb)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
    v_id uuid;
begin
    -- The order of one key is the order of these inserts: whoever changes one thing twice holds its row lock in between.
    insert into tenancy.outbox (topic, order_key, payload) values (p_topic, p_order_key, p_payload) returning id into v_id;
    return v_id;
end
$$;
comment on function tenancy.queue_event(text, text, jsonb) is
    'Writes down what has to be told outside, to be sent once this transaction has committed.';


create function tenancy.can_send()
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return to_regprocedure('net.http_post(text,jsonb,jsonb,jsonb,integer)') is not null;
end
$$;
comment on function tenancy.can_send() is 'Whether this database can make HTTP requests (pg_net). Without, events wait.';


create function tenancy.most_attempts()
returns integer
language sql immutable
set search_path = ''
as $$
    select 40
$$;
comment on function tenancy.most_attempts() is 'After how many attempts an event is given up: with tenancy.backoff(), about a day.';


create function tenancy.backoff(p_attempts integer)
returns interval
language sql volatile
set search_path = ''
as $$
    -- 5 s, 10 s, 20 s … 1 h, and of that somewhere between half and all: receivers that come back are not run over.
    select least(interval '1 hour', interval '5 seconds' * 2 ^ (least(p_attempts, 12) - 1)) * (0.5 + random() / 2)
$$;
comment on function tenancy.backoff(integer) is 'How long to wait after so many failed attempts.';


create function tenancy.note_failure(p_event_id uuid, p_error text)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_failed_at timestamptz;
    v_topic text;
begin
    update tenancy.outbox as e
    set request_id = null, last_error = left(p_error, 500), next_attempt_at = now() + tenancy.backoff(e.attempts),
        failed_at = case when e.attempts >= tenancy.most_attempts() then now() end
    where e.id = p_event_id
    returning e.failed_at, e.topic into v_failed_at, v_topic;
    if v_failed_at is not null then
        raise warning 'event % (%) was given up: %', p_event_id, v_topic, left(p_error, 500);
    end if;
end
$$;
comment on function tenancy.note_failure(uuid, text) is 'An attempt failed: the event waits for the next one, or is given up.';


create function tenancy.read_answers()
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_answer record;
begin
    for v_answer in
        select e.id, r.status_code, r.timed_out, r.error_msg, r.id is null as is_missing
        from tenancy.outbox as e
        -- pg_net forgets answers in a crash: what is not answered after a minute failed.
        left join net._http_response as r on r.id = e.request_id
        where e.request_id is not null and (r.id is not null or e.requested_at < now() - interval '1 minute')
        for update of e skip locked
    loop
        if v_answer.status_code between 200 and 299 then
            update tenancy.outbox as e set request_id = null, delivered_at = now(), last_error = null where e.id = v_answer.id;
        else
            perform tenancy.note_failure(v_answer.id, case
                when v_answer.is_missing then 'no answer was kept'
                when v_answer.status_code is not null then 'status ' || v_answer.status_code
                when v_answer.timed_out then 'no answer in time'
                else coalesce(v_answer.error_msg, 'no answer')
            end);
        end if;
    end loop;
end
$$;
comment on function tenancy.read_answers() is 'Notes what became of requests: delivered with any 2xx, else another attempt later.';


create function tenancy.send_event(p_event_id uuid, p_destination tenancy.destinations)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_request_id bigint;
begin
    update tenancy.outbox as e set attempts = e.attempts + 1 where e.id = p_event_id;
    begin
        select net.http_post(
            url := p_destination.url,
            body := e.payload,
            headers := jsonb_build_object('content-type', 'application/json', 'x-event-id', e.id, 'x-event-topic', e.topic)
                || p_destination.headers,
            timeout_milliseconds := p_destination.timeout_milliseconds
        ) into v_request_id
        from tenancy.outbox as e where e.id = p_event_id;
    exception when others then
        -- A bad address, or pg_net itself: the change that the event tells of must not fail for it.
        perform tenancy.note_failure(p_event_id, sqlerrm);
        return;
    end;
    -- After a crash pg_net counts from 1 again: an older event that still waits for this number will not be answered.
    perform tenancy.note_failure(e.id, 'no answer was kept') from tenancy.outbox as e where e.request_id = v_request_id;
    update tenancy.outbox as e set request_id = v_request_id, requested_at = clock_timestamp() where e.id = p_event_id;
end
$$;
comment on function tenancy.send_event(uuid, tenancy.destinations) is
    'Hands an event to pg_net, which sends it once this transaction has committed, and never raises.';


create function tenancy.send_events(p_only uuid[] default null)
returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_destination tenancy.destinations;
    v_id uuid;
    v_sent integer := 0;
begin
    -- Each destination has a share of its own: one that is dead takes nothing from the others'.
    for v_destination in select * from tenancy.destinations loop
        for v_id in
            select e.id
            from tenancy.outbox as e
            where e.delivered_at is null and e.failed_at is null and e.request_id is null and e.next_attempt_at <= now()
                and (p_only is null or e.id = any (p_only))
                and v_destination.topic = (
                    select d.topic from tenancy.destinations as d
                    where d.topic in (e.topic, split_part(e.topic, '.', 1))
                    order by length(d.topic) desc
                    limit 1
                )
                -- In order: only the oldest of a key that is still under way.
                and not exists (
                    select 1 from tenancy.outbox as o
                    where o.order_key = e.order_key and o.position < e.position and o.delivered_at is null and o.failed_at is null
                )
            order by e.next_attempt_at, e.position
            limit 50
            -- Another worker has it: two that run at once share the work.
            for update skip locked
        loop
            perform tenancy.send_event(v_id, v_destination);
            v_sent := v_sent + 1;
        end loop;
    end loop;
    return v_sent;
end
$$;
comment on function tenancy.send_events(uuid[]) is
    'Sends what is due, or of that only these events: of each key the oldest. How many were handed to pg_net.';


create function tenancy.deliver_outbox()
returns integer
language plpgsql
set search_path = ''
as $$
begin
    if not tenancy.can_send() then
        return 0;
    end if;
    perform tenancy.read_answers();
    return tenancy.send_events();
end
$$;
comment on function tenancy.deliver_outbox() is
    'One round: reads the answers of earlier requests and sends what is due. Safe to run at any time and beside itself.';


create function tenancy.requeue(p_event_id uuid)
returns boolean
language plpgsql
set search_path = ''
as $$
begin
    update tenancy.outbox as e set failed_at = null, attempts = 0, next_attempt_at = now()
    where e.id = p_event_id and e.failed_at is not null;
    return found;
end
$$;
comment on function tenancy.requeue(uuid) is 'Gives an event that was given up another day of attempts. False: it was not given up.';


create function tenancy.send_new_events()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if tenancy.can_send() then
        perform tenancy.send_events(array(select n.id from new_events as n));
    end if;
    return null;
end
$$;
comment on function tenancy.send_new_events() is 'Sends new events with the commit that makes them true, without waiting for the next round.';

create trigger send_new_events after insert on tenancy.outbox
referencing new table as new_events
for each statement execute function tenancy.send_new_events();


insert into tenancy.jobs (name, schedule, command)
values ('tenancy-outbox', '10 seconds', 'select tenancy.deliver_outbox()');


revoke execute on all functions in schema tenancy from public;
