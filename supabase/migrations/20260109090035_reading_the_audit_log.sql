-- Reading the audit log: a page of it, all of it in order, and whether it is as it was written. A suspended organization's
-- can be read too.

create function tenancy.read_audit(
    p_organization_id uuid,
    p_filter jsonb,
    p_limit integer,
    p_cursor text,
    p_newest_first boolean
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_from timestamptz := p_filter ->> 'from';
    v_to timestamptz := p_filter ->> 'to';
    v_least bigint := 1;
    v_most bigint := 9223372036854775807;
    v_conditions text;
    v_answer jsonb;
begin
    perform tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    if p_cursor !~ '^[1-9][0-9]{0,17}$' then
        perform tenancy.refuse('validation_failed', 'The cursor is not one that a list answered with.');
    end if;
    -- Entries follow each other in time as in position, so that a time is a position.
    if v_from is not null then
        v_least := coalesce(
            (
                select a.position from public.audit_log as a
                where a.organization_id = p_organization_id and a.occurred_at >= v_from
                order by a.occurred_at, a.position
                limit 1
            ),
            v_most
        );
    end if;
    if v_to is not null then
        v_most := (
            select coalesce(max(a.position), 0) from (
                select a.position from public.audit_log as a
                where a.organization_id = p_organization_id and a.occurred_at < v_to
                order by a.occurred_at desc, a.position desc
                limit 1
            ) as a
        );
    end if;
    if p_newest_first then
        v_most := least(v_most, p_cursor::bigint - 1);
    else
        v_least := greatest(v_least, p_cursor::bigint + 1);
    end if;

    -- Planned for the filters that are there, each of which has an index.
    select string_agg(format(' and a.%I = ($5 ->> %L)::%s', f.key, f.key, case when f.key like '%\_id' then 'uuid' else 'text' end), '')
    into v_conditions
    from jsonb_object_keys(jsonb_strip_nulls(p_filter)) as f (key)
    where f.key in ('action', 'actor_id', 'object_type', 'object_id');
    execute format(
        'with page as (
            select to_jsonb(a) - ''organization_id'' as entry, a.position, row_number() over (order by a.position %1$s) as place
            from public.audit_log as a
            where a.organization_id = $1 and a.position >= $2 and a.position <= $3 %2$s
            order by a.position %1$s
            limit $4 + 1
        )
        select jsonb_build_object(
            ''entries'', coalesce(jsonb_agg(p.entry order by p.place) filter (where p.place <= $4), ''[]''),
            ''next_cursor'', case when count(*) > $4 then (select l.position::text from page as l where l.place = $4) end
        )
        from page as p',
        case when p_newest_first then 'desc' else 'asc' end, v_conditions
    ) into v_answer using p_organization_id, v_least, v_most, p_limit, p_filter;
    return v_answer;
end
$$;
comment on function tenancy.read_audit(uuid, jsonb, integer, text, boolean) is
    'A page of an organization''s audit log: {entries, next_cursor}. The filter has action, actor_id, object_type, object_id, and
from and to, of which the first is within and the second is not; what it lacks or has as null does not matter.
Raises unauthenticated, not_found, forbidden, validation_failed.';


create function tenancy.list_audit(
    p_organization_id uuid,
    p_filter jsonb,
    p_page_limit integer,
    p_page_cursor text
)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return tenancy.read_audit(
        p_organization_id, p_filter, tenancy.require_page_limit(p_page_limit), p_page_cursor, p_newest_first => true
    );
end
$$;
comment on function tenancy.list_audit(uuid, jsonb, integer, text) is 'See public.list_audit().';


create function tenancy.export_audit(
    p_organization_id uuid,
    p_filter jsonb,
    p_page_limit integer,
    p_page_cursor text
)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    if p_page_limit is null or p_page_limit not between 1 and 1000 then
        perform tenancy.refuse('validation_failed', 'A page of an export has between 1 and 1000 entries.');
    end if;
    return tenancy.read_audit(p_organization_id, p_filter, p_page_limit, p_page_cursor, p_newest_first => false);
end
$$;
comment on function tenancy.export_audit(uuid, jsonb, integer, text) is 'See public.export_audit().';


create function tenancy.check_audit(p_organization_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_faults jsonb;
begin
    perform tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    select coalesce(jsonb_agg(jsonb_build_object('position', f.at_position, 'fault', f.fault)), '[]') into v_faults
    from (select * from tenancy.verify_audit(p_organization_id) limit 100) as f;
    return jsonb_build_object(
        'ok', v_faults = '[]',
        'entries', (select count(*) from public.audit_log as a where a.organization_id = p_organization_id),
        'faults', v_faults,
        'head', (
            select jsonb_build_object('position', h.position, 'hash', h.hash)
            from tenancy.audit_heads as h where h.organization_id = p_organization_id
        )
    );
end
$$;
comment on function tenancy.check_audit(uuid) is 'See public.check_audit().';


create function public.list_audit(
    organization_id uuid,
    page_limit integer default 50,
    page_cursor text default null,
    action text default null,
    actor_id uuid default null,
    object_type text default null,
    object_id uuid default null,
    occurred_from timestamptz default null,
    occurred_to timestamptz default null
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_audit(
        organization_id,
        jsonb_build_object(
            'action', action, 'actor_id', actor_id, 'object_type', object_type, 'object_id', object_id,
            'from', occurred_from, 'to', occurred_to
        ),
        page_limit,
        page_cursor
    );
end
$$;
comment on function public.list_audit(uuid, integer, text, text, uuid, text, uuid, timestamptz, timestamptz) is
    'Who changed what in an organization, newest first; admins and above. occurred_from is within, occurred_to is not.
{entries, next_cursor}. Raises unauthenticated, not_found, forbidden, validation_failed.';


create function public.export_audit(
    organization_id uuid,
    page_limit integer default 1000,
    page_cursor text default null,
    action text default null,
    actor_id uuid default null,
    object_type text default null,
    object_id uuid default null,
    occurred_from timestamptz default null,
    occurred_to timestamptz default null
)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.export_audit(
        organization_id,
        jsonb_build_object(
            'action', action, 'actor_id', actor_id, 'object_type', object_type, 'object_id', object_id,
            'from', occurred_from, 'to', occurred_to
        ),
        page_limit,
        page_cursor
    );
end
$$;
comment on function public.export_audit(uuid, integer, text, text, uuid, text, uuid, timestamptz, timestamptz) is
    'The same entries as list_audit(), oldest first and up to 1,000 at a time, for whoever takes all of them along.
{entries, next_cursor}. Raises unauthenticated, not_found, forbidden, validation_failed.';


create function public.check_audit(organization_id uuid)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.check_audit(organization_id);
end
$$;
comment on function public.check_audit(uuid) is
    'Whether an organization''s audit log is as it was written; admins and above. {ok, entries, faults: [{position, fault}], head:
{position, hash}}: at most the first 100 faults; head is null before the first entry. Raises unauthenticated, not_found,
forbidden.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.list_audit(uuid, jsonb, integer, text),
    tenancy.export_audit(uuid, jsonb, integer, text),
    tenancy.check_audit(uuid)
to authenticated;

revoke execute on function
    public.list_audit(uuid, integer, text, text, uuid, text, uuid, timestamptz, timestamptz),
    public.export_audit(uuid, integer, text, text, uuid, text, uuid, timestamptz, timestamptz),
    public.check_audit(uuid)
from public, anon, authenticated, service_role;
grant execute on function
    public.list_audit(uuid, integer, text, text, uuid, text, uuid, timestamptz, timestamptz),
    public.export_audit(uuid, integer, text, text, uuid, text, uuid, timestamptz, timestamptz),
    public.check_audit(uuid)
to authenticated;
