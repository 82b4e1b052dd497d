-- Tables that can be big when organizations arrive get their organization_id first, so that the indexes on it are built
-- while people go on working. Everything in them is the default organization's until they are protected.

select tenancy.lock_tables(
    'public.leads', 'public.call_logs', 'public.disposition_metrics', 'public.dnc_list', 'public.sms_messages',
    'public.sms_conversations', 'public.ai_conversations', 'public.ai_conversation_messages',
    'public.scheduled_follow_ups', 'public.dialing_queues', 'public.broadcast_queue', 'public.lead_workflow_progress',
    'public.lead_pipeline_positions', 'public.lead_list_memberships', 'public.lead_priority_scores',
    'public.lead_reachability_scores', 'public.rotation_history', 'public.spending_logs', 'public.system_alerts'
);

select tenancy.prepare('public.leads');
select tenancy.prepare('public.call_logs');
select tenancy.prepare('public.disposition_metrics');
select tenancy.prepare('public.dnc_list');
select tenancy.prepare('public.sms_messages');
select tenancy.prepare('public.sms_conversations');
select tenancy.prepare('public.ai_conversations');
select tenancy.prepare('public.ai_conversation_messages');
select tenancy.prepare('public.scheduled_follow_ups');
select tenancy.prepare('public.dialing_queues');
select tenancy.prepare('public.broadcast_queue');
select tenancy.prepare('public.lead_workflow_progress');
select tenancy.prepare('public.lead_pipeline_positions');
select tenancy.prepare('public.lead_list_memberships');
select tenancy.prepare('public.lead_priority_scores');
select tenancy.prepare('public.lead_reachability_scores');
select tenancy.prepare('public.rotation_history');
select tenancy.prepare('public.spending_logs');
select tenancy.prepare('public.system_alerts');
