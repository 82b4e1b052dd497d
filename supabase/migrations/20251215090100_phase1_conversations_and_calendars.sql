-- Phase 1, beside the core tables: texts, conversations with AI, transfers and appointments.
--
-- A table without a user_id of its own belongs to whoever owns its parent. Who may do what is said for all of these
-- tables together in phase1_access_to_the_remaining_tables; until then row security lets nobody in.


create table public.sms_conversations (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    lead_id uuid references public.leads (id) on delete set null,
    phone_number text not null,
    own_number text,
    contact_name text,
    status text not null default 'open',
    ai_enabled boolean not null default false,
    unread_count integer not null default 0,
    last_message_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint sms_conversations_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint sms_conversations_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint sms_conversations_own_number_is_at_most_32_characters check (char_length(own_number) <= 32),
    constraint sms_conversations_status_is_known check (status in ('open', 'closed', 'archived')),
    constraint sms_conversations_unread_count_is_not_negative check (unread_count >= 0)
);
alter table public.sms_conversations enable row level security;


create table public.sms_messages (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    conversation_id uuid references public.sms_conversations (id) on delete set null,
    lead_id uuid references public.leads (id) on delete set null,
    direction text not null default 'outbound',
    from_number text not null,
    to_number text not null,
    body text not null,
    status text not null default 'queued',
    is_ai_generated boolean not null default false,
    provider text,
    provider_message_id text,
    error_message text,
    segments integer not null default 1,
    cost_cents numeric(12, 4),
    sent_at timestamptz,
    delivered_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint sms_messages_direction_is_known check (direction in ('inbound', 'outbound')),
    constraint sms_messages_from_number_is_not_empty check (btrim(from_number) <> ''),
    constraint sms_messages_from_number_is_at_most_32_characters check (char_length(from_number) <= 32),
    constraint sms_messages_to_number_is_not_empty check (btrim(to_number) <> ''),
    constraint sms_messages_to_number_is_at_most_32_characters check (char_length(to_number) <= 32),
    constraint sms_messages_status_is_not_empty check (btrim(status) <> ''),
    constraint sms_messages_segments_is_positive check (segments > 0),
    constraint sms_messages_cost_cents_is_not_negative check (cost_cents >= 0)
);
alter table public.sms_messages enable row level security;


create table public.ai_conversations (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    lead_id uuid references public.leads (id) on delete set null,
    channel text not null default 'chat',
    title text,
    agent_id text,
    model text,
    status text not null default 'active',
    summary text,
    message_count integer not null default 0,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint ai_conversations_channel_is_known check (channel in ('chat', 'sms', 'voice')),
    constraint ai_conversations_status_is_known check (status in ('active', 'completed', 'abandoned')),
    constraint ai_conversations_message_count_is_not_negative check (message_count >= 0),
    constraint ai_conversations_ends_after_it_begins check (ended_at >= started_at)
);
alter table public.ai_conversations enable row level security;


create table public.ai_conversation_messages (
    id uuid primary key default gen_random_uuid(),
    conversation_id uuid not null references public.ai_conversations (id) on delete cascade,
    role text not null default 'user',
    content text not null,
    tool_calls jsonb not null default '[]',
    model text,
    tokens_used integer,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint ai_conversation_messages_role_is_known check (role in ('user', 'assistant', 'system', 'tool')),
    constraint ai_conversation_messages_content_is_not_empty check (btrim(content) <> ''),
    constraint ai_conversation_messages_tokens_used_is_not_negative check (tokens_used >= 0)
);
alter table public.ai_conversation_messages enable row level security;


create table public.ai_chatbot_settings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    enabled boolean not null default false,
    bot_name text not null default 'Assistant',
    greeting text,
    personality text,
    model text,
    temperature numeric not null default 0.3,
    max_tokens integer not null default 1000,
    allowed_actions text[] not null default '{}',
    handoff_number text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint ai_chatbot_settings_user_id_key unique (user_id),
    constraint ai_chatbot_settings_bot_name_is_not_empty check (btrim(bot_name) <> ''),
    constraint ai_chatbot_settings_temperature_is_a_share check (temperature between 0 and 1),
    constraint ai_chatbot_settings_max_tokens_is_positive check (max_tokens > 0),
    constraint ai_chatbot_settings_handoff_number_is_at_most_32_characters check (char_length(handoff_number) <= 32)
);
alter table public.ai_chatbot_settings enable row level security;


create table public.ai_daily_insights (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    insight_date date not null default current_date,
    insight_type text not null default 'performance',
    title text not null,
    content text not null,
    confidence numeric,
    metrics jsonb not null default '{}',
    recommendations jsonb not null default '[]',
    created_at timestamptz not null default now(),
    constraint ai_daily_insights_insight_type_is_not_empty check (btrim(insight_type) <> ''),
    constraint ai_daily_insights_title_is_not_empty check (btrim(title) <> ''),
    constraint ai_daily_insights_content_is_not_empty check (btrim(content) <> ''),
    constraint ai_daily_insights_confidence_is_a_share check (confidence between 0 and 1)
);
alter table public.ai_daily_insights enable row level security;


create table public.script_performance_metrics (
    id uuid primary key default gen_random_uuid(),
    script_id uuid not null references public.agent_scripts (id) on delete cascade,
    metric_date date not null default current_date,
    calls_made integer not null default 0,
    calls_answered integer not null default 0,
    conversions integer not null default 0,
    conversion_rate numeric,
    average_seconds integer,
    sentiment_breakdown jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint script_performance_metrics_are_taken_once_a_day unique (script_id, metric_date),
    constraint script_performance_metrics_calls_made_is_not_negative check (calls_made >= 0),
    constraint script_performance_metrics_calls_answered_is_not_negative check (calls_answered >= 0),
    constraint script_performance_metrics_conversions_is_not_negative check (conversions >= 0),
    constraint script_performance_metrics_conversion_rate_is_a_share check (conversion_rate between 0 and 1),
    constraint script_performance_metrics_average_seconds_is_not_negative check (average_seconds >= 0)
);
alter table public.script_performance_metrics enable row level security;


create table public.script_suggestions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    script_id uuid not null references public.agent_scripts (id) on delete cascade,
    suggestion_type text not null default 'wording',
    suggestion text not null,
    reason text,
    confidence numeric,
    status text not null default 'pending',
    applied_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint script_suggestions_suggestion_type_is_known check (
        suggestion_type in ('wording', 'opening', 'objection', 'tone', 'length')
    ),
    constraint script_suggestions_suggestion_is_not_empty check (btrim(suggestion) <> ''),
    constraint script_suggestions_confidence_is_a_share check (confidence between 0 and 1),
    constraint script_suggestions_status_is_known check (status in ('pending', 'accepted', 'rejected', 'applied'))
);
alter table public.script_suggestions enable row level security;


create table public.calendar_appointments (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    lead_id uuid references public.leads (id) on delete set null,
    title text not null,
    description text,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    timezone text not null default 'America/New_York',
    status text not null default 'scheduled',
    location text,
    meeting_url text,
    provider text,
    external_event_id text,
    reminder_sent_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint calendar_appointments_title_is_not_empty check (btrim(title) <> ''),
    constraint calendar_appointments_ends_after_it_begins check (ends_at > starts_at),
    constraint calendar_appointments_timezone_is_not_empty check (btrim(timezone) <> ''),
    constraint calendar_appointments_status_is_known check (
        status in ('scheduled', 'confirmed', 'completed', 'cancelled', 'no_show')
    )
);
alter table public.calendar_appointments enable row level security;


create table public.calendar_availability (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    day_of_week smallint not null,
    start_time time not null default '09:00',
    end_time time not null default '17:00',
    timezone text not null default 'America/New_York',
    is_available boolean not null default true,
    buffer_minutes integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint calendar_availability_day_of_week_is_a_weekday check (day_of_week between 0 and 6),
    constraint calendar_availability_ends_after_it_begins check (end_time > start_time),
    constraint calendar_availability_timezone_is_not_empty check (btrim(timezone) <> ''),
    constraint calendar_availability_buffer_minutes_is_not_negative check (buffer_minutes >= 0)
);
alter table public.calendar_availability enable row level security;


create table public.inbound_transfers (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    call_id uuid references public.call_logs (id) on delete set null,
    from_number text not null,
    to_number text,
    transfer_type text not null default 'warm',
    status text not null default 'ringing',
    reason text,
    wait_seconds integer not null default 0,
    connected_at timestamptz,
    ended_at timestamptz,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint inbound_transfers_from_number_is_not_empty check (btrim(from_number) <> ''),
    constraint inbound_transfers_from_number_is_at_most_32_characters check (char_length(from_number) <= 32),
    constraint inbound_transfers_to_number_is_at_most_32_characters check (char_length(to_number) <= 32),
    constraint inbound_transfers_transfer_type_is_known check (transfer_type in ('warm', 'cold', 'ai')),
    constraint inbound_transfers_status_is_known check (
        status in ('ringing', 'connected', 'completed', 'missed', 'failed')
    ),
    constraint inbound_transfers_wait_seconds_is_not_negative check (wait_seconds >= 0),
    constraint inbound_transfers_ends_after_it_begins check (ended_at >= connected_at)
);
alter table public.inbound_transfers enable row level security;


create table public.active_ai_transfers (
    id uuid primary key default gen_random_uuid(),
    call_id uuid not null references public.call_logs (id) on delete cascade,
    target_number text not null,
    agent_id text,
    status text not null default 'dialing',
    attempts integer not null default 0,
    context jsonb not null default '{}',
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint active_ai_transfers_target_number_is_not_empty check (btrim(target_number) <> ''),
    constraint active_ai_transfers_target_number_is_at_most_32_characters check (char_length(target_number) <= 32),
    constraint active_ai_transfers_status_is_known check (
        status in ('dialing', 'bridging', 'connected', 'failed', 'ended')
    ),
    constraint active_ai_transfers_attempts_is_not_negative check (attempts >= 0),
    constraint active_ai_transfers_ends_after_it_begins check (ended_at >= started_at)
);
alter table public.active_ai_transfers enable row level security;


-- Indexes --------------------------------------------------------------------------------------------------------

create index sms_conversations_user_id_idx on public.sms_conversations (user_id);
create index sms_messages_user_id_created_at_idx on public.sms_messages (user_id, created_at desc);
create index ai_conversations_user_id_idx on public.ai_conversations (user_id);
create index ai_daily_insights_user_id_idx on public.ai_daily_insights (user_id);
create index script_suggestions_user_id_idx on public.script_suggestions (user_id);
create index calendar_appointments_user_id_idx on public.calendar_appointments (user_id);
create index calendar_availability_user_id_idx on public.calendar_availability (user_id);
create index inbound_transfers_user_id_idx on public.inbound_transfers (user_id);

create index sms_conversations_lead_id_idx on public.sms_conversations (lead_id);
create index sms_messages_conversation_id_idx on public.sms_messages (conversation_id);
create index sms_messages_lead_id_idx on public.sms_messages (lead_id);
create index ai_conversations_lead_id_idx on public.ai_conversations (lead_id);
create index ai_conversation_messages_conversation_id_idx on public.ai_conversation_messages (conversation_id);
create index script_suggestions_script_id_idx on public.script_suggestions (script_id);
create index calendar_appointments_lead_id_idx on public.calendar_appointments (lead_id);
create index inbound_transfers_call_id_idx on public.inbound_transfers (call_id);
create index active_ai_transfers_call_id_idx on public.active_ai_transfers (call_id);


-- Comments -------------------------------------------------------------------------------------------------------

comment on table public.sms_conversations is 'The texts exchanged with one number, as people read them.';
comment on table public.sms_messages is 'One text message. Outlives its conversation; changes only as carriers report on it.';
comment on table public.ai_conversations is 'A conversation that an AI agent has with a lead, or with whoever writes to it.';
comment on table public.ai_conversation_messages is 'One turn of a conversation with an AI agent. Append-only.';
comment on table public.ai_chatbot_settings is 'How the chatbot behaves; one row per person.';
comment on table public.ai_daily_insights is 'What AI noticed on a day, and what it recommends. Append-only.';
comment on table public.script_performance_metrics is 'How a script did on one day. Append-only.';
comment on table public.script_suggestions is 'A change to a script that AI suggests and people accept or reject.';
comment on table public.calendar_appointments is 'An appointment with a lead.';
comment on table public.calendar_availability is 'When somebody can be booked, by day of the week (0 is Sunday).';
comment on table public.inbound_transfers is 'An incoming call that was handed to a person.';
comment on table public.active_ai_transfers is 'A call that an AI agent is handing over at this moment; belongs to its call.';
