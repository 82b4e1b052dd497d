-- A page that offers to upload a logo has to know whether the project has a Storage that would take it. The database knows:
-- it has the bucket or not. So whoever reads a branding to change it is told, and nobody has to try.

create function tenancy.takes_logos()
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    if to_regclass('storage.buckets') is null then
        return false;
    end if;
    -- Made together with the policies, or not at all: tenancy.set_up_logo_storage(). Callers see no buckets.
    return exists (select 1 from storage.buckets as b where b.id = 'branding');
end
$$;
comment on function tenancy.takes_logos() is
    'Whether logos can be uploaded: the project has Storage, and the bucket "branding" in it.';


create or replace function tenancy.to_own_branding(p_organization_id uuid)
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
        'logo_uploads', tenancy.takes_logos(),
        'updated_at', v_branding.updated_at
    ));
end
$$;
comment on function tenancy.to_own_branding(uuid) is
    'An organization''s branding as its admins read it, with the DNS record that proves its host, and whether logos can be
uploaded.';


revoke execute on function tenancy.takes_logos() from public;
