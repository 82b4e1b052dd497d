-- What admins decide: settings, money, credentials.
--
-- Table by table: its index while people go on working, then protection, under a lock of its own for a moment. An index
-- that is built concurrently ends the transaction before it, so this file may be interrupted and run again at any point.

set max_parallel_maintenance_workers = 0;
select tenancy.drop_interrupted_indexes();


-- Settings hold for everybody, and budgets are money: admins decide.
create index concurrently if not exists ai_chatbot_settings_organization_id_created_at_idx
on public.ai_chatbot_settings (organization_id, created_at desc);
select tenancy.protect(
    'public.ai_chatbot_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);
-- Of several people's settings the owner's hold for the organization, else the oldest.
select tenancy.keep_one_per_organization('public.ai_chatbot_settings');
select tenancy.scope_unique_rule(
    'public.ai_chatbot_settings', 'ai_chatbot_settings_user_id_key', 'ai_chatbot_settings_are_one_per_organization'
);
comment on table public.ai_chatbot_settings is 'How the chatbot behaves; one row per organization.';


create index concurrently if not exists lead_scoring_settings_organization_id_created_at_idx
on public.lead_scoring_settings (organization_id, created_at desc);
select tenancy.protect(
    'public.lead_scoring_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);
select tenancy.keep_one_per_organization('public.lead_scoring_settings');
select tenancy.scope_unique_rule(
    'public.lead_scoring_settings', 'lead_scoring_settings_user_id_key', 'lead_scoring_settings_are_one_per_organization'
);
comment on table public.lead_scoring_settings is 'How leads are scored; one row per organization.';


create index concurrently if not exists rotation_settings_organization_id_created_at_idx
on public.rotation_settings (organization_id, created_at desc);
select tenancy.protect(
    'public.rotation_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);
select tenancy.keep_one_per_organization('public.rotation_settings');
select tenancy.scope_unique_rule(
    'public.rotation_settings', 'rotation_settings_user_id_key', 'rotation_settings_are_one_per_organization'
);
comment on table public.rotation_settings is 'How numbers are rotated; one row per organization.';


create index concurrently if not exists budget_settings_organization_id_created_at_idx
on public.budget_settings (organization_id, created_at desc);
select tenancy.protect(
    'public.budget_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);
select tenancy.keep_one_per_organization('public.budget_settings');
select tenancy.scope_unique_rule(
    'public.budget_settings', 'budget_settings_user_id_key', 'budget_settings_are_one_per_organization'
);
comment on table public.budget_settings is 'What may be spent; one row per organization.';


create index concurrently if not exists budget_alerts_organization_id_created_at_idx
on public.budget_alerts (organization_id, created_at desc);
select tenancy.protect(
    'public.budget_alerts',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);


-- A manager asks for numbers; what is ordered and paid is an admin's.
create index concurrently if not exists number_orders_organization_id_created_at_idx
on public.number_orders (organization_id, created_at desc);
select tenancy.protect(
    'public.number_orders',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'admin', p_delete_role => 'admin'
);


-- Credentials, even encrypted ones, are for admins alone.
create index concurrently if not exists carrier_configs_organization_id_created_at_idx
on public.carrier_configs (organization_id, created_at desc);
select tenancy.protect(
    'public.carrier_configs',
    p_read_role => 'admin', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);


create index concurrently if not exists sip_trunk_configs_organization_id_created_at_idx
on public.sip_trunk_configs (organization_id, created_at desc);
select tenancy.protect(
    'public.sip_trunk_configs',
    p_read_role => 'admin', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);


create index concurrently if not exists phone_providers_organization_id_created_at_idx
on public.phone_providers (organization_id, created_at desc);
select tenancy.protect(
    'public.phone_providers',
    p_read_role => 'admin', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);
