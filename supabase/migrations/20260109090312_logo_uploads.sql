-- Where the project has Supabase Storage, admins put logos into a folder of their organization's own. The local stack has
-- no Storage: there is nothing to set up there, and logos are https addresses of any other host.

create function tenancy.logo_folders()
returns text[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
    -- Storage does not ask tenancy.check_request() before: the account is looked at here.
    return array(
        select o.id::text
        from public.organization_users as ou
        join public.organizations as o on o.id = ou.organization_id
        join tenancy.organization_states as s on s.status = o.subscription_status
        where ou.user_id = auth.uid() and ou.role >= 'admin' and ou.suspended_at is null
            and o.deleted_at is null and s.may_write and tenancy.is_in_good_standing(ou.user_id)
    );
end
$$;
comment on function tenancy.logo_folders() is
    'The folders that the caller may put logos into: one for each organization whose branding they may change, by its id.';


create function tenancy.set_up_logo_storage()
returns boolean
language plpgsql
set search_path = ''
as $$
begin
    if to_regclass('storage.buckets') is null or to_regclass('storage.objects') is null then
        return false;
    end if;
    -- No SVG: opened by itself it could run scripts on the project's own host.
    insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
    values ('branding', 'branding', true, 1048576, '{image/png,image/jpeg,image/webp}')
    on conflict (id) do update
    set public = excluded.public, file_size_limit = excluded.file_size_limit, allowed_mime_types = excluded.allowed_mime_types;

    drop policy if exists branding_logos_select on storage.objects;
    create policy branding_logos_select on storage.objects for select to authenticated
    using (bucket_id = 'branding' and split_part(name, '/', 1) = any ((select tenancy.logo_folders())::text[]));

    drop policy if exists branding_logos_insert on storage.objects;
    create policy branding_logos_insert on storage.objects for insert to authenticated
    with check (
        bucket_id = 'branding'
        and split_part(name, '/', 1) = any ((select tenancy.logo_folders())::text[])
        and name ~ '^[0-9a-f-]{36}/[a-z0-9][a-z0-9_-]{0,63}\.(png|jpg|jpeg|webp)$'
        and coalesce(metadata ->> 'mimetype', 'image/png') in ('image/png', 'image/jpeg', 'image/webp')
    );

    drop policy if exists branding_logos_update on storage.objects;
    create policy branding_logos_update on storage.objects for update to authenticated
    using (bucket_id = 'branding' and split_part(name, '/', 1) = any ((select tenancy.logo_folders())::text[]))
    with check (
        bucket_id = 'branding'
        and split_part(name, '/', 1) = any ((select tenancy.logo_folders())::text[])
        and name ~ '^[0-9a-f-]{36}/[a-z0-9][a-z0-9_-]{0,63}\.(png|jpg|jpeg|webp)$'
        and coalesce(metadata ->> 'mimetype', 'image/png') in ('image/png', 'image/jpeg', 'image/webp')
    );

    drop policy if exists branding_logos_delete on storage.objects;
    create policy branding_logos_delete on storage.objects for delete to authenticated
    using (bucket_id = 'branding' and split_part(name, '/', 1) = any ((select tenancy.logo_folders())::text[]));
    return true;
exception when insufficient_privilege then
    -- Some projects let nobody but the dashboard write policies for Storage: no reason to stop every later migration.
    raise warning 'Logos can''t be uploaded: %. docs/how-to/white-label.md says what to do.', sqlerrm;
    return false;
end
$$;
comment on function tenancy.set_up_logo_storage() is
    'Makes the bucket "branding" and who may put what there, where the project has Storage; whether it has. A name is
<organization id>/<file>.png, .jpg, .jpeg or .webp. Safe to run at any time; part of tenancy.attach(). For the database owner.';


revoke execute on all functions in schema tenancy from public;
grant execute on function tenancy.logo_folders() to authenticated;

select tenancy.set_up_logo_storage();
