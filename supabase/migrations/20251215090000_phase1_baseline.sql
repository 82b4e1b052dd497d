-- Phase 1: the fifteen core tables of a single-tenant Dial Smart. Every row belongs to one person (`user_id`), and a
-- person sees and writes only rows of their own. Phase 2 makes the same rows belong to organizations.
--
-- The rules are as strict as the live data allows: what has a closed list of values is checked against it; what people,
-- workflows or carriers may name freely (a lead's status, a call's outcome) must only say something. Phone numbers are
-- meant to be E.164, but imported lists hold looser ones, so only their length is checked.


create table public.workflows (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    workflow_type text not null default 'calling_only',
    is_template boolean not null default false,
    settings jsonb not null default '{}',
    active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint workflows_name_is_not_empty check (btrim(name) <> ''),
    constraint workflows_workflow_type_is_known check (
        workflow_type in ('calling_only', 'follow_up', 'mixed', 'appointment_reminder', 'no_show')
    )
);
alter table public.workflows enable row level security;


create table public.campaigns (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    status text not null default 'draft',
    agent_id text,
    script text,
    calling_hours_start time not null default '09:00',
    calling_hours_end time not null default '17:00',
    calls_per_minute integer not null default 5,
    max_attempts integer not null default 3,
    max_calls_per_day integer,
    retry_delay_minutes integer not null default 60,
    timezone text not null default 'America/New_York',
    provider text,
    sms_on_no_answer boolean not null default false,
    sms_from_number text,
    sms_template text,
    workflow_id uuid references public.workflows (id) on delete set null,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint campaigns_name_is_not_empty check (btrim(name) <> ''),
    constraint campaigns_status_is_known check (status in ('draft', 'active', 'paused', 'completed', 'archived')),
    constraint campaigns_calls_per_minute_is_positive check (calls_per_minute > 0),
    constraint campaigns_max_attempts_is_positive check (max_attempts > 0),
    constraint campaigns_max_calls_per_day_is_positive check (max_calls_per_day > 0),
    constraint campaigns_retry_delay_minutes_is_not_negative check (retry_delay_minutes >= 0)
);
alter table public.campaigns enable row level security;


create table public.leads (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    phone_number text not null,
    first_name text,
    last_name text,
    email text,
    company text,
    address text,
    city text,
    state text,
    zip_code text,
    timezone text,
    status text not null default 'new',
    priority integer not null default 1,
    lead_source text,
    do_not_call boolean not null default false,
    next_callback_at timestamptz,
    last_contacted_at timestamptz,
    preferred_contact_time text,
    notes text,
    tags text[] not null default '{}',
    custom_fields jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint leads_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint leads_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint leads_email_is_at_most_320_characters check (char_length(email) <= 320),
    constraint leads_status_is_not_empty check (btrim(status) <> ''),
    constraint leads_priority_is_not_negative check (priority >= 0)
);
alter table public.leads enable row level security;


create table public.phone_numbers (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    number text not null,
    area_code text,
    friendly_name text,
    caller_name text,
    carrier_name text,
    provider text,
    status text not null default 'active',
    purpose text,
    daily_calls integer not null default 0,
    max_daily_calls integer not null default 100,
    is_spam boolean not null default false,
    external_spam_score numeric,
    quarantine_until timestamptz,
    rotation_enabled boolean not null default true,
    capabilities jsonb not null default '{}',
    tags text[] not null default '{}',
    last_used timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint phone_numbers_number_is_not_empty check (btrim(number) <> ''),
    constraint phone_numbers_number_is_at_most_32_characters check (char_length(number) <= 32),
    constraint phone_numbers_status_is_known check (status in ('active', 'quarantined', 'released')),
    constraint phone_numbers_daily_calls_is_not_negative check (daily_calls >= 0),
    constraint phone_numbers_max_daily_calls_is_not_negative check (max_daily_calls >= 0),
    constraint phone_numbers_external_spam_score_is_not_negative check (external_spam_score >= 0)
);
alter table public.phone_numbers enable row level security;


create table public.voice_broadcasts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    status text not null default 'draft',
    message_text text,
    audio_url text,
    voice_id text,
    ivr_enabled boolean not null default false,
    ivr_prompt text,
    dtmf_actions jsonb not null default '[]',
    max_attempts integer not null default 1,
    retry_delay_minutes integer not null default 60,
    calling_hours_start time not null default '09:00',
    calling_hours_end time not null default '17:00',
    timezone text not null default 'America/New_York',
    calls_per_minute integer not null default 50,
    total_leads integer not null default 0,
    calls_made integer not null default 0,
    calls_answered integer not null default 0,
    transfers_completed integer not null default 0,
    callbacks_scheduled integer not null default 0,
    dnc_requests integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint voice_broadcasts_name_is_not_empty check (btrim(name) <> ''),
    constraint voice_broadcasts_status_is_not_empty check (btrim(status) <> ''),
    constraint voice_broadcasts_max_attempts_is_positive check (max_attempts > 0),
    constraint voice_broadcasts_retry_delay_minutes_is_not_negative check (retry_delay_minutes >= 0),
    constraint voice_broadcasts_calls_per_minute_is_positive check (calls_per_minute > 0),
    constraint voice_broadcasts_counters_are_not_negative check (
        least(total_leads, calls_made, calls_answered, transfers_completed, callbacks_scheduled, dnc_requests) >= 0
    )
);
alter table public.voice_broadcasts enable row level security;


create table public.call_logs (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    campaign_id uuid references public.campaigns (id) on delete set null,
    lead_id uuid references public.leads (id) on delete set null,
    phone_number text not null,
    caller_id text,
    status text not null default 'queued',
    outcome text,
    started_at timestamptz,
    answered_at timestamptz,
    ended_at timestamptz,
    duration_seconds integer,
    recording_url text,
    transcript text,
    call_summary text,
    sentiment text,
    ai_analysis jsonb not null default '{}',
    notes text,
    provider text,
    cost_cents numeric(12, 4),
    created_at timestamptz not null default now(),
    constraint call_logs_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint call_logs_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint call_logs_status_is_not_empty check (btrim(status) <> ''),
    constraint call_logs_duration_seconds_is_not_negative check (duration_seconds >= 0),
    constraint call_logs_cost_cents_is_not_negative check (cost_cents >= 0)
);
alter table public.call_logs enable row level security;


create table public.dispositions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    color text not null default '#6b7280',
    pipeline_stage text,
    auto_actions jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint dispositions_name_is_not_empty check (btrim(name) <> '')
);
alter table public.dispositions enable row level security;


create table public.dnc_list (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    phone_number text not null,
    reason text,
    source text not null default 'manual',
    added_at timestamptz not null default now(),
    expires_at timestamptz,
    created_at timestamptz not null default now(),
    constraint dnc_list_user_id_phone_number_key unique (user_id, phone_number),
    constraint dnc_list_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint dnc_list_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint dnc_list_source_is_known check (source in ('manual', 'imported', 'request', 'federal')),
    constraint dnc_list_expires_after_it_was_added check (expires_at > added_at)
);
alter table public.dnc_list enable row level security;


create table public.ai_sms_settings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    enabled boolean not null default false,
    context_window_size integer not null default 20,
    max_context_tokens integer not null default 4000,
    ai_personality text,
    auto_response_enabled boolean not null default false,
    business_hours_only boolean not null default true,
    prevent_double_texting boolean not null default true,
    double_text_delay_seconds integer not null default 300,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint ai_sms_settings_user_id_key unique (user_id),
    constraint ai_sms_settings_context_window_size_is_positive check (context_window_size > 0),
    constraint ai_sms_settings_max_context_tokens_is_positive check (max_context_tokens > 0),
    constraint ai_sms_settings_double_text_delay_seconds_is_not_negative check (double_text_delay_seconds >= 0)
);
alter table public.ai_sms_settings enable row level security;


create table public.autonomous_settings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    enabled boolean not null default false,
    auto_execute_recommendations boolean not null default false,
    auto_approve_script_changes boolean not null default false,
    require_approval_for_high_priority boolean not null default true,
    max_daily_autonomous_actions integer not null default 50,
    decision_tracking_enabled boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint autonomous_settings_user_id_key unique (user_id),
    constraint autonomous_settings_max_daily_actions_are_not_negative check (max_daily_autonomous_actions >= 0)
);
alter table public.autonomous_settings enable row level security;


create table public.agent_scripts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    agent_id text,
    agent_name text,
    script_name text not null,
    script_type text not null default 'call',
    script_content text not null,
    description text,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint agent_scripts_script_name_is_not_empty check (btrim(script_name) <> ''),
    constraint agent_scripts_script_type_is_known check (script_type in ('call', 'sms', 'email'))
);
alter table public.agent_scripts enable row level security;


create table public.calendar_integrations (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    provider text not null,
    provider_account_email text,
    access_token_encrypted text,
    refresh_token_encrypted text,
    token_expires_at timestamptz,
    calendar_id text not null default 'primary',
    calendar_name text,
    is_primary boolean not null default false,
    sync_enabled boolean not null default true,
    sync_direction text not null default 'bidirectional',
    last_sync_at timestamptz,
    sync_errors jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint calendar_integrations_user_id_provider_calendar_id_key unique (user_id, provider, calendar_id),
    constraint calendar_integrations_provider_is_known check (provider in ('google', 'outlook', 'ghl', 'calendly')),
    constraint calendar_integrations_calendar_id_is_not_empty check (btrim(calendar_id) <> ''),
    constraint calendar_integrations_sync_direction_is_not_empty check (btrim(sync_direction) <> '')
);
alter table public.calendar_integrations enable row level security;


create table public.pipeline_boards (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    disposition_id uuid references public.dispositions (id) on delete set null,
    position integer not null default 0,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint pipeline_boards_name_is_not_empty check (btrim(name) <> ''),
    constraint pipeline_boards_position_is_not_negative check (position >= 0)
);
alter table public.pipeline_boards enable row level security;


create table public.follow_up_sequences (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    pipeline_stage_id uuid references public.pipeline_boards (id) on delete set null,
    active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint follow_up_sequences_name_is_not_empty check (btrim(name) <> '')
);
alter table public.follow_up_sequences enable row level security;


create table public.disposition_metrics (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    lead_id uuid references public.leads (id) on delete set null,
    call_id uuid references public.call_logs (id) on delete set null,
    disposition_id uuid references public.dispositions (id) on delete set null,
    workflow_id uuid references public.workflows (id) on delete set null,
    campaign_id uuid references public.campaigns (id) on delete set null,
    disposition_name text not null,
    set_by text not null default 'manual',
    set_by_user_id uuid references auth.users (id) on delete set null,
    ai_confidence_score numeric,
    call_ended_at timestamptz,
    disposition_set_at timestamptz not null default now(),
    time_to_disposition_seconds integer,
    previous_status text,
    new_status text,
    previous_pipeline_stage text,
    new_pipeline_stage text,
    actions_triggered jsonb not null default '[]',
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint disposition_metrics_disposition_name_is_not_empty check (btrim(disposition_name) <> ''),
    constraint disposition_metrics_set_by_is_known check (set_by in ('ai', 'manual', 'automation')),
    constraint disposition_metrics_ai_confidence_score_is_a_share check (ai_confidence_score between 0 and 1)
);
alter table public.disposition_metrics enable row level security;


-- Indexes --------------------------------------------------------------------------------------------------------

-- Every policy asks for user_id. The tables not listed (dnc_list, both settings tables, calendar_integrations) have it
-- first in a unique rule already.
create index workflows_user_id_idx on public.workflows (user_id);
create index campaigns_user_id_idx on public.campaigns (user_id);
create index leads_user_id_idx on public.leads (user_id);
create index phone_numbers_user_id_idx on public.phone_numbers (user_id);
create index voice_broadcasts_user_id_idx on public.voice_broadcasts (user_id);
create index call_logs_user_id_created_at_idx on public.call_logs (user_id, created_at desc);
create index dispositions_user_id_idx on public.dispositions (user_id);
create index agent_scripts_user_id_idx on public.agent_scripts (user_id);
create index pipeline_boards_user_id_idx on public.pipeline_boards (user_id);
create index follow_up_sequences_user_id_idx on public.follow_up_sequences (user_id);
create index disposition_metrics_user_id_idx on public.disposition_metrics (user_id);

-- A parent that goes sets its children to null: without these, each such delete reads the whole child table.
create index campaigns_workflow_id_idx on public.campaigns (workflow_id);
create index call_logs_campaign_id_idx on public.call_logs (campaign_id);
create index call_logs_lead_id_idx on public.call_logs (lead_id);
create index pipeline_boards_disposition_id_idx on public.pipeline_boards (disposition_id);
create index follow_up_sequences_pipeline_stage_id_idx on public.follow_up_sequences (pipeline_stage_id);
create index disposition_metrics_lead_id_idx on public.disposition_metrics (lead_id);
create index disposition_metrics_call_id_idx on public.disposition_metrics (call_id);
create index disposition_metrics_disposition_id_idx on public.disposition_metrics (disposition_id);
create index disposition_metrics_workflow_id_idx on public.disposition_metrics (workflow_id);
create index disposition_metrics_campaign_id_idx on public.disposition_metrics (campaign_id);
create index disposition_metrics_set_by_user_id_idx on public.disposition_metrics (set_by_user_id);


-- Functions ------------------------------------------------------------------------------------------------------

create function public.set_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.updated_at := now();
    return new;
end
$$;
comment on function public.set_updated_at() is 'Trigger function: keeps updated_at at the time of the last change.';
-- A trigger needs no execute privilege of the person who writes, and nobody is to call this through the Data API.
revoke all on function public.set_updated_at() from public, anon, authenticated, service_role;

create trigger workflows_set_updated_at before update on public.workflows
    for each row execute function public.set_updated_at();
create trigger campaigns_set_updated_at before update on public.campaigns
    for each row execute function public.set_updated_at();
create trigger leads_set_updated_at before update on public.leads
    for each row execute function public.set_updated_at();
create trigger phone_numbers_set_updated_at before update on public.phone_numbers
    for each row execute function public.set_updated_at();
create trigger voice_broadcasts_set_updated_at before update on public.voice_broadcasts
    for each row execute function public.set_updated_at();
create trigger dispositions_set_updated_at before update on public.dispositions
    for each row execute function public.set_updated_at();
create trigger ai_sms_settings_set_updated_at before update on public.ai_sms_settings
    for each row execute function public.set_updated_at();
create trigger autonomous_settings_set_updated_at before update on public.autonomous_settings
    for each row execute function public.set_updated_at();
create trigger agent_scripts_set_updated_at before update on public.agent_scripts
    for each row execute function public.set_updated_at();
create trigger calendar_integrations_set_updated_at before update on public.calendar_integrations
    for each row execute function public.set_updated_at();
create trigger pipeline_boards_set_updated_at before update on public.pipeline_boards
    for each row execute function public.set_updated_at();
create trigger follow_up_sequences_set_updated_at before update on public.follow_up_sequences
    for each row execute function public.set_updated_at();


-- Grants ---------------------------------------------------------------------------------------------------------

-- Whatever default privileges gave is taken back first. Nobody gets truncate, references or trigger: row security does
-- not hold for them.
revoke all on table
    public.workflows,
    public.campaigns,
    public.leads,
    public.phone_numbers,
    public.voice_broadcasts,
    public.call_logs,
    public.dispositions,
    public.dnc_list,
    public.ai_sms_settings,
    public.autonomous_settings,
    public.agent_scripts,
    public.calendar_integrations,
    public.pipeline_boards,
    public.follow_up_sequences,
    public.disposition_metrics
from public, anon, authenticated, service_role;

grant select, insert, update, delete on table
    public.workflows,
    public.campaigns,
    public.leads,
    public.phone_numbers,
    public.voice_broadcasts,
    public.call_logs,
    public.dispositions,
    public.dnc_list,
    public.ai_sms_settings,
    public.autonomous_settings,
    public.agent_scripts,
    public.calendar_integrations,
    public.pipeline_boards,
    public.follow_up_sequences,
    public.disposition_metrics
to authenticated, service_role;


-- Policies -------------------------------------------------------------------------------------------------------
-- One question in all sixty: is the row the caller's own? `(select auth.uid())` is asked once per statement, not once
-- per row.

create policy workflows_select on public.workflows for select to authenticated
    using (user_id = (select auth.uid()));
create policy workflows_insert on public.workflows for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy workflows_update on public.workflows for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy workflows_delete on public.workflows for delete to authenticated
    using (user_id = (select auth.uid()));

create policy campaigns_select on public.campaigns for select to authenticated
    using (user_id = (select auth.uid()));
create policy campaigns_insert on public.campaigns for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy campaigns_update on public.campaigns for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy campaigns_delete on public.campaigns for delete to authenticated
    using (user_id = (select auth.uid()));

create policy leads_select on public.leads for select to authenticated
    using (user_id = (select auth.uid()));
create policy leads_insert on public.leads for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy leads_update on public.leads for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy leads_delete on public.leads for delete to authenticated
    using (user_id = (select auth.uid()));

create policy phone_numbers_select on public.phone_numbers for select to authenticated
    using (user_id = (select auth.uid()));
create policy phone_numbers_insert on public.phone_numbers for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy phone_numbers_update on public.phone_numbers for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy phone_numbers_delete on public.phone_numbers for delete to authenticated
    using (user_id = (select auth.uid()));

create policy voice_broadcasts_select on public.voice_broadcasts for select to authenticated
    using (user_id = (select auth.uid()));
create policy voice_broadcasts_insert on public.voice_broadcasts for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy voice_broadcasts_update on public.voice_broadcasts for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy voice_broadcasts_delete on public.voice_broadcasts for delete to authenticated
    using (user_id = (select auth.uid()));

create policy call_logs_select on public.call_logs for select to authenticated
    using (user_id = (select auth.uid()));
create policy call_logs_insert on public.call_logs for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy call_logs_update on public.call_logs for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy call_logs_delete on public.call_logs for delete to authenticated
    using (user_id = (select auth.uid()));

create policy dispositions_select on public.dispositions for select to authenticated
    using (user_id = (select auth.uid()));
create policy dispositions_insert on public.dispositions for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy dispositions_update on public.dispositions for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy dispositions_delete on public.dispositions for delete to authenticated
    using (user_id = (select auth.uid()));

create policy dnc_list_select on public.dnc_list for select to authenticated
    using (user_id = (select auth.uid()));
create policy dnc_list_insert on public.dnc_list for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy dnc_list_update on public.dnc_list for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy dnc_list_delete on public.dnc_list for delete to authenticated
    using (user_id = (select auth.uid()));

create policy ai_sms_settings_select on public.ai_sms_settings for select to authenticated
    using (user_id = (select auth.uid()));
create policy ai_sms_settings_insert on public.ai_sms_settings for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy ai_sms_settings_update on public.ai_sms_settings for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy ai_sms_settings_delete on public.ai_sms_settings for delete to authenticated
    using (user_id = (select auth.uid()));

create policy autonomous_settings_select on public.autonomous_settings for select to authenticated
    using (user_id = (select auth.uid()));
create policy autonomous_settings_insert on public.autonomous_settings for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy autonomous_settings_update on public.autonomous_settings for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy autonomous_settings_delete on public.autonomous_settings for delete to authenticated
    using (user_id = (select auth.uid()));

create policy agent_scripts_select on public.agent_scripts for select to authenticated
    using (user_id = (select auth.uid()));
create policy agent_scripts_insert on public.agent_scripts for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy agent_scripts_update on public.agent_scripts for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy agent_scripts_delete on public.agent_scripts for delete to authenticated
    using (user_id = (select auth.uid()));

create policy calendar_integrations_select on public.calendar_integrations for select to authenticated
    using (user_id = (select auth.uid()));
create policy calendar_integrations_insert on public.calendar_integrations for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy calendar_integrations_update on public.calendar_integrations for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy calendar_integrations_delete on public.calendar_integrations for delete to authenticated
    using (user_id = (select auth.uid()));

create policy pipeline_boards_select on public.pipeline_boards for select to authenticated
    using (user_id = (select auth.uid()));
create policy pipeline_boards_insert on public.pipeline_boards for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy pipeline_boards_update on public.pipeline_boards for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy pipeline_boards_delete on public.pipeline_boards for delete to authenticated
    using (user_id = (select auth.uid()));

create policy follow_up_sequences_select on public.follow_up_sequences for select to authenticated
    using (user_id = (select auth.uid()));
create policy follow_up_sequences_insert on public.follow_up_sequences for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy follow_up_sequences_update on public.follow_up_sequences for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy follow_up_sequences_delete on public.follow_up_sequences for delete to authenticated
    using (user_id = (select auth.uid()));

create policy disposition_metrics_select on public.disposition_metrics for select to authenticated
    using (user_id = (select auth.uid()));
create policy disposition_metrics_insert on public.disposition_metrics for insert to authenticated
    with check (user_id = (select auth.uid()));
create policy disposition_metrics_update on public.disposition_metrics for update to authenticated
    using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy disposition_metrics_delete on public.disposition_metrics for delete to authenticated
    using (user_id = (select auth.uid()));


-- Comments -------------------------------------------------------------------------------------------------------

comment on table public.workflows is 'An automation: the steps a lead goes through.';
comment on table public.campaigns is 'A calling campaign: whom to call is in leads, how and when to call is here.';
comment on table public.leads is 'A person to call.';
comment on table public.phone_numbers is 'A caller id that calls and texts are sent from.';
comment on table public.voice_broadcasts is 'One recorded or spoken message to many people, with its counters.';
comment on table public.call_logs is
    'One call. Written by machines in bursts, read newest first by people; has no updated_at.';
comment on table public.dispositions is 'A call outcome that people define for themselves, and what follows from it.';
comment on table public.dnc_list is
    'Numbers that must not be called: a legal duty. An entry without expires_at never ends.';
comment on table public.ai_sms_settings is 'How AI answers text messages; one row per person.';
comment on table public.autonomous_settings is 'What the autonomous mode may do on its own; one row per person.';
comment on table public.agent_scripts is 'What an agent says or writes: call, text and e-mail scripts.';
comment on table public.calendar_integrations is 'A calendar that someone connected. Tokens are stored encrypted only.';
comment on table public.pipeline_boards is 'A column of the lead pipeline.';
comment on table public.follow_up_sequences is 'A follow-up plan, started when a lead reaches a pipeline column.';
comment on table public.disposition_metrics is
    'A fact about each disposition that was set. Append-only; disposition_name outlives the disposition.';
