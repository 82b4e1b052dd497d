-- Founding, reading, changing, deleting and restoring organizations, and listing their people.

create function tenancy.free_slug(p_name text)
returns text
language plpgsql
set search_path = ''
as $$
declare
    v_base text := btrim(left(regexp_replace(lower(p_name), '[^a-z0-9]+', '-', 'g'), 40), '-');
    v_slug text := v_base;
begin
    while not tenancy.is_slug(v_slug) or v_slug = any (tenancy.reserved_slugs())
        or exists (select 1 from public.organizations as o where o.slug = v_slug)
    loop
        v_slug := coalesce(nullif(v_base, ''), 'organization') || '-' || substr(gen_random_uuid()::text, 1, 6);
    end loop;
    return v_slug;
end
$$;
comment on function tenancy.free_slug(text) is 'A slug made from a name, with a random ending where the plain one is not to be had.';


create function tenancy.create_organization(
    p_name text,
    p_slug text,
    p_timezone text,
    p_contact_phone text,
    p_settings jsonb
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_organization public.organizations;
begin
    loop
        insert into public.organizations (name, slug, timezone, contact_phone, settings, owner_email, trial_ends_at)
        select
            btrim(p_name), coalesce(p_slug, tenancy.free_slug(p_name)), coalesce(p_timezone, 'UTC'), p_contact_phone,
            coalesce(p_settings, '{}'), lower(u.email), now() + interval '14 days'
        from auth.users as u
        where u.id = v_user_id
        on conflict on constraint organizations_slug_is_unique do nothing
        returning * into v_organization;
        exit when found;
        if p_slug is not null then
            perform tenancy.refuse('slug_taken', 'Another organization has this slug.');
        end if;
        -- Somebody took the free slug in this very moment: the next one.
    end loop;
    insert into public.organization_users (organization_id, user_id, role)
    values (v_organization.id, v_user_id, 'owner');
    perform tenancy.activate(v_user_id, v_organization.id);
    return jsonb_build_object('organization', tenancy.to_organization(v_organization, 'owner'));
end
$$;
comment on function tenancy.create_organization(text, text, text, text, jsonb) is 'See public.create_organization().';


create function tenancy.update_organization(p_organization_id uuid, p_changes jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_role public.organization_role := tenancy.require_role(p_organization_id, 'admin');
    v_unknown text;
    v_changed public.organizations;
    v_organization public.organizations;
begin
    select k.key into v_unknown
    from jsonb_object_keys(p_changes) as k (key)
    where k.key <> all (array['name', 'slug', 'timezone', 'contact_phone', 'owner_email', 'settings'])
    limit 1;
    if v_unknown is not null then
        perform tenancy.refuse('validation_failed', format('An organization''s "%s" can''t be changed here.', left(v_unknown, 60)));
    end if;
    select * into strict v_organization from public.organizations as o where o.id = p_organization_id for no key update;
    -- What was true before waiting for the lock need not be true any more.
    v_role := tenancy.require_role(p_organization_id, 'admin');
    v_changed := jsonb_populate_record(v_organization, p_changes);
    update public.organizations as o
    set name = btrim(v_changed.name), slug = v_changed.slug, timezone = v_changed.timezone,
        contact_phone = v_changed.contact_phone, owner_email = v_changed.owner_email, settings = v_changed.settings
    where o.id = p_organization_id
    returning * into v_organization;
    return jsonb_build_object('organization', tenancy.to_organization(v_organization, v_role));
exception when unique_violation then
    perform tenancy.refuse('slug_taken', 'Another organization has this slug.');
end
$$;
comment on function tenancy.update_organization(uuid, jsonb) is 'See public.update_organization().';


create function tenancy.delete_organization(p_organization_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_role public.organization_role := tenancy.require_role(p_organization_id, 'owner', p_for_write => false);
    v_organization public.organizations;
begin
    update public.organizations as o set deleted_at = now()
    where o.id = p_organization_id and o.deleted_at is null
    returning * into v_organization;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    end if;
    return jsonb_build_object('organization', tenancy.to_organization(v_organization, v_role));
end
$$;
comment on function tenancy.delete_organization(uuid) is 'See public.delete_organization().';


create function tenancy.restore_organization(p_organization_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_role public.organization_role;
    v_organization public.organizations;
begin
    select ou.role into v_role
    from public.organization_users as ou
    join public.organizations as o on o.id = ou.organization_id
    where ou.user_id = v_user_id and ou.organization_id = p_organization_id and ou.suspended_at is null
        and (o.deleted_at is null or ou.role = 'owner');
    update public.organizations as o set deleted_at = null
    where o.id = p_organization_id and v_role = 'owner' and now() < tenancy.restorable_until(o.deleted_at)
    returning * into v_organization;
    if v_organization.id is not null then
        return jsonb_build_object('organization', tenancy.to_organization(v_organization, v_role));
    end if;
    perform tenancy.require_role(p_organization_id, 'owner', p_for_write => false);
    perform tenancy.refuse('conflict', 'This organization is not deleted.');
end
$$;
comment on function tenancy.restore_organization(uuid) is 'See public.restore_organization().';


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
    v_answer jsonb;
begin
    with page as (
        select o as organization, ou.role, o.created_at, o.id,
            row_number() over (order by o.created_at, o.id) as position
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        where ou.user_id = v_user_id
            and o.id = any ((select tenancy.visible_organization_ids())::uuid[])
            and (p_include_deleted or o.deleted_at is null)
            and (o.created_at, o.id) > (v_after.after_time, v_after.after_id)
        order by o.created_at, o.id
        limit v_limit + 1
    )
    select jsonb_build_object(
        'organizations', coalesce(
            jsonb_agg(tenancy.to_organization(p.organization, p.role) order by p.position)
                filter (where p.position <= v_limit),
            '[]'
        ),
        'next_cursor', case when count(*) > v_limit then
            (select tenancy.to_cursor(l.created_at, l.id) from page as l where l.position = v_limit)
        end
    ) into v_answer
    from page as p;
    return v_answer;
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
    v_answer jsonb;
begin
    with page as (
        select ou.user_id, p.email, p.full_name, ou.role, ou.joined_at, ou.suspended_at,
            row_number() over (order by ou.joined_at, ou.user_id) as position
        from public.organization_users as ou
        join public.profiles as p on p.id = ou.user_id
        where ou.organization_id = p_organization_id
            and (ou.joined_at, ou.user_id) > (v_after.after_time, v_after.after_id)
        order by ou.joined_at, ou.user_id
        limit v_limit + 1
    )
    select jsonb_build_object(
        'members', coalesce(
            jsonb_agg(to_jsonb(p) - 'position' order by p.position) filter (where p.position <= v_limit), '[]'
        ),
        'next_cursor', case when count(*) > v_limit then
            (select tenancy.to_cursor(l.joined_at, l.user_id) from page as l where l.position = v_limit)
        end
    ) into v_answer
    from page as p;
    return v_answer;
end
$$;
comment on function tenancy.list_members(uuid, integer, text) is 'See public.list_members().';


create function public.create_organization(
    name text,
    slug text default null,
    timezone text default null,
    contact_phone text default null,
    settings jsonb default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.create_organization(name, slug, timezone, contact_phone, settings);
end
$$;
comment on function public.create_organization(text, text, text, text, jsonb) is
    'Founds an organization: the caller owns it and it becomes active. {organization}. Without a slug one is made from the
name. Raises unauthenticated, slug_taken.';


create function public.update_organization(organization_id uuid, changes jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.update_organization(organization_id, changes);
end
$$;
comment on function public.update_organization(uuid, jsonb) is
    'Changes name, slug, timezone, contact_phone, owner_email or settings; admins and above. {organization}.
Raises unauthenticated, not_found, forbidden, organization_suspended, slug_taken, validation_failed.';


create function public.delete_organization(organization_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.delete_organization(organization_id);
end
$$;
comment on function public.delete_organization(uuid) is
    'Deletes an organization softly: at once gone for everyone, restorable by an owner for 30 days; owners. {organization}.
Raises unauthenticated, not_found, forbidden.';


create function public.restore_organization(organization_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.restore_organization(organization_id);
end
$$;
comment on function public.restore_organization(uuid) is
    'Brings a deleted organization back within 30 days, as it was; owners. {organization}.
Raises unauthenticated, not_found, forbidden, conflict (it is not deleted).';


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
    tenancy.create_organization(text, text, text, text, jsonb),
    tenancy.update_organization(uuid, jsonb),
    tenancy.delete_organization(uuid),
    tenancy.restore_organization(uuid),
    tenancy.get_organization(uuid),
    tenancy.list_organizations(integer, text, boolean),
    tenancy.list_members(uuid, integer, text)
to authenticated;

revoke execute on function
    public.create_organization(text, text, text, text, jsonb),
    public.update_organization(uuid, jsonb),
    public.delete_organization(uuid),
    public.restore_organization(uuid),
    public.get_organization(uuid),
    public.list_organizations(integer, text, boolean),
    public.list_members(uuid, integer, text)
from public, anon, authenticated, service_role;
grant execute on function
    public.create_organization(text, text, text, text, jsonb),
    public.update_organization(uuid, jsonb),
    public.delete_organization(uuid),
    public.restore_organization(uuid),
    public.get_organization(uuid),
    public.list_organizations(integer, text, boolean),
    public.list_members(uuid, integer, text)
to authenticated;
