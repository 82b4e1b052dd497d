-- Phase 1, beside the core tables: steps, queues, lists and scores, most of which belong to a lead, a campaign or a plan.


create table public.workflow_steps (
    id uuid primary key default gen_random_uuid(),
    workflow_id uuid not null references public.workflows (id) on delete cascade,
    step_number integer not null,
    step_type text not null default 'call',
    name text,
    step_config jsonb not null default '{}',
    delay_minutes integer not null default 0,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- Deferrable, so that one statement can put steps in another order.
    constraint workflow_steps_have_one_place unique (workflow_id, step_number) deferrable,
    constraint workflow_steps_step_number_is_positive check (step_number > 0),
    constraint workflow_steps_step_type_is_known check (
        step_type in ('call', 'sms', 'ai_sms', 'email', 'wait', 'condition', 'tag', 'webhook', 'end')
    ),
    constraint workflow_steps_delay_minutes_is_not_negative check (delay_minutes >= 0)
);
alter table public.workflow_steps enable row level security;


create table public.lead_workflow_progress (
    id uuid primary key default gen_random_uuid(),
    lead_id uuid not null references public.leads (id) on delete cascade,
    workflow_id uuid not null references public.workflows (id) on delete cascade,
    campaign_id uuid references public.campaigns (id) on delete set null,
    current_step_id uuid references public.workflow_steps (id) on delete set null,
    status text not null default 'active',
    started_at timestamptz not null default now(),
    last_action_at timestamptz,
    next_action_at timestamptz,
    completed_at timestamptz,
    error_message text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint lead_workflow_progress_status_is_known check (
        status in ('active', 'paused', 'completed', 'failed', 'exited')
    )
);
alter table public.lead_workflow_progress enable row level security;


create table public.sequence_steps (
    id uuid primary key default gen_random_uuid(),
    sequence_id uuid not null references public.follow_up_sequences (id) on delete cascade,
    step_number integer not null,
    action_type text not null default 'call',
    delay_minutes integer not null default 60,
    content text,
    ai_prompt text,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint sequence_steps_have_one_place unique (sequence_id, step_number) deferrable,
    constraint sequence_steps_step_number_is_positive check (step_number > 0),
    constraint sequence_steps_action_type_is_known check (action_type in ('call', 'sms', 'ai_sms', 'email', 'wait')),
    constraint sequence_steps_delay_minutes_is_not_negative check (delay_minutes >= 0)
);
alter table public.sequence_steps enable row level security;


create table public.scheduled_follow_ups (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    lead_id uuid not null references public.leads (id) on delete cascade,
    sequence_id uuid references public.follow_up_sequences (id) on delete set null,
    action_type text not null default 'call',
    scheduled_at timestamptz not null,
    status text not null default 'pending',
    content text,
    attempts integer not null default 0,
    max_attempts integer not null default 3,
    completed_at timestamptz,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint scheduled_follow_ups_action_type_is_known check (action_type in ('call', 'sms', 'ai_sms', 'email')),
    constraint scheduled_follow_ups_status_is_known check (status in ('pending', 'completed', 'cancelled', 'failed')),
    constraint scheduled_follow_ups_attempts_is_not_negative check (attempts >= 0),
    constraint scheduled_follow_ups_max_attempts_is_positive check (max_attempts > 0)
);
alter table public.scheduled_follow_ups enable row level security;


create table public.lead_pipeline_positions (
    id uuid primary key default gen_random_uuid(),
    lead_id uuid not null references public.leads (id) on delete cascade,
    pipeline_board_id uuid not null references public.pipeline_boards (id) on delete cascade,
    position integer not null default 0,
    moved_by text not null default 'manual',
    moved_at timestamptz not null default now(),
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint lead_pipeline_positions_are_one_per_lead unique (lead_id),
    constraint lead_pipeline_positions_position_is_not_negative check (position >= 0),
    constraint lead_pipeline_positions_moved_by_is_known check (moved_by in ('manual', 'ai', 'automation'))
);
alter table public.lead_pipeline_positions enable row level security;


create table public.broadcast_queue (
    id uuid primary key default gen_random_uuid(),
    broadcast_id uuid not null references public.voice_broadcasts (id) on delete cascade,
    lead_id uuid references public.leads (id) on delete set null,
    phone_number text not null,
    status text not null default 'pending',
    attempts integer not null default 0,
    max_attempts integer not null default 1,
    scheduled_at timestamptz not null default now(),
    last_attempt_at timestamptz,
    dtmf_pressed text,
    duration_seconds integer,
    error_message text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint broadcast_queue_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint broadcast_queue_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint broadcast_queue_status_is_known check (
        status in ('pending', 'dialing', 'answered', 'completed', 'failed', 'skipped')
    ),
    constraint broadcast_queue_attempts_is_not_negative check (attempts >= 0),
    constraint broadcast_queue_max_attempts_is_positive check (max_attempts > 0),
    constraint broadcast_queue_duration_seconds_is_not_negative check (duration_seconds >= 0)
);
alter table public.broadcast_queue enable row level security;


create table public.dialing_queues (
    id uuid primary key default gen_random_uuid(),
    campaign_id uuid not null references public.campaigns (id) on delete cascade,
    lead_id uuid not null references public.leads (id) on delete cascade,
    phone_number text not null,
    priority integer not null default 1,
    status text not null default 'pending',
    attempts integer not null default 0,
    scheduled_at timestamptz not null default now(),
    last_attempt_at timestamptz,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint dialing_queues_phone_number_is_not_empty check (btrim(phone_number) <> ''),
    constraint dialing_queues_phone_number_is_at_most_32_characters check (char_length(phone_number) <= 32),
    constraint dialing_queues_priority_is_not_negative check (priority >= 0),
    constraint dialing_queues_status_is_known check (
        status in ('pending', 'dialing', 'completed', 'failed', 'skipped')
    ),
    constraint dialing_queues_attempts_is_not_negative check (attempts >= 0)
);
alter table public.dialing_queues enable row level security;


create table public.campaign_phone_pools (
    id uuid primary key default gen_random_uuid(),
    campaign_id uuid not null references public.campaigns (id) on delete cascade,
    phone_number_id uuid not null references public.phone_numbers (id) on delete cascade,
    purpose text not null default 'primary',
    priority integer not null default 0,
    calls_today integer not null default 0,
    is_active boolean not null default true,
    last_used_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint campaign_phone_pools_hold_a_number_once unique (campaign_id, phone_number_id),
    constraint campaign_phone_pools_purpose_is_known check (purpose in ('primary', 'backup', 'sms')),
    constraint campaign_phone_pools_priority_is_not_negative check (priority >= 0),
    constraint campaign_phone_pools_calls_today_is_not_negative check (calls_today >= 0)
);
alter table public.campaign_phone_pools enable row level security;


create table public.campaign_automation_rules (
    id uuid primary key default gen_random_uuid(),
    campaign_id uuid not null references public.campaigns (id) on delete cascade,
    name text not null,
    trigger_type text not null default 'disposition',
    conditions jsonb not null default '{}',
    actions jsonb not null default '[]',
    priority integer not null default 0,
    is_active boolean not null default true,
    last_run_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint campaign_automation_rules_name_is_not_empty check (btrim(name) <> ''),
    constraint campaign_automation_rules_trigger_type_is_known check (
        trigger_type in ('disposition', 'no_answer', 'voicemail', 'attempts', 'time_of_day')
    ),
    constraint campaign_automation_rules_priority_is_not_negative check (priority >= 0)
);
alter table public.campaign_automation_rules enable row level security;


create table public.smart_lists (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    filters jsonb not null default '{}',
    is_dynamic boolean not null default true,
    color text,
    lead_count integer not null default 0,
    last_refreshed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint smart_lists_name_is_not_empty check (btrim(name) <> ''),
    constraint smart_lists_lead_count_is_not_negative check (lead_count >= 0)
);
alter table public.smart_lists enable row level security;


create table public.lead_list_memberships (
    id uuid primary key default gen_random_uuid(),
    list_id uuid not null references public.smart_lists (id) on delete cascade,
    lead_id uuid not null references public.leads (id) on delete cascade,
    added_by text not null default 'manual',
    position integer not null default 0,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint lead_list_memberships_hold_a_lead_once unique (list_id, lead_id),
    constraint lead_list_memberships_added_by_is_known check (added_by in ('manual', 'filter', 'import')),
    constraint lead_list_memberships_position_is_not_negative check (position >= 0)
);
alter table public.lead_list_memberships enable row level security;


create table public.lead_priority_scores (
    id uuid primary key default gen_random_uuid(),
    lead_id uuid not null references public.leads (id) on delete cascade,
    score numeric not null,
    engagement_score numeric,
    recency_score numeric,
    sentiment_score numeric,
    factors jsonb not null default '{}',
    model_version text,
    calculated_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    constraint lead_priority_scores_score_is_not_negative check (score >= 0),
    constraint lead_priority_scores_engagement_score_is_a_share check (engagement_score between 0 and 1),
    constraint lead_priority_scores_recency_score_is_a_share check (recency_score between 0 and 1),
    constraint lead_priority_scores_sentiment_score_is_a_share check (sentiment_score between 0 and 1)
);
alter table public.lead_priority_scores enable row level security;


create table public.lead_scoring_settings (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    enabled boolean not null default true,
    engagement_weight numeric not null default 0.4,
    recency_weight numeric not null default 0.3,
    sentiment_weight numeric not null default 0.3,
    hot_threshold numeric not null default 70,
    decay_days integer not null default 30,
    rescore_interval_minutes integer not null default 60,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint lead_scoring_settings_user_id_key unique (user_id),
    constraint lead_scoring_settings_engagement_weight_is_a_share check (engagement_weight between 0 and 1),
    constraint lead_scoring_settings_recency_weight_is_a_share check (recency_weight between 0 and 1),
    constraint lead_scoring_settings_sentiment_weight_is_a_share check (sentiment_weight between 0 and 1),
    constraint lead_scoring_settings_hot_threshold_is_not_negative check (hot_threshold >= 0),
    constraint lead_scoring_settings_decay_days_is_positive check (decay_days > 0),
    constraint lead_scoring_settings_rescore_interval_minutes_is_positive check (rescore_interval_minutes > 0)
);
alter table public.lead_scoring_settings enable row level security;


create table public.lead_reachability_scores (
    id uuid primary key default gen_random_uuid(),
    lead_id uuid not null references public.leads (id) on delete cascade,
    score numeric not null,
    answer_rate numeric,
    best_hour smallint,
    best_day_of_week smallint,
    total_attempts integer not null default 0,
    total_answers integer not null default 0,
    calculated_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    constraint lead_reachability_scores_score_is_not_negative check (score >= 0),
    constraint lead_reachability_scores_answer_rate_is_a_share check (answer_rate between 0 and 1),
    constraint lead_reachability_scores_best_hour_is_an_hour check (best_hour between 0 and 23),
    constraint lead_reachability_scores_best_day_of_week_is_a_weekday check (best_day_of_week between 0 and 6),
    constraint lead_reachability_scores_total_attempts_is_not_negative check (total_attempts >= 0),
    constraint lead_reachability_scores_total_answers_is_not_negative check (total_answers >= 0)
);
alter table public.lead_reachability_scores enable row level security;


create table public.contact_list_filters (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null,
    description text,
    filters jsonb not null default '{}',
    sort_by text,
    sort_direction text not null default 'asc',
    is_default boolean not null default false,
    use_count integer not null default 0,
    last_used_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint contact_list_filters_name_is_not_empty check (btrim(name) <> ''),
    constraint contact_list_filters_sort_direction_is_known check (sort_direction in ('asc', 'desc')),
    constraint contact_list_filters_use_count_is_not_negative check (use_count >= 0)
);
alter table public.contact_list_filters enable row level security;


create table public.timezone_rules (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    region text not null,
    timezone text not null,
    calling_hours_start time not null default '09:00',
    calling_hours_end time not null default '17:00',
    allow_weekends boolean not null default false,
    is_active boolean not null default true,
    notes text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint timezone_rules_region_is_not_empty check (btrim(region) <> ''),
    constraint timezone_rules_timezone_is_not_empty check (btrim(timezone) <> ''),
    constraint timezone_rules_ends_after_it_begins check (calling_hours_end > calling_hours_start)
);
alter table public.timezone_rules enable row level security;


-- Indexes --------------------------------------------------------------------------------------------------------
-- A unique rule that begins with a column is its index: workflow_steps (workflow_id), sequence_steps (sequence_id),
-- lead_pipeline_positions (lead_id), campaign_phone_pools (campaign_id), lead_list_memberships (list_id) and
-- lead_scoring_settings (user_id) have one.

create index scheduled_follow_ups_user_id_idx on public.scheduled_follow_ups (user_id);
create index smart_lists_user_id_idx on public.smart_lists (user_id);
create index contact_list_filters_user_id_idx on public.contact_list_filters (user_id);
create index timezone_rules_user_id_idx on public.timezone_rules (user_id);

create index lead_workflow_progress_lead_id_idx on public.lead_workflow_progress (lead_id);
create index lead_workflow_progress_workflow_id_idx on public.lead_workflow_progress (workflow_id);
create index lead_workflow_progress_campaign_id_idx on public.lead_workflow_progress (campaign_id);
create index lead_workflow_progress_current_step_id_idx on public.lead_workflow_progress (current_step_id);
create index scheduled_follow_ups_lead_id_idx on public.scheduled_follow_ups (lead_id);
create index scheduled_follow_ups_sequence_id_idx on public.scheduled_follow_ups (sequence_id);
create index lead_pipeline_positions_pipeline_board_id_idx on public.lead_pipeline_positions (pipeline_board_id);
create index broadcast_queue_broadcast_id_idx on public.broadcast_queue (broadcast_id);
create index broadcast_queue_lead_id_idx on public.broadcast_queue (lead_id);
create index dialing_queues_campaign_id_idx on public.dialing_queues (campaign_id);
create index dialing_queues_lead_id_idx on public.dialing_queues (lead_id);
create index campaign_phone_pools_phone_number_id_idx on public.campaign_phone_pools (phone_number_id);
create index campaign_automation_rules_campaign_id_idx on public.campaign_automation_rules (campaign_id);
create index lead_list_memberships_lead_id_idx on public.lead_list_memberships (lead_id);
create index lead_priority_scores_lead_id_idx on public.lead_priority_scores (lead_id);
create index lead_reachability_scores_lead_id_idx on public.lead_reachability_scores (lead_id);


-- Comments -------------------------------------------------------------------------------------------------------

comment on table public.workflow_steps is 'A step of a workflow, in its place.';
comment on table public.lead_workflow_progress is 'How far a lead is through a workflow; written by the machine that runs it.';
comment on table public.sequence_steps is 'A step of a follow-up plan, in its place.';
comment on table public.scheduled_follow_ups is 'A call or message that is due to a lead.';
comment on table public.lead_pipeline_positions is 'The pipeline column that a lead stands in.';
comment on table public.broadcast_queue is 'The numbers that a voice broadcast still has to reach, and how each of them went.';
comment on table public.dialing_queues is 'The leads that a campaign is to call next.';
comment on table public.campaign_phone_pools is 'The numbers that a campaign calls from.';
comment on table public.campaign_automation_rules is 'What a campaign does by itself when something happens.';
comment on table public.smart_lists is 'A list of leads, kept by its filters or by hand.';
comment on table public.lead_list_memberships is 'A lead on a list.';
comment on table public.lead_priority_scores is 'How promising a lead was, each time it was calculated. Append-only.';
comment on table public.lead_scoring_settings is 'How leads are scored; one row per person.';
comment on table public.lead_reachability_scores is 'How and when a lead can be reached, each time it was calculated. Append-only.';
comment on table public.contact_list_filters is 'A view of the leads that somebody saved.';
comment on table public.timezone_rules is 'When a region may be called.';
