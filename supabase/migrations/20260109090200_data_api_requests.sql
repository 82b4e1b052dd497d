-- What the Data API asks before each request, and what anybody may ask of it.
--
-- A token outlives the account: whoever is banned or gone reads nothing more. Policies are asked only where the plan comes
-- to a row: without this, a header that is no uuid would be refused in one request and ignored in the next. And PostgREST's
-- estimated counts come from the planner, whose statistics span all organizations: `Prefer: count=planned` would tell how
-- many rows another company has.

create function tenancy.check_request()
returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
    if current_setting('role') = 'authenticated' and not tenancy.is_in_good_standing(auth.uid()) then
        perform tenancy.refuse('unauthenticated', 'This account is closed or banned.');
    end if;
    if current_setting('role') in ('anon', 'authenticated')
        and nullif(current_setting('request.headers', true), '')::json ->> 'prefer' ~* 'count\s*=\s*"?(planned|estimated)'
    then
        raise sqlstate 'PT400' using
            message = 'Counts are exact here: an estimate would tell of rows that are not yours.',
            hint = 'invalid_header';
    end if;
    perform tenancy.requested_organization_id();
end
$$;
comment on function tenancy.check_request() is
    'Runs before each request of the Data API. Raises unauthenticated for an account that is closed, banned or gone, and
invalid_header for an x-organization-id that is no uuid and, unless the secret key asks, for estimated counts.';

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
revoke execute on function tenancy.check_request() from public;
grant execute on function tenancy.check_request() to anon, authenticated, service_role;

alter role authenticator set pgrst.db_pre_request = 'tenancy.check_request';
notify pgrst, 'reload config';
