-- The tables beside the core ones: what people work in and plan. Children without a user_id belong to their parent's
-- organization: their foreign keys compare it.
--
-- Table by table: its index while people go on working, then protection, under a lock of its own for a moment. An index
-- that is built concurrently ends the transaction before it, so this file may be interrupted and run again at any point.

set max_parallel_maintenance_workers = 0;
select tenancy.drop_interrupted_indexes();


-- What people work in all day, like leads: any member creates; a member changes their own rows, a manager any.
create index concurrently if not exists sms_conversations_organization_id_created_at_idx
on public.sms_conversations (organization_id, created_at desc);
select tenancy.protect(
    'public.sms_conversations',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists ai_conversations_organization_id_created_at_idx
on public.ai_conversations (organization_id, created_at desc);
select tenancy.protect(
    'public.ai_conversations',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists script_suggestions_organization_id_created_at_idx
on public.script_suggestions (organization_id, created_at desc);
select tenancy.protect(
    'public.script_suggestions',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists calendar_appointments_organization_id_created_at_idx
on public.calendar_appointments (organization_id, created_at desc);
select tenancy.protect(
    'public.calendar_appointments',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists scheduled_follow_ups_organization_id_created_at_idx
on public.scheduled_follow_ups (organization_id, created_at desc);
select tenancy.protect(
    'public.scheduled_follow_ups',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists smart_lists_organization_id_created_at_idx
on public.smart_lists (organization_id, created_at desc);
select tenancy.protect(
    'public.smart_lists',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists contact_list_filters_organization_id_created_at_idx
on public.contact_list_filters (organization_id, created_at desc);
select tenancy.protect(
    'public.contact_list_filters',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


-- What was said is evidence, like call logs: only an admin deletes it.
create index concurrently if not exists sms_messages_organization_id_created_at_idx
on public.sms_messages (organization_id, created_at desc);
select tenancy.protect(
    'public.sms_messages',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'admin',
    p_own_rows => '{update}'
);


create index concurrently if not exists inbound_transfers_organization_id_created_at_idx
on public.inbound_transfers (organization_id, created_at desc);
select tenancy.protect(
    'public.inbound_transfers',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'admin',
    p_own_rows => '{update}'
);


-- Colleagues book into somebody's hours, and nobody else changes them. An admin clears away those of people who left.
create index concurrently if not exists calendar_availability_organization_id_created_at_idx
on public.calendar_availability (organization_id, created_at desc);
select tenancy.protect(
    'public.calendar_availability',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin',
    p_own_rows => '{update,delete}'
);


-- What managers plan and members work by: steps, rules, and the numbers to call from.
create index concurrently if not exists workflow_steps_organization_id_created_at_idx
on public.workflow_steps (organization_id, created_at desc);
select tenancy.protect(
    'public.workflow_steps',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);
-- A rule among the children of one parent keeps its name. Nothing has to be merged: a parent has one organization.
select tenancy.scope_unique_rule(
    'public.workflow_steps', 'workflow_steps_have_one_place', 'workflow_steps_have_one_place', 'workflow_id', 'step_number'
);


create index concurrently if not exists sequence_steps_organization_id_created_at_idx
on public.sequence_steps (organization_id, created_at desc);
select tenancy.protect(
    'public.sequence_steps',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);
select tenancy.scope_unique_rule(
    'public.sequence_steps', 'sequence_steps_have_one_place', 'sequence_steps_have_one_place', 'sequence_id', 'step_number'
);


create index concurrently if not exists campaign_phone_pools_organization_id_created_at_idx
on public.campaign_phone_pools (organization_id, created_at desc);
select tenancy.protect(
    'public.campaign_phone_pools',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);
select tenancy.scope_unique_rule(
    'public.campaign_phone_pools', 'campaign_phone_pools_hold_a_number_once', 'campaign_phone_pools_hold_a_number_once',
    'campaign_id', 'phone_number_id'
);


create index concurrently if not exists campaign_automation_rules_organization_id_created_at_idx
on public.campaign_automation_rules (organization_id, created_at desc);
select tenancy.protect(
    'public.campaign_automation_rules',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);


create index concurrently if not exists timezone_rules_organization_id_created_at_idx
on public.timezone_rules (organization_id, created_at desc);
select tenancy.protect(
    'public.timezone_rules',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);


create index concurrently if not exists caller_id_pool_organization_id_created_at_idx
on public.caller_id_pool (organization_id, created_at desc);
select tenancy.protect(
    'public.caller_id_pool',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'manager'
);
-- A number that several people had in their pools is in the organization's pool once.
select tenancy.keep_one_per_organization('public.caller_id_pool', 'phone_number');
select tenancy.scope_unique_rule(
    'public.caller_id_pool', 'caller_id_pool_user_id_phone_number_key', 'caller_id_pool_holds_a_number_once', 'phone_number'
);
