-- What follows a sign-up, once the person's address is confirmed: the organization that they named is founded, once.
-- What people say of themselves (user_metadata) is read as a name and as nothing else.

create table tenancy.sign_ups (
    user_id uuid primary key references auth.users (id) on delete cascade,
    organization_id uuid references public.organizations (id) on delete set null,
    processed_at timestamptz not null default now()
);
create index sign_ups_organization_idx on tenancy.sign_ups (organization_id);
comment on table tenancy.sign_ups is 'Whose sign-up has been dealt with, and the organization that it founded. One row per person, ever.';


create function tenancy.named_organization(p_user_metadata jsonb)
returns text
language sql immutable
set search_path = ''
as $$
    select n.name
    from (
        select regexp_replace(p_user_metadata ->> 'organization_name', '^\s+|\s+$', '', 'g') as name
        where jsonb_typeof(p_user_metadata -> 'organization_name') = 'string'
    ) as n
    where char_length(n.name) between 1 and 100 and tenancy.is_readable_line(n.name)
$$;
comment on function tenancy.named_organization(jsonb) is
    'The organization that somebody named when signing up; null for none and for what can''t be a name.';


create function tenancy.process_sign_up(p_user_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_email text;
    v_name text;
    v_organization_id uuid;
    v_is_new boolean;
begin
    -- The message only says whose sign-up it is; everything else is what Auth has of them now. The lock keeps the account
    -- from going meanwhile.
    select tenancy.to_mailbox(u.email), tenancy.named_organization(u.raw_user_meta_data) into v_email, v_name
    from auth.users as u
    where u.id = p_user_id and u.email is not null and u.email_confirmed_at is not null
        and tenancy.is_in_good_standing(u.id)
    for key share;
    if not found then
        -- Gone, or not confirmed yet: the confirmation will say so once more.
        return jsonb_build_object('processed', false, 'organization_id', null, 'invitations', 0);
    end if;

    -- The row is the lock: of deliveries at the same moment one inserts it, and the others wait for what it did.
    insert into tenancy.sign_ups (user_id) values (p_user_id) on conflict (user_id) do nothing;
    v_is_new := found;
    if v_is_new and v_name is not null then
        perform set_config('tenancy.on_behalf_of', p_user_id::text, true);
        v_organization_id := (tenancy.found_organization(p_user_id, v_name, null, null, null, null)).id;
        update tenancy.sign_ups as s set organization_id = v_organization_id where s.user_id = p_user_id;
    end if;

    return jsonb_build_object(
        'processed', v_is_new,
        'organization_id', (select s.organization_id from tenancy.sign_ups as s where s.user_id = p_user_id),
        'invitations', (select count(*) from tenancy.invitations_for(v_email))
    );
end
$$;
comment on function tenancy.process_sign_up(uuid) is 'See public.process_sign_up().';


create function tenancy.queue_sign_up()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform tenancy.queue_event('user.confirmed', new.id::text, jsonb_build_object(
        'type', tg_op, 'schema', 'auth', 'table', 'users', 'record', jsonb_build_object('id', new.id), 'old_record', null
    ));
    return null;
exception when others then
    -- Nobody is kept from signing up because something else can't be told.
    raise warning 'the sign-up of % was not queued: %', new.id, sqlerrm;
    return null;
end
$$;
comment on function tenancy.queue_sign_up() is
    'Tells the function signup-webhook, in the form of a database webhook, that somebody who named an organization has
confirmed their address.';

-- Only who named an organization has something waiting; invitations are offered to everybody who asks for theirs.
create trigger queue_sign_up_on_insert after insert on auth.users
for each row when (
    new.email_confirmed_at is not null and new.raw_user_meta_data ->> 'organization_name' is not null
)
execute function tenancy.queue_sign_up();

create trigger queue_sign_up_on_update after update of email_confirmed_at on auth.users
for each row when (
    old.email_confirmed_at is null and new.email_confirmed_at is not null
    and new.raw_user_meta_data ->> 'organization_name' is not null
)
execute function tenancy.queue_sign_up();


create function public.process_sign_up(user_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.process_sign_up(user_id);
end
$$;
comment on function public.process_sign_up(uuid) is
    'What follows a confirmed sign-up, once: the organization named in it is founded. For the function signup-webhook, with
the secret key. {processed, organization_id, invitations}: how many invitations wait for the address.';


revoke execute on all functions in schema tenancy from public;
grant execute on function tenancy.process_sign_up(uuid) to service_role;

revoke execute on function public.process_sign_up(uuid) from public, anon, authenticated, service_role;
grant execute on function public.process_sign_up(uuid) to service_role;
