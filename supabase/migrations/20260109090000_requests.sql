-- What all entry points share. Their answers are whole HTTP answers and each change is one transaction; the functions in
-- public are security invoker and only hand over to the engine.

create function tenancy.require_caller()
returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := auth.uid();
begin
    if v_user_id is null or not tenancy.is_in_good_standing(v_user_id) then
        perform tenancy.refuse('unauthenticated', 'Sign in first.');
    end if;
    return v_user_id;
end
$$;
comment on function tenancy.require_caller() is 'The signed-in person. Raises unauthenticated.';


create function tenancy.require_role(
    p_organization_id uuid,
    p_min_role public.organization_role,
    p_for_write boolean default true
)
returns public.organization_role
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_user_id uuid := tenancy.require_caller();
    v_role public.organization_role;
begin
    select ou.role into v_role
    from public.organization_users as ou
    join public.organizations as o on o.id = ou.organization_id
    where ou.user_id = v_user_id and ou.organization_id = p_organization_id
        and ou.suspended_at is null and o.deleted_at is null;
    if v_role is null then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    elsif v_role < p_min_role then
        perform tenancy.refuse('forbidden', format('This needs the role %s or above in the organization.', p_min_role));
    elsif p_for_write then
        perform tenancy.require_state(p_organization_id, 'write');
    end if;
    return v_role;
end
$$;
comment on function tenancy.require_role(uuid, public.organization_role, boolean) is
    'The caller''s role in a live organization. Raises unauthenticated, not_found, forbidden, organization_suspended.';


create function tenancy.hold_account(p_user_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
    perform 1 from auth.users as u where u.id = p_user_id for share;
end
$$;
comment on function tenancy.hold_account(uuid) is
    'Keeps an account from being closed, banned or deleted until the transaction ends. Call it before an organization is locked:
whoever deletes an account has its row first and the organizations after it.';


create function tenancy.require_role_to_change(
    p_organization_id uuid,
    p_min_role public.organization_role,
    p_for_write boolean default true
)
returns public.organization_role
language plpgsql
set search_path = ''
as $$
begin
    perform tenancy.require_role(p_organization_id, p_min_role, p_for_write);
    perform tenancy.hold_account(auth.uid());
    -- The organization row is the lock for everything about its people. What was true before the wait need not be true
    -- any more.
    perform 1 from public.organizations as o where o.id = p_organization_id for no key update;
    return tenancy.require_role(p_organization_id, p_min_role, p_for_write);
end
$$;
comment on function tenancy.require_role_to_change(uuid, public.organization_role, boolean) is
    'The caller''s role, with the organization locked against other changes of its people until the transaction ends.
Raises unauthenticated, not_found, forbidden, organization_suspended.';


create function tenancy.to_organization(p_organization public.organizations, p_role public.organization_role)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(p_organization) || jsonb_build_object('role', p_role);
end
$$;
comment on function tenancy.to_organization(public.organizations, public.organization_role) is
    'An organization as its member reads it: the row, and the member''s role.';


-- Cursors: the last row's time in microseconds and its id, opaque to clients.
create function tenancy.to_cursor(p_time timestamptz, p_id uuid)
returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    return translate(
        encode(convert_to((extract(epoch from p_time) * 1000000)::bigint || ':' || p_id, 'UTF8'), 'base64'),
        E'+/=\n', '-_'
    );
end
$$;
comment on function tenancy.to_cursor(timestamptz, uuid) is 'A page cursor for lists ordered by a time and an id.';


create function tenancy.from_cursor(p_cursor text, out after_time timestamptz, out after_id uuid)
returns record
language plpgsql stable
set search_path = ''
as $$
declare
    v_text text;
begin
    if p_cursor is null then
        after_time := '-infinity';
        after_id := '00000000-0000-0000-0000-000000000000';
        return;
    end if;
    v_text := translate(p_cursor, '-_', '+/');
    v_text := convert_from(decode(rpad(v_text, (length(v_text) + 3) / 4 * 4, '='), 'base64'), 'UTF8');
    after_time := timestamptz 'epoch' + split_part(v_text, ':', 1)::bigint * interval '1 microsecond';
    after_id := split_part(v_text, ':', 2)::uuid;
exception when data_exception then
    perform tenancy.refuse('validation_failed', 'The cursor is not one that a list answered with.');
end
$$;
comment on function tenancy.from_cursor(text) is 'Where a list goes on; its beginning for null. Raises validation_failed.';


create function tenancy.require_page_limit(p_limit integer)
returns integer
language plpgsql stable
set search_path = ''
as $$
begin
    if p_limit is null or p_limit not between 1 and 100 then
        perform tenancy.refuse('validation_failed', 'A page has between 1 and 100 entries.');
    end if;
    return p_limit;
end
$$;
comment on function tenancy.require_page_limit(integer) is 'A page size of 1 to 100. Raises validation_failed.';


create function tenancy.to_page(p_name text, p_limit integer, p_items jsonb[], p_times timestamptz[], p_ids uuid[])
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        p_name, coalesce(to_jsonb(p_items[:p_limit]), '[]'),
        'next_cursor', case when cardinality(p_items) > p_limit then tenancy.to_cursor(p_times[p_limit], p_ids[p_limit]) end
    );
end
$$;
comment on function tenancy.to_page(text, integer, jsonb[], timestamptz[], uuid[]) is
    'A page of a list, and where the next one begins. Give it one item more than the page has room for, if there is one, with
the time and the id that order the list.';


revoke execute on all functions in schema tenancy from public;
