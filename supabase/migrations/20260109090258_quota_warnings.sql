-- Owners hear of a quota before it refuses anybody: at 80 % and at 100 %, once a month each.

create function tenancy.warn_of_quota(
    p_organization_id uuid, p_quota text, p_used bigint, p_limit integer, p_zone text, p_resets_at timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_percent constant smallint := case when p_used >= p_limit then 100 when p_used >= p_limit * 0.8 then 80 end;
    v_owner_id uuid;
begin
    -- Less than that, or no limit.
    if v_percent is null then
        return;
    end if;
    -- Whoever takes from a quota has its counter locked, so one of those who pass a mark at once tells of it.
    update tenancy.quota_counters as c
    set warned_percent = v_percent, warned_limit = p_limit,
        warned_until = coalesce(p_resets_at, (tenancy.month_of(now(), p_zone)).ends_at)
    where c.organization_id = p_organization_id and c.quota = p_quota
        -- A limit that was raised since is another one to come near to.
        and (c.warned_until is null or c.warned_until <= now() or c.warned_percent < v_percent or c.warned_limit < p_limit
            -- Of the month before, which is not over yet in the time zone of then.
            or p_resets_at > c.warned_until + interval '15 days');
    if not found then
        return;
    end if;
    for v_owner_id in
        select m.user_id from public.organization_users as m
        where m.organization_id = p_organization_id and m.role = 'owner' and m.suspended_at is null
        order by 1
    loop
        perform tenancy.notify_person('notice.quota_reached', p_organization_id, v_owner_id, jsonb_build_object(
            'quota', p_quota, 'percent', v_percent, 'limit', p_limit, 'used', p_used, 'resets_at', p_resets_at
        ));
    end loop;
end
$$;
comment on function tenancy.warn_of_quota(uuid, text, bigint, integer, text, timestamptz) is
    'Tells the owners that 80 or 100 % of a quota are used, the greater of the two where one statement passes both; once until
the month is over, and again only after the limit was raised. Call it with the counter locked.';


revoke execute on all functions in schema tenancy from public;
