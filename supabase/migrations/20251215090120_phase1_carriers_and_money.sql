-- Phase 1, beside the core tables: carriers and numbers, budgets, and what the system reports.
--
-- What signs in to a carrier is stored encrypted, and only so: the application writes `enc:` before what it encrypted, and
-- anything else is refused here.


create table public.caller_id_pool (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    phone_number text not null,
    label text,
    area_code text,
    state text,
    status text not null default 'active',
    daily_limit integer not null default 100,
    calls_today integer not null default 0,
    answer_rate numeric,
    spam_score numeric,
    last_used_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint caller_id_pool_user_id_phone_number_key unique (user_id, phone_number),
    constraint caller_id_pool_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint caller_id_pool_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint caller_id_pool_status_is_known check (status in ('active', 'resting', 'flagged', 'retired')),
    constraint caller_id_pool_daily_limit_is_not_negative check (daily_limit >= 0),
    constraint caller_id_pool_calls_today_is_not_negative check (calls_today >= 0),
    constraint caller_id_pool_answer_rate_is_a_share check (answer_rate between 0 and 1),
    constraint caller_id_pool_spam_score_is_not_negative check (spam_score >= 0)
);
alter table public.caller_id_pool enable row level security;


create table public.carrier_configs (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    carrier_name text not null,
    account_identifier text,
    api_key_encrypted text,
    api_secret_encrypted text,
    webhook_secret_encrypted text,
    priority integer not null default 0,
    max_concurrent_calls integer not null default 10,
    is_active boolean not null default true,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint carrier_configs_carrier_name_is_not_empty check (btrim(carrier_name) <> ''),
    constraint carrier_configs_api_key_encrypted_is_encrypted check (api_key_encrypted like 'enc:%'),
    constraint carrier_configs_api_secret_encrypted_is_encrypted check (api_secret_encrypted like 'enc:%'),
    constraint carrier_configs_webhook_secret_encrypted_is_encrypted check (webhook_secret_encrypted like 'enc:%'),
    constraint carrier_configs_priority_is_not_negative check (priority >= 0),
    constraint carrier_configs_max_concurrent_calls_is_positive check (max_concurrent_calls > 0)
);
alter table public.carrier_configs enable row level security;


create table public.sip_trunk_configs (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    host text not null,
    port integer not null default 5060,
    transport text not null default 'tls',
    username text,
    password_encrypted text,
    codecs text[] not null default '{}',
    max_channels integer not null default 10,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint sip_trunk_configs_name_is_not_empty check (btrim(name) <> ''),
    constraint sip_trunk_configs_host_is_not_empty check (btrim(host) <> ''),
    constraint sip_trunk_configs_port_is_a_port check (port between 1 and 65535),
    constraint sip_trunk_configs_transport_is_known check (transport in ('udp', 'tcp', 'tls')),
    constraint sip_trunk_configs_password_encrypted_is_encrypted check (password_encrypted like 'enc:%'),
    constraint sip_trunk_configs_max_channels_is_positive check (max_channels > 0)
);
alter table public.sip_trunk_configs enable row level security;


create table public.phone_providers (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    provider_type text not null default 'custom',
    base_url text,
    api_key_encrypted text,
    auth_token_encrypted text,
    is_default boolean not null default false,
    is_active boolean not null default true,
    balance_cents numeric(12, 4),
    last_checked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint phone_providers_name_is_not_empty check (btrim(name) <> ''),
    constraint phone_providers_provider_type_is_known check (
        provider_type in ('twilio', 'telnyx', 'bandwidth', 'retell', 'custom')
    ),
    constraint phone_providers_api_key_encrypted_is_encrypted check (api_key_encrypted like 'enc:%'),
    constraint phone_providers_auth_token_encrypted_is_encrypted check (auth_token_encrypted like 'enc:%')
);
alter table public.phone_providers enable row level security;


create table public.number_orders (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    provider text not null,
    area_code text,
    quantity integer not null default 1,
    status text not null default 'pending',
    order_reference text,
    numbers text[] not null default '{}',
    total_cost_cents numeric(12, 4),
    monthly_cost_cents numeric(12, 4),
    ordered_at timestamptz,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint number_orders_provider_is_not_empty check (btrim(provider) <> ''),
    constraint number_orders_quantity_is_positive check (quantity > 0),
    constraint number_orders_status_is_known check (
        status in ('pending', 'ordered', 'completed', 'failed', 'cancelled')
    ),
    constraint number_orders_total_cost_cents_is_not_negative check (total_cost_cents >= 0),
    constraint number_orders_monthly_cost_cents_is_not_negative check (monthly_cost_cents >= 0)
);
alter table public.number_orders enable row level security;


create table public.rotation_settings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    enabled boolean not null default false,
    rotation_strategy text not null default 'round_robin',
    max_calls_per_number integer not null default 50,
    cooldown_minutes integer not null default 30,
    quarantine_days integer not null default 30,
    spam_score_threshold numeric not null default 50,
    auto_purchase boolean not null default false,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint rotation_settings_user_id_key unique (user_id),
    constraint rotation_settings_rotation_strategy_is_known check (
        rotation_strategy in ('round_robin', 'least_used', 'random', 'local_presence')
    ),
    constraint rotation_settings_max_calls_per_number_is_positive check (max_calls_per_number > 0),
    constraint rotation_settings_cooldown_minutes_is_not_negative check (cooldown_minutes >= 0),
    constraint rotation_settings_quarantine_days_is_not_negative check (quarantine_days >= 0),
    constraint rotation_settings_spam_score_threshold_is_not_negative check (spam_score_threshold >= 0)
);
alter table public.rotation_settings enable row level security;


create table public.rotation_history (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    phone_number_id uuid references public.phone_numbers (id) on delete set null,
    phone_number text not null,
    action text not null default 'rotated_out',
    reason text,
    calls_made integer not null default 0,
    spam_score numeric,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint rotation_history_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint rotation_history_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint rotation_history_action_is_known check (
        action in ('rotated_in', 'rotated_out', 'quarantined', 'released')
    ),
    constraint rotation_history_calls_made_is_not_negative check (calls_made >= 0),
    constraint rotation_history_spam_score_is_not_negative check (spam_score >= 0)
);
alter table public.rotation_history enable row level security;


create table public.budget_settings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    monthly_budget_cents bigint,
    daily_budget_cents bigint,
    currency text not null default 'USD',
    alert_threshold numeric not null default 0.8,
    hard_stop boolean not null default false,
    notify_emails text[] not null default '{}',
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint budget_settings_user_id_key unique (user_id),
    constraint budget_settings_monthly_budget_cents_is_not_negative check (monthly_budget_cents >= 0),
    constraint budget_settings_daily_budget_cents_is_not_negative check (daily_budget_cents >= 0),
    constraint budget_settings_currency_has_three_letters check (currency ~ '^[A-Z]{3}$'),
    constraint budget_settings_alert_threshold_is_a_share check (alert_threshold between 0 and 1)
);
alter table public.budget_settings enable row level security;


create table public.budget_alerts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    alert_type text not null default 'threshold',
    period text not null default 'monthly',
    budget_cents numeric(12, 4) not null default 0,
    spent_cents numeric(12, 4) not null default 0,
    message text,
    acknowledged_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint budget_alerts_alert_type_is_known check (alert_type in ('threshold', 'exceeded', 'forecast', 'hard_stop')),
    constraint budget_alerts_period_is_known check (period in ('daily', 'monthly')),
    constraint budget_alerts_budget_cents_is_not_negative check (budget_cents >= 0),
    constraint budget_alerts_spent_cents_is_not_negative check (spent_cents >= 0)
);
alter table public.budget_alerts enable row level security;


create table public.spending_logs (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    campaign_id uuid references public.campaigns (id) on delete set null,
    category text not null default 'calls',
    amount_cents numeric(12, 4) not null,
    units integer not null default 1,
    provider text,
    description text,
    spent_at timestamptz not null default now(),
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint spending_logs_category_is_known check (category in ('calls', 'sms', 'numbers', 'ai', 'other')),
    constraint spending_logs_amount_cents_is_not_negative check (amount_cents >= 0),
    constraint spending_logs_units_is_not_negative check (units >= 0)
);
alter table public.spending_logs enable row level security;


create table public.system_alerts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    alert_type text not null,
    severity text not null default 'info',
    title text not null,
    message text,
    source text,
    metadata jsonb not null default '{}',
    acknowledged_at timestamptz,
    resolved_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint system_alerts_alert_type_is_not_empty check (btrim(alert_type) <> ''),
    constraint system_alerts_severity_is_known check (severity in ('info', 'warning', 'error', 'critical')),
    constraint system_alerts_title_is_not_empty check (btrim(title) <> '')
);
alter table public.system_alerts enable row level security;


create table public.daily_reports (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    report_date date not null default current_date,
    total_calls integer not null default 0,
    answered_calls integer not null default 0,
    appointments_set integer not null default 0,
    conversion_rate numeric,
    spent_cents numeric(12, 4) not null default 0,
    summary text,
    metrics jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint daily_reports_user_id_report_date_key unique (user_id, report_date),
    constraint daily_reports_total_calls_is_not_negative check (total_calls >= 0),
    constraint daily_reports_answered_calls_is_not_negative check (answered_calls >= 0),
    constraint daily_reports_appointments_set_is_not_negative check (appointments_set >= 0),
    constraint daily_reports_conversion_rate_is_a_share check (conversion_rate between 0 and 1),
    constraint daily_reports_spent_cents_is_not_negative check (spent_cents >= 0)
);
alter table public.daily_reports enable row level security;


-- Indexes --------------------------------------------------------------------------------------------------------
-- The tables not listed (caller_id_pool, both settings tables, daily_reports) have user_id first in a unique rule.

create index carrier_configs_user_id_idx on public.carrier_configs (user_id);
create index sip_trunk_configs_user_id_idx on public.sip_trunk_configs (user_id);
create index phone_providers_user_id_idx on public.phone_providers (user_id);
create index number_orders_user_id_idx on public.number_orders (user_id);
create index rotation_history_user_id_idx on public.rotation_history (user_id);
create index budget_alerts_user_id_idx on public.budget_alerts (user_id);
create index spending_logs_user_id_created_at_idx on public.spending_logs (user_id, created_at desc);
create index system_alerts_user_id_idx on public.system_alerts (user_id);

create index rotation_history_phone_number_id_idx on public.rotation_history (phone_number_id);
create index spending_logs_campaign_id_idx on public.spending_logs (campaign_id);


-- Comments -------------------------------------------------------------------------------------------------------

comment on table public.caller_id_pool is 'The numbers that calls may show, and how each of them fares.';
comment on table public.carrier_configs is 'An account at a carrier. Its keys are stored encrypted only.';
comment on table public.sip_trunk_configs is 'A SIP trunk. Its password is stored encrypted only.';
comment on table public.phone_providers is 'A provider of numbers and minutes. Its keys are stored encrypted only.';
comment on table public.number_orders is 'An order of phone numbers: costs money.';
comment on table public.rotation_settings is 'How numbers are rotated; one row per person.';
comment on table public.rotation_history is 'Each time a number went in or out of use. Append-only; phone_number outlives the number.';
comment on table public.budget_settings is 'What may be spent; one row per person.';
comment on table public.budget_alerts is 'A warning that a budget is running out.';
comment on table public.spending_logs is 'What was spent, and on what. Append-only.';
comment on table public.system_alerts is 'Something that people should look at.';
comment on table public.daily_reports is 'The day of one person in numbers. Append-only.';
