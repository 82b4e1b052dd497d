-- Forgetting what no longer counts, once a night where the database has a scheduler.

create function tenancy.tidy()
returns void
language plpgsql
set search_path = ''
as $$
begin
    delete from tenancy.active_organizations as a where a.selected_at < now() - interval '90 days';
    delete from tenancy.idempotency_keys as k where k.created_at <= now() - interval '24 hours';
    delete from tenancy.invitation_tokens as t
    using public.organization_invitations as i
    where i.id = t.invitation_id and i.expires_at < now() - interval '30 days';
    -- Those that somebody takes from now stay: waiting here for one, with others deleted, could be waiting for each other.
    delete from tenancy.rate_limit_buckets as b
    using (
        select f.limit_name, f.key
        from tenancy.rate_limit_buckets as f
        join tenancy.rate_limits as l on l.name = f.limit_name
        where tenancy.tokens_left(l, f, clock_timestamp()) >= l.capacity
        for update of f skip locked
    ) as filled
    where b.limit_name = filled.limit_name and b.key = filled.key;
    -- Nobody can restore these any more: their domains are free for whoever proves them next.
    delete from public.organization_domains as d
    using public.organizations as o
    where o.id = d.organization_id and now() >= tenancy.restorable_until(o.deleted_at);
    delete from tenancy.outbox as e where e.delivered_at < now() - interval '7 days';
    -- Until Stripe has heard of it somebody goes on paying: not given up as others are.
    perform tenancy.requeue(e.id) from tenancy.outbox as e where e.topic like 'billing.%' and e.failed_at is not null;
    -- Of which nothing follows: of another kind, about nobody, about who was purged. What says how a subscription is stays.
    delete from tenancy.stripe_events as e
    where e.received_at < now() - interval '90 days'
        and not exists (select 1 from tenancy.subscription_facts as f where f.event_id = e.id);
    -- The outbox's rounds leave a line each, every ten seconds, which nothing else removes.
    if to_regclass('cron.job_run_details') is not null and has_table_privilege('cron.job_run_details', 'delete') then
        delete from cron.job_run_details as d
        using cron.job as j
        where j.jobid = d.jobid and j.jobname like 'tenancy-%' and d.end_time < now() - interval '7 days';
    end if;
end
$$;
comment on function tenancy.tidy() is
    'Forgets what no longer counts: choices of sessions that ended long ago, tokens that ran out long ago, buckets that are full
again, idempotency keys whose 24 hours are over, domains of organizations that nobody can restore, events delivered a week ago,
events of Stripe that nothing has followed from for 90 days. Events that end a subscription and were given up are tried again. Safe to run at any time.';
revoke execute on function tenancy.tidy() from public;

insert into tenancy.jobs (name, schedule, command) values ('tenancy-tidy', '17 3 * * *', 'select tenancy.tidy()');
