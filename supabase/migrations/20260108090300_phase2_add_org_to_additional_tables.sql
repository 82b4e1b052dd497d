-- What surrounds the daily work: calls and their outcomes, compliance, settings, calendars.
--
-- Table by table: its index while people go on working, then protection, under a lock of its own for a moment. An index
-- that is built concurrently ends the transaction before it, so this file may be interrupted and run again at any point.

set max_parallel_maintenance_workers = 0;
select tenancy.drop_interrupted_indexes();


create index concurrently if not exists call_logs_organization_id_created_at_idx
on public.call_logs (organization_id, created_at desc);
select tenancy.protect(
    'public.call_logs',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'admin',
    p_own_rows => '{update}'
);


create index concurrently if not exists dispositions_organization_id_created_at_idx
on public.dispositions (organization_id, created_at desc);
select tenancy.protect(
    'public.dispositions',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists dnc_list_organization_id_created_at_idx
on public.dnc_list (organization_id, created_at desc);
select tenancy.protect(
    'public.dnc_list',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'admin', p_delete_role => 'admin'
);
-- A number that anybody blocked stays blocked, from the earliest day and for as long as anybody asked.
with groups as (
    select
        organization_id, phone_number,
        (array_agg(id order by added_at, id))[1] as kept_id,
        min(added_at) as added_at,
        case when count(*) = count(expires_at) then max(expires_at) end as expires_at,
        -- After a way back and forth a kept row has several reasons already.
        string_agg(distinct one_reason, '; ') as reason
    from public.dnc_list
    left join lateral unnest(string_to_array(reason, '; ')) as one_reason on true
    group by organization_id, phone_number
    having count(distinct id) > 1
),
archived as (
    insert into tenancy.merged_rows (table_name, merged_into, original)
    select 'dnc_list', g.kept_id, to_jsonb(d)
    from groups as g
    join public.dnc_list as d using (organization_id, phone_number)
),
merged as (
    update public.dnc_list as d
    set added_at = g.added_at, expires_at = g.expires_at, reason = g.reason
    from groups as g
    where d.id = g.kept_id
)
delete from public.dnc_list as d
using groups as g
where d.organization_id = g.organization_id and d.phone_number = g.phone_number and d.id <> g.kept_id;

-- Built under lock, however long the list is: while duplicates may come in it can't be, and a number that is blocked must
-- not look free to anybody meanwhile.
create unique index if not exists dnc_list_number_is_listed_once_here on public.dnc_list (organization_id, phone_number);
select tenancy.scope_unique_rule(
    'public.dnc_list', 'dnc_list_user_id_phone_number_key', 'dnc_list_number_is_listed_once', 'phone_number'
);


create index concurrently if not exists ai_sms_settings_organization_id_created_at_idx
on public.ai_sms_settings (organization_id, created_at desc);
select tenancy.protect(
    'public.ai_sms_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);
-- Of several people's settings the owner's hold for the organization, else the oldest.
select tenancy.keep_one_per_organization('public.ai_sms_settings');
select tenancy.scope_unique_rule(
    'public.ai_sms_settings', 'ai_sms_settings_user_id_key', 'ai_sms_settings_are_one_per_organization'
);
comment on table public.ai_sms_settings is 'How AI answers text messages; one row per organization.';


create index concurrently if not exists autonomous_settings_organization_id_created_at_idx
on public.autonomous_settings (organization_id, created_at desc);
select tenancy.protect(
    'public.autonomous_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);
select tenancy.keep_one_per_organization('public.autonomous_settings');
select tenancy.scope_unique_rule(
    'public.autonomous_settings', 'autonomous_settings_user_id_key', 'autonomous_settings_are_one_per_organization'
);
comment on table public.autonomous_settings is 'What the autonomous mode may do on its own; one row per organization.';


create index concurrently if not exists agent_scripts_organization_id_created_at_idx
on public.agent_scripts (organization_id, created_at desc);
select tenancy.protect(
    'public.agent_scripts',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


-- A connected calendar is its owner's, tokens and all. Admins have calendar_integrations_overview.
create index concurrently if not exists calendar_integrations_organization_id_created_at_idx
on public.calendar_integrations (organization_id, created_at desc);
select tenancy.protect(
    'public.calendar_integrations',
    p_read_role => null, p_create_role => 'member', p_update_role => null, p_delete_role => null,
    p_own_rows => '{select,update,delete}'
);
-- A person connects a calendar once, in each of their organizations.
select tenancy.scope_unique_rule(
    'public.calendar_integrations', 'calendar_integrations_user_id_provider_calendar_id_key',
    'calendar_integrations_are_connected_once', 'user_id', 'provider', 'calendar_id'
);


create index concurrently if not exists pipeline_boards_organization_id_created_at_idx
on public.pipeline_boards (organization_id, created_at desc);
select tenancy.protect(
    'public.pipeline_boards',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists follow_up_sequences_organization_id_created_at_idx
on public.follow_up_sequences (organization_id, created_at desc);
select tenancy.protect(
    'public.follow_up_sequences',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


-- Facts are added and never changed.
create index concurrently if not exists disposition_metrics_organization_id_created_at_idx
on public.disposition_metrics (organization_id, created_at desc);
select tenancy.protect(
    'public.disposition_metrics',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);
