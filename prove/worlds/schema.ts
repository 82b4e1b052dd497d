import type postgres from 'postgres'

/** A column as the Data API offers it. */
export interface Column {
  name: string
  /** The name of its type, such as `uuid` or `_text`. */
  type: string
}

/** A foreign key between two tables of the API. */
export interface ForeignKey {
  name: string
  child: string
  /** The column that refers, besides organization_id. */
  column: string
  parent: string
}

/** A function of the API, with the names and types of what it takes. */
export interface Routine {
  name: string
  arguments: Column[]
}

/** What requests can be made of, as the catalog of a database says it. */
export interface Schema {
  tables: Record<string, Column[]>
  foreignKeys: ForeignKey[]
  routines: Routine[]
}

/** Reads tables, keys and functions of the API, so that what is added tomorrow is asked tomorrow. */
export async function readSchema(sql: postgres.Sql): Promise<Schema> {
  const columns = await sql<{ relation: string; name: string; type: string }[]>`
    select c.relname as relation, a.attname as name, t.typname as type
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid
    join pg_type as t on t.oid = a.atttypid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
      -- Made anew in each world: nothing can be compared with them, nor sorted by them.
      and not (c.relname = 'audit_log' and a.attname in ('hash', 'request_id'))
    order by c.relname, a.attnum`
  const foreignKeys = await sql<ForeignKey[]>`
    select con.conname as name, child.relname as child, a.attname as column, parent.relname as parent
    from pg_constraint as con
    join pg_class as child on child.oid = con.conrelid
    join pg_class as parent on parent.oid = con.confrelid
    join pg_attribute as a on a.attrelid = con.conrelid and a.attnum = con.conkey[cardinality(con.conkey)]
    where con.contype = 'f' and child.relnamespace = 'public'::regnamespace and parent.relnamespace = 'public'::regnamespace
    order by con.conname`
  const routines = await sql<{ name: string; names: string[] | null; types: string[] }[]>`
    select p.proname as name, p.proargnames as names,
      array(select t.typname::text from unnest(p.proargtypes) with ordinality as u (oid, n)
        join pg_type as t on t.oid = u.oid order by u.n) as types
    from pg_proc as p
    where p.pronamespace = 'public'::regnamespace and p.prorettype <> 'trigger'::regtype
    order by p.proname`
  const tables: Record<string, Column[]> = {}
  for (const { relation, name, type } of columns) (tables[relation] ??= []).push({ name, type })
  return {
    tables,
    foreignKeys: [...foreignKeys],
    routines: routines.map(({ name, names, types }) => ({
      name,
      arguments: types.map((type, at) => ({ name: names?.[at] ?? '', type })),
    })),
  }
}

/** A table with its parents and children, nearest first, at most `count`. */
export function neighbours({ foreignKeys }: Schema, table: string, allowed: Set<string>, count: number): string[] {
  const found = [table]
  for (const near of found) {
    for (const { child, parent } of foreignKeys) {
      const other = child === near ? parent : parent === near ? child : near
      if (allowed.has(other) && !found.includes(other) && found.length < count) found.push(other)
    }
  }
  return found
}
