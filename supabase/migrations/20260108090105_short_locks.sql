-- A live table is changed under short locks only: what takes long is prepared before, and what needs everybody to wait is
-- begun once it can be had at once.

create function tenancy.lock_tables(variadic p_tables regclass[])
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_tables text := (select string_agg(t.name::text, ', ' order by t.name::oid) from unnest(p_tables) as t (name));
    v_attempts constant integer := 60;
begin
    -- Where people are at work, whoever waited for the lock before this one goes first, and the Data API gets its breath
    -- back: it reads the whole schema again after each change.
    if not exists (
        select 1 from pg_catalog.pg_locks as l
        where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.granted
    ) and exists (
        select 1 from pg_catalog.pg_stat_activity as a
        where a.datname = current_database() and a.usename = 'authenticator' and a.state_change > now() - interval '1 second'
    ) then
        perform pg_sleep(coalesce(nullif(current_setting('tenancy.pause', true), '')::numeric, 0.25));
    end if;
    for v_attempt in 1 .. v_attempts loop
        begin
            -- Whoever waits for a lock makes everybody after it wait too, so the wait is short, and ends before a deadlock
            -- with somebody's request would be looked for. Giving up gives back what was locked already.
            perform set_config('lock_timeout', least(10 * v_attempt, 200) || 'ms', true);
            execute format('lock table %s in access exclusive mode', v_tables);
            perform set_config('lock_timeout', '2s', true);
            return;
        exception when lock_not_available then
            if v_attempt = v_attempts then
                raise exception 'tenancy.lock_tables: % stayed in use; nothing was changed. Try again when it is quieter.', v_tables
                using errcode = 'lock_not_available';
            end if;
            perform pg_sleep(0.2 + random() * 0.3);
        end;
    end loop;
end
$$;
comment on function tenancy.lock_tables(regclass[]) is
    'Locks tables against everybody until the transaction ends: all of them or none, and without letting others queue for
long. Name all that a transaction will change, in one call. While the Data API is in use it waits a quarter of a second
first, or as many seconds as the setting tenancy.pause says. Afterwards lock_timeout is 2 s, so that nothing waits long while
these are held. Raises lock_not_available after about half a minute.';


create function tenancy.is_big(p_table regclass)
returns boolean
language sql stable
set search_path = ''
as $$
    select pg_catalog.pg_relation_size(p_table) > 16 * 1024 * 1024
$$;
comment on function tenancy.is_big(regclass) is
    'Whether reading a table takes longer than its users should wait (over 16 MiB): then indexes are built beforehand, and
foreign keys checked afterwards.';


create function tenancy.has_index(p_table regclass, variadic p_columns text[])
returns boolean
language sql stable
set search_path = ''
as $$
    select exists (
        select 1
        from pg_catalog.pg_index as i
        where i.indrelid = p_table and i.indisvalid and i.indpred is null
            and (
                select array_agg(a.attname::text order by k.position)
                from unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
                join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
                where k.position <= cardinality(p_columns)
            ) = p_columns
    )
$$;
comment on function tenancy.has_index(regclass, text[]) is 'Whether a valid index of the table starts with these columns, in this order.';


create function tenancy.build_index(p_table regclass, p_kind text, p_name text, p_columns text)
returns void
language plpgsql
set search_path = ''
as $$
begin
    if tenancy.is_big(p_table) then
        raise exception 'tenancy.protect: % is big, and everybody would wait while its index % is built', p_table, p_name
        using hint = format(
            'Build it first, in a migration of its own: create %s concurrently %I on %s (%s)', p_kind, p_name, p_table, p_columns
        );
    end if;
    execute format('create %s %I on %s (%s)', p_kind, p_name, p_table, p_columns);
end
$$;
comment on function tenancy.build_index(regclass, text, text, text) is
    'Builds an index of a table that is not big; for a big one it raises, with the statement to run beforehand as hint.';


create function tenancy.drop_interrupted_indexes()
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_index record;
begin
    -- An index that was interrupted while it was built concurrently is there and of no use.
    for v_index in
        select i.indexrelid::regclass as name, i.indrelid::regclass as table_name
        from pg_catalog.pg_index as i
        join tenancy.prepared_tables as p
            on i.indrelid = to_regclass(format('%I.%I', p.table_schema, p.table_name))
        where not i.indisvalid
    loop
        -- Whoever was building it may still be at it: this waits without making anybody else wait.
        perform tenancy.lock_tables(v_index.table_name);
        execute format('drop index if exists %s', v_index.name);
    end loop;
end
$$;
comment on function tenancy.drop_interrupted_indexes() is
    'Makes room for indexes of prepared tables to be built anew after an interruption.';


create function tenancy.add_foreign_key(p_table regclass, p_name text, p_definition text)
returns void
language plpgsql
set search_path = ''
as $$
begin
    execute format(
        'alter table %s add constraint %I foreign key %s%s',
        p_table, p_name, p_definition, case when tenancy.is_big(p_table) then ' not valid' end
    );
end
$$;
comment on function tenancy.add_foreign_key(regclass, text, text) is
    'Adds a foreign key. That of a big table holds for new rows at once and for old ones after tenancy.validate_keys().';


create function tenancy.validate_keys()
returns integer
language plpgsql
set search_path = ''
as $$
declare
    v_key record;
    v_validated integer := 0;
begin
    for v_key in
        select con.conrelid::regclass as child, con.conname
        from pg_catalog.pg_constraint as con
        join pg_catalog.pg_class as c on c.oid = con.conrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        join tenancy.protected_tables as p on p.table_schema = n.nspname and p.table_name = c.relname
        where not con.convalidated
        order by 1, 2
    loop
        execute format('alter table %s validate constraint %I', v_key.child, v_key.conname);
        v_validated := v_validated + 1;
    end loop;
    return v_validated;
end
$$;
comment on function tenancy.validate_keys() is
    'Checks the rows that were there before the constraints of protected tables, while people go on reading and writing.
Answers how many constraints were checked.';


revoke execute on all functions in schema tenancy from public;
