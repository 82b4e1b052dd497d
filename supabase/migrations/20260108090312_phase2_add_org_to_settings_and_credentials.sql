-- What admins decide: settings, money, credentials.

-- These, and what their foreign keys refer to.
select tenancy.lock_tables(
    'auth.users', 'public.ai_chatbot_settings', 'public.lead_scoring_settings', 'public.rotation_settings',
    'public.budget_settings', 'public.budget_alerts', 'public.number_orders', 'public.carrier_configs',
    'public.sip_trunk_configs', 'public.phone_providers'
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
