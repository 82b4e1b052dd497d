import type postgres from 'postgres'
import type { Transaction } from '../../tests/database/support/outcome.ts'

/** A constraint or a unique index of a table of the API. */
export interface Rule {
  table: string
  name: string
  kind: 'check' | 'foreign key' | 'primary key' | 'unique'
  /** The columns it is about, in its order, with their types. */
  columns: { name: string; type: string }[]
}

/**
 * The constraints and unique indexes of all tables of the API, by table and name. Left out are those that others imply: a
 * unique rule over a primary key and more, and the key of the organization where a required parent's holds it too.
 */
export async function rulesOf(sql: postgres.Sql | Transaction): Promise<Rule[]> {
  return await sql<Rule[]>`
    with tables as (
      select oid, relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    ),
    keys as (
      select con.oid, t.oid as relid, t.relname as "table", con.conname as name, con.conkey, con.confrelid,
        case con.contype when 'c' then 'check' when 'f' then 'foreign key' when 'p' then 'primary key' else 'unique' end as kind
      from pg_constraint as con join tables as t on t.oid = con.conrelid
      where con.contype in ('c', 'f', 'p', 'u')
      union all
      select i.indexrelid, t.oid, t.relname, c.relname, i.indkey::int2[], 0, 'unique'
      from pg_index as i join tables as t on t.oid = i.indrelid join pg_class as c on c.oid = i.indexrelid
      where i.indisunique and not exists (select 1 from pg_constraint as con where con.conindid = i.indexrelid)
    )
    select k."table", k.name, k.kind, (
      select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', a.atttypid::regtype::text) order by u.position), '[]')
      from unnest(k.conkey) with ordinality as u (attnum, position)
      join pg_attribute as a on a.attrelid = k.relid and a.attnum = u.attnum
    ) as columns
    from keys as k
    where not (
      k.kind = 'unique' and exists (
        select 1 from keys as p where p.relid = k.relid and p.kind = 'primary key' and p.conkey <@ k.conkey
      )
      or k.kind = 'foreign key' and k.confrelid = 'public.organizations'::regclass and exists (
        select 1 from keys as p where p.relid = k.relid and p.kind = 'foreign key' and p.oid <> k.oid and k.conkey <@ p.conkey
          and not exists (
            select 1 from pg_attribute as a where a.attrelid = p.relid and a.attnum = any (p.conkey) and not a.attnotnull
          )
      )
    )
    order by 1, 2`
}
