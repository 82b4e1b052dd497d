-- `public` is the API; `tenancy` is the engine behind it and is never exposed. What the engine refuses with is a known
-- problem.

create schema tenancy;
revoke all on schema tenancy from public;
grant usage on schema tenancy to authenticated, service_role;
comment on schema tenancy is 'The engine that keeps organizations apart. Never exposed by the Data API.';

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
    ('organization_required', 400),
    ('invalid_header', 400),
    ('validation_failed', 422);


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
