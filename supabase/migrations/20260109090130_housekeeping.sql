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
end
$$;
comment on function tenancy.tidy() is
    'Forgets choices of sessions that ended long ago, tokens that ran out long ago, and idempotency keys whose 24 hours are
over. Safe to run at any time.';
revoke execute on function tenancy.tidy() from public;

do $$
begin
    if to_regprocedure('cron.schedule(text,text,text)') is not null then
        perform cron.schedule('tenancy-tidy', '17 3 * * *', 'select tenancy.tidy()');
    end if;
end
$$;
