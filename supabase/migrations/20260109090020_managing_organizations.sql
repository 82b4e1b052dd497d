-- Founding, changing, deleting and restoring organizations.

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


create function tenancy.found_organization(
    p_owner_id uuid,
    p_name text,
    p_slug text,
    p_timezone text,
    p_contact_phone text,
    p_settings jsonb
)
returns public.organizations
language plpgsql
set search_path = ''
as $$
declare
    v_organization public.organizations;
begin
    perform tenancy.hold_entries();
    loop
        insert into public.organizations (name, slug, timezone, contact_phone, settings, owner_email, trial_ends_at)
        select
            btrim(p_name), coalesce(p_slug, tenancy.free_slug(p_name)), coalesce(p_timezone, 'UTC'), p_contact_phone,
            coalesce(p_settings, '{}'), tenancy.to_contact(u.email), now() + interval '14 days'
        from auth.users as u
        where u.id = p_owner_id
        on conflict on constraint organizations_slug_is_unique do nothing
        returning * into v_organization;
        exit when found;
        if p_slug is not null then
            perform tenancy.refuse('slug_taken', 'Another organization has this slug.');
        end if;
        -- Somebody took the free slug in this very moment: the next one.
    end loop;
    insert into public.organization_users (organization_id, user_id, role)
    values (v_organization.id, p_owner_id, 'owner');
    perform tenancy.record(
        v_organization.id, 'organization.created', 'organization', v_organization.id,
        null, to_jsonb(v_organization) - array['created_at', 'updated_at']
    );
    return v_organization;
end
$$;
comment on function tenancy.found_organization(uuid, text, text, text, text, jsonb) is
    'A new organization of this person''s, and the entry of its founding. Raises slug_taken.';


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
    perform tenancy.take_token('organizations_per_user', v_user_id::text);
    v_organization := tenancy.found_organization(v_user_id, p_name, p_slug, p_timezone, p_contact_phone, p_settings);
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
    v_role public.organization_role := tenancy.require_role_to_change(p_organization_id, 'admin');
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
    select * into strict v_organization from public.organizations as o where o.id = p_organization_id;
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
    v_role public.organization_role := tenancy.require_role_to_change(p_organization_id, 'owner', p_for_write => false);
    v_organization public.organizations;
begin
    update public.organizations as o set deleted_at = now()
    where o.id = p_organization_id
    returning * into v_organization;
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
    v_organization public.organizations;
begin
    perform tenancy.require_caller();
    -- Only for its owners, so that nobody else can hold it up; and asked again, because the wait for it may have been long.
    perform 1
    from public.organizations as o
    where o.id = p_organization_id and o.id = any (tenancy.visible_organization_ids())
    for no key update;
    update public.organizations as o set deleted_at = null
    where o.id = p_organization_id and o.deleted_at is not null and o.id = any (tenancy.visible_organization_ids())
    returning * into v_organization;
    if found then
        return jsonb_build_object('organization', tenancy.to_organization(v_organization, 'owner'));
    end if;
    perform tenancy.require_role(p_organization_id, 'owner', p_for_write => false);
    perform tenancy.refuse('conflict', 'This organization is not deleted.');
end
$$;
comment on function tenancy.restore_organization(uuid) is 'See public.restore_organization().';


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
    return coalesce(
        tenancy.replayed(), tenancy.kept(tenancy.create_organization(name, slug, timezone, contact_phone, settings))
    );
end
$$;
comment on function public.create_organization(text, text, text, text, jsonb) is
    'Founds an organization: the caller owns it and it becomes active. {organization}. Without a slug one is made from the
name. Raises unauthenticated, rate_limited, slug_taken.';


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
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.restore_organization(organization_id)));
end
$$;
comment on function public.restore_organization(uuid) is
    'Brings a deleted organization back within 30 days, as it was; owners. {organization}.
Raises unauthenticated, not_found, forbidden, conflict (it is not deleted).';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.create_organization(text, text, text, text, jsonb),
    tenancy.update_organization(uuid, jsonb),
    tenancy.delete_organization(uuid),
    tenancy.restore_organization(uuid)
to authenticated;

revoke execute on function
    public.create_organization(text, text, text, text, jsonb),
    public.update_organization(uuid, jsonb),
    public.delete_organization(uuid),
    public.restore_organization(uuid)
from public, anon, authenticated, service_role;
grant execute on function
    public.create_organization(text, text, text, text, jsonb),
    public.update_organization(uuid, jsonb),
    public.delete_organization(uuid),
    public.restore_organization(uuid)
to authenticated;
