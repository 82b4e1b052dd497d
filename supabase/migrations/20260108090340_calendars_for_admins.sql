-- Admins see which calendars are connected, without their tokens, and can disconnect them.

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
