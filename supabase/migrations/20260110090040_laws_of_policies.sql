-- Laws of policies: each is word for word what the registry asks for.

create function tenancy.canonical_expression(p_expression text)
returns text
language sql immutable
set search_path = ''
as $$
    select regexp_replace(
        regexp_replace(lower(p_expression), '::(public\.)?organization_role|\sas\s[a-z_]+|::uuid\[\]', '', 'g'),
        '\s', '', 'g'
    )
$$;
comment on function tenancy.canonical_expression(text) is
    'A condition without what Postgres adds when it prints one: names of sub-selects, casts of roles, white space. Parentheses
stay: they are what it means.';


create function tenancy.printed_policy(
    p_role public.organization_role,
    p_own boolean,
    p_for_write boolean,
    p_names_author boolean
)
returns text
language sql immutable
set search_path = ''
as $$
    -- tenancy.policy_expression() with every parenthesis that Postgres prints.
    with asked as (
        select
            '(user_id = (select auth.uid()))' as author,
            format('(organization_id = (select tenancy.current_organization_id(''member'', %s)))', p_for_write::text) as own_scope,
            format('(organization_id = (select tenancy.current_organization_id(%L, %s)))', p_role, p_for_write::text) as any_scope,
            format('((select tenancy.current_organization_id(%L, %s)) is not null)', p_role, p_for_write::text) as reaches_any
    )
    select tenancy.canonical_expression(
        case
            when p_own and p_role is null then format('(%s and %s)', own_scope, author)
            when p_own then format('(%s and (%s or %s))', own_scope, author, reaches_any)
            when p_names_author then format('(%s and %s)', any_scope, author)
            else any_scope
        end
    )
    from asked
$$;
comment on function tenancy.printed_policy(public.organization_role, boolean, boolean, boolean) is
    'What Postgres prints, in canonical form, of the condition that tenancy.write_policy() writes for a role.';


create function tenancy.asks_for_each_row(p_expression text)
returns boolean
language sql immutable
set search_path = ''
as $$
    -- What is left of a condition without literals, type modifiers and sub-selects that call a function with constants.
    with bare as (
        select regexp_replace(
            regexp_replace(regexp_replace(p_expression, '''[^'']*''', '''''', 'g'), '::[a-z_. ]+\([0-9, ]+\)', '', 'g'),
            '\( SELECT [a-z_]+\.[a-z_]+\((''''::[a-z_.]+|true|false|, )*\) AS [a-z_]+\)', '?', 'g'
        ) as text
    )
    select bare.text ~ '[a-z0-9_"]\(' or bare.text ~ 'SELECT' from bare
$$;
comment on function tenancy.asks_for_each_row(text) is
    'Whether a condition, as Postgres prints it, calls a function or a query for each row.';


create function tenancy.expected_policies()
returns table (
    id oid, label text, command text, policy_name text, condition text, check_condition text, protect_call text
)
language sql stable
set search_path = ''
as $$
    with asked as (
        select
            r.id, r.label, r.table_name, r.protect_call, asked.command, asked.role,
            asked.command = any (r.own_rows) as own, asked.command = 'insert' and r.has_author as names_author
        from tenancy.registered_relations() as r
        cross join lateral (
            values ('select', r.read_role), ('insert', r.create_role), ('update', r.update_role), ('delete', r.delete_role)
        ) as asked (command, role)
    ),
    -- Many tables ask for the same.
    conditions as materialized (
        select
            d.*,
            case when d.command <> 'insert' then tenancy.printed_policy(d.role, d.own, d.command <> 'select', false) end as condition,
            case d.command
                when 'insert' then tenancy.printed_policy(d.role, false, true, d.names_author)
                when 'update' then tenancy.printed_policy(case when d.own then d.role else 'member' end, d.own, false, false)
            end as check_condition
        from (select distinct a.command, a.role, a.own, a.names_author from asked as a where a.role is not null or a.own) as d
    )
    select a.id, a.label, a.command, a.table_name || '_' || a.command, c.condition, c.check_condition, a.protect_call
    from asked as a
    left join conditions as c
        on c.command = a.command and c.role is not distinct from a.role and c.own = a.own and c.names_author = a.names_author
$$;
comment on function tenancy.expected_policies() is
    'For each protected table and command what its policy reaches and what it lets be written; both null where nobody may use
the command.';


create function tenancy.stored_policies()
returns table (
    id oid,
    label text,
    table_name name,
    policy_name name,
    command text,
    is_permissive boolean,
    roles text[],
    printed_using text,
    printed_check text,
    canonical_using text,
    canonical_check text,
    asks_for_each_row boolean
)
language sql stable
set search_path = ''
as $$
    with stored as materialized (
        select
            g.id,
            g.label,
            g.table_name,
            pol.polname,
            case pol.polcmd
                when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all'
            end as command,
            pol.polpermissive,
            array(
                select case when role = 0 then 'public' else pg_get_userbyid(role)::text end
                from unnest(pol.polroles) as role
                order by 1
            ) as roles,
            pg_get_expr(pol.polqual, pol.polrelid) as printed_using,
            pg_get_expr(pol.polwithcheck, pol.polrelid) as printed_check
        from tenancy.guarded_relations() as g
        join pg_catalog.pg_policy as pol on pol.polrelid = g.id
    ),
    -- Many policies say the same.
    conditions as materialized (
        select d.printed, tenancy.canonical_expression(d.printed) as canonical, tenancy.asks_for_each_row(d.printed) as asks
        from (
            select s.printed_using as printed from stored as s where s.printed_using is not null
            union
            select s.printed_check from stored as s where s.printed_check is not null
        ) as d
    )
    select s.*, u.canonical, c.canonical, coalesce(u.asks, false) or coalesce(c.asks, false)
    from stored as s
    left join conditions as u on u.printed = s.printed_using
    left join conditions as c on c.printed = s.printed_check
$$;
comment on function tenancy.stored_policies() is 'The policies as they are, with their conditions as printed and in canonical form.';


create function tenancy.verify_policies()
returns table (law text, object text, fault text, mend text)
language sql stable
set search_path = ''
as $$
    with expected as materialized (
        select e.*, coalesce(e.condition, e.check_condition) is not null as is_usable from tenancy.expected_policies() as e
    ),
    stored as materialized (select * from tenancy.stored_policies())
    select
        'policies_say_what_the_registry_says',
        format('%s for %s', e.label, e.command),
        case
            when not e.is_usable and s.id is not null then 'there is a policy, though nobody may use the command'
            when not e.is_usable then null
            when s.id is null then 'there is no policy'
            when s.command <> e.command then format('the policy is for %s', s.command)
            when s.canonical_using is distinct from e.condition
            then format('it reaches rows where %s', coalesce(s.printed_using, 'anything holds'))
            when s.canonical_check is distinct from e.check_condition
            then format('it lets rows be written where %s', coalesce(s.printed_check, 'nothing is checked'))
        end,
        e.protect_call
    from expected as e
    left join stored as s on s.id = e.id and s.policy_name = e.policy_name

    union all
    select
        'policies_stand_alone',
        format('%I on %s', s.policy_name, s.label),
        nullif(
            concat_ws(
                '; ',
                case when s.policy_name <> s.table_name || '_' || s.command then 'it adds to the table''s own policies' end,
                case when s.command = 'all' then 'it is for all commands at once' end,
                case when not s.is_permissive then 'it is restrictive' end,
                case when s.roles <> '{authenticated}' then format('it is for %s', array_to_string(s.roles, ', ')) end,
                case when s.command in ('insert', 'update', 'all') and s.printed_check is null then
                    'it has no check of what is written'
                end
            ),
            ''
        ),
        case when e.is_usable and e.command = s.command then e.protect_call
            else format('drop policy %I on %s;', s.policy_name, s.label)
        end
    from stored as s
    left join expected as e on e.id = s.id and e.policy_name = s.policy_name

    union all
    select
        'policies_ask_once_a_statement',
        format('%I on %s', s.policy_name, s.label),
        case when s.asks_for_each_row then
            format('it asks for each row: %s', concat_ws(', ', s.printed_using, s.printed_check))
        end,
        case when e.is_usable and e.command = s.command then e.protect_call
            else format('drop policy %I on %s;', s.policy_name, s.label)
        end
    from stored as s
    left join expected as e on e.id = s.id and e.policy_name = s.policy_name

    union all
    select
        'spanning_tables_are_read_by_their_rule',
        g.label,
        case
            when s.id is null then format('there is no policy %s', g.table_name || '_select')
            when s.command <> 'select' then format('the policy is for %s', s.command)
            when s.canonical_using
                is distinct from '(' || tenancy.canonical_expression(t.read_rule) || ')'
            then format('it shows rows where %s', coalesce(s.printed_using, 'anything holds'))
        end,
        format(
            'drop policy if exists %1$I on %2$s; create policy %1$I on %2$s for select to authenticated using (%3$s);',
            g.table_name || '_select', g.label, t.read_rule
        )
    from tenancy.spanning_tables as t
    join tenancy.guarded_relations() as g on g.schema_name = t.table_schema and g.table_name = t.table_name
    left join stored as s on s.id = g.id and s.policy_name = g.table_name || '_select'
$$;
comment on function tenancy.verify_policies() is 'Policies are what the registry says, one for each command. See tenancy.verify().';


revoke execute on all functions in schema tenancy from public;
