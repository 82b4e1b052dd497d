-- What a dump of the schemas does not hold, in one call: for a database that was restored.

create function tenancy.attach()
returns void
language plpgsql
set search_path = ''
as $$
begin
    -- A temporary type could have a definer function run whatever its maker likes: see schema tenancy.
    execute format('revoke temporary on database %I from public', current_database());

    if not exists (
        select 1 from pg_catalog.pg_trigger as t where t.tgrelid = 'auth.users'::regclass and t.tgname = 'keep_profile'
    ) then
        create trigger keep_profile after insert or update of email, raw_user_meta_data on auth.users
        for each row execute function tenancy.keep_profile();
    end if;

    perform tenancy.attach_sign_up();

    alter role authenticator set pgrst.db_pre_request = 'tenancy.check_request';
    notify pgrst, 'reload config';
    notify pgrst, 'reload schema';

    if to_regprocedure('cron.schedule(text,text,text)') is not null then
        perform cron.schedule('tenancy-tidy', '17 3 * * *', 'select tenancy.tidy()');
    end if;
    perform tenancy.schedule_rounds();
end
$$;
comment on function tenancy.attach() is
    'Sets what belongs to a database but is in no dump of its schemas: temporary objects for nobody, the triggers on
auth.users, the Data API''s pre-request, the jobs. Run it after a restore; safe to run at any time.';
revoke execute on function tenancy.attach() from public;
