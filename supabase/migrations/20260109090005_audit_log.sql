-- What changed in an organization, who did it and when: written in the transaction of the change, never altered, and each
-- entry chained to the one before it.
--
-- Row triggers write the entry of a change, so that a change past the entry points leaves one too. What changes several
-- rows at once holds their entries back and records itself, once.

create table public.audit_log (
    id uuid primary key default gen_random_uuid(),
    -- No foreign keys: entries outlive what they tell of.
    organization_id uuid not null,
    position bigint not null,
    occurred_at timestamptz not null,
    actor_type text not null,
    actor_id uuid,
    actor_email text,
    on_behalf_of uuid,
    action text not null,
    object_type text not null,
    object_id uuid not null,
    before jsonb,
    after jsonb,
    request_id text,
    address inet,
    hash text not null,
    constraint audit_log_has_one_entry_at_a_position unique (organization_id, position),
    constraint audit_log_positions_count_from_1 check (position >= 1),
    constraint audit_log_actor_is_known check (actor_type in ('user', 'service', 'system')),
    constraint audit_log_users_have_an_id check (actor_type <> 'user' or actor_id is not null),
    constraint audit_log_entries_tell_a_change check (before is distinct from after),
    -- Inside an entry, as hashes see it, a JSON null could not be told from none.
    constraint audit_log_before_is_an_object check (jsonb_typeof(before) = 'object'),
    constraint audit_log_after_is_an_object check (jsonb_typeof(after) = 'object')
);
alter table public.audit_log enable row level security;
alter table public.audit_log force row level security;
-- Each ends in the order in which lists are read, so that a page of a long log is found without sorting it.
create index audit_log_actor_idx on public.audit_log (organization_id, actor_id, position);
create index audit_log_object_idx on public.audit_log (organization_id, object_id, position);
create index audit_log_action_idx on public.audit_log (organization_id, action, position);
create index audit_log_occurred_idx on public.audit_log (organization_id, occurred_at, position);
comment on table public.audit_log is
    'Who changed what in an organization, its people, plan or settings. Append-only; position and hash chain the entries of
each organization (tenancy.verify_audit()).';
comment on column public.audit_log.actor_type is
    'user: a signed-in person. service: the secret key. system: the database owner, the auth server or a schedule.';
comment on column public.audit_log.occurred_at is 'Never earlier than the entry before it, even where a clock was set back.';
comment on column public.audit_log.before is 'What was there and is not any more; only what changed. Never a secret.';

insert into tenancy.spanning_tables (table_schema, table_name, reason, read_rule, service_commands) values
    (
        'public', 'audit_log', 'admins see that of all their organizations',
        'organization_id = any ((select tenancy.member_organization_ids(''admin''))::uuid[])', '{SELECT}'
    );


-- Where the chain of each organization ends: what is cut off its end shows.
create table tenancy.audit_heads (
    organization_id uuid primary key,
    position bigint not null,
    occurred_at timestamptz not null,
    hash text not null
);
comment on table tenancy.audit_heads is 'The last entry of each organization''s audit log.';


create function tenancy.refuse_to_rewrite()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise exception using errcode = 'insufficient_privilege', message = 'The audit log is append-only.';
end
$$;
comment on function tenancy.refuse_to_rewrite() is 'Keeps the audit log append-only, for the database owner too. Raises 42501.';

create trigger refuse_to_rewrite before update or delete or truncate on public.audit_log
for each statement execute function tenancy.refuse_to_rewrite();
-- Also in a session that plays a replica, in which other triggers rest.
alter table public.audit_log enable always trigger refuse_to_rewrite;


create function tenancy.entry_hash(p_previous text, p_entry public.audit_log)
returns text
language plpgsql stable
set search_path = ''
as $$
begin
    -- Column by column, so that one that is added later leaves the hashes of what is there as they are; and the time as a
    -- number, because its text depends on the session.
    return encode(sha256(convert_to(
        p_previous || jsonb_build_array(
            p_entry.id, p_entry.organization_id, p_entry.position, extract(epoch from p_entry.occurred_at),
            p_entry.actor_type, p_entry.actor_id, p_entry.actor_email, p_entry.on_behalf_of,
            p_entry.action, p_entry.object_type, p_entry.object_id, p_entry.before, p_entry.after,
            p_entry.request_id, p_entry.address
        )::text,
        'UTF8'
    )), 'hex');
end
$$;
comment on function tenancy.entry_hash(text, public.audit_log) is
    'SHA-256, as hex, of the hash before an entry followed by a JSON array of its columns but the hash, as jsonb spells it.';


create function tenancy.hold_entries()
returns void
language plpgsql
set search_path = ''
as $$
begin
    perform set_config('tenancy.entries', 'held', true);
end
$$;
comment on function tenancy.hold_entries() is 'From here to tenancy.record(), row triggers write no entries: the whole is one.';


create function tenancy.entries_are_held()
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return coalesce(current_setting('tenancy.entries', true), '') = 'held';
end
$$;
comment on function tenancy.entries_are_held() is 'Whether an entry of several changes is under way.';


create function tenancy.record(
    p_organization_id uuid,
    p_action text,
    p_object_type text,
    p_object_id uuid,
    p_before jsonb,
    p_after jsonb
)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
    v_role text := current_setting('role', true);
    v_user_id uuid := auth.uid();
    v_entry public.audit_log;
    v_previous text;
begin
    perform set_config('tenancy.entries', '', true);
    if p_before is not distinct from p_after then
        return;
    end if;
    -- The row lock keeps entries of one organization in one order until their transactions are over.
    insert into tenancy.audit_heads as h (organization_id, position, occurred_at, hash)
    values (p_organization_id, 1, clock_timestamp(), '')
    on conflict (organization_id) do update
    set position = h.position + 1, occurred_at = greatest(h.occurred_at, clock_timestamp())
    returning h.position, h.occurred_at, h.hash into v_entry.position, v_entry.occurred_at, v_previous;
    v_entry.id := gen_random_uuid();
    v_entry.organization_id := p_organization_id;
    v_entry.actor_type := case
        when v_role = 'service_role' then 'service'
        when v_role = 'authenticated' and v_user_id is not null then 'user'
        else 'system'
    end;
    if v_entry.actor_type = 'user' then
        v_entry.actor_id := v_user_id;
        v_entry.actor_email := (select u.email from auth.users as u where u.id = v_user_id);
    else
        v_entry.on_behalf_of := coalesce(nullif(current_setting('tenancy.on_behalf_of', true), '')::uuid, v_user_id);
    end if;
    v_entry.action := p_action;
    v_entry.object_type := p_object_type;
    v_entry.object_id := p_object_id;
    v_entry.before := p_before;
    v_entry.after := p_after;
    v_entry.request_id := left(nullif(current_setting('request.headers', true), '')::json ->> 'x-request-id', 200);
    v_entry.address := tenancy.client_address();
    v_entry.hash := tenancy.entry_hash(v_previous, v_entry);
    insert into public.audit_log values (v_entry.*);
    update tenancy.audit_heads as h set hash = v_entry.hash where h.organization_id = p_organization_id;
end
$$;
comment on function tenancy.record(uuid, text, text, uuid, jsonb, jsonb) is
    'Writes an entry, unless nothing changed. Whoever the request is by is the actor; the setting tenancy.on_behalf_of says in
whose name a service or the system acts.';


create function tenancy.differences(p_of jsonb, p_from jsonb)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_object_agg(o.key, o.value), '{}')
        from jsonb_each(p_of) as o
        where o.value is distinct from p_from -> o.key
    );
end
$$;
comment on function tenancy.differences(jsonb, jsonb) is 'What an object has that another has not, or has otherwise.';


create function tenancy.record_organization()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - array['created_at', 'updated_at'] end;
    v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - array['created_at', 'updated_at'] end;
begin
    if tenancy.entries_are_held() then
        return null;
    elsif tg_op = 'UPDATE' and v_old = v_new then
        return null;
    end if;
    perform tenancy.record(
        coalesce(new.id, old.id),
        case
            when tg_op = 'INSERT' then 'organization.created'
            when tg_op = 'DELETE' then 'organization.purged'
            when old.deleted_at is null and new.deleted_at is not null then 'organization.deleted'
            when old.deleted_at is not null and new.deleted_at is null then 'organization.restored'
            when old.subscription_status <> new.subscription_status then 'organization.status_changed'
            when old.subscription_tier <> new.subscription_tier then 'organization.plan_changed'
            else 'organization.updated'
        end,
        'organization',
        coalesce(new.id, old.id),
        case when tg_op = 'UPDATE' then tenancy.differences(v_old, v_new) else v_old end,
        case when tg_op = 'UPDATE' then tenancy.differences(v_new, v_old) else v_new end
    );
    return null;
end
$$;
comment on function tenancy.record_organization() is 'Writes the entry of a change to an organization.';

create trigger record_organization after insert or delete on public.organizations
for each row execute function tenancy.record_organization();

-- Locks are taken by updates that change nothing.
create trigger record_organization_change after update on public.organizations
for each row when (old.* is distinct from new.*)
execute function tenancy.record_organization();


create function tenancy.verify_audit(p_organization_id uuid)
returns table (at_position bigint, fault text)
language sql stable security definer
set search_path = ''
as $$
    with entries as (
        select
            a.position,
            a.hash,
            tenancy.entry_hash(coalesce(lag(a.hash) over by_position, ''), a) as expected_hash,
            coalesce(lag(a.position) over by_position, 0) + 1 as expected_position
        from public.audit_log as a
        where a.organization_id = p_organization_id
        window by_position as (order by a.position)
    )
    select e.position, case
        when e.position <> e.expected_position then format('entries %s to %s are missing', e.expected_position, e.position - 1)
        else 'this entry or the one before it is not as it was written'
    end
    from entries as e
    where e.position <> e.expected_position or e.hash <> e.expected_hash
    union all
    select h.position, 'the log does not end as it was written'
    from tenancy.audit_heads as h
    left join public.audit_log as a on a.organization_id = h.organization_id and a.position = h.position
    where h.organization_id = p_organization_id and (
        a.hash is distinct from h.hash
        or exists (select 1 from public.audit_log as l where l.organization_id = h.organization_id and l.position > h.position)
    )
    union all
    select min(e.position), 'the log has no end'
    from entries as e
    where not exists (select 1 from tenancy.audit_heads as h where h.organization_id = p_organization_id)
    having count(*) > 0
    order by 1
$$;
comment on function tenancy.verify_audit(uuid) is
    'Where an organization''s audit log was edited, cut or put in another order; no rows while it is as it was written.';


revoke execute on all functions in schema tenancy from public;

revoke all on public.audit_log from public, anon, authenticated, service_role;
-- Nobody but record() writes.
grant select on public.audit_log to authenticated, service_role;
grant execute on function tenancy.verify_audit(uuid) to service_role;

create policy audit_log_select on public.audit_log for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids('admin'))::uuid[]));
