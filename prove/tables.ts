import type { Transaction } from '../tests/database/support/outcome.ts'

/** A table of the API as it was found. */
export interface Table {
  table: string
  /** What keeps its rows apart. */
  kind: 'protected' | 'spanning' | 'unprotected'
  rowSecurity: 'forced' | 'enabled' | 'off'
  /** Who reads, creates, changes and deletes rows, as the registry says; a law proves that the policies say the same. */
  read: string
  create: string
  change: string
  delete: string
}

/** The tables of the API with their access matrix. */
export async function readTables(tx: Transaction): Promise<Table[]> {
  return await tx<Table[]>`
    select g.label as table,
      case when p.table_name is not null then 'protected' when s.table_name is not null then 'spanning' else 'unprotected' end
        as kind,
      case when c.relrowsecurity and c.relforcerowsecurity then 'forced' when c.relrowsecurity then 'enabled' else 'off' end
        as "rowSecurity",
      m.read, m.create, m.change, m.delete
    from tenancy.guarded_relations() as g
    join pg_catalog.pg_class as c on c.oid = g.id
    left join tenancy.protected_tables as p on p.table_schema = g.schema_name and p.table_name = g.table_name
    left join tenancy.spanning_tables as s on s.table_schema = g.schema_name and s.table_name = g.table_name
    cross join lateral (
      select
        max(a.audience) filter (where a.command = 'select') as read,
        max(a.audience) filter (where a.command = 'insert') as create,
        max(a.audience) filter (where a.command = 'update') as change,
        max(a.audience) filter (where a.command = 'delete') as delete
      from (
        select asked.command, case
          when p.table_name is null and s.table_name is not null and asked.command = 'select' then 'own companies'' members'
          when p.table_name is null and s.table_name is not null then 'nobody'
          when p.table_name is null then 'not decided'
          when asked.command = any (p.own_rows) and asked.role is null then 'own: member'
          when asked.command = any (p.own_rows) then format('own: member; any: %s', asked.role)
          else coalesce(asked.role::text, 'nobody')
        end as audience
        from (
          values ('select', p.read_role), ('insert', p.create_role), ('update', p.update_role), ('delete', p.delete_role)
        ) as asked (command, role)
      ) as a
    ) as m
    where g.kind in ('r', 'p')
    order by g.label`
}
