-- The life of an organization: trial, active, past_due, suspended, cancelled. tenancy.status_transitions says what may follow
-- what; the trigger holds it for every way in, and tenancy.move_organization() is the one function that moves.

create function tenancy.keep_to_transitions()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_cause text := coalesce(nullif(current_setting('tenancy.cause', true), ''), 'operator');
begin
    if not exists (select 1 from tenancy.organization_states as s where s.status = new.subscription_status) then
        -- Its foreign key refuses it.
        return new;
    elsif not exists (
        select 1 from tenancy.status_transitions as t
        where t.from_status = old.subscription_status and t.to_status = new.subscription_status
            and t.cause = v_cause and old.status_cause = any (t.set_by)
    ) then
        perform tenancy.refuse('conflict', format(
            'An organization that is %s (set by %s) does not become %s by %s.',
            old.subscription_status, old.status_cause, new.subscription_status, v_cause
        ));
    end if;
    new.status_changed_at := now();
    new.status_cause := v_cause;
    return new;
end
$$;
comment on function tenancy.keep_to_transitions() is
    'Lets an organization enter only the states that may follow its own, and notes when and by what it did. Raises conflict.';

create trigger keep_to_transitions before update of subscription_status on public.organizations
for each row when (old.subscription_status is distinct from new.subscription_status)
execute function tenancy.keep_to_transitions();


create function tenancy.move_organization(p_organization_id uuid, p_status text, p_cause text)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
    v_status text;
    v_status_cause text;
    v_transition tenancy.status_transitions;
begin
    select o.subscription_status, o.status_cause into v_status, v_status_cause
    from public.organizations as o
    where o.id = p_organization_id
    for no key update;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    elsif v_status = p_status then
        return false;
    end if;
    select * into v_transition
    from tenancy.status_transitions as t
    where t.from_status = v_status and t.to_status = p_status and t.cause = p_cause;
    if not found then
        perform tenancy.refuse('conflict', format('An organization that is %s does not become %s by %s.', v_status, p_status, p_cause));
    elsif v_status_cause <> all (v_transition.set_by) then
        return false;
    end if;
    perform set_config('tenancy.cause', p_cause, true);
    update public.organizations as o set subscription_status = p_status where o.id = p_organization_id;
    perform set_config('tenancy.cause', '', true);
    return true;
end
$$;
comment on function tenancy.move_organization(uuid, text, text) is
    'Moves an organization to a status; cause: billing, schedule, operator. False where it is there already, and where its
status is another''s word that this cause can''t lift (tenancy.status_transitions.set_by). Raises not_found, conflict (no such
transition).';


create function tenancy.advance_organizations(p_at timestamptz default now())
returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_due record;
    v_moved integer := 0;
begin
    for v_due in
        select o.id, t.to_status
        from public.organizations as o
        join tenancy.status_transitions as t
            on t.from_status = o.subscription_status and t.cause = 'schedule' and o.status_cause = any (t.set_by)
        where o.deleted_at is null
            and case when t.after is null then o.trial_ends_at else o.status_changed_at + t.after end <= p_at
        order by o.id
        limit 1000
        -- Who works on it now, or another round, goes first: the next round looks again.
        for no key update of o skip locked
    loop
        begin
            v_moved := v_moved + tenancy.move_organization(v_due.id, v_due.to_status, 'schedule')::integer;
        exception when others then
            -- It keeps nobody else from what is due; the next round tries again.
            raise warning 'Organization % did not become %: %', v_due.id, v_due.to_status, sqlerrm;
        end;
    end loop;
    return v_moved;
end
$$;
comment on function tenancy.advance_organizations(timestamptz) is
    'What time brings: a trial ends, a grace period is over, a suspension has lasted. One step for each organization that is
due, however late it comes: whoever was kept waiting has the whole next period. One that can''t be moved is left with a warning. How many it moved.';

insert into tenancy.jobs (name, schedule, command)
values ('tenancy-life', '* * * * *', 'select tenancy.advance_organizations()');


create function tenancy.notify_of_status()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_owner_id uuid;
begin
    for v_owner_id in
        select ou.user_id from public.organization_users as ou
        where ou.organization_id = new.id and ou.role = 'owner' and ou.suspended_at is null
        order by 1
    loop
        perform tenancy.notify_person('notice.status_changed', new.id, v_owner_id, jsonb_build_object(
            'status', new.subscription_status, 'previous_status', old.subscription_status
        ));
    end loop;
    return null;
end
$$;
comment on function tenancy.notify_of_status() is 'Tells the owners of an organization that its status has changed.';

create trigger notify_of_status after update of subscription_status on public.organizations
for each row when (old.subscription_status is distinct from new.subscription_status and new.deleted_at is null)
execute function tenancy.notify_of_status();


revoke execute on all functions in schema tenancy from public;
