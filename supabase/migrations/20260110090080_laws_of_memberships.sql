-- Laws of what is stored: who belongs where, now. These look at rows, so each answers one line while it holds, and one for
-- each row that breaks it.

create function tenancy.verify_memberships()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    with faults (law, object, fault, mend) as (
        select
            'every_organization_has_an_owner',
            format('organization %s', ou.organization_id),
            'none of its members is an active owner',
            -- The strongest and longest member takes over.
            format(
                'update public.organization_users set role = ''owner'', suspended_at = null'
                || ' where organization_id = %L and user_id = %L;',
                ou.organization_id,
                (array_agg(ou.user_id order by ou.suspended_at is null desc, ou.role desc, ou.joined_at, ou.user_id))[1]
            )
        from public.organization_users as ou
        group by ou.organization_id
        having not bool_or(ou.role = 'owner' and ou.suspended_at is null)

        union all
        select
            'memberships_end_with_the_account',
            format('membership of %s in organization %s', ou.user_id, ou.organization_id),
            case when u.id is null then 'there is no such account' else format('the account was closed at %s', u.deleted_at) end,
            -- An organization keeps an active owner, so somebody else becomes one before the last owner goes.
            case
                when ou.role = 'owner' and ou.suspended_at is null and others.active_owners = 0 and others.heir is not null then format(
                    'update public.organization_users set role = ''owner'', suspended_at = null'
                    || ' where organization_id = %L and user_id = %L; ', ou.organization_id, others.heir
                )
                when ou.role = 'owner' and ou.suspended_at is null and others.active_owners = 0 then
                    '-- This is the only member: make somebody else an owner first. '
                else ''
            end
            || format(
                'delete from public.organization_users where organization_id = %L and user_id = %L;', ou.organization_id, ou.user_id
            )
        from public.organization_users as ou
        left join auth.users as u on u.id = ou.user_id
        cross join lateral (
            select
                count(*) filter (where o.role = 'owner' and o.suspended_at is null) as active_owners,
                (array_agg(o.user_id order by o.suspended_at is null desc, o.role desc, o.joined_at, o.user_id))[1] as heir
            from public.organization_users as o
            join auth.users as account on account.id = o.user_id and account.deleted_at is null
            where o.organization_id = ou.organization_id and o.user_id <> ou.user_id
        ) as others
        where u.id is null or u.deleted_at is not null

        union all
        select
            'choices_rest_on_a_membership',
            format('choice of %s in session %s', a.user_id, a.session_id),
            format('there is no membership in organization %s', a.organization_id),
            format('delete from tenancy.active_organizations where user_id = %L and session_id = %L;', a.user_id, a.session_id)
        from tenancy.active_organizations as a
        where not exists (
            select 1 from public.organization_users as ou
            where ou.user_id = a.user_id and ou.organization_id = a.organization_id
        )

        union all
        select
            'tokens_end_with_their_invitation',
            format('invitation %s', i.id),
            format(
                'it was %s, and its token is still there', case
                    when i.accepted_at is not null then 'accepted'
                    when i.declined_at is not null then 'declined'
                    else 'withdrawn'
                end
            ),
            format('delete from tenancy.invitation_tokens where invitation_id = %L;', i.id)
        from tenancy.invitation_tokens as t
        join public.organization_invitations as i on i.id = t.invitation_id
        where num_nonnulls(i.accepted_at, i.declined_at, i.revoked_at) > 0
    )
    select f.law, f.object, f.fault, f.mend from faults as f
    union all
    select looked_at.law, looked_at.object, null, null
    from (
        values
            ('every_organization_has_an_owner', 'all organizations'),
            ('memberships_end_with_the_account', 'all memberships'),
            ('choices_rest_on_a_membership', 'all choices'),
            ('tokens_end_with_their_invitation', 'all tokens')
    ) as looked_at (law, object)
    where not exists (select 1 from faults as f where f.law = looked_at.law)
$$;
comment on function tenancy.verify_memberships() is 'Memberships, choices and tokens are of now. See tenancy.verify().';


revoke execute on all functions in schema tenancy from public;
