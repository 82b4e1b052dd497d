-- Reading usage: an organization's by day or by month, for its members, and that of all organizations that one owns. A day
-- is one of the organization's time zone as it is now, and so is "today".

create function tenancy.usage_days(p_zone text, p_first_day date, p_last_day date, p_unit text)
returns date[]
language plpgsql stable
set search_path = ''
as $$
declare
    v_unit interval := case p_unit when 'day' then interval '1 day' when 'month' then interval '1 month' end;
    v_usual integer := case p_unit when 'day' then 30 else 12 end;
    v_most integer := case p_unit when 'day' then 366 else 36 end;
    v_from timestamp;
    v_to timestamp;
    v_at text := '/from';
    v_fault text;
begin
    if v_unit is null then
        v_at := '/by';
        v_fault := 'Usage is by day or by month.';
    elsif p_first_day not between '2000-01-01' and '2099-12-31' then
        v_fault := 'Usage is from 2000 to 2099.';
    elsif p_last_day not between '2000-01-01' and '2099-12-31' then
        v_at := '/to';
        v_fault := 'Usage is from 2000 to 2099.';
    else
        v_to := date_trunc(p_unit, coalesce(p_last_day, now() at time zone p_zone)) + v_unit;
        v_from := date_trunc(p_unit, coalesce(p_first_day, v_to - v_usual * v_unit));
        if v_from >= v_to then
            v_fault := format('The first day is after the last, %s.', coalesce(p_last_day, (now() at time zone p_zone)::date));
        elsif v_from + v_most * v_unit < v_to then
            v_fault := format('At most %s %ss at a time.', v_most, p_unit);
        end if;
    end if;
    if v_fault is not null then
        perform tenancy.refuse('validation_failed', v_fault, jsonb_build_object('errors', jsonb_build_array(
            jsonb_build_object('pointer', v_at, 'code', 'invalid_range', 'message', v_fault)
        )));
    end if;
    return array(select d::date from generate_series(v_from, v_to, v_unit) as d order by d);
end
$$;
comment on function tenancy.usage_days(text, date, date, text) is
    'The first day of each day or month from one to another, and the day after the last of them. Months are whole. Where nothing
is said, the last 30 days or 12 months of a time zone. Raises validation_failed.';


create function tenancy.to_usage(
    p_calls numeric,
    p_answered_calls numeric,
    p_call_seconds numeric,
    p_texts numeric,
    p_leads_added numeric,
    p_active_members numeric
)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'calls', p_calls, 'answered_calls', p_answered_calls, 'call_minutes', round(p_call_seconds / 60, 2),
        'texts', p_texts, 'leads_added', p_leads_added, 'active_members', p_active_members
    );
end
$$;
comment on function tenancy.to_usage(numeric, numeric, numeric, numeric, numeric, numeric) is
    'What was used, as it is answered: minutes to the hundredth.';


create function tenancy.get_usage(p_organization_id uuid, p_first_day date, p_last_day date, p_unit text, p_compare boolean)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_role public.organization_role := tenancy.require_role(p_organization_id, 'member', p_for_write => false);
    v_zone text;
    v_plan text;
    v_days date[];
    v_first date;
    v_usage jsonb;
begin
    select o.timezone, o.subscription_tier into strict v_zone, v_plan
    from public.organizations as o where o.id = p_organization_id;
    v_days := tenancy.usage_days(v_zone, p_first_day, p_last_day, p_unit);
    v_first := v_days[1];
    if p_compare then
        -- As many days or months before, as one period.
        v_days := (v_first - (cardinality(v_days) - 1) * ('1 ' || p_unit)::interval)::date || v_days;
    end if;
    with periods as (
        select v_days[u.period] as day, u.*
        from tenancy.usage_between(p_organization_id, tenancy.starts_of_days(v_zone, v_days)) as u
    ),
    ranges as (
        select
            min(p.day) as first_day,
            tenancy.to_usage(
                sum(p.calls), sum(p.answered_calls), sum(p.call_seconds), sum(p.texts), sum(p.leads_added),
                (array_agg(p.active_members order by p.period desc))[1]
            ) as totals,
            jsonb_agg(
                jsonb_build_object('start', p.day) || tenancy.to_usage(
                    p.calls, p.answered_calls, p.call_seconds, p.texts, p.leads_added, p.active_members
                )
                order by p.period
            ) as periods
        from periods as p
        group by p.day >= v_first
    )
    select jsonb_build_object(
        'from', v_first, 'to', v_days[cardinality(v_days)] - 1, 'by', p_unit, 'timezone', v_zone,
        'totals', r.totals, 'periods', r.periods,
        'previous', (
            select jsonb_build_object('from', b.first_day, 'to', v_first - 1, 'totals', b.totals)
            from ranges as b where b.first_day < v_first
        )
    ) into v_usage
    from ranges as r
    where r.first_day = v_first;
    return jsonb_build_object('usage', v_usage, 'quotas', tenancy.quotas_of(p_organization_id), 'plan', v_plan);
end
$$;
comment on function tenancy.get_usage(uuid, date, date, text, boolean) is 'See public.get_usage().';


create function tenancy.list_usage(p_first_day date, p_last_day date, p_page_limit integer, p_page_cursor text)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_caller uuid := tenancy.require_caller();
    v_limit integer := tenancy.require_page_limit(p_page_limit);
    v_after record := tenancy.from_cursor(p_page_cursor);
begin
    return (
        with owned as materialized (
            select o.id, o.name, o.slug, o.subscription_tier, o.timezone, o.created_at, d.days, u.*
            from public.organizations as o
            cross join lateral (
                select tenancy.usage_days(o.timezone, p_first_day, p_last_day, 'day') as days
            ) as d
            cross join lateral tenancy.usage_between(
                o.id, tenancy.starts_of_days(o.timezone, array[d.days[1], d.days[cardinality(d.days)]])
            ) as u
            where o.id = any ((select tenancy.member_organization_ids('owner'))::uuid[])
        )
        select tenancy.to_page(
            'organizations', v_limit,
            array_agg(p.item order by p.time, p.id), array_agg(p.time order by p.time, p.id), array_agg(p.id order by p.time, p.id)
        ) || (
            select jsonb_build_object('totals', tenancy.to_usage(
                coalesce(sum(o.calls), 0), coalesce(sum(o.answered_calls), 0), coalesce(sum(o.call_seconds), 0),
                coalesce(sum(o.texts), 0), coalesce(sum(o.leads_added), 0), coalesce(sum(o.active_members), 0)
            ))
            from owned as o
        )
        from (
            select
                jsonb_build_object(
                    'organization', jsonb_build_object('id', o.id, 'name', o.name, 'slug', o.slug), 'plan', o.subscription_tier,
                    'from', o.days[1], 'to', o.days[cardinality(o.days)] - 1, 'timezone', o.timezone,
                    'totals', tenancy.to_usage(
                        o.calls, o.answered_calls, o.call_seconds, o.texts, o.leads_added, o.active_members
                    )
                ) as item,
                o.created_at as time, o.id
            from owned as o
            where (o.created_at, o.id) > (v_after.after_time, v_after.after_id)
            order by o.created_at, o.id
            limit v_limit + 1
        ) as p
    );
end
$$;
comment on function tenancy.list_usage(date, date, integer, text) is 'See public.list_usage().';


create function public.get_usage(
    organization_id uuid,
    first_day date default null,
    last_day date default null,
    unit text default 'day',
    compare boolean default false
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.get_usage(organization_id, first_day, last_day, unit, compare);
end
$$;
comment on function public.get_usage(uuid, date, date, text, boolean) is
    'What an organization used, by day or by month of its time zone, and what its plan has left; members, also of a suspended
one. At most 366 days or 36 months, without days the last 30 or 12; compare: also what was used in as many before them.
{usage: {from, to, by, timezone, totals, periods, previous}, quotas, plan}. Raises unauthenticated, not_found, validation_failed.';


create function public.list_usage(
    first_day date default null,
    last_day date default null,
    page_limit integer default 50,
    page_cursor text default null
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_usage(first_day, last_day, page_limit, page_cursor);
end
$$;
comment on function public.list_usage(date, date, integer, text) is
    'What each organization that the caller owns used in some days of its own time zone, oldest organization first, and all of
them together. At most 366 days, the last 30 where nothing is said. {organizations, totals, next_cursor}.
Raises unauthenticated, validation_failed.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.get_usage(uuid, date, date, text, boolean),
    tenancy.list_usage(date, date, integer, text)
to authenticated;

revoke execute on function
    public.get_usage(uuid, date, date, text, boolean),
    public.list_usage(date, date, integer, text)
from public, anon, authenticated, service_role;
grant execute on function
    public.get_usage(uuid, date, date, text, boolean),
    public.list_usage(date, date, integer, text)
to authenticated;
