-- The indexes that protect() would build under lock, built while people go on working. Each statement is a transaction of
-- its own, and this file may be run again after it was interrupted at any point.

-- An index that was interrupted while it was built is there and of no use.
do $$
declare
    v_index record;
begin
    for v_index in
        select i.indexrelid::regclass as name, i.indrelid::regclass as table_name
        from pg_catalog.pg_index as i
        join tenancy.prepared_tables as p
            on i.indrelid = to_regclass(format('%I.%I', p.table_schema, p.table_name))
        where not i.indisvalid
    loop
        -- Whoever was building it may still be at it: this waits without making anybody else wait.
        perform tenancy.lock_tables(v_index.table_name);
        execute format('drop index if exists %s', v_index.name);
    end loop;
end
$$;

create index concurrently if not exists leads_organization_id_created_at_idx
on public.leads (organization_id, created_at desc);

create unique index concurrently if not exists leads_are_unique_in_their_organization
on public.leads (organization_id, id);

create index concurrently if not exists call_logs_organization_id_created_at_idx
on public.call_logs (organization_id, created_at desc);

create unique index concurrently if not exists call_logs_are_unique_in_their_organization
on public.call_logs (organization_id, id);

create index concurrently if not exists call_logs_organization_id_lead_id_idx
on public.call_logs (organization_id, lead_id);

create index concurrently if not exists call_logs_organization_id_campaign_id_idx
on public.call_logs (organization_id, campaign_id);

create index concurrently if not exists disposition_metrics_organization_id_created_at_idx
on public.disposition_metrics (organization_id, created_at desc);

create index concurrently if not exists disposition_metrics_organization_id_lead_id_idx
on public.disposition_metrics (organization_id, lead_id);

create index concurrently if not exists disposition_metrics_organization_id_call_id_idx
on public.disposition_metrics (organization_id, call_id);

create index concurrently if not exists disposition_metrics_organization_id_disposition_id_idx
on public.disposition_metrics (organization_id, disposition_id);

create index concurrently if not exists disposition_metrics_organization_id_workflow_id_idx
on public.disposition_metrics (organization_id, workflow_id);

create index concurrently if not exists disposition_metrics_organization_id_campaign_id_idx
on public.disposition_metrics (organization_id, campaign_id);

create index concurrently if not exists dnc_list_organization_id_created_at_idx
on public.dnc_list (organization_id, created_at desc);

-- What the planner has to know of the new column before policies ask for it.
analyze public.leads (organization_id);
analyze public.call_logs (organization_id);
analyze public.disposition_metrics (organization_id);
analyze public.dnc_list (organization_id);
