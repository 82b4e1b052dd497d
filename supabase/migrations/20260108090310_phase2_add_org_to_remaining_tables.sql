-- The tables beside the core ones. Children without a user_id belong to their parent's organization: their foreign keys
-- compare it.


-- What people work in all day, like leads: any member creates; a member changes their own rows, a manager any.
select tenancy.protect(
    'public.sms_conversations',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.ai_conversations',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.script_suggestions',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.calendar_appointments',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.scheduled_follow_ups',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.smart_lists',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.contact_list_filters',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


-- What was said is evidence, like call logs: only an admin deletes it.
select tenancy.protect(
    'public.sms_messages',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'admin',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.inbound_transfers',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'admin',
    p_own_rows => '{update}'
);


-- Colleagues book into somebody's hours, and nobody else changes them. An admin clears away those of people who left.
select tenancy.protect(
    'public.calendar_availability',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin',
    p_own_rows => '{update,delete}'
);


-- What managers plan and members work by: steps, rules, and the numbers to call from.
select tenancy.protect(
    'public.workflow_steps',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.sequence_steps',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.campaign_phone_pools',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.campaign_automation_rules',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.timezone_rules',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);

select tenancy.protect(
    'public.caller_id_pool',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
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


-- Settings hold for everybody, and budgets are money: admins decide.
select tenancy.protect(
    'public.ai_chatbot_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.lead_scoring_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.rotation_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.budget_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.budget_alerts',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);


-- A manager asks for numbers; what is ordered and paid is an admin's.
select tenancy.protect(
    'public.number_orders',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'admin', p_delete_role => 'admin'
);


-- Credentials, even encrypted ones, are for admins alone.
select tenancy.protect(
    'public.carrier_configs',
    p_read_role => 'admin', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.sip_trunk_configs',
    p_read_role => 'admin', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.phone_providers',
    p_read_role => 'admin', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);


-- Rules per user become rules per organization -----------------------------------------------------------------------

-- Of several people's settings the owner's hold for the organization, else the oldest.
select tenancy.keep_one_per_organization('public.ai_chatbot_settings');
select tenancy.scope_unique_rule(
    'public.ai_chatbot_settings', 'ai_chatbot_settings_user_id_key', 'ai_chatbot_settings_are_one_per_organization'
);
comment on table public.ai_chatbot_settings is 'How the chatbot behaves; one row per organization.';

select tenancy.keep_one_per_organization('public.lead_scoring_settings');
select tenancy.scope_unique_rule(
    'public.lead_scoring_settings', 'lead_scoring_settings_user_id_key', 'lead_scoring_settings_are_one_per_organization'
);
comment on table public.lead_scoring_settings is 'How leads are scored; one row per organization.';

select tenancy.keep_one_per_organization('public.rotation_settings');
select tenancy.scope_unique_rule(
    'public.rotation_settings', 'rotation_settings_user_id_key', 'rotation_settings_are_one_per_organization'
);
comment on table public.rotation_settings is 'How numbers are rotated; one row per organization.';

select tenancy.keep_one_per_organization('public.budget_settings');
select tenancy.scope_unique_rule(
    'public.budget_settings', 'budget_settings_user_id_key', 'budget_settings_are_one_per_organization'
);
comment on table public.budget_settings is 'What may be spent; one row per organization.';


-- A number that several people had in their pools is in the organization's pool once.
select tenancy.keep_one_per_organization('public.caller_id_pool', 'phone_number');
select tenancy.scope_unique_rule(
    'public.caller_id_pool', 'caller_id_pool_user_id_phone_number_key', 'caller_id_pool_holds_a_number_once', 'phone_number'
);


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
    'public.workflow_steps', 'workflow_steps_have_one_place', 'workflow_steps_have_one_place', 'workflow_id', 'step_number'
);
select tenancy.scope_unique_rule(
    'public.sequence_steps', 'sequence_steps_have_one_place', 'sequence_steps_have_one_place', 'sequence_id', 'step_number'
);
select tenancy.scope_unique_rule(
    'public.lead_pipeline_positions', 'lead_pipeline_positions_are_one_per_lead',
    'lead_pipeline_positions_are_one_per_lead', 'lead_id'
);
select tenancy.scope_unique_rule(
    'public.campaign_phone_pools', 'campaign_phone_pools_hold_a_number_once', 'campaign_phone_pools_hold_a_number_once',
    'campaign_id', 'phone_number_id'
);
select tenancy.scope_unique_rule(
    'public.lead_list_memberships', 'lead_list_memberships_hold_a_lead_once', 'lead_list_memberships_hold_a_lead_once',
    'list_id', 'lead_id'
);
