-- Choosing the organization in which one's requests act, for each session.

create function tenancy.activate(p_user_id uuid, p_organization_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
    insert into tenancy.active_organizations as a (user_id, session_id, organization_id, selected_at)
    values (p_user_id, tenancy.session_id(), p_organization_id, clock_timestamp())
    on conflict (user_id, session_id) do update
    set organization_id = excluded.organization_id, selected_at = excluded.selected_at;
end
$$;
comment on function tenancy.activate(uuid, uuid) is 'Makes an organization the active one of the caller''s session.';


create function tenancy.active_organization()
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_organization_id uuid := tenancy.current_organization_id();
begin
    if v_organization_id is null and tenancy.requested_organization_id() is not null then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    end if;
    return jsonb_build_object(
        'organization_id', v_organization_id,
        'role', (
            select ou.role from public.organization_users as ou
            where ou.user_id = v_user_id and ou.organization_id = v_organization_id
        )
    );
end
$$;
comment on function tenancy.active_organization() is 'See public.active_organization().';


create function tenancy.set_active_organization(p_organization_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_role public.organization_role := tenancy.require_role(p_organization_id, 'member', p_for_write => false);
begin
    perform tenancy.activate(auth.uid(), p_organization_id);
    return jsonb_build_object('organization_id', p_organization_id, 'role', v_role);
end
$$;
comment on function tenancy.set_active_organization(uuid) is 'See public.set_active_organization().';


create function tenancy.clear_active_organization()
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    delete from tenancy.active_organizations as a
    where a.user_id = tenancy.require_caller() and a.session_id = tenancy.session_id();
    return tenancy.active_organization();
end
$$;
comment on function tenancy.clear_active_organization() is 'See public.clear_active_organization().';


create function public.active_organization()
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.active_organization();
end
$$;
comment on function public.active_organization() is
    'The organization this request acts in, and the caller''s role there; nulls for none. {organization_id, role}.
Raises unauthenticated, invalid_header, not_found (a header that names no organization of one''s own).';


create function public.set_active_organization(organization_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.set_active_organization(organization_id);
end
$$;
comment on function public.set_active_organization(uuid) is
    'Makes an organization the active one of this session; members. {organization_id, role}. Raises unauthenticated, not_found.';


create function public.clear_active_organization()
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.clear_active_organization();
end
$$;
comment on function public.clear_active_organization() is
    'Forgets this session''s choice and answers where requests act now. {organization_id, role}. Raises unauthenticated.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.active_organization(),
    tenancy.set_active_organization(uuid),
    tenancy.clear_active_organization()
to authenticated;

revoke execute on function
    public.active_organization(),
    public.set_active_organization(uuid),
    public.clear_active_organization()
from public, anon, authenticated, service_role;
grant execute on function
    public.active_organization(),
    public.set_active_organization(uuid),
    public.clear_active_organization()
to authenticated;
