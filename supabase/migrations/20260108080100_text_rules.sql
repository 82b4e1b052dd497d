-- What names, slugs, addresses, time zones and settings may look like: asked by the checks of tables, and equal to
-- shared/contract.

create function tenancy.reserved_slugs()
returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
    return array[
        'about', 'account', 'admin', 'api', 'app', 'assets', 'auth', 'billing', 'blog', 'contact', 'dashboard', 'docs',
        'help', 'invitations', 'login', 'logout', 'mail', 'new', 'null', 'organization', 'organizations', 'pricing',
        'privacy', 'public', 'root', 'settings', 'signin', 'signout', 'signup', 'static', 'status', 'support', 'system',
        'terms', 'undefined', 'user', 'users', 'well-known', 'www'
    ];
end
$$;
comment on function tenancy.reserved_slugs() is 'Slugs nobody can take, because paths and hosts need them. Equal to shared/contract.';


create function tenancy.is_slug(p_slug text)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    return p_slug ~ '^[a-z0-9][a-z0-9-]{0,48}[a-z0-9]$'
        and p_slug !~ '--'
        and p_slug !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
end
$$;
comment on function tenancy.is_slug(text) is 'The slug grammar: 2 to 50 of a-z, 0-9 and single inner hyphens, and not the shape of a uuid.';


create function tenancy.is_time_zone(p_name text)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    -- Area/Location or UTC: Postgres would also take POSIX rules such as "FOO5", which no client knows.
    if p_name !~ '^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){1,2})$' then
        return false;
    end if;
    perform timestamptz 'epoch' at time zone p_name;
    return true;
exception when invalid_parameter_value then
    return false;
end
$$;
comment on function tenancy.is_time_zone(text) is 'Whether a name is in the IANA time zone database that this server carries.';


create function tenancy.is_readable_line(p_text text)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    -- Controls, line separators, and what turns the direction of writing around: nobody sees what such a name says.
    return p_text = btrim(p_text) and p_text !~ '[[:cntrl:]\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]';
end
$$;
comment on function tenancy.is_readable_line(text) is 'Whether a text is one line that reads as it is written, without space around it.';


create function tenancy.is_email(p_email text)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    return tenancy.is_readable_line(p_email)
        and p_email = lower(p_email)
        and char_length(p_email) <= 254
        and p_email ~ '^[^@,;:<>()"[:space:]]+@[^@,;:<>()"[:space:]]+$';
end
$$;
comment on function tenancy.is_email(text) is 'Whether a text is one e-mail address as we keep them: lower case, at most 254 characters.';


create function tenancy.to_mailbox(p_email text)
returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    -- Only A to Z: other letters, such as the Kelvin sign, would become the a to z of somebody else's address.
    return lower(btrim(p_email) collate "C") collate "default";
end
$$;
comment on function tenancy.to_mailbox(text) is
    'An e-mail address as we keep and compare them. Letters beyond ASCII stay as they are: another letter, another mailbox.';


create function tenancy.to_contact(p_email text)
returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select m.mailbox from (select tenancy.to_mailbox(p_email) as mailbox) as m where tenancy.is_email(m.mailbox)
    );
end
$$;
comment on function tenancy.to_contact(text) is
    'An account''s address where an organization may keep it as its contact; null for one that it may not.';


create function tenancy.is_small_object(p_json jsonb)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    return jsonb_typeof(p_json) = 'object'
        and octet_length(p_json::text) <= 16384
        and not jsonb_path_exists(p_json, 'strict $.**{65 to last}');
end
$$;
comment on function tenancy.is_small_object(jsonb) is 'Whether JSON is an object of at most 16 KiB and 64 levels: what a client can be asked to read.';


create function tenancy.is_domain(p_domain text)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    return char_length(p_domain) <= 253
        and p_domain ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$';
end
$$;
comment on function tenancy.is_domain(text) is
    'Whether a text is a domain as we keep them: lower-case ASCII labels (RFC 1035, internationalized ones as xn--), at least two.';


create function tenancy.are_domains(p_domains text[])
returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
    return cardinality(p_domains) >= 1 and cardinality(p_domains) <= 50
        and (select bool_and(coalesce(tenancy.is_domain(d), false)) from unnest(p_domains) as d);
end
$$;
comment on function tenancy.are_domains(text[]) is 'Whether all of 1 to 50 texts are domains.';


revoke execute on all functions in schema tenancy from public;
-- The checks of public.organizations run as whoever writes the row.
grant execute on function
    tenancy.is_slug(text),
    tenancy.reserved_slugs(),
    tenancy.is_time_zone(text),
    tenancy.is_readable_line(text),
    tenancy.is_email(text),
    tenancy.is_domain(text),
    tenancy.are_domains(text[]),
    tenancy.is_small_object(jsonb)
to service_role;
