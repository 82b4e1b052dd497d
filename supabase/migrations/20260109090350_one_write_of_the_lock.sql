-- Whoever changes a membership writes the row of its organization, which is the lock. A statement that adds many people, or
-- the transaction that founds an organization and puts people in, wrote it once for each of them: most of what that took.

create or replace function tenancy.change_one_at_a_time()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_organization_id constant uuid := coalesce(new.organization_id, old.organization_id);
begin
    -- Otherwise somebody could leave one organization and enter another in one step, past what either of them checks.
    if tg_op = 'UPDATE' and (new.organization_id <> old.organization_id or new.user_id <> old.user_id) then
        raise exception using
            errcode = 'insufficient_privilege', hint = 'forbidden',
            message = 'A membership stays with its person and its organization.';
    end if;
    -- Two owners who leave at the same moment must not both succeed, nor two people take the last seat: the organization
    -- row is the lock. It is updated and not only locked, so that a repeatable-read transaction with an older view fails
    -- instead of passing. What this transaction has written stays its own until it ends: once is enough.
    perform 1 from public.organizations as o
    where o.id = v_organization_id and o.xmin = pg_catalog.pg_current_xact_id()::pg_catalog.xid;
    if not found then
        update public.organizations as o set updated_at = o.updated_at where o.id = v_organization_id;
    end if;
    return coalesce(new, old);
end
$$;
