-- The interfaces of pg_net and pg_cron, in plain SQL; local/relay/ delivers and runs what is put here.
create schema net;
grant usage on schema net to postgres;

create table net.http_request_queue (
    id bigint generated always as identity primary key,
    method text not null,
    url text not null,
    params jsonb not null,
    headers jsonb not null,
    body text,
    timeout_milliseconds integer not null
);

create table net._http_response (
    id bigint primary key,
    status_code integer,
    content_type text,
    headers jsonb,
    content text,
    timed_out boolean,
    error_msg text,
    created timestamptz not null default now()
);


create function net.http_post(
    url text,
    body jsonb default '{}'::jsonb,
    params jsonb default '{}'::jsonb,
    headers jsonb default '{"Content-Type": "application/json"}'::jsonb,
    timeout_milliseconds integer default 5000
)
returns bigint
language plpgsql
security definer
set search_path = ''
as $$
declare
    request_id bigint;
begin
    insert into net.http_request_queue (method, url, params, headers, body, timeout_milliseconds)
    values (
        'POST',
        http_post.url,
        http_post.params,
        http_post.headers,
        http_post.body::text,
        http_post.timeout_milliseconds
    )
    returning id into request_id;

    -- Heard only once the transaction has committed.
    notify net_http_request;
    return request_id;
end
$$;

revoke execute on function net.http_post(text, jsonb, jsonb, jsonb, integer) from public;
grant execute on function net.http_post(text, jsonb, jsonb, jsonb, integer) to postgres;
grant select on net.http_request_queue, net._http_response to postgres;


create schema cron;
grant usage on schema cron to postgres;

create table cron.job (
    jobid bigint generated always as identity primary key,
    schedule text not null,
    command text not null,
    database text not null default current_database(),
    username text not null default session_user,
    active boolean not null default true,
    jobname text,
    unique (jobname, username)
);

create table cron.job_run_details (
    runid bigint generated always as identity primary key,
    jobid bigint not null,
    command text not null,
    status text not null,
    return_message text,
    start_time timestamptz not null,
    end_time timestamptz not null
);


create function cron.schedule(job_name text, schedule text, command text)
returns bigint
language sql
security definer
set search_path = ''
as $$
    insert into cron.job (jobname, schedule, command)
    values (schedule.job_name, schedule.schedule, schedule.command)
    on conflict (jobname, username) do update
    set schedule = excluded.schedule,
        command = excluded.command
    returning jobid
$$;


create function cron.unschedule(job_name text)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
    delete from cron.job as j where j.jobname = unschedule.job_name and j.username = session_user;
    if not found then
        raise exception 'could not find valid entry for job ''%''', unschedule.job_name;
    end if;
    return true;
end
$$;


create function cron.notify_relay()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    notify cron_job;
    return null;
end
$$;

create trigger relay_sees_changes after insert or update or delete on cron.job
for each statement execute function cron.notify_relay();

revoke execute on all functions in schema cron from public;
grant execute on function cron.schedule(text, text, text), cron.unschedule(text) to postgres;
grant select on cron.job, cron.job_run_details to postgres;
grant delete on cron.job_run_details to postgres;
