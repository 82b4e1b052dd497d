-- Asked in SQL editors and by clients. Security invoker, so that row-level security bounds the answer to people one
-- shares an organization with; the database owner gets the whole truth.

-- Helper functions: security invoker, so that row-level security bounds the answer to people one shares an
-- organization with. The database owner gets the whole truth.
create function public.get_user_organizations(user_uuid uuid)
returns setof uuid
language plpgsql stable
set search_path = ''
as $$
begin
    return query
        select ou.organization_id
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = user_uuid and ou.suspended_at is null and o.deleted_at is null
        order by ou.joined_at, ou.organization_id;
end
$$;
comment on function public.get_user_organizations(uuid) is
    'The organizations of a person, as far as the caller may know, in the order they joined.';


create function public.get_user_org_role(user_uuid uuid, org_uuid uuid)
returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select ou.role
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = user_uuid and ou.organization_id = org_uuid and ou.suspended_at is null and o.deleted_at is null
    );
end
$$;
comment on function public.get_user_org_role(uuid, uuid) is
    'A person''s role in an organization: owner, admin, manager, member; null for no active member, or one the caller may not know of.';


create function public.user_in_organization(user_uuid uuid, org_uuid uuid)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return public.get_user_org_role(user_uuid, org_uuid) is not null;
end
$$;
comment on function public.user_in_organization(uuid, uuid) is 'Whether a person is an active member, as far as the caller may know.';


create function public.is_org_admin(user_uuid uuid, org_uuid uuid)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(public.get_user_org_role(user_uuid, org_uuid) in ('owner', 'admin'), false);
end
$$;
comment on function public.is_org_admin(uuid, uuid) is 'Whether a person is owner or admin there, as far as the caller may know.';


revoke execute on function
    public.get_user_organizations(uuid),
    public.get_user_org_role(uuid, uuid),
    public.user_in_organization(uuid, uuid),
    public.is_org_admin(uuid, uuid)
from public, anon;
grant execute on function
    public.get_user_organizations(uuid),
    public.get_user_org_role(uuid, uuid),
    public.user_in_organization(uuid, uuid),
    public.is_org_admin(uuid, uuid)
to authenticated, service_role;
