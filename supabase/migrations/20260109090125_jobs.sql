-- What has to happen as time passes, where the database has a scheduler.

create table tenancy.jobs (
    name text primary key,
    schedule text not null,
    command text not null,
    constraint jobs_are_ours check (name like 'tenancy-%')
);
comment on table tenancy.jobs is
    'What the scheduler runs: five fields of cron in UTC, or "10 seconds". Each command may run late, twice, or beside itself.
tenancy.schedule_jobs() makes a change hold.';


create function tenancy.schedule_jobs()
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_job tenancy.jobs;
begin
    if to_regprocedure('cron.schedule(text,text,text)') is null then
        return;
    end if;
    for v_job in select * from tenancy.jobs as j order by j.name loop
        perform cron.schedule(v_job.name, v_job.schedule, v_job.command);
    end loop;
end
$$;
comment on function tenancy.schedule_jobs() is 'Gives the jobs to the scheduler, where the database has one. Part of tenancy.attach().';
revoke execute on function tenancy.schedule_jobs() from public;
