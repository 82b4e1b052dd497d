-- What protect() would otherwise do under lock to tables that can be big, done while people go on working. Each statement
-- that builds concurrently is a transaction of its own, and this file may be run again after it was interrupted at any
-- point.

-- One core stays with the people.
set max_parallel_maintenance_workers = 0;

select tenancy.drop_interrupted_indexes();

create unique index concurrently if not exists leads_are_unique_in_their_organization
on public.leads (organization_id, id);

-- What the planner has to know of the new column before policies ask for it.
analyze public.leads (organization_id);


create unique index concurrently if not exists call_logs_are_unique_in_their_organization
on public.call_logs (organization_id, id);

create index concurrently if not exists call_logs_organization_id_campaign_id_idx
on public.call_logs (organization_id, campaign_id);

create index concurrently if not exists call_logs_organization_id_lead_id_idx
on public.call_logs (organization_id, lead_id);

analyze public.call_logs (organization_id);


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

analyze public.disposition_metrics (organization_id);


-- By which a person's account that goes finds their entries, once their own rule is the organization's.
create index concurrently if not exists dnc_list_user_id_idx on public.dnc_list (user_id);

analyze public.dnc_list (organization_id);


create index concurrently if not exists sms_messages_organization_id_conversation_id_idx
on public.sms_messages (organization_id, conversation_id);

create index concurrently if not exists sms_messages_organization_id_lead_id_idx
on public.sms_messages (organization_id, lead_id);

analyze public.sms_messages (organization_id);


create unique index concurrently if not exists sms_conversations_are_unique_in_their_organization
on public.sms_conversations (organization_id, id);

create index concurrently if not exists sms_conversations_organization_id_lead_id_idx
on public.sms_conversations (organization_id, lead_id);

analyze public.sms_conversations (organization_id);


create unique index concurrently if not exists ai_conversations_are_unique_in_their_organization
on public.ai_conversations (organization_id, id);

create index concurrently if not exists ai_conversations_organization_id_lead_id_idx
on public.ai_conversations (organization_id, lead_id);

analyze public.ai_conversations (organization_id);


create index concurrently if not exists ai_conversation_messages_organization_id_conversation_id_idx
on public.ai_conversation_messages (organization_id, conversation_id);

analyze public.ai_conversation_messages (organization_id);


create index concurrently if not exists scheduled_follow_ups_organization_id_lead_id_idx
on public.scheduled_follow_ups (organization_id, lead_id);

create index concurrently if not exists scheduled_follow_ups_organization_id_sequence_id_idx
on public.scheduled_follow_ups (organization_id, sequence_id);

analyze public.scheduled_follow_ups (organization_id);


create index concurrently if not exists dialing_queues_organization_id_campaign_id_idx
on public.dialing_queues (organization_id, campaign_id);

create index concurrently if not exists dialing_queues_organization_id_lead_id_idx
on public.dialing_queues (organization_id, lead_id);

analyze public.dialing_queues (organization_id);


create index concurrently if not exists broadcast_queue_organization_id_broadcast_id_idx
on public.broadcast_queue (organization_id, broadcast_id);

create index concurrently if not exists broadcast_queue_organization_id_lead_id_idx
on public.broadcast_queue (organization_id, lead_id);

analyze public.broadcast_queue (organization_id);


create index concurrently if not exists lead_workflow_progress_organization_id_lead_id_idx
on public.lead_workflow_progress (organization_id, lead_id);

create index concurrently if not exists lead_workflow_progress_organization_id_workflow_id_idx
on public.lead_workflow_progress (organization_id, workflow_id);

create index concurrently if not exists lead_workflow_progress_organization_id_campaign_id_idx
on public.lead_workflow_progress (organization_id, campaign_id);

create index concurrently if not exists lead_workflow_progress_organization_id_current_step_id_idx
on public.lead_workflow_progress (organization_id, current_step_id);

analyze public.lead_workflow_progress (organization_id);


create index concurrently if not exists lead_pipeline_positions_organization_id_lead_id_idx
on public.lead_pipeline_positions (organization_id, lead_id);

create index concurrently if not exists lead_pipeline_positions_organization_id_pipeline_board_id_idx
on public.lead_pipeline_positions (organization_id, pipeline_board_id);

create unique index concurrently if not exists lead_pipeline_positions_are_one_per_lead_here
on public.lead_pipeline_positions (organization_id, lead_id);

analyze public.lead_pipeline_positions (organization_id);


create index concurrently if not exists lead_list_memberships_organization_id_list_id_idx
on public.lead_list_memberships (organization_id, list_id);

create index concurrently if not exists lead_list_memberships_organization_id_lead_id_idx
on public.lead_list_memberships (organization_id, lead_id);

create unique index concurrently if not exists lead_list_memberships_hold_a_lead_once_here
on public.lead_list_memberships (organization_id, list_id, lead_id);

analyze public.lead_list_memberships (organization_id);


create index concurrently if not exists lead_priority_scores_organization_id_lead_id_idx
on public.lead_priority_scores (organization_id, lead_id);

analyze public.lead_priority_scores (organization_id);


create index concurrently if not exists lead_reachability_scores_organization_id_lead_id_idx
on public.lead_reachability_scores (organization_id, lead_id);

analyze public.lead_reachability_scores (organization_id);


create index concurrently if not exists rotation_history_organization_id_phone_number_id_idx
on public.rotation_history (organization_id, phone_number_id);

analyze public.rotation_history (organization_id);


create index concurrently if not exists spending_logs_organization_id_campaign_id_idx
on public.spending_logs (organization_id, campaign_id);

analyze public.spending_logs (organization_id);


analyze public.system_alerts (organization_id);
