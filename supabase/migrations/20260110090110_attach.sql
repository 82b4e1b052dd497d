-- What a dump of the schemas does not hold, in one call: for a database that was restored.

-- Triggers belong to their table, and auth.users is Auth's: what they are is written down here.
create table tenancy.account_triggers (
    name text primary key,
    definition text not null
);
comment on table tenancy.account_triggers is 'The triggers that the engine has on auth.users, as statements that make them.';

insert into tenancy.account_triggers (name, definition)
select t.tgname, pg_get_triggerdef(t.oid)
from pg_catalog.pg_trigger as t
join pg_catalog.pg_proc as p on p.oid = t.tgfoid and p.pronamespace = 'tenancy'::regnamespace
where t.tgrelid = 'auth.users'::regclass and not t.tgisinternal;


create function tenancy.attach()
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_definition text;
begin
    -- A temporary type could have a definer function run whatever its maker likes: see schema tenancy.
    execute format('revoke temporary on database %I from public', current_database());

    for v_definition in
        select a.definition from tenancy.account_triggers as a
        where not exists (
            select 1 from pg_catalog.pg_trigger as t where t.tgrelid = 'auth.users'::regclass and t.tgname = a.name
        )
        order by a.name
    loop
        execute v_definition;
    end loop;

    alter role authenticator set pgrst.db_pre_request = 'tenancy.check_request';
    notify pgrst, 'reload config';
    notify pgrst, 'reload schema';

    perform tenancy.schedule_jobs();
    perform tenancy.set_up_logo_storage();
end
$$;
comment on function tenancy.attach() is
    'Sets what belongs to a database but is in no dump of its schemas: temporary objects for nobody, the triggers on
auth.users, the Data API''s pre-request, the jobs, who may upload logos. Run it after a restore; safe to run at any time.';
revoke execute on function tenancy.attach() from public;

select tenancy.schedule_jobs();
