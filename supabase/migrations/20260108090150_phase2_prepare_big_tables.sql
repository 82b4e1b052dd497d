-- Tables that can be big when organizations arrive get their organization_id first, so that the indexes on it are built
-- while people go on working. Everything in them is the default organization's until they are protected.

select tenancy.lock_tables(
    'public.leads', 'public.call_logs', 'public.disposition_metrics', 'public.dnc_list'
);

select tenancy.prepare('public.leads');
select tenancy.prepare('public.call_logs');
select tenancy.prepare('public.disposition_metrics');
select tenancy.prepare('public.dnc_list');
