-- A retry of a request that made something: the database answers it, from what it stored in the transaction of the first
-- one. Who asks for that sends a key; the functions hand it on with what else tells a retry from another request, in the
-- headers x-idempotency-key, -route, -organization and -fingerprint (docs/decisions/0014).

create extension if not exists pgcrypto with schema extensions;


-- An answer can hold a secret that is stored nowhere else, such as the token of an invitation. So it is encrypted, with a
-- key that only who sends the idempotency key again can make: of that one, a hash is stored.
create table tenancy.idempotency_keys (
    id uuid primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    organization_id uuid,
    route text not null,
    key_hash bytea not null,
    fingerprint text not null,
    answer bytea not null,
    about uuid[] not null,
    created_at timestamptz not null default now(),
    constraint idempotency_keys_are_used_once unique nulls not distinct (user_id, key_hash, route, organization_id),
    constraint idempotency_keys_hash_is_sha256 check (length(key_hash) = 32)
);
create index idempotency_keys_created_at_idx on tenancy.idempotency_keys (created_at);
comment on table tenancy.idempotency_keys is
    'What requests with an idempotency key were answered, for 24 hours: by caller, key, route and organization.';
comment on column tenancy.idempotency_keys.fingerprint is 'SHA-256 of the request: another one under the same key is a mistake.';
comment on column tenancy.idempotency_keys.answer is
    'AES-256 of the answer, under SHA-256 of the idempotency key and the id of the row.';
comment on column tenancy.idempotency_keys.about is
    'Organizations that the caller could see when this was answered: who can no longer is told nothing of them.';


create function tenancy.idempotency_scope(
    out key text,
    out user_id uuid,
    out organization_id uuid,
    out route text,
    out key_hash bytea,
    out fingerprint text
)
returns record
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_headers json := nullif(current_setting('request.headers', true), '')::json;
begin
    key := v_headers ->> 'x-idempotency-key';
    if key is null then
        return;
    end if;
    user_id := tenancy.require_caller();
    route := v_headers ->> 'x-idempotency-route';
    fingerprint := v_headers ->> 'x-idempotency-fingerprint';
    if length(key) not between 16 and 255
        or coalesce(length(route), 0) not between 1 and 200
        or coalesce(fingerprint, '') !~ '^[0-9a-f]{64}$'
        or v_headers ->> 'x-idempotency-organization' !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
    then
        perform tenancy.refuse(
            'invalid_header', 'x-idempotency-key needs 16 to 255 characters, and the route and the fingerprint of the request beside it.'
        );
    end if;
    organization_id := (v_headers ->> 'x-idempotency-organization')::uuid;
    key_hash := sha256(convert_to(key, 'UTF8'));
end
$$;
comment on function tenancy.idempotency_scope() is
    'Within what the idempotency key of this request is one; all null without a key. Raises unauthenticated, invalid_header.';


create function tenancy.idempotency_secret(p_key text, p_id uuid)
returns bytea
language plpgsql immutable
set search_path = ''
as $$
begin
    return sha256(convert_to(p_key || p_id, 'UTF8'));
end
$$;
comment on function tenancy.idempotency_secret(text, uuid) is 'What the answer of a row is encrypted with; another one for each row.';


create function tenancy.replayed_text()
returns text
language plpgsql security definer
set search_path = ''
as $$
declare
    v_scope record := tenancy.idempotency_scope();
    v_kept tenancy.idempotency_keys;
begin
    if v_scope.key is null then
        return null;
    end if;
    -- Of requests with the same key at the same moment one goes on, and the others are told at once: nobody waits, and
    -- nobody finds no row because the first one has not committed. Whoever gets the lock sees what its last holder stored.
    if not pg_try_advisory_xact_lock(
        hashtextextended((v_scope.user_id, v_scope.key_hash, v_scope.route, v_scope.organization_id)::text, 0)
    ) then
        perform tenancy.refuse(
            'idempotency_in_progress', 'A request with this Idempotency-Key is still running.', '{"retry_after": 1}'
        );
    end if;
    select * into v_kept
    from tenancy.idempotency_keys as k
    where k.user_id = v_scope.user_id and k.key_hash = v_scope.key_hash and k.route = v_scope.route
        and k.organization_id is not distinct from v_scope.organization_id;
    if not found then
        return null;
    elsif v_kept.created_at <= now() - interval '24 hours' then
        -- Its time is over, whether or not somebody has tidied up since.
        delete from tenancy.idempotency_keys as k where k.id = v_kept.id;
        return null;
    elsif v_kept.fingerprint <> v_scope.fingerprint then
        perform tenancy.refuse(
            'idempotency_key_reused', 'This Idempotency-Key came with another request before. Use a new key for a new request.'
        );
    elsif not v_kept.about <@ tenancy.visible_organization_ids() then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    end if;
    perform set_config(
        'response.headers',
        (coalesce(nullif(current_setting('response.headers', true), ''), '[]')::jsonb || '[{"idempotent-replayed": "true"}]')::text,
        true
    );
    return convert_from(
        extensions.decrypt(v_kept.answer, tenancy.idempotency_secret(v_scope.key, v_kept.id), 'aes'), 'UTF8'
    );
end
$$;
comment on function tenancy.replayed_text() is 'See tenancy.replayed(); the answer to the letter.';


create function tenancy.replayed()
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    return tenancy.replayed_text()::jsonb;
end
$$;
comment on function tenancy.replayed() is
    'What this request was answered before, under its idempotency key; the answer has the header idempotent-replayed then. Null:
go on, and pass the answer to kept(). Raises idempotency_in_progress, idempotency_key_reused, unauthenticated, invalid_header,
not_found (an organization that the answer is about and the caller no longer sees).';


create function tenancy.keep(p_answer text, p_organization_id uuid)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
    v_scope record := tenancy.idempotency_scope();
    v_id uuid := gen_random_uuid();
begin
    if v_scope.key is null then
        return;
    end if;
    insert into tenancy.idempotency_keys (id, user_id, organization_id, route, key_hash, fingerprint, answer, about)
    values (
        v_id, v_scope.user_id, v_scope.organization_id, v_scope.route, v_scope.key_hash, v_scope.fingerprint,
        extensions.encrypt(convert_to(p_answer, 'UTF8'), tenancy.idempotency_secret(v_scope.key, v_id), 'aes'),
        array(
            select o.id from unnest(tenancy.visible_organization_ids()) as o (id)
            where o.id in (p_organization_id, v_scope.organization_id)
        )
    );
end
$$;
comment on function tenancy.keep(text, uuid) is 'Stores what a request with an idempotency key is answered, and about which organization.';


create function tenancy.kept(p_answer jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    perform tenancy.keep(p_answer::text, (p_answer #>> '{organization,id}')::uuid);
    return p_answer;
end
$$;
comment on function tenancy.kept(jsonb) is
    'The answer, stored for a retry if the request has an idempotency key: in its own transaction, so that what is refused
or fails leaves the key free. An entry point ends in: return coalesce(tenancy.replayed(), tenancy.kept(…)).';


create function tenancy.kept(p_answer text)
returns text
language plpgsql security definer
set search_path = ''
as $$
begin
    perform tenancy.keep(p_answer, tenancy.current_organization_id());
    return p_answer;
end
$$;
comment on function tenancy.kept(text) is 'See tenancy.kept(jsonb); for rows of the organization in which the request acts, to the letter.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.replayed_text(),
    tenancy.replayed(),
    tenancy.kept(jsonb),
    tenancy.kept(text)
to authenticated;
