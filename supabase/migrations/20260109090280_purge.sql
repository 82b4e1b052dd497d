-- What is left of an organization 30 days after it was deleted goes for good: in batches, each a short transaction, so that a
-- purge can be stopped, killed or run beside itself at any point and goes on where it was.
--
-- First the rows that hang on the organization, with nobody able to add to them; then the organization and its memberships in
-- one statement, which says the same to every trigger as ever; then what no foreign key ties to it, its audit log among it,
-- once whoever began before has ended and can add nothing more; and last the record of it.

create table tenancy.purges (
    organization_id uuid primary key,
    name_hash text not null,
    deleted_at timestamptz not null,
    begun_at timestamptz not null default now(),
    tried_at timestamptz,
    removed jsonb not null default '{}',
    gone_at timestamptz,
    gone_in xid8,
    audit_head text,
    last_error text,
    constraint purges_know_when_it_went check (num_nonnulls(gone_at, gone_in) <> 1),
    constraint purges_removed_is_an_object check (jsonb_typeof(removed) = 'object')
);
comment on table tenancy.purges is
    'Organizations that are being purged: no way back leads from here. removed: how many rows of which table so far. gone_at:
since when the organization itself is gone. last_error: why the last round got no further; the next one tries again.';
comment on column tenancy.purges.gone_in is 'The transaction that removed the organization: once all that began before it have ended, nobody adds to what is left.';

create index organizations_deleted_idx on public.organizations (deleted_at) where deleted_at is not null;


create function tenancy.refuse_to_bring_back()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if exists (select 1 from tenancy.purges as p where p.organization_id = old.id) then
        perform tenancy.refuse('conflict', 'This organization is being purged: it can''t be restored any more.');
    end if;
    return new;
end
$$;
comment on function tenancy.refuse_to_bring_back() is 'Keeps an organization deleted once its purge has begun. Raises conflict.';

create trigger refuse_to_bring_back before update of deleted_at on public.organizations
for each row when (old.deleted_at is not null and old.deleted_at is distinct from new.deleted_at)
execute function tenancy.refuse_to_bring_back();


-- Nobody but the purge takes entries away, and it only those of an organization that is not there any more. What decides is
-- what is true of the entries, not who asks: no other way in gains anything by it.
create function tenancy.refuse_to_forget()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if exists (
        select 1
        from (select distinct r.organization_id from removed_entries as r) as a
        where exists (select 1 from public.organizations as o where o.id = a.organization_id)
            or not exists (
                select 1 from tenancy.purges as p where p.organization_id = a.organization_id and p.gone_at is not null
            )
    ) then
        raise exception using errcode = 'insufficient_privilege', message = 'The audit log is append-only.';
    end if;
    return null;
end
$$;
comment on function tenancy.refuse_to_forget() is
    'Keeps every entry of the audit log, for the database owner too, until its organization is purged and gone. Raises 42501.';

drop trigger refuse_to_rewrite on public.audit_log;

create trigger refuse_to_rewrite before update or truncate on public.audit_log
for each statement execute function tenancy.refuse_to_rewrite();

create trigger refuse_to_forget after delete on public.audit_log
referencing old table as removed_entries
for each statement execute function tenancy.refuse_to_forget();

alter table public.audit_log enable always trigger refuse_to_rewrite, enable always trigger refuse_to_forget;


create function tenancy.places_of_organizations()
returns table (relation regclass, column_name name, condition text, fate text)
language sql stable
set search_path = ''
as $$
    with tables as materialized (
        select c.oid, n.nspname = 'tenancy' as is_of_the_engine
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where c.relkind = 'r'
            and (
                n.nspname in ('public', 'tenancy')
                or exists (
                    select 1 from tenancy.protected_tables as p where p.table_schema = n.nspname and p.table_name = c.relname
                )
            )
            and c.oid not in (to_regclass('tenancy.purges'), to_regclass('tenancy.deletion_records'))
    ),
    keys as materialized (
        select con.conrelid, unnest(con.conkey) as attnum, con.confrelid = 'public.organizations'::regclass as is_direct, con.confdeltype
        from pg_catalog.pg_constraint as con
        where con.contype = 'f'
    ),
    columns as (
        select
            t.oid,
            a.attname,
            a.atttypid::regtype::text as type,
            t.is_of_the_engine
                -- What belongs to one organization is about no other; what has no time is settings.
                and not bool_or(a.attname = 'organization_id' and a.attnotnull) over of_table
                and bool_or(a.atttypid = 'timestamptz'::regtype) over of_table as may_mention,
            k.is_bound,
            k.is_direct,
            k.is_emptied
        from tables as t
        join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
        cross join lateral (
            select
                count(*) > 0 as is_bound,
                coalesce(bool_or(k.is_direct), false) as is_direct,
                coalesce(bool_or(k.is_direct and k.confdeltype = 'n'), false) as is_emptied
            from keys as k
            where k.conrelid = t.oid and k.attnum = a.attnum
        ) as k
        window of_table as (partition by t.oid)
    )
    select
        c.oid::regclass,
        c.attname,
        case c.type
            when 'uuid' then format('t.%I = $1', c.attname)
            when 'uuid[]' then format('$1 = any (t.%I)', c.attname)
            else format('strpos(lower(t.%I::text), $1::text) > 0', c.attname)
        end,
        case
            when c.oid in ('public.organizations'::regclass, 'public.organization_users'::regclass) then 'with'
            when c.is_emptied then 'emptied'
            when c.is_bound then 'before'
            else 'after'
        end
    from columns as c
    where c.oid = 'public.organizations'::regclass and c.attname = 'id'
        or c.attname = 'organization_id' and c.type = 'uuid'
        or c.is_direct
        or c.may_mention and not c.is_bound
            and c.type in ('uuid', 'uuid[]', 'text', 'text[]', 'character varying', 'json', 'jsonb')
$$;
comment on function tenancy.places_of_organizations() is
    'Where the database can hold something of an organization, found in the catalog: columns that name it, and, of the engine''s
own rows that come and go and belong to no one organization, whatever could mention it. condition: of a row t, for the id $1.
fate: the row goes before the organization, with it, or after it (where no foreign key ties it to anything); emptied: it is
somebody''s who stays, and only loses the id.';


create function tenancy.children_first(p_tables regclass[])
returns regclass[]
language plpgsql stable
set search_path = ''
as $$
declare
    v_left regclass[] := array(select distinct t.name from unnest(p_tables) as t (name) order by 1);
    v_ordered regclass[] := '{}';
    v_next regclass[];
begin
    while cardinality(v_left) > 0 loop
        v_next := array(
            select t.name from unnest(v_left) as t (name)
            where not exists (
                select 1 from pg_catalog.pg_constraint as con
                where con.contype = 'f' and con.confrelid = t.name and con.conrelid <> t.name and con.conrelid = any (v_left)
            )
        );
        -- Tables that refer to each other in a circle: any of them first.
        if cardinality(v_next) = 0 then
            v_next := v_left[1:1];
        end if;
        v_ordered := v_ordered || v_next;
        v_left := array(select t.name from unnest(v_left) as t (name) where t.name <> all (v_next));
    end loop;
    return v_ordered;
end
$$;
comment on function tenancy.children_first(regclass[]) is
    'Tables in an order in which their rows can go without taking rows of others along: whatever refers to a table comes before it.';


create function tenancy.remove_rows(
    p_organization_id uuid,
    p_fate text,
    p_until timestamptz,
    out removed jsonb,
    out is_done boolean
)
returns record
language plpgsql
set search_path = ''
as $$
declare
    v_places jsonb;
    v_place record;
    v_count bigint;
    v_any boolean := true;
begin
    with places as materialized (
        select p.relation, p.column_name, p.condition from tenancy.places_of_organizations() as p where p.fate = p_fate
    ),
    ordered as materialized (
        select tenancy.children_first(array_agg(p.relation)) as tables from places as p
    )
    select jsonb_agg(
        jsonb_build_object('relation', p.relation::text, 'condition', p.condition)
        order by array_position(o.tables, p.relation), p.column_name
    ) into v_places
    from places as p cross join ordered as o;
    removed := '{}';
    is_done := false;
    -- Triggers may write elsewhere what a removal means, so it is over once a whole round has found nothing.
    while v_any loop
        v_any := false;
        for v_place in select r.relation, r.condition from jsonb_to_recordset(v_places) as r (relation text, condition text) loop
            loop
                -- Rows that somebody holds, such as an account that goes and takes its name off them, wait for the next round:
                -- nobody waits for anybody.
                execute format(
                    'delete from %1$s as r where r.ctid = any (array('
                    || 'select t.ctid from %1$s as t where %2$s limit 500 for update skip locked))',
                    v_place.relation, v_place.condition
                ) using p_organization_id;
                get diagnostics v_count = row_count;
                exit when v_count = 0;
                v_any := true;
                removed := removed || jsonb_build_object(
                    v_place.relation, coalesce((removed ->> v_place.relation)::bigint, 0) + v_count
                );
                if clock_timestamp() >= p_until then
                    return;
                end if;
            end loop;
        end loop;
    end loop;
    is_done := true;
end
$$;
comment on function tenancy.remove_rows(uuid, text, timestamptz) is
    'Removes an organization''s rows of one fate, a batch at a time until the time is over: how many of which table, and whether
none is left that can be had.';


create function tenancy.add_counts(p_counts jsonb, p_more jsonb)
returns jsonb
language sql immutable
set search_path = ''
as $$
    select coalesce(jsonb_object_agg(s.key, s.total), '{}')
    from (
        select e.key, sum(e.value::bigint) as total
        from (select * from jsonb_each_text(p_counts) union all select * from jsonb_each_text(p_more)) as e
        group by e.key
    ) as s
$$;
comment on function tenancy.add_counts(jsonb, jsonb) is 'Two objects of counts as one: what both have is added up.';


create function tenancy.remains(p_organization_id uuid)
returns table (place text, row_count bigint)
language plpgsql stable
set search_path = ''
as $$
declare
    v_place record;
begin
    for v_place in
        select p.relation, p.column_name, p.condition from tenancy.places_of_organizations() as p order by p.relation::text, p.column_name
    loop
        return query execute format(
            'select %L, count(*) from %s as t where %s',
            format('%s.%I', v_place.relation, v_place.column_name), v_place.relation, v_place.condition
        ) using p_organization_id;
    end loop;
end
$$;
comment on function tenancy.remains(uuid) is 'How many rows name an organization, for every column that could.';


create function tenancy.begin_purge(p_organization_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_organization public.organizations;
begin
    -- Of a purge and a restoration one goes first, and the other finds what it did. Updated and not only locked, so that a
    -- repeatable-read transaction with an older view fails instead of passing.
    update public.organizations as o set updated_at = o.updated_at
    where o.id = p_organization_id
    returning * into v_organization;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such organization.');
    elsif v_organization.deleted_at is null then
        perform tenancy.refuse('conflict', 'This organization is not deleted: only what is deleted can be purged.');
    elsif p_organization_id = tenancy.default_organization_id() then
        perform tenancy.refuse('conflict', 'The default organization is not purged: tables that are protected later put their rows there.');
    end if;
    insert into tenancy.purges (organization_id, name_hash, deleted_at)
    values (
        p_organization_id, encode(sha256(convert_to(p_organization_id || e'\n' || v_organization.name, 'UTF8')), 'hex'),
        v_organization.deleted_at
    )
    on conflict (organization_id) do nothing;
end
$$;
comment on function tenancy.begin_purge(uuid) is
    'Begins to purge a deleted organization: from here on nobody brings it back. Raises not_found, conflict (it is not deleted, or
is the default organization).';


create function tenancy.continue_purge(p_organization_id uuid, p_until timestamptz)
returns boolean
language plpgsql
set search_path = ''
set lock_timeout = '1s'
as $$
declare
    v_purge tenancy.purges;
    v_round record;
    v_members bigint;
begin
    -- Two rounds at once: one works, the other finds nothing to do.
    select * into v_purge from tenancy.purges as p where p.organization_id = p_organization_id for update skip locked;
    if not found then
        return false;
    end if;
    update tenancy.purges as p set tried_at = clock_timestamp(), last_error = null where p.organization_id = p_organization_id;

    if v_purge.gone_at is null then
        -- Whoever has a row under way that refers to the organization holds it; while this is held, nobody begins one.
        perform 1 from public.organizations as o where o.id = p_organization_id for update skip locked;
        if not found and exists (select 1 from public.organizations as o where o.id = p_organization_id) then
            return false;
        end if;
        -- What becomes of single rows is not for the log any more: their organization goes, and its log after it.
        perform tenancy.hold_entries();
        v_round := tenancy.remove_rows(p_organization_id, 'before', p_until);
        perform set_config('tenancy.entries', '', true);
        if v_round.is_done then
            select count(*) into v_members from public.organization_users as ou where ou.organization_id = p_organization_id;
            delete from public.organizations as o where o.id = p_organization_id;
            v_round.removed := v_round.removed
                || jsonb_build_object('public.organizations', 1, 'public.organization_users', v_members);
            update tenancy.purges as p
            set gone_at = clock_timestamp(), gone_in = pg_current_xact_id(),
                audit_head = (select h.hash from tenancy.audit_heads as h where h.organization_id = p_organization_id)
            where p.organization_id = p_organization_id;
        end if;
    elsif v_purge.gone_in < pg_snapshot_xmin(pg_current_snapshot())
        -- Of another server's count, where the database was restored from a dump in the middle of it.
        or v_purge.gone_in >= pg_snapshot_xmax(pg_current_snapshot())
    then
        v_round := tenancy.remove_rows(p_organization_id, 'after', p_until);
    else
        return false;
    end if;

    update tenancy.purges as p set removed = tenancy.add_counts(p.removed, v_round.removed)
    where p.organization_id = p_organization_id;
    if v_purge.gone_at is null or not v_round.is_done
        or exists (select 1 from tenancy.remains(p_organization_id) as r where r.row_count > 0)
    then
        return false;
    end if;
    perform tenancy.record_deletion(p_organization_id);
    return true;
end
$$;
comment on function tenancy.continue_purge(uuid, timestamptz) is
    'One round of a purge, until the time is over: true once nothing is left and the record of it is written. False: there is more
to do, or somebody has to end first; call it again, in another transaction.';


create function tenancy.purge_organization(p_organization_id uuid)
returns boolean
language plpgsql
set search_path = ''
as $$
begin
    if exists (select 1 from tenancy.deletion_records as d where d.organization_id = p_organization_id) then
        return true;
    end if;
    if not exists (select 1 from tenancy.purges as p where p.organization_id = p_organization_id) then
        perform tenancy.begin_purge(p_organization_id);
    end if;
    return tenancy.continue_purge(p_organization_id, clock_timestamp() + interval '0.5 seconds');
end
$$;
comment on function tenancy.purge_organization(uuid) is
    'Purges a deleted organization without waiting for its 30 days to be over, half a second at a time: call it until it answers
true, each time in a transaction of its own, or leave the rest to the schedule. Safe to call at any time. For the database
owner. Raises not_found, conflict (it is not deleted, or is the default organization).';


create function tenancy.purge_organizations(p_at timestamptz default now())
returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_until constant timestamptz := clock_timestamp() + interval '0.5 seconds';
    v_organization_id uuid;
    v_purged integer := 0;
begin
    for v_organization_id in
        select o.id
        from public.organizations as o
        where o.deleted_at is not null and tenancy.restorable_until(o.deleted_at) <= p_at
            and o.id <> tenancy.default_organization_id()
            and not exists (select 1 from tenancy.purges as p where p.organization_id = o.id)
        order by o.id
        limit 100
        -- Another round has it, or somebody who is about to bring it back by SQL: the next round looks again.
        for no key update of o skip locked
    loop
        perform tenancy.begin_purge(v_organization_id);
    end loop;

    -- Whoever has waited longest first, so that one that gets no further holds up nobody.
    for v_organization_id in
        select p.organization_id from tenancy.purges as p order by p.tried_at nulls first, p.organization_id
    loop
        begin
            v_purged := v_purged + tenancy.continue_purge(v_organization_id, v_until)::integer;
        exception when others then
            update tenancy.purges as p set tried_at = clock_timestamp(), last_error = left(sqlerrm, 500)
            where p.organization_id = v_organization_id;
            raise warning 'organization % could not be purged: %', v_organization_id, left(sqlerrm, 500);
        end;
        exit when clock_timestamp() >= v_until;
    end loop;
    return v_purged;
end
$$;
comment on function tenancy.purge_organizations(timestamptz) is
    'One round, of half a second, of purging the organizations that nobody can restore any more; how many it finished. Safe to run
twice, late and beside itself.';

insert into tenancy.jobs (name, schedule, command)
values ('tenancy-purge', '10 seconds', 'select tenancy.purge_organizations()');


revoke execute on all functions in schema tenancy from public;
