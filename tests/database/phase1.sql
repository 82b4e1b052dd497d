-- A phase-1 system in use: three people, rows of theirs in all fifteen tables, and what makes moving them hard.
-- Load it as the database owner after the phase-1 baseline and before phase 2.
--
--   ada   joined first (by created_at; neither her id nor the order of rows here says so)
--   ben   joined second, cleo third
--   * the same do-not-call number is listed by two and by three people, with different reasons and ends
--   * every person has a row of their own in both settings tables
--   * ada and ben connected the same calendar
--   * ben and cleo refer to rows of ada: a foreign key never asked whose row it was
--   * one number is not E.164, and one lead has nothing but a number
-- Ids: two digits for the table, then the row.

insert into auth.users
    (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
values
    ('b0000000-0000-4000-8000-000000000002', 'authenticated', 'authenticated', 'ben@example.test',
        '2024-03-05 09:10:00+00', '{"provider": "email", "providers": ["email"]}', '{"full_name": "Ben Okafor"}',
        '2024-03-05 09:00:00+00', '2024-03-05 09:10:00+00'),
    ('a0000000-0000-4000-8000-000000000003', 'authenticated', 'authenticated', 'cleo@example.test',
        '2024-06-20 15:40:00+00', '{"provider": "email", "providers": ["email"]}', '{}',
        '2024-06-20 15:30:00+00', '2024-06-20 15:40:00+00'),
    ('f0000000-0000-4000-8000-000000000001', 'authenticated', 'authenticated', 'ada@example.test',
        '2024-01-15 08:05:00+00', '{"provider": "email", "providers": ["email"]}', '{"full_name": "Ada Müller"}',
        '2024-01-15 08:00:00+00', '2024-01-15 08:05:00+00');


insert into public.workflows (id, user_id, name, description, workflow_type, is_template, settings, active) values
    ('01000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001',
        'Three calls, then a text', 'Stops at the first answer', 'mixed', false, '{"steps": 4}', true),
    ('01000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002',
        'Appointment reminder', null, 'appointment_reminder', true, '{}', true),
    ('01000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003',
        'No-show', 'Calls again the next morning', 'no_show', false, '{"delay_hours": 18}', false);

insert into public.campaigns
    (id, user_id, name, description, status, agent_id, max_calls_per_day, provider, workflow_id, metadata, created_at)
values
    ('02000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', 'Spring renewal',
        'Contracts that end in May', 'active', 'agent_7f3a', 400, 'retell',
        '01000000-0000-4000-8000-000000000001', '{"cost_center": "B2"}', '2024-02-01 10:00:00+00'),
    ('02000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', 'Spring renewal',
        null, 'paused', null, null, 'twilio', null, '{}', '2024-04-11 10:00:00+00'),
    ('02000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', 'Missed appointments',
        null, 'draft', null, null, null, '01000000-0000-4000-8000-000000000003', '{}', '2024-07-02 10:00:00+00'),
    ('02000000-0000-4000-8000-000000000004', 'f0000000-0000-4000-8000-000000000001', 'Winter 2023',
        null, 'archived', null, null, null, null, '{}', '2024-01-16 10:00:00+00');

insert into public.leads
    (id, user_id, phone_number, first_name, last_name, email, company, state, timezone, status, priority, lead_source,
     do_not_call, notes, tags, custom_fields, created_at)
values
    ('03000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', '+12025550111', 'José', 'Núñez',
        'jose.nunez@example.com', 'Núñez & Hijos, Inc.', 'DC', 'America/New_York', 'contacted', 3, 'webinar',
        false, 'Asked for the "large" plan', '{spring,vip}', '{"seats": 40}', '2024-02-02 10:00:00+00'),
    ('03000000-0000-4000-8000-000000000002', 'f0000000-0000-4000-8000-000000000001', '+12025550112', null, null,
        null, null, null, null, 'new', 1, null, false, null, '{}', '{}', '2024-02-02 10:00:01+00'),
    ('03000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000002', '+12025550111', 'José', 'Nuñez',
        'jose.nunez@example.com', null, 'DC', 'America/New_York', 'qualified', 2, 'import',
        false, null, '{}', '{}', '2024-04-12 10:00:00+00'),
    ('03000000-0000-4000-8000-000000000004', 'b0000000-0000-4000-8000-000000000002', '(303) 555-0134 ext. 2', 'Mei',
        'Lin', null, 'Front Range Solar', 'CO', 'America/Denver', 'new', 1, 'import',
        true, null, '{solar}', '{}', '2024-04-12 10:00:01+00'),
    ('03000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000003', '+13125550145', 'Dana', 'O''Brien',
        'dana@example.test', null, 'IL', 'America/Chicago', 'callback', 5, 'referral',
        false, null, '{}', '{}', '2024-07-03 10:00:00+00');

insert into public.phone_numbers
    (id, user_id, number, area_code, friendly_name, provider, status, daily_calls, is_spam, external_spam_score,
     quarantine_until, capabilities, tags, last_used)
values
    ('04000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', '+12025550180', '202', 'Main line',
        'twilio', 'active', 37, false, 12.5, null, '{"voice": true, "sms": true}', '{main}', '2024-09-30 16:20:00+00'),
    ('04000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', '+13035550181', '303', null,
        'telnyx', 'quarantined', 100, true, 88, '2024-12-01 00:00:00+00', '{"voice": true}', '{}', null),
    ('04000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', '+13125550182', '312', null,
        null, 'released', 0, false, null, null, '{}', '{}', null);

insert into public.voice_broadcasts
    (id, user_id, name, status, message_text, ivr_enabled, dtmf_actions, total_leads, calls_made, calls_answered)
values
    ('05000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', 'Office move', 'completed',
        'We have moved to 12 Main Street.', true, '[{"digit": "1", "action": "transfer"}]', 250, 250, 171),
    ('05000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', 'Storm warning', 'active',
        'Installations are postponed.', false, '[]', 80, 12, 9),
    ('05000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', 'Untitled', 'draft',
        null, false, '[]', 0, 0, 0);

insert into public.call_logs
    (id, user_id, campaign_id, lead_id, phone_number, caller_id, status, outcome, started_at, answered_at, ended_at,
     duration_seconds, transcript, sentiment, ai_analysis, provider, cost_cents, created_at)
values
    ('06000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001',
        '02000000-0000-4000-8000-000000000001', '03000000-0000-4000-8000-000000000001', '+12025550111', '+12025550180',
        'completed', 'interested', '2024-09-30 16:20:00+00', '2024-09-30 16:20:09+00', '2024-09-30 16:23:01+00',
        172, 'Agent: Good morning …', 'positive', '{"score": 0.91}', 'retell', 14.3520, '2024-09-30 16:20:00+00'),
    ('06000000-0000-4000-8000-000000000002', 'f0000000-0000-4000-8000-000000000001',
        '02000000-0000-4000-8000-000000000001', '03000000-0000-4000-8000-000000000002', '+12025550112', '+12025550180',
        'no_answer', null, '2024-09-30 16:24:00+00', null, '2024-09-30 16:24:30+00',
        0, null, null, '{}', 'retell', 0.4, '2024-09-30 16:24:00+00'),
    -- ben called with ada's campaign
    ('06000000-0000-4000-8000-000000000003', 'b0000000-0000-4000-8000-000000000002',
        '02000000-0000-4000-8000-000000000001', '03000000-0000-4000-8000-000000000003', '+12025550111', '+13035550181',
        'completed', 'voicemail', '2024-10-01 09:00:00+00', '2024-10-01 09:00:12+00', '2024-10-01 09:00:40+00',
        28, null, 'neutral', '{}', 'twilio', 1.2, '2024-10-01 09:00:00+00'),
    ('06000000-0000-4000-8000-000000000004', 'a0000000-0000-4000-8000-000000000003',
        null, null, '+13125550199', null,
        'failed', null, null, null, null,
        null, null, null, '{}', null, null, '2024-10-02 09:00:00+00');

insert into public.dispositions (id, user_id, name, description, color, pipeline_stage, auto_actions) values
    ('07000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001',
        'Interested', 'Wants an offer', '#16a34a', 'warm', '[{"type": "send_sms", "template": "offer"}]'),
    ('07000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002',
        'Interested', null, '#22c55e', 'hot', '[]'),
    ('07000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003',
        'Call back', null, '#6b7280', null, '[]');

insert into public.dnc_list (id, user_id, phone_number, reason, source, added_at, expires_at, created_at) values
    -- three people, one number: the strictest end (never) must survive
    ('08000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', '+12025550150',
        'Asked on the phone', 'request', '2024-05-01 12:00:00+00', '2029-05-01 12:00:00+00', '2024-05-01 12:00:00+00'),
    ('08000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', '+12025550150',
        'National registry', 'federal', '2024-04-15 00:00:00+00', null, '2024-04-15 08:00:00+00'),
    ('08000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', '+12025550150',
        null, 'imported', '2024-07-10 09:00:00+00', '2025-07-10 09:00:00+00', '2024-07-10 09:00:00+00'),
    -- two people, one number, two ends: the later one must survive
    ('08000000-0000-4000-8000-000000000004', 'f0000000-0000-4000-8000-000000000001', '+12025550151',
        'Wrong number', 'manual', '2024-02-20 10:00:00+00', '2026-02-20 10:00:00+00', '2024-02-20 10:00:00+00'),
    ('08000000-0000-4000-8000-000000000005', 'b0000000-0000-4000-8000-000000000002', '+12025550151',
        'Threatened to sue', 'request', '2024-08-01 10:00:00+00', '2034-08-01 10:00:00+00', '2024-08-01 10:00:00+00'),
    -- numbers of one person each
    ('08000000-0000-4000-8000-000000000006', 'f0000000-0000-4000-8000-000000000001', '+12025550152',
        null, 'manual', '2024-02-21 10:00:00+00', null, '2024-02-21 10:00:00+00'),
    ('08000000-0000-4000-8000-000000000007', 'a0000000-0000-4000-8000-000000000003', '+13125550153',
        'Moved abroad', 'manual', '2024-07-11 10:00:00+00', null, '2024-07-11 10:00:00+00');

insert into public.ai_sms_settings
    (id, user_id, enabled, context_window_size, max_context_tokens, ai_personality, auto_response_enabled,
     business_hours_only, double_text_delay_seconds, created_at, updated_at)
values
    ('09000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', true, 30, 6000,
        'Warm and brief', true, true, 120, '2024-01-20 10:00:00+00', '2024-03-01 10:00:00+00'),
    ('09000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', false, 10, 2000,
        'Formal', false, false, 900, '2024-03-06 10:00:00+00', '2024-09-01 10:00:00+00'),
    ('09000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', true, 20, 4000,
        null, false, true, 300, '2024-06-21 10:00:00+00', '2024-06-21 10:00:00+00');

insert into public.autonomous_settings
    (id, user_id, enabled, auto_execute_recommendations, auto_approve_script_changes, max_daily_autonomous_actions,
     created_at, updated_at)
values
    ('10000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', false, false, false, 25,
        '2024-01-20 10:00:00+00', '2024-01-20 10:00:00+00'),
    ('10000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', true, true, true, 200,
        '2024-03-06 10:00:00+00', '2024-10-01 10:00:00+00'),
    ('10000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', true, false, false, 50,
        '2024-06-21 10:00:00+00', '2024-08-01 10:00:00+00');

insert into public.agent_scripts
    (id, user_id, agent_id, agent_name, script_name, script_type, script_content, description, is_active)
values
    ('11000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', 'agent_7f3a', 'Nora',
        'Renewal opener', 'call', E'Hi {{first_name}},\nthis is Nora from Dial Smart.', 'Version of May', true),
    ('11000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', null, null,
        'Reminder', 'sms', 'Your appointment is tomorrow at {{time}}.', null, true),
    ('11000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', null, null,
        'Offer', 'email', 'Dear {{first_name}}, …', null, false);

insert into public.calendar_integrations
    (id, user_id, provider, provider_account_email, access_token_encrypted, refresh_token_encrypted, token_expires_at,
     calendar_id, calendar_name, is_primary, sync_errors)
values
    ('12000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001', 'google', 'ada@example.test',
        'enc:v1:ada-access', 'enc:v1:ada-refresh', '2024-10-01 12:00:00+00', 'sales@example.test', 'Sales', true, '[]'),
    ('12000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002', 'google', 'ben@example.test',
        'enc:v1:ben-access', 'enc:v1:ben-refresh', '2024-10-01 13:00:00+00', 'sales@example.test', 'Sales', false,
        '[{"at": "2024-09-30T10:00:00Z", "error": "quota"}]'),
    ('12000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003', 'outlook', 'cleo@example.test',
        null, null, null, 'primary', null, true, '[]');

insert into public.pipeline_boards (id, user_id, name, description, disposition_id, position, settings) values
    ('13000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001',
        'Warm', null, '07000000-0000-4000-8000-000000000001', 0, '{"color": "green"}'),
    ('13000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002',
        'Hot', 'Call today', '07000000-0000-4000-8000-000000000002', 0, '{}'),
    ('13000000-0000-4000-8000-000000000003', 'f0000000-0000-4000-8000-000000000001',
        'Won', null, null, 1, '{}'),
    -- cleo's column follows ada's disposition
    ('13000000-0000-4000-8000-000000000004', 'a0000000-0000-4000-8000-000000000003',
        'Interested', null, '07000000-0000-4000-8000-000000000001', 0, '{}');

insert into public.follow_up_sequences (id, user_id, name, description, pipeline_stage_id, active) values
    ('14000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001',
        'Five touches', 'Two weeks', '13000000-0000-4000-8000-000000000001', true),
    ('14000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002',
        'Same day', null, '13000000-0000-4000-8000-000000000002', true),
    ('14000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003',
        'Quarterly hello', null, null, false);

insert into public.disposition_metrics
    (id, user_id, lead_id, call_id, disposition_id, workflow_id, campaign_id, disposition_name, set_by, set_by_user_id,
     ai_confidence_score, call_ended_at, disposition_set_at, time_to_disposition_seconds, previous_status, new_status,
     previous_pipeline_stage, new_pipeline_stage, actions_triggered, metadata)
values
    ('15000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001',
        '03000000-0000-4000-8000-000000000001', '06000000-0000-4000-8000-000000000001',
        '07000000-0000-4000-8000-000000000001', '01000000-0000-4000-8000-000000000001',
        '02000000-0000-4000-8000-000000000001', 'Interested', 'ai', null, 0.93, '2024-09-30 16:23:01+00',
        '2024-09-30 16:23:04+00', 3, 'new', 'contacted', null, 'warm', '[{"type": "send_sms"}]', '{"model": "v2"}'),
    -- ben judged a call with ada's disposition
    ('15000000-0000-4000-8000-000000000002', 'b0000000-0000-4000-8000-000000000002',
        '03000000-0000-4000-8000-000000000003', '06000000-0000-4000-8000-000000000003',
        '07000000-0000-4000-8000-000000000001', null,
        '02000000-0000-4000-8000-000000000001', 'Interested', 'manual', 'b0000000-0000-4000-8000-000000000002', null,
        '2024-10-01 09:00:40+00', '2024-10-01 09:05:40+00', 300, 'new', 'qualified', 'warm', 'hot', '[]', '{}'),
    -- its disposition is gone; the name stayed
    ('15000000-0000-4000-8000-000000000003', 'a0000000-0000-4000-8000-000000000003',
        '03000000-0000-4000-8000-000000000005', '06000000-0000-4000-8000-000000000004',
        null, '01000000-0000-4000-8000-000000000003',
        '02000000-0000-4000-8000-000000000003', 'Left a message', 'automation', null, null,
        null, '2024-10-02 09:00:30+00', null, null, null, null, null, '[]', '{}');
