-- Every table gets its organization_id before the first is protected, so that indexes on it are built while people go on
-- working. Everything is the default organization's until then.

select tenancy.prepare(
    'public.campaigns', 'public.leads', 'public.phone_numbers', 'public.voice_broadcasts', 'public.workflows',
    'public.call_logs', 'public.dispositions', 'public.dnc_list', 'public.ai_sms_settings',
    'public.autonomous_settings', 'public.agent_scripts', 'public.calendar_integrations', 'public.pipeline_boards',
    'public.follow_up_sequences', 'public.disposition_metrics', 'public.sms_conversations', 'public.ai_conversations',
    'public.script_suggestions', 'public.calendar_appointments', 'public.scheduled_follow_ups', 'public.smart_lists',
    'public.contact_list_filters', 'public.sms_messages', 'public.inbound_transfers', 'public.calendar_availability',
    'public.workflow_steps', 'public.sequence_steps', 'public.campaign_phone_pools',
    'public.campaign_automation_rules', 'public.timezone_rules', 'public.caller_id_pool',
    'public.lead_workflow_progress', 'public.lead_pipeline_positions', 'public.broadcast_queue',
    'public.dialing_queues', 'public.active_ai_transfers', 'public.system_alerts', 'public.lead_list_memberships',
    'public.ai_conversation_messages', 'public.ai_daily_insights', 'public.script_performance_metrics',
    'public.lead_priority_scores', 'public.lead_reachability_scores', 'public.rotation_history',
    'public.spending_logs', 'public.daily_reports', 'public.ai_chatbot_settings', 'public.lead_scoring_settings',
    'public.rotation_settings', 'public.budget_settings', 'public.budget_alerts', 'public.number_orders',
    'public.carrier_configs', 'public.sip_trunk_configs', 'public.phone_providers'
);
