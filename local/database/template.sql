-- What every database of the stack starts from, before any migration. Default privileges stay as plain Postgres has
-- them, so that a table whose migration forgot its grants can't be reached.
create schema extensions;
grant usage on schema extensions to anon, authenticated, service_role;
grant usage, create on schema extensions to postgres;

create extension pgcrypto with schema extensions;
create extension "uuid-ossp" with schema extensions;

grant usage on schema public to anon, authenticated, service_role;


-- As on hosted, the Data API notices a changed schema by itself: what it shows, not indexes, policies and grants.
create function extensions.reload_data_api()
returns event_trigger
language plpgsql
set search_path = ''
as $$
begin
    notify pgrst, 'reload schema';
end
$$;

create event trigger data_api_sees_changes on ddl_command_end
when tag in (
    'CREATE SCHEMA', 'ALTER SCHEMA', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE',
    'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE', 'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW',
    'ALTER MATERIALIZED VIEW', 'CREATE FUNCTION', 'ALTER FUNCTION', 'CREATE TRIGGER', 'CREATE TYPE', 'ALTER TYPE',
    'CREATE RULE', 'COMMENT'
)
execute function extensions.reload_data_api();

create event trigger data_api_sees_drops on sql_drop
execute function extensions.reload_data_api();


-- Auth's tables come from the auth server itself; they belong to another role than the one migrations run as.
-- (A database's own grants are not copied with it, so this one stays here.)
grant create on database stack_template to supabase_auth_admin;
create schema auth authorization supabase_auth_admin;
