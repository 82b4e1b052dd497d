-- What surrounds the daily work: calls and their outcomes, compliance, settings, calendars.

-- And what their foreign keys refer to.
select tenancy.lock_tables(
    'auth.users', 'public.call_logs', 'public.dispositions', 'public.dnc_list', 'public.ai_sms_settings',
    'public.autonomous_settings', 'public.agent_scripts', 'public.calendar_integrations', 'public.pipeline_boards',
    'public.follow_up_sequences', 'public.disposition_metrics', 'public.campaigns', 'public.leads', 'public.workflows'
);

select tenancy.protect(
    'public.call_logs',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'admin',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.dispositions',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.dnc_list',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.ai_sms_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.autonomous_settings',
    p_read_role => 'member', p_create_role => 'admin', p_update_role => 'admin', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.agent_scripts',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

-- A connected calendar is its owner's, tokens and all. Admins have calendar_integrations_overview, below.
select tenancy.protect(
    'public.calendar_integrations',
    p_read_role => null, p_create_role => 'member', p_update_role => null, p_delete_role => null,
    p_own_rows => '{select,update,delete}'
);

select tenancy.protect(
    'public.pipeline_boards',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.follow_up_sequences',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

-- Facts are added and never changed.
select tenancy.protect(
    'public.disposition_metrics',
    p_read_role => 'member', p_create_role => 'member', p_update_role => null, p_delete_role => 'admin'
);


-- Rules per user become rules per organization -----------------------------------------------------------------------

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
create unique index dnc_list_number_is_listed_once_here on public.dnc_list (organization_id, phone_number);
select tenancy.scope_unique_rule(
    'public.dnc_list', 'dnc_list_user_id_phone_number_key', 'dnc_list_number_is_listed_once', 'phone_number'
);


-- Of several people's settings the owner's hold for the organization, else the oldest.
select tenancy.keep_one_per_organization('public.ai_sms_settings');
select tenancy.scope_unique_rule(
    'public.ai_sms_settings', 'ai_sms_settings_user_id_key', 'ai_sms_settings_are_one_per_organization'
);
comment on table public.ai_sms_settings is 'How AI answers text messages; one row per organization.';

select tenancy.keep_one_per_organization('public.autonomous_settings');
select tenancy.scope_unique_rule(
    'public.autonomous_settings', 'autonomous_settings_user_id_key', 'autonomous_settings_are_one_per_organization'
);
comment on table public.autonomous_settings is 'What the autonomous mode may do on its own; one row per organization.';


-- A person connects a calendar once, in each of their organizations.
select tenancy.scope_unique_rule(
    'public.calendar_integrations', 'calendar_integrations_user_id_provider_calendar_id_key',
    'calendar_integrations_are_connected_once', 'user_id', 'provider', 'calendar_id'
);


-- Who set a disposition ----------------------------------------------------------------------------------------------

create function tenancy.require_member_reference()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if not exists (
        select 1 from public.organization_users as ou
        where ou.user_id = new.set_by_user_id and ou.organization_id = new.organization_id
    ) then
        -- The same words for a stranger and for nobody at all.
        raise exception using
            errcode = 'foreign_key_violation',
            message = 'set_by_user_id names nobody who belongs to the organization.',
            constraint = 'disposition_metrics_are_set_by_a_member';
    end if;
    return null;
end
$$;
comment on function tenancy.require_member_reference() is 'A person that a row names must belong to the row''s organization when it is written.';
revoke execute on function tenancy.require_member_reference() from public;

-- After the row's own policy: before it, the answer would tell who belongs to organizations that are not one's own. And
-- before the foreign key, whose answer would tell which accounts exist.
alter table public.disposition_metrics
    alter constraint disposition_metrics_set_by_user_id_fkey deferrable initially deferred;
create trigger require_member_reference after insert or update of set_by_user_id on public.disposition_metrics
for each row when (new.set_by_user_id is not null)
execute function tenancy.require_member_reference();


-- Calendars, for admins ----------------------------------------------------------------------------------------------

create function tenancy.calendar_overview()
returns table (
    id uuid,
    organization_id uuid,
    user_id uuid,
    provider text,
    provider_account_email text,
    calendar_name text,
    is_primary boolean,
    sync_enabled boolean,
    sync_direction text,
    last_sync_at timestamptz,
    created_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return query
        select c.id, c.organization_id, c.user_id, c.provider, c.provider_account_email, c.calendar_name, c.is_primary,
            c.sync_enabled, c.sync_direction, c.last_sync_at, c.created_at
        from public.calendar_integrations as c
        where c.organization_id = (select tenancy.current_organization_id('admin'));
end
$$;
comment on function tenancy.calendar_overview() is 'The calendars of the current organization without their tokens; nothing for who is no admin.';


create function tenancy.disconnect_calendar()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    delete from public.calendar_integrations as c
    where c.id = old.id and c.organization_id = (select tenancy.current_organization_id('admin', true));
    return case when found then old end;
end
$$;
comment on function tenancy.disconnect_calendar() is 'Lets an admin disconnect a calendar through the overview.';


create view public.calendar_integrations_overview
with (security_invoker = true)
as select * from tenancy.calendar_overview();
comment on view public.calendar_integrations_overview is
    'For admins: which calendars people of the organization connected, without tokens. A row can be deleted, which disconnects it.';

create trigger disconnect_calendar instead of delete on public.calendar_integrations_overview
for each row execute function tenancy.disconnect_calendar();

revoke execute on function tenancy.calendar_overview(), tenancy.disconnect_calendar() from public;
grant execute on function tenancy.calendar_overview() to authenticated;
revoke all on public.calendar_integrations_overview from public, anon, authenticated, service_role;
grant select, delete on public.calendar_integrations_overview to authenticated;
