-- Invitations to an address: single use, bound to the verified address of the account that accepts. Invitations by link:
-- for whoever has the link, as member. The database knows both only by the hash of their token.

create table public.organization_invitations (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    email text,
    role public.organization_role not null,
    max_uses integer default 1,
    uses integer not null default 0,
    allowed_domains text[],
    invited_by uuid references auth.users (id) on delete set null,
    valid_for interval not null,
    created_at timestamptz not null default now(),
    last_sent_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid references auth.users (id) on delete set null,
    declined_at timestamptz,
    revoked_at timestamptz,
    constraint invitations_role_is_not_owner check (role <> 'owner'),
    constraint invitations_have_one_outcome check (num_nonnulls(accepted_at, declined_at, revoked_at) <= 1),
    constraint invitations_email_is_an_address check (tenancy.is_email(email)),
    constraint invitations_are_for_an_address_or_links_for_members check (
        case when email is null then role = 'member' else max_uses is not distinct from 1 and allowed_domains is null end
    ),
    constraint invitations_have_a_use check (max_uses >= 1 and max_uses <= 10000),
    constraint invitations_are_not_used_up_twice check (uses >= 0 and uses <= coalesce(max_uses, uses)),
    constraint invitations_allow_domains check (tenancy.are_domains(allowed_domains)),
    constraint invitations_last_between_1_and_30_days check (valid_for between interval '1 day' and interval '30 days')
);
alter table public.organization_invitations enable row level security;
alter table public.organization_invitations force row level security;
create unique index invitations_are_pending_once on public.organization_invitations (organization_id, email)
where accepted_at is null and declined_at is null and revoked_at is null;
create index organization_invitations_created_idx on public.organization_invitations (organization_id, created_at, id);
create index organization_invitations_email_idx on public.organization_invitations (email);
create index organization_invitations_invited_by_idx on public.organization_invitations (invited_by);
create index organization_invitations_accepted_by_idx on public.organization_invitations (accepted_by);
comment on table public.organization_invitations is
    'Who was asked to join which organization, and what became of it. The token''s hash lives in tenancy.';
comment on column public.organization_invitations.email is 'Null: a link, for whoever has it.';
comment on column public.organization_invitations.max_uses is 'How many may join by it; null: as many as there are seats.';
comment on column public.organization_invitations.allowed_domains is 'Only verified addresses at these domains; null: any.';
comment on column public.organization_invitations.accepted_at is 'When its last use was made; accepted_by made it.';

insert into tenancy.spanning_tables (table_schema, table_name, reason, read_rule) values
    (
        'public', 'organization_invitations', 'admins see those of all their organizations',
        'organization_id = any ((select tenancy.member_organization_ids(''admin''))::uuid[])'
    );


-- A secret has its own table: withholding one column of a table would break select=*.
create table tenancy.invitation_tokens (
    invitation_id uuid primary key references public.organization_invitations (id) on delete cascade,
    token_hash bytea not null unique
);
comment on table tenancy.invitation_tokens is 'SHA-256 of the token of each invitation that can still be used.';


create function tenancy.new_invitation_token(p_invitation_id uuid)
returns text
language plpgsql
set search_path = ''
as $$
declare
    -- Two random uuids carry 244 bits from the server's cryptographic generator.
    v_token text := 'inv_' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
    insert into tenancy.invitation_tokens as t (invitation_id, token_hash)
    values (p_invitation_id, sha256(convert_to(v_token, 'UTF8')))
    on conflict (invitation_id) do update set token_hash = excluded.token_hash;
    return v_token;
end
$$;
comment on function tenancy.new_invitation_token(uuid) is
    'A fresh token for an invitation; the one before it dies. Only its hash is kept: the answer is the only copy.';


create function tenancy.to_invitation(p_invitation public.organization_invitations)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(p_invitation) - 'valid_for' || jsonb_build_object(
        'kind', case when p_invitation.email is null then 'link' else 'email' end,
        'status', case
            when p_invitation.accepted_at is not null then 'accepted'
            when p_invitation.declined_at is not null then 'declined'
            when p_invitation.revoked_at is not null then 'revoked'
            when p_invitation.expires_at <= now() then 'expired'
            else 'pending'
        end
    );
end
$$;
comment on function tenancy.to_invitation(public.organization_invitations) is 'An invitation as an admin reads it, with its status.';


create function tenancy.to_host(p_organization public.organizations)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'name', p_organization.name, 'branding', coalesce(p_organization.settings -> 'branding', '{}')
    );
end
$$;
comment on function tenancy.to_host(public.organizations) is 'What somebody who is not yet a member may see of an organization.';


create function tenancy.issue_invitation(p_invitation public.organization_invitations)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'invitation', tenancy.to_invitation(p_invitation),
        'organization', (select tenancy.to_host(o) from public.organizations as o where o.id = p_invitation.organization_id),
        'inviter', (
            select jsonb_build_object('full_name', p.full_name, 'email', p.email)
            from public.profiles as p where p.id = auth.uid()
        ),
        'token', tenancy.new_invitation_token(p_invitation.id)
    );
end
$$;
comment on function tenancy.issue_invitation(public.organization_invitations) is
    'The answer that carries an invitation''s token, and what its mail needs to say.';


create function tenancy.to_recorded_invitation(p_invitation public.organization_invitations)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(p_invitation) - array['id', 'organization_id', 'valid_for', 'created_at', 'uses', 'accepted_by'];
end
$$;
comment on function tenancy.to_recorded_invitation(public.organization_invitations) is
    'An invitation as the audit log remembers it.';


create function tenancy.record_invitation()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_old jsonb := case when tg_op <> 'INSERT' then tenancy.to_recorded_invitation(old) end;
    v_new jsonb := case when tg_op <> 'DELETE' then tenancy.to_recorded_invitation(new) end;
    v_action text := case
        when tg_op = 'INSERT' then 'invitation.created'
        when tg_op = 'DELETE' then 'invitation.removed'
        when old.accepted_at is null and new.accepted_at is not null then 'invitation.accepted'
        when old.declined_at is null and new.declined_at is not null then 'invitation.declined'
        when old.revoked_at is null and new.revoked_at is not null then 'invitation.revoked'
        when old.last_sent_at <> new.last_sent_at then 'invitation.resent'
        -- An account that goes takes its name with it; that changes nothing about the invitation.
        when v_old - 'invited_by' <> v_new - 'invited_by' then 'invitation.changed'
    end;
begin
    if tenancy.entries_are_held() or v_action is null
        or not exists (select 1 from public.organizations as o where o.id = coalesce(new.organization_id, old.organization_id))
    then
        return null;
    end if;
    perform tenancy.record(
        coalesce(new.organization_id, old.organization_id),
        v_action,
        'invitation',
        coalesce(new.id, old.id),
        case when tg_op = 'UPDATE' then tenancy.differences(v_old, v_new) else v_old end,
        case when tg_op = 'UPDATE' then tenancy.differences(v_new, v_old) else v_new end
    );
    return null;
end
$$;
comment on function tenancy.record_invitation() is 'Writes the entry of a change to an invitation.';

create trigger record_invitation after insert or update or delete on public.organization_invitations
for each row execute function tenancy.record_invitation();


revoke execute on all functions in schema tenancy from public;

revoke all on public.organization_invitations from public, anon, authenticated, service_role;
grant select on public.organization_invitations to authenticated;
grant select, insert, update, delete on public.organization_invitations to service_role;

create policy organization_invitations_select on public.organization_invitations for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids('admin'))::uuid[]));
