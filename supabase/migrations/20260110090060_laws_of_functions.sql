-- Laws of functions: what the API offers acts as its caller, and nobody can slip their own objects under the engine.

create function tenancy.verify_functions()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    with functions as materialized (
        select f.label, f.exposed, p.prosecdef, p.proconfig, p.prokind,
            exists (
                select 1 from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a where a.grantee = 0
            ) as is_open,
            exists (
                select 1 from aclexplode(p.proacl) as a where a.grantee = to_regrole('anon') and a.privilege_type = 'EXECUTE'
            ) as anon_may_call
        from tenancy.our_functions() as f
        join pg_catalog.pg_proc as p on p.oid = f.id
    )
    select
        'api_functions_act_as_the_caller',
        f.label,
        case when f.prosecdef then 'it is security definer' end,
        format('alter routine %s security invoker;', f.label)
    from functions as f
    where f.exposed

    union all
    select
        'functions_pin_their_search_path',
        f.label,
        case when not coalesce('search_path=""' = any (f.proconfig), false) then
            coalesce((select 'it has ' || setting from unnest(f.proconfig) as setting where setting like 'search_path=%'), 'it has none')
        end,
        format('alter routine %s set search_path = '''';', f.label)
    from functions as f
    where f.prokind <> 'a'

    union all
    select
        'no_function_is_open_to_everybody',
        f.label,
        case when f.is_open then 'execute is granted to public' end,
        format('revoke execute on routine %s from public;', f.label)
    from functions as f

    union all
    select
        'nobody_signed_out_calls_unlisted_functions',
        f.label,
        case when f.anon_may_call and a.function_name is null then 'anon may call it, and tenancy.anon_functions does not say why' end,
        format('revoke execute on routine %s from anon;', f.label)
    from functions as f
    left join tenancy.anon_functions as a on a.function_name = f.label
$$;
comment on function tenancy.verify_functions() is 'Functions act as their callers, with a pinned path, for those who are named. See tenancy.verify().';


revoke execute on all functions in schema tenancy from public;
