-- Rows carry their organization and their author, and keep them.

-- Once per statement, not once per row: the column defaults read what is set here. Policies never trust it.
create function tenancy.stamp()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_user_id uuid := auth.uid();
    v_organization_id uuid;
begin
    if v_user_id is not null then
        v_organization_id := tenancy.current_organization_id('member', true);
    else
        -- A secret key or the database owner acts for nobody: only a header can say which organization is meant.
        v_organization_id := tenancy.requested_organization_id();
    end if;
    perform set_config('tenancy.organization_id', coalesce(v_organization_id::text, ''), true),
        set_config('tenancy.user_id', coalesce(v_user_id::text, ''), true);
    return null;
end
$$;
comment on function tenancy.stamp() is
    'Before each insert: who writes, and for which organization. Raises what current_organization_id() raises for a write.';


create function tenancy.refuse_move()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    -- The one change there is: an account goes, and its foreign key empties user_id.
    if new.id = old.id and new.organization_id = old.organization_id
        and to_jsonb(new) ->> 'user_id' is null
        and not exists (select 1 from auth.users as u where u.id = (to_jsonb(old) ->> 'user_id')::uuid)
    then
        return new;
    end if;
    raise exception using
        errcode = 'insufficient_privilege',
        message = format('A row of %I never changes its id, its organization or its author.', tg_table_name),
        hint = 'forbidden';
end
$$;
comment on function tenancy.refuse_move() is
    'Keeps id, organization_id and user_id as they were stamped, until the account behind user_id is gone.';


revoke execute on all functions in schema tenancy from public;
