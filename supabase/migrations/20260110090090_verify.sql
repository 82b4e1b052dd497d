-- The proof: each law, for everything that it is about.

create function tenancy.verify()
returns table (law text, object text, ok boolean, detail text, consequence text, mend text)
language sql stable
set search_path = ''
as $$
    select
        c.law,
        c.object,
        c.fault is null,
        c.fault,
        case when c.fault is not null then l.consequence end,
        case when c.fault is not null then btrim(c.mend) end
    from (
        select * from tenancy.verify_tables()
        union all
        select * from tenancy.verify_columns()
        union all
        select * from tenancy.verify_keys()
        union all
        select * from tenancy.verify_triggers()
        union all
        select * from tenancy.verify_policies()
        union all
        select * from tenancy.verify_grants()
        union all
        select * from tenancy.verify_functions()
        union all
        select * from tenancy.verify_roles()
        union all
        select * from tenancy.verify_memberships()
    ) as c (law, object, fault, mend)
    left join tenancy.laws as l on l.name = c.law
    order by l.position, c.object
$$;
comment on function tenancy.verify() is
    'Proves that organizations are kept apart: one row for each law and each object that it is about, found in the catalog.
Where it does not hold, detail says what was seen, consequence what that means for the companies, and mend is SQL that puts
it right. Reads only; for the database owner. npm run prove makes a report of it.';


revoke execute on all functions in schema tenancy from public;
