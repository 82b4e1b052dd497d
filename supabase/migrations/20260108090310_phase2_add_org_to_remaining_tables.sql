-- The tables beside the core ones, in three steps, so that each locks few tables and not for long: first what people work
-- in and plan. Children without a user_id belong to their parent's organization: their foreign keys compare it.

-- These, and what their foreign keys refer to.
select tenancy.lock_tables(
    'auth.users', 'public.sms_conversations', 'public.ai_conversations', 'public.script_suggestions',
    'public.calendar_appointments', 'public.scheduled_follow_ups', 'public.smart_lists',
    'public.contact_list_filters', 'public.sms_messages', 'public.inbound_transfers', 'public.calendar_availability',
    'public.workflow_steps', 'public.sequence_steps', 'public.campaign_phone_pools',
    'public.campaign_automation_rules', 'public.timezone_rules', 'public.caller_id_pool', 'public.leads',
    'public.agent_scripts', 'public.follow_up_sequences', 'public.call_logs', 'public.workflows', 'public.campaigns',
    'public.phone_numbers'
);


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


-- Rules per user become rules per organization -----------------------------------------------------------------------

-- A number that several people had in their pools is in the organization's pool once.
select tenancy.keep_one_per_organization('public.caller_id_pool', 'phone_number');
select tenancy.scope_unique_rule(
    'public.caller_id_pool', 'caller_id_pool_user_id_phone_number_key', 'caller_id_pool_holds_a_number_once', 'phone_number'
);

-- Rules among the children of one parent keep their names. Nothing has to be merged: a parent has one organization.
select tenancy.scope_unique_rule(
    'public.workflow_steps', 'workflow_steps_have_one_place', 'workflow_steps_have_one_place', 'workflow_id', 'step_number'
);
select tenancy.scope_unique_rule(
    'public.sequence_steps', 'sequence_steps_have_one_place', 'sequence_steps_have_one_place', 'sequence_id', 'step_number'
);
select tenancy.scope_unique_rule(
    'public.campaign_phone_pools', 'campaign_phone_pools_hold_a_number_once', 'campaign_phone_pools_hold_a_number_once',
    'campaign_id', 'phone_number_id'
);
