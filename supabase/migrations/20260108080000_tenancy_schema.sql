-- `public` is the API; `tenancy` is the engine behind it and is never exposed. What the engine refuses with is a known
-- problem.

create schema tenancy;
revoke all on schema tenancy from public;
grant usage on schema tenancy to authenticated, service_role;
comment on schema tenancy is 'The engine that keeps organizations apart. Never exposed by the Data API.';

-- What the way back (supabase/rollback) restores. Written down before anything changes.
create table tenancy.phase_1 (
    object text not null,
    kind text not null,
    name text not null,
    columns text[],
    statement text not null,
    primary key (object, kind, name)
);
comment on table tenancy.phase_1 is 'What the database and its tables were before organizations, as statements that make them so again.';

insert into tenancy.phase_1 (object, kind, name, statement)
select 'database', 'grant', 'temporary to public', format('grant temporary on database %I to public', d.datname)
from pg_catalog.pg_database as d
cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as acl
where d.datname = current_database() and acl.grantee = 0 and acl.privilege_type = 'TEMPORARY';

insert into tenancy.phase_1 (object, kind, name, statement)
select 'role authenticator', 'setting', 'pgrst.db_pre_request', format(
    'alter role authenticator set pgrst.db_pre_request = %L', split_part(setting, '=', 2)
)
from pg_catalog.pg_db_role_setting as s
cross join unnest(s.setconfig) as setting
where s.setrole = 'authenticator'::regrole and s.setdatabase = 0 and setting like 'pgrst.db_pre_request=%'
    -- Ours already: another database of this server has organizations too.
    and setting <> 'pgrst.db_pre_request=tenancy.check_request';

-- Types are looked up in a session's temporary schema first, whatever search_path says: whoever can make a temporary type
-- named uuid can have a definer function run their code.
do $$
begin
    execute format('revoke temporary on database %I from public', current_database());
end
$$;


-- The SQL side of shared/problems.ts: what the database may refuse with, and the HTTP status that goes with it.
create table tenancy.problems (
    code text primary key,
    status smallint not null,
    constraint problems_status_is_an_error check (status between 400 and 599)
);
comment on table tenancy.problems is 'Problem codes the database raises, with their HTTP status, as shared/problems.ts has them.';

insert into tenancy.problems (code, status) values
    ('unauthenticated', 401),
    ('quota_exceeded', 402),
    ('forbidden', 403),
    ('email_mismatch', 403),
    ('email_not_verified', 403),
    ('organization_suspended', 403),
    ('not_found', 404),
    ('conflict', 409),
    ('slug_taken', 409),
    ('already_member', 409),
    ('last_owner', 409),
    ('invitation_pending', 409),
    ('idempotency_in_progress', 409),
    ('idempotency_key_reused', 422),
    ('organization_required', 400),
    ('invalid_header', 400),
    ('validation_failed', 422),
    ('rate_limited', 429),
    ('unavailable', 503);


create function tenancy.refuse(p_code text, p_message text, p_detail jsonb default null)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_status smallint := (select p.status from tenancy.problems as p where p.code = p_code);
begin
    if v_status is null then
        raise exception 'tenancy.refuse: unknown problem code "%"', p_code;
    end if;
    -- PostgREST turns a PTnnn state into the HTTP status nnn.
    raise exception using
        errcode = 'PT' || v_status,
        message = p_message,
        hint = p_code,
        detail = coalesce(p_detail::text, '');
end
$$;
comment on function tenancy.refuse(text, text, jsonb) is
    'Raises a known problem: SQLSTATE PT<status>, message for people, hint = code, detail = further members as JSON.';


revoke execute on all functions in schema tenancy from public;
