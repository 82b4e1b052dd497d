-- What the Data API asks before each request, and what anybody may ask of it.
--
-- A token outlives the account: whoever is banned or gone reads nothing more. A policy is asked when the first row that fits
-- the request's filters is met, whosever row that is, so what policies refuse is refused here, before any row: otherwise the
-- refusal itself would tell that somebody's row fits. And PostgREST's estimated counts come from the planner, whose
-- statistics span all organizations: `Prefer: count=planned` would tell how many rows another company has.

create function tenancy.refuse_early(p_method text, p_path text, p_prefer text)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_privileges text[] := case p_method
        when 'PATCH' then '{update}'
        when 'DELETE' then '{delete}'
        when 'PUT' then '{insert,update}'
        when 'POST' then case when p_prefer ~* 'merge-duplicates' then '{insert,update}' else '{insert}' end
    end;
begin
    perform tenancy.requested_organization_id();
    if v_privileges is not null and current_setting('role') = 'authenticated' and exists (
        select 1 from tenancy.protected_tables as p
        where p.table_schema = 'public' and p.table_name = substr(p_path, 2)
            -- What nobody may do is refused for that reason.
            and (
                select bool_and(has_table_privilege('authenticated', format('public.%I', p.table_name), n.privilege))
                from unnest(v_privileges) as n (privilege)
            )
    ) then
        perform tenancy.current_organization_id('member', true);
    end if;
end
$$;
comment on function tenancy.refuse_early(text, text, text) is
    'Raises for a request what a policy would raise: invalid_header, and for a write to a protected table organization_required,
not_found, organization_suspended, unauthenticated.';


create function tenancy.check_request()
returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_prefer text := nullif(current_setting('request.headers', true), '')::json ->> 'prefer';
begin
    if pg_catalog.pg_is_in_recovery() then
        perform tenancy.refuse_stale();
    end if;
    if current_setting('role') = 'authenticated' and not tenancy.is_in_good_standing(auth.uid()) then
        perform tenancy.refuse('unauthenticated', 'This account is closed or banned.');
    end if;
    if current_setting('role') in ('anon', 'authenticated') and v_prefer ~* 'count\s*=\s*"?(planned|estimated)' then
        raise sqlstate 'PT400' using
            message = 'Counts are exact here: an estimate would tell of rows that are not yours.',
            hint = 'invalid_header';
    end if;
    perform tenancy.refuse_early(
        current_setting('request.method', true), current_setting('request.path', true), v_prefer
    );
end
$$;
comment on function tenancy.check_request() is
    'Runs before each request of the Data API. Raises unauthenticated for an account that is closed, banned or gone,
invalid_header for estimated counts unless the secret key asks, on a replica that is too far behind unavailable, and what
refuse_early() raises.';


create function public.ready()
returns boolean
language sql stable
set search_path = ''
as $$
    select true
$$;
comment on function public.ready() is 'Answers true when the database answers at all. For readiness checks.';


revoke execute on function public.ready() from public;
grant execute on function public.ready() to anon, authenticated, service_role;
revoke execute on function tenancy.check_request(), tenancy.refuse_early(text, text, text) from public;
grant execute on function tenancy.check_request() to anon, authenticated, service_role;

alter role authenticator set pgrst.db_pre_request = 'tenancy.check_request';
notify pgrst, 'reload config';
