-- White-label: what an organization calls the product, how it looks, whom to ask for help, and under which host it is
-- served. Of a host nothing shows before it is proven by the DNS, as domains are; what is there of an organization's
-- branding is public, because sign-in pages wear it (docs/decisions/0034).

create table public.organization_branding (
    organization_id uuid primary key references public.organizations (id) on delete cascade,
    product_name text,
    logo_url text,
    color_light text,
    color_dark text,
    support_email text,
    mail_sender_name text,
    host text,
    -- Two random uuids carry 244 bits. Not a secret: it is published in the DNS.
    host_token text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
    host_verified_at timestamptz,
    host_released_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint organization_branding_product_name_is_readable check (
        char_length(product_name) >= 1 and char_length(product_name) <= 100 and tenancy.is_readable_line(product_name)
    ),
    constraint organization_branding_logo_url_is_https check (
        char_length(logo_url) <= 2000 and logo_url
            ~ '^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?(:[0-9]{1,5})?/[]!#-;=?-Z[_a-z~]*$'
    ),
    constraint organization_branding_color_light_is_a_color check (color_light ~ '^#[0-9a-f]{6}$'),
    constraint organization_branding_color_dark_is_a_color check (color_dark ~ '^#[0-9a-f]{6}$'),
    constraint organization_branding_support_email_is_an_address check (tenancy.is_email(support_email)),
    -- Without what makes it look like an address: some mail programs show nothing else of who sent a mail.
    constraint organization_branding_mail_sender_name_is_no_address check (
        char_length(mail_sender_name) >= 1 and char_length(mail_sender_name) <= 100
            and tenancy.is_readable_line(mail_sender_name) and mail_sender_name !~ '[<>@"\\\uFF20\uFE6B]'
    ),
    constraint organization_branding_host_is_a_name check (tenancy.is_domain(host)),
    constraint organization_branding_proof_is_of_a_host check (host is not null or host_verified_at is null),
    constraint organization_branding_release_is_of_a_proof check (host_verified_at is not null or host_released_at is null)
);
alter table public.organization_branding enable row level security;
alter table public.organization_branding force row level security;
-- Claims are free: only a proof takes a host, so that nobody blocks it for those who hold it.
create unique index organization_branding_hosts_are_proven_once on public.organization_branding (host)
where host_verified_at is not null and host_released_at is null;
comment on table public.organization_branding is
    'How an organization wants the product to look and be called, and its own host. No row, or null: as the product is.';
comment on column public.organization_branding.color_light is
    'The color of buttons and links in the light theme, #rrggbb. Whether it can be read there is checked by whoever writes and
whoever shows it (shared/contract/contrast.ts), not here.';
comment on column public.organization_branding.host_released_at is
    'When the organization was deleted, and its proven host became free. Null again once it is restored, unless somebody else
has proven the host meanwhile.';

create trigger organization_branding_set_updated_at before update on public.organization_branding
for each row when (old.* is distinct from new.*)
execute function public.set_updated_at();

insert into tenancy.spanning_tables (table_schema, table_name, reason, read_rule) values
    (
        'public', 'organization_branding', 'admins see that of all their organizations',
        'organization_id = any ((select tenancy.member_organization_ids(''admin''))::uuid[])'
    );


create function tenancy.check_host()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    -- A proof is about one name.
    new.host_verified_at := null;
    new.host_released_at := null;
    new.host_token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    return new;
end
$$;
comment on function tenancy.check_host() is 'Takes back the proof of a host that becomes another one.';

create trigger check_host before update of host on public.organization_branding
for each row when (old.host is distinct from new.host)
execute function tenancy.check_host();


create function tenancy.to_recorded_branding(p_branding public.organization_branding)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(
        jsonb_strip_nulls(
            to_jsonb(p_branding)
                - array['organization_id', 'host_token', 'host_released_at', 'created_at', 'updated_at']
                || jsonb_build_object(
                    'host_verified_at', case when p_branding.host_released_at is null then p_branding.host_verified_at end
                )
        ),
        '{}'
    );
end
$$;
comment on function tenancy.to_recorded_branding(public.organization_branding) is
    'Branding as the audit log remembers it. What was never set is not there, so the first change is one like all others.';


create function tenancy.record_branding()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_old jsonb := case when tg_op <> 'INSERT' then tenancy.to_recorded_branding(old) else '{}' end;
    v_new jsonb := case when tg_op <> 'DELETE' then tenancy.to_recorded_branding(new) else '{}' end;
    v_organization_id uuid := coalesce(new.organization_id, old.organization_id);
begin
    if tenancy.entries_are_held() or not exists (
        -- The organization itself is being removed.
        select 1 from public.organizations as o where o.id = v_organization_id
    ) then
        return null;
    end if;
    perform tenancy.record(
        v_organization_id,
        case
            when (v_new -> 'host_verified_at') is distinct from (v_old -> 'host_verified_at') and v_new ? 'host_verified_at'
                then 'branding.host_verified'
            else 'branding.changed'
        end,
        'branding',
        v_organization_id,
        tenancy.differences(v_old, v_new),
        tenancy.differences(v_new, v_old)
    );
    return null;
end
$$;
comment on function tenancy.record_branding() is 'Writes the entry of a change to an organization''s branding.';

-- That a host is released and taken back is part of the organization's deletion and return, which have entries of their own.
create trigger record_branding after insert or delete or update of
    product_name, logo_url, color_light, color_dark, support_email, mail_sender_name, host, host_verified_at
on public.organization_branding
for each row execute function tenancy.record_branding();


create function tenancy.release_host()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if new.deleted_at is not null then
        update public.organization_branding as b set host_released_at = now()
        where b.organization_id = new.id and b.host_verified_at is not null and b.host_released_at is null;
        return null;
    end if;
    begin
        update public.organization_branding as b set host_released_at = null
        where b.organization_id = new.id and b.host_released_at is not null;
    exception when unique_violation then
        -- Somebody else has proven it meanwhile and keeps it; the organization comes back without.
        return null;
    end;
    return null;
end
$$;
comment on function tenancy.release_host() is
    'Frees the host of an organization that is deleted, and gives it back to one that is restored if it is still free.';

create trigger release_host after update of deleted_at on public.organizations
for each row when ((old.deleted_at is null) <> (new.deleted_at is null))
execute function tenancy.release_host();


create function tenancy.to_branding(p_branding public.organization_branding)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'product_name', p_branding.product_name,
        'logo_url', p_branding.logo_url,
        'color_light', p_branding.color_light,
        'color_dark', p_branding.color_dark,
        'support_email', p_branding.support_email,
        'mail_sender_name', p_branding.mail_sender_name
    ));
end
$$;
comment on function tenancy.to_branding(public.organization_branding) is
    'What everybody may see of an organization''s branding; what is not set is not there.';


create or replace function tenancy.to_host(p_organization public.organizations)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select jsonb_build_object('name', p_organization.name, 'branding', coalesce(
            (
                select tenancy.to_branding(b) from public.organization_branding as b
                where b.organization_id = p_organization.id
            ),
            '{}'
        ))
    );
end
$$;


create function tenancy.to_own_branding(p_organization_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_branding public.organization_branding;
begin
    select * into v_branding from public.organization_branding as b where b.organization_id = p_organization_id;
    return jsonb_build_object('branding', jsonb_build_object(
        'organization_id', p_organization_id,
        'product_name', v_branding.product_name,
        'logo_url', v_branding.logo_url,
        'color_light', v_branding.color_light,
        'color_dark', v_branding.color_dark,
        'support_email', v_branding.support_email,
        'mail_sender_name', v_branding.mail_sender_name,
        'host', case when v_branding.host is not null then jsonb_build_object(
            'host', v_branding.host,
            'verified_at', case when v_branding.host_released_at is null then v_branding.host_verified_at end,
            'record', tenancy.to_proof_record(v_branding.host, v_branding.host_token)
        ) end,
        'updated_at', v_branding.updated_at
    ));
end
$$;
comment on function tenancy.to_own_branding(uuid) is
    'An organization''s branding as its admins read it, with the DNS record that proves its host.';


create function tenancy.get_branding(p_organization_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    perform tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    return tenancy.to_own_branding(p_organization_id);
end
$$;
comment on function tenancy.get_branding(uuid) is 'See public.get_branding().';


create function tenancy.update_branding(p_organization_id uuid, p_changes jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_unknown text;
    v_branding public.organization_branding;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    select k.key into v_unknown
    from jsonb_object_keys(p_changes) as k (key)
    where k.key <> all (array[
        'product_name', 'logo_url', 'color_light', 'color_dark', 'support_email', 'mail_sender_name', 'host'
    ])
    limit 1;
    if v_unknown is not null then
        perform tenancy.refuse('validation_failed', format('A branding''s "%s" can''t be changed here.', left(v_unknown, 60)));
    end if;
    select * into v_branding from public.organization_branding as b where b.organization_id = p_organization_id;
    v_branding := jsonb_populate_record(v_branding, p_changes);
    insert into public.organization_branding (
        organization_id, product_name, logo_url, color_light, color_dark, support_email, mail_sender_name, host
    )
    values (
        p_organization_id, btrim(v_branding.product_name), v_branding.logo_url, lower(v_branding.color_light),
        lower(v_branding.color_dark), tenancy.to_mailbox(v_branding.support_email), btrim(v_branding.mail_sender_name),
        lower(btrim(v_branding.host))
    )
    on conflict (organization_id) do update
    set product_name = excluded.product_name, logo_url = excluded.logo_url, color_light = excluded.color_light,
        color_dark = excluded.color_dark, support_email = excluded.support_email,
        mail_sender_name = excluded.mail_sender_name, host = excluded.host;
    return tenancy.to_own_branding(p_organization_id);
end
$$;
comment on function tenancy.update_branding(uuid, jsonb) is 'See public.update_branding().';


create function tenancy.require_host(p_organization_id uuid)
returns public.organization_branding
language plpgsql stable
set search_path = ''
as $$
declare
    v_branding public.organization_branding;
begin
    select * into v_branding from public.organization_branding as b
    where b.organization_id = p_organization_id and b.host is not null;
    if not found then
        perform tenancy.refuse('conflict', 'The organization has no host of its own to verify. Set one first.');
    end if;
    return v_branding;
end
$$;
comment on function tenancy.require_host(uuid) is 'The branding of an organization that has a host. Raises conflict.';


create function tenancy.host_to_verify(p_organization_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    perform tenancy.require_role(p_organization_id, 'admin');
    perform tenancy.require_host(p_organization_id);
    return tenancy.to_own_branding(p_organization_id);
end
$$;
comment on function tenancy.host_to_verify(uuid) is 'See public.host_to_verify().';


create function tenancy.verify_host(p_organization_id uuid, p_proof text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_branding public.organization_branding;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_branding := tenancy.require_host(p_organization_id);
    if not coalesce(tenancy.proves_name(p_organization_id, v_branding.host, v_branding.host_token, p_proof), false) then
        perform tenancy.refuse('forbidden', 'That is no proof: a host is verified by the functions, which look for its record themselves.');
    end if;
    -- Nothing changes for one that is verified. Of two organizations that prove the same host at once, the index lets one.
    update public.organization_branding as b set host_verified_at = now(), host_released_at = null
    where b.organization_id = p_organization_id and (b.host_verified_at is null or b.host_released_at is not null);
    return tenancy.to_own_branding(p_organization_id);
exception when unique_violation then
    perform tenancy.refuse('conflict', 'Another organization has verified this host. It stays theirs until they give it up.');
end
$$;
comment on function tenancy.verify_host(uuid, text) is 'See public.verify_host().';


create function tenancy.find_branding(p_host text, p_slug text)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_organization_id uuid;
begin
    if num_nonnulls(p_host, p_slug) <> 1 then
        perform tenancy.refuse('validation_failed', 'Ask for a branding by host or by slug.');
    elsif p_slug is not null then
        v_organization_id := (select o.id from public.organizations as o where o.slug = p_slug);
    else
        v_organization_id := (
            select b.organization_id from public.organization_branding as b
            where b.host = lower(p_host) and b.host_verified_at is not null and b.host_released_at is null
        );
    end if;
    return jsonb_build_object('branding', coalesce(
        (
            select tenancy.to_branding(b)
            from public.organization_branding as b
            join public.organizations as o on o.id = b.organization_id
            join tenancy.organization_states as s on s.status = o.subscription_status
            where b.organization_id = v_organization_id and o.deleted_at is null and s.may_write
        ),
        '{}'
    ));
end
$$;
comment on function tenancy.find_branding(text, text) is 'See public.find_branding().';


create function public.get_branding(organization_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.get_branding(organization_id);
end
$$;
comment on function public.get_branding(uuid) is
    'An organization''s branding, with its host and the DNS record that proves it; admins and above. {branding}.
Raises unauthenticated, not_found, forbidden.';


create function public.update_branding(organization_id uuid, changes jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.update_branding(organization_id, changes);
end
$$;
comment on function public.update_branding(uuid, jsonb) is
    'Changes product_name, logo_url, color_light, color_dark, support_email, mail_sender_name or host; null: as the product is.
Another host has to be proven anew, and the one before is free at once. Admins and above. {branding}.
Raises unauthenticated, not_found, forbidden, organization_suspended, validation_failed.';


create function public.host_to_verify(organization_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    -- Who verifies asks this first: a retry is answered here, without another look into the DNS.
    return coalesce(tenancy.replayed(), tenancy.host_to_verify(organization_id));
end
$$;
comment on function public.host_to_verify(uuid) is
    'The branding whose host''s record the functions are to look for; admins and above. {branding}. Raises unauthenticated,
not_found, forbidden, organization_suspended, conflict (there is no host).';


create function public.verify_host(organization_id uuid, proof text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.verify_host(organization_id, proof)));
end
$$;
comment on function public.verify_host(uuid, text) is
    'Verifies the host by the functions'' signed word that its record is in the DNS; admins and above. {branding}. Raises
unauthenticated, not_found, forbidden (also for what is no proof), organization_suspended, conflict (there is no host, or
another organization has verified it).';


create function public.find_branding(host text default null, slug text default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.find_branding(host, slug);
end
$$;
comment on function public.find_branding(text, text) is
    'How the product looks under a host or for an organization, for anybody. {branding}; empty, as for an organization without
branding, also where there is none, it is deleted, suspended or cancelled, or the host is not proven.
Raises validation_failed (not one of the two).';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.get_branding(uuid),
    tenancy.update_branding(uuid, jsonb),
    tenancy.host_to_verify(uuid),
    tenancy.verify_host(uuid, text)
to authenticated;
grant execute on function tenancy.find_branding(text, text) to anon, authenticated;

revoke execute on function
    public.get_branding(uuid),
    public.update_branding(uuid, jsonb),
    public.host_to_verify(uuid),
    public.verify_host(uuid, text),
    public.find_branding(text, text)
from public, anon, authenticated, service_role;
grant execute on function
    public.get_branding(uuid),
    public.update_branding(uuid, jsonb),
    public.host_to_verify(uuid),
    public.verify_host(uuid, text)
to authenticated;
grant execute on function public.find_branding(text, text) to anon, authenticated;

revoke all on public.organization_branding from public, anon, authenticated, service_role;
grant select on public.organization_branding to authenticated;
grant select, insert, update, delete on public.organization_branding to service_role;

create policy organization_branding_select on public.organization_branding for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids('admin'))::uuid[]));
