-- What a change of plan would mean, before anybody makes it.

create function tenancy.preview_plan(p_organization_id uuid, p_tier text)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_from public.subscription_plans;
    v_to public.subscription_plans;
begin
    -- Also while it is suspended: that is when its owners look for another plan.
    perform tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    select * into v_to from public.subscription_plans as p where p.tier = p_tier;
    if not found then
        perform tenancy.refuse(
            'validation_failed', 'There is no such plan.',
            '{"errors": [{"pointer": "/tier", "code": "unknown_tier", "message": "Is not the tier of a plan."}]}'
        );
    end if;
    select p.* into strict v_from
    from public.organizations as o
    join public.subscription_plans as p on p.tier = o.subscription_tier
    where o.id = p_organization_id;
    return jsonb_build_object('preview', jsonb_build_object(
        'organization_id', p_organization_id,
        'from', v_from.tier,
        'to', v_to.tier,
        'quotas', (
            select jsonb_agg(
                jsonb_build_object(
                    'quota', q.quota, 'limit', q.quota_limit, 'used', q.used,
                    'over_by', greatest(q.used - coalesce(q.quota_limit, q.used), 0)
                )
                order by q.position
            )
            from (
                select
                    s.state ->> 'quota' as quota,
                    (s.state ->> 'used')::bigint as used,
                    s.position,
                    (tenancy.limit_on(p_organization_id, s.state ->> 'quota', p_tier)).quota_limit
                from jsonb_array_elements(tenancy.quotas_of(p_organization_id)) with ordinality as s (state, position)
            ) as q
        ),
        'features', jsonb_build_object(
            'gained', tenancy.features_beyond(v_to, v_from), 'lost', tenancy.features_beyond(v_from, v_to)
        )
    ));
end
$$;
comment on function tenancy.preview_plan(uuid, text) is 'See public.preview_plan().';


create function tenancy.features_beyond(p_plan public.subscription_plans, p_other public.subscription_plans)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(f.feature order by f.position), '[]')
        from jsonb_array_elements_text(p_plan.features) with ordinality as f (feature, position)
        where not p_other.features ? f.feature
    );
end
$$;
comment on function tenancy.features_beyond(public.subscription_plans, public.subscription_plans) is
    'The features of a plan that another one has not, in the order of its price list.';


create function public.preview_plan(organization_id uuid, tier text)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.preview_plan(organization_id, tier);
end
$$;
comment on function public.preview_plan(uuid, text) is
    'What an organization would have on a plan; admins and above. {preview: {organization_id, from, to, quotas: [{quota, limit,
used, over_by}], features: {gained, lost}}}: limit null: none; its own limits come before the plan''s. Nothing is changed, and
no change of plan removes anything: of what is over, the next one is refused. Raises unauthenticated, not_found, forbidden,
validation_failed (no such plan).';


revoke execute on all functions in schema tenancy from public;
grant execute on function tenancy.preview_plan(uuid, text) to authenticated;

revoke execute on function public.preview_plan(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.preview_plan(uuid, text) to authenticated;
