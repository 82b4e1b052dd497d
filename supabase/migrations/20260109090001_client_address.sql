-- Who asks, by address. Most requests come through functions, so that the gateway in front of the Data API sees the address
-- of the functions: they pass on the one that they saw, signed with a secret that only they and the database know.

create extension if not exists pgcrypto with schema extensions;

create table tenancy.secrets (
    name text primary key,
    value text not null,
    constraint secrets_are_not_guessed check (length(value) >= 32)
);
comment on table tenancy.secrets is
    'Keys that nobody else has. Row `functions`: what the database shares with its functions, FUNCTIONS_SECRET of their environment.
Row `deletion_records`: the database''s own, which signs those.';

create table tenancy.settings (
    name text primary key,
    value text not null,
    about text not null,
    constraint settings_trusted_proxies_is_a_count check (name <> 'trusted_proxies' or value ~ '^[0-9]$')
);
comment on table tenancy.settings is 'What depends on where the database runs. Change a value with SQL; it holds at once.';

insert into tenancy.settings (name, value, about) values (
    'trusted_proxies', '1',
    'How many proxies in front of the Data API add to x-forwarded-for what they see. Whatever stands before their entries is '
    || 'the client''s own words.'
);


create function tenancy.is_signed_by_functions(p_statement text, p_signature text)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return exists (
        select 1
        from tenancy.secrets as s
        where s.name = 'functions'
            -- Hashes of both: how long a comparison takes tells nothing about the right signature.
            and sha256(convert_to(encode(extensions.hmac(p_statement, s.value, 'sha256'), 'hex'), 'UTF8'))
                = sha256(convert_to(p_signature, 'UTF8'))
    );
end
$$;
comment on function tenancy.is_signed_by_functions(text, text) is
    'Whether a statement carries the signature of our functions: HMAC-SHA256 in hexadecimal under the secret that they share
with the database. False for everything while there is no secret.';


create function tenancy.to_address(p_text text)
returns inet
language plpgsql immutable strict
set search_path = ''
as $$
declare
    v_text text := lower(btrim(p_text, e' \t'));
    v_address inet;
begin
    -- Some proxies add the port.
    v_text := coalesce(
        substring(v_text from '^\[([0-9a-f:.]+)\](?::[0-9]{1,5})?$'),
        substring(v_text from '^([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+):[0-9]{1,5}$'),
        v_text
    );
    if v_text !~ '^[0-9a-f:.]{2,45}$' or not pg_input_is_valid(v_text, 'inet') then
        return null;
    end if;
    v_address := v_text::inet;
    if family(v_address) = 6 and v_address << inet '::ffff:0.0.0.0/96' then
        v_address := inet '0.0.0.0' + (v_address - inet '::ffff:0.0.0.0');
    end if;
    return v_address;
end
$$;
comment on function tenancy.to_address(text) is
    'An address as proxies write it, without its port, IPv4 as such; null for anything else.';


create function tenancy.client_address()
returns inet
language plpgsql stable
set search_path = ''
as $$
declare
    v_headers json := nullif(current_setting('request.headers', true), '')::json;
    v_address text := v_headers ->> 'x-client-address';
    v_time text := split_part(v_headers ->> 'x-client-signature', '.', 1);
    v_forwarded text[] := string_to_array(v_headers ->> 'x-forwarded-for', ',');
begin
    -- Without a secret nobody can tell a request of our functions, behind which anybody may be, from one of a client.
    if not exists (select 1 from tenancy.secrets as s where s.name = 'functions') then
        return null;
    end if;
    if v_address is not null and v_time ~ '^[0-9]{1,12}$' then
        if abs(extract(epoch from now()) - v_time::bigint) <= 60 and tenancy.is_signed_by_functions(
            concat_ws(e'\n', 'client-address', v_address, coalesce(v_headers ->> 'x-request-id', ''), v_time),
            split_part(v_headers ->> 'x-client-signature', '.', 2)
        ) then
            return tenancy.to_address(v_address);
        end if;
    end if;
    -- A client that claims an address without our signature is whoever the gateway saw.
    return tenancy.to_address(v_forwarded[
        cardinality(v_forwarded) + 1 - (select nullif(s.value::integer, 0) from tenancy.settings as s where s.name = 'trusted_proxies')
    ]);
end
$$;
comment on function tenancy.client_address() is
    'The address of whoever makes this request: the one that our functions signed for it within the last minute, else the one
that the outermost trusted proxy of the Data API saw. Null when it is unknown.';


create function tenancy.to_address_key(p_address inet)
returns text
language plpgsql immutable strict
set search_path = ''
as $$
begin
    -- Whoever has one IPv6 address has the 2^64 of its network.
    return case family(p_address) when 6 then network(set_masklen(p_address, 64))::text else host(p_address) end;
end
$$;
comment on function tenancy.to_address_key(inet) is
    'What addresses of one client have in common: the address itself for IPv4, the /64 network for IPv6.';


revoke execute on all functions in schema tenancy from public;
