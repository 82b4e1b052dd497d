-- What machines write for people: queues and progress, lists, facts.

-- These, and what their foreign keys refer to.
select tenancy.lock_tables(
    'auth.users', 'public.lead_workflow_progress', 'public.lead_pipeline_positions', 'public.broadcast_queue',
    'public.dialing_queues', 'public.active_ai_transfers', 'public.system_alerts', 'public.lead_list_memberships',
    'public.ai_conversation_messages', 'public.ai_daily_insights', 'public.script_performance_metrics',
    'public.lead_priority_scores', 'public.lead_reachability_scores', 'public.rotation_history',
    'public.spending_logs', 'public.daily_reports', 'public.campaigns', 'public.leads', 'public.workflow_steps',
    'public.workflows', 'public.pipeline_boards', 'public.voice_broadcasts', 'public.call_logs', 'public.smart_lists',
    'public.ai_conversations', 'public.agent_scripts', 'public.phone_numbers'
);


-- Queues and progress are written by machines that act for whoever is at work. Nobody owns a row: any member moves it
-- on.
select tenancy.protect(
    'public.lead_workflow_progress',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.lead_pipeline_positions',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.broadcast_queue',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.dialing_queues',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.active_ai_transfers',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.system_alerts',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'manager'
);


-- Who puts a lead on a list also takes it off again.
select tenancy.protect(
    'public.lead_list_memberships',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'member', p_delete_role => 'member'
);


-- Facts are added and never changed; only an admin deletes them.
select tenancy.protect(
    'public.ai_conversation_messages',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);

select tenancy.protect(
    'public.ai_daily_insights',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);

select tenancy.protect(
    'public.script_performance_metrics',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);

select tenancy.protect(
    'public.lead_priority_scores',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);

select tenancy.protect(
    'public.lead_reachability_scores',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);

select tenancy.protect(
    'public.rotation_history',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);

select tenancy.protect(
    'public.spending_logs',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);

select tenancy.protect(
    'public.daily_reports',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


-- Rules per user become rules per organization -----------------------------------------------------------------------

-- A report is of one person's day, in each of their organizations.
select tenancy.scope_unique_rule(
    'public.daily_reports', 'daily_reports_user_id_report_date_key', 'daily_reports_are_written_once_a_day',
    'user_id', 'report_date'
);

-- Rules among the children of one parent keep their names. Nothing has to be merged: a parent has one organization.
select tenancy.scope_unique_rule(
    'public.script_performance_metrics', 'script_performance_metrics_are_taken_once_a_day',
    'script_performance_metrics_are_taken_once_a_day', 'script_id', 'metric_date'
);
select tenancy.scope_unique_rule(
    'public.lead_pipeline_positions', 'lead_pipeline_positions_are_one_per_lead',
    'lead_pipeline_positions_are_one_per_lead', 'lead_id'
);
select tenancy.scope_unique_rule(
    'public.lead_list_memberships', 'lead_list_memberships_hold_a_lead_once', 'lead_list_memberships_hold_a_lead_once',
    'list_id', 'lead_id'
);
