-- Who set a disposition belongs to the organization.

create function tenancy.require_member_reference()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if not exists (
        select 1 from public.organization_users as ou
        where ou.user_id = new.set_by_user_id and ou.organization_id = new.organization_id
    ) then
        -- The same words for a stranger and for nobody at all.
        raise exception using
            errcode = 'foreign_key_violation',
            message = 'set_by_user_id names nobody who belongs to the organization.',
            constraint = 'disposition_metrics_are_set_by_a_member';
    end if;
    return null;
end
$$;
comment on function tenancy.require_member_reference() is 'A person that a row names must belong to the row''s organization when it is written.';
revoke execute on function tenancy.require_member_reference() from public;

-- After the row's own policy: before it, the answer would tell who belongs to organizations that are not one's own. And
-- before the foreign key, whose answer would tell which accounts exist.
alter table public.disposition_metrics
    alter constraint disposition_metrics_set_by_user_id_fkey deferrable initially deferred;
create trigger require_member_reference after insert or update of set_by_user_id on public.disposition_metrics
for each row when (new.set_by_user_id is not null)
execute function tenancy.require_member_reference();
