-- What machines write for people: queues and progress, lists, facts.
--
-- Table by table: its index while people go on working, then protection, under a lock of its own for a moment. An index
-- that is built concurrently ends the transaction before it, so this file may be interrupted and run again at any point.

set max_parallel_maintenance_workers = 0;
select tenancy.drop_interrupted_indexes();


-- Queues and progress are written by machines that act for whoever is at work. Nobody owns a row: any member moves it
-- on.
create index concurrently if not exists lead_workflow_progress_organization_id_created_at_idx
on public.lead_workflow_progress (organization_id, created_at desc);
select tenancy.protect(
    'public.lead_workflow_progress',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);


create index concurrently if not exists lead_pipeline_positions_organization_id_created_at_idx
on public.lead_pipeline_positions (organization_id, created_at desc);
select tenancy.protect(
    'public.lead_pipeline_positions',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);
select tenancy.scope_unique_rule(
    'public.lead_pipeline_positions', 'lead_pipeline_positions_are_one_per_lead',
    'lead_pipeline_positions_are_one_per_lead', 'lead_id'
);


create index concurrently if not exists broadcast_queue_organization_id_created_at_idx
on public.broadcast_queue (organization_id, created_at desc);
select tenancy.protect(
    'public.broadcast_queue',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);


create index concurrently if not exists dialing_queues_organization_id_created_at_idx
on public.dialing_queues (organization_id, created_at desc);
select tenancy.protect(
    'public.dialing_queues',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);


create index concurrently if not exists active_ai_transfers_organization_id_created_at_idx
on public.active_ai_transfers (organization_id, created_at desc);
select tenancy.protect(
    'public.active_ai_transfers',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);


create index concurrently if not exists system_alerts_organization_id_created_at_idx
on public.system_alerts (organization_id, created_at desc);
select tenancy.protect(
    'public.system_alerts',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);


-- Who puts a lead on a list also takes it off again.
create index concurrently if not exists lead_list_memberships_organization_id_created_at_idx
on public.lead_list_memberships (organization_id, created_at desc);
select tenancy.protect(
    'public.lead_list_memberships',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'member'
);
select tenancy.scope_unique_rule(
    'public.lead_list_memberships', 'lead_list_memberships_hold_a_lead_once', 'lead_list_memberships_hold_a_lead_once',
    'list_id', 'lead_id'
);


-- Facts are added and never changed; only an admin deletes them.
create index concurrently if not exists ai_conversation_messages_organization_id_created_at_idx
on public.ai_conversation_messages (organization_id, created_at desc);
select tenancy.protect(
    'public.ai_conversation_messages',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


create index concurrently if not exists ai_daily_insights_organization_id_created_at_idx
on public.ai_daily_insights (organization_id, created_at desc);
select tenancy.protect(
    'public.ai_daily_insights',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


create index concurrently if not exists script_performance_metrics_organization_id_created_at_idx
on public.script_performance_metrics (organization_id, created_at desc);
select tenancy.protect(
    'public.script_performance_metrics',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);
select tenancy.scope_unique_rule(
    'public.script_performance_metrics', 'script_performance_metrics_are_taken_once_a_day',
    'script_performance_metrics_are_taken_once_a_day', 'script_id', 'metric_date'
);


create index concurrently if not exists lead_priority_scores_organization_id_created_at_idx
on public.lead_priority_scores (organization_id, created_at desc);
select tenancy.protect(
    'public.lead_priority_scores',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


create index concurrently if not exists lead_reachability_scores_organization_id_created_at_idx
on public.lead_reachability_scores (organization_id, created_at desc);
select tenancy.protect(
    'public.lead_reachability_scores',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


create index concurrently if not exists rotation_history_organization_id_created_at_idx
on public.rotation_history (organization_id, created_at desc);
select tenancy.protect(
    'public.rotation_history',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


create index concurrently if not exists spending_logs_organization_id_created_at_idx
on public.spending_logs (organization_id, created_at desc);
select tenancy.protect(
    'public.spending_logs',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


create index concurrently if not exists daily_reports_organization_id_created_at_idx
on public.daily_reports (organization_id, created_at desc);
select tenancy.protect(
    'public.daily_reports',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);
-- A report is of one person's day, in each of their organizations.
select tenancy.scope_unique_rule(
    'public.daily_reports', 'daily_reports_user_id_report_date_key', 'daily_reports_are_written_once_a_day',
    'user_id', 'report_date'
);
