-- Reading organizations and listing their people.

create function tenancy.get_organization(p_organization_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_answer jsonb;
begin
    select jsonb_build_object('organization', tenancy.to_organization(o, ou.role)) into v_answer
    from public.organization_users as ou
    join public.organizations as o on o.id = ou.organization_id
    where ou.user_id = tenancy.require_caller() and o.id = p_organization_id
        and o.id = any ((select tenancy.visible_organization_ids())::uuid[]);
    if v_answer is null then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    end if;
    return v_answer;
end
$$;
comment on function tenancy.get_organization(uuid) is 'See public.get_organization().';


create function tenancy.list_organizations(p_page_limit integer, p_page_cursor text, p_include_deleted boolean)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_limit integer := tenancy.require_page_limit(p_page_limit);
    v_after record := tenancy.from_cursor(p_page_cursor);
begin
    return (
        select tenancy.to_page(
            'organizations', v_limit,
            array_agg(p.item order by p.time, p.id), array_agg(p.time order by p.time, p.id), array_agg(p.id order by p.time, p.id)
        )
        from (
            select tenancy.to_organization(o, ou.role) as item, o.created_at as time, o.id as id
            from public.organization_users as ou
            join public.organizations as o on o.id = ou.organization_id
            where ou.user_id = v_user_id
                and o.id = any ((select tenancy.visible_organization_ids())::uuid[])
                and (p_include_deleted or o.deleted_at is null)
                and (o.created_at, o.id) > (v_after.after_time, v_after.after_id)
            order by o.created_at, o.id
            limit v_limit + 1
        ) as p
    );
end
$$;
comment on function tenancy.list_organizations(integer, text, boolean) is 'See public.list_organizations().';


create function tenancy.list_members(p_organization_id uuid, p_page_limit integer, p_page_cursor text)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_role public.organization_role := tenancy.require_role(p_organization_id, 'member', p_for_write => false);
    v_limit integer := tenancy.require_page_limit(p_page_limit);
    v_after record := tenancy.from_cursor(p_page_cursor);
begin
    return (
        select tenancy.to_page(
            'members', v_limit,
            array_agg(p.item order by p.time, p.id), array_agg(p.time order by p.time, p.id), array_agg(p.id order by p.time, p.id)
        )
        from (
            select jsonb_build_object(
                'user_id', ou.user_id, 'email', p.email, 'full_name', p.full_name,
                'role', ou.role, 'joined_at', ou.joined_at, 'suspended_at', ou.suspended_at
            ) as item, ou.joined_at as time, ou.user_id as id
            from public.organization_users as ou
            join public.profiles as p on p.id = ou.user_id
            where ou.organization_id = p_organization_id
                and (ou.joined_at, ou.user_id) > (v_after.after_time, v_after.after_id)
            order by ou.joined_at, ou.user_id
            limit v_limit + 1
        ) as p
    );
end
$$;
comment on function tenancy.list_members(uuid, integer, text) is 'See public.list_members().';


create function public.get_organization(organization_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.get_organization(organization_id);
end
$$;
comment on function public.get_organization(uuid) is
    'One organization of the caller''s, a deleted one for its owner. {organization}. Raises unauthenticated, not_found.';


create function public.list_organizations(
    page_limit integer default 50,
    page_cursor text default null,
    include_deleted boolean default false
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_organizations(page_limit, page_cursor, include_deleted);
end
$$;
comment on function public.list_organizations(integer, text, boolean) is
    'The caller''s organizations, oldest first; on request with the deleted ones that the caller can restore.
{organizations, next_cursor}. Raises unauthenticated, validation_failed.';


create function public.list_members(organization_id uuid, page_limit integer default 50, page_cursor text default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_members(organization_id, page_limit, page_cursor);
end
$$;
comment on function public.list_members(uuid, integer, text) is
    'Who belongs to an organization, in the order they joined; members. {members, next_cursor}.
Raises unauthenticated, not_found, validation_failed.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.get_organization(uuid),
    tenancy.list_organizations(integer, text, boolean),
    tenancy.list_members(uuid, integer, text)
to authenticated;

revoke execute on function
    public.get_organization(uuid),
    public.list_organizations(integer, text, boolean),
    public.list_members(uuid, integer, text)
from public, anon, authenticated, service_role;
grant execute on function
    public.get_organization(uuid),
    public.list_organizations(integer, text, boolean),
    public.list_members(uuid, integer, text)
to authenticated;
