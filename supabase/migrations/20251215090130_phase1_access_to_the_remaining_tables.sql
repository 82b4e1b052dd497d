-- Phase 1: who may do what in the tables beside the core ones. One question again: is the row the caller's own? A row
-- without a user_id is the caller's own where its parent is.

do $$
declare
    v record;
    v_own text;
begin
    for v in
        select t.name, t.parent_column, t.parent
        from (
            values
                ('sms_conversations', null, null),
                ('sms_messages', null, null),
                ('ai_conversations', null, null),
                ('ai_conversation_messages', 'conversation_id', 'ai_conversations'),
                ('ai_chatbot_settings', null, null),
                ('ai_daily_insights', null, null),
                ('script_performance_metrics', 'script_id', 'agent_scripts'),
                ('script_suggestions', null, null),
                ('calendar_appointments', null, null),
                ('calendar_availability', null, null),
                ('inbound_transfers', null, null),
                ('active_ai_transfers', 'call_id', 'call_logs'),
                ('workflow_steps', 'workflow_id', 'workflows'),
                ('lead_workflow_progress', 'lead_id', 'leads'),
                ('sequence_steps', 'sequence_id', 'follow_up_sequences'),
                ('scheduled_follow_ups', null, null),
                ('lead_pipeline_positions', 'lead_id', 'leads'),
                ('broadcast_queue', 'broadcast_id', 'voice_broadcasts'),
                ('dialing_queues', 'campaign_id', 'campaigns'),
                ('campaign_phone_pools', 'campaign_id', 'campaigns'),
                ('campaign_automation_rules', 'campaign_id', 'campaigns'),
                ('smart_lists', null, null),
                ('lead_list_memberships', 'list_id', 'smart_lists'),
                ('lead_priority_scores', 'lead_id', 'leads'),
                ('lead_scoring_settings', null, null),
                ('lead_reachability_scores', 'lead_id', 'leads'),
                ('contact_list_filters', null, null),
                ('timezone_rules', null, null),
                ('caller_id_pool', null, null),
                ('carrier_configs', null, null),
                ('sip_trunk_configs', null, null),
                ('phone_providers', null, null),
                ('number_orders', null, null),
                ('rotation_settings', null, null),
                ('rotation_history', null, null),
                ('budget_settings', null, null),
                ('budget_alerts', null, null),
                ('spending_logs', null, null),
                ('system_alerts', null, null),
                ('daily_reports', null, null)
        ) as t (name, parent_column, parent)
    loop
        execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v.name);
        execute format('grant select, insert, update, delete on table public.%I to authenticated, service_role', v.name);

        v_own := case
            when v.parent is null then 'user_id = (select auth.uid())'
            else format('%I in (select p.id from public.%I as p where p.user_id = (select auth.uid()))', v.parent_column, v.parent)
        end;
        execute format('create policy %I on public.%I for select to authenticated using (%s)', v.name || '_select', v.name, v_own);
        execute format('create policy %I on public.%I for insert to authenticated with check (%s)', v.name || '_insert', v.name, v_own);
        execute format(
            'create policy %I on public.%I for update to authenticated using (%3$s) with check (%3$s)', v.name || '_update', v.name, v_own
        );
        execute format('create policy %I on public.%I for delete to authenticated using (%s)', v.name || '_delete', v.name, v_own);

        if exists (
            select 1 from information_schema.columns as c
            where c.table_schema = 'public' and c.table_name = v.name and c.column_name = 'updated_at'
        ) then
            execute format(
                'create trigger %I before update on public.%I for each row execute function public.set_updated_at()',
                v.name || '_set_updated_at', v.name
            );
        end if;
    end loop;
end
$$;
