import type postgres from 'postgres'
import { isProtectedTable, type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { samples } from '../../tests/database/support/rows.ts'

/** What the model has to know of a table besides who may do what: its shape. */
export interface TableFacts {
  hasAuthor: boolean
  /** Columns that every row needs a parent in. */
  required: string[]
  /** The columns that name a row of a protected table, and what becomes of a row when that one goes. */
  references: Record<string, { parent: ProtectedTable; onDelete: 'delete' | 'forget' | 'keep' }>
  /** What two example rows of one organization must not have in common, one entry for each unique rule. */
  unique: string[][]
}

const onDelete = { c: 'delete', n: 'forget', d: 'forget', a: 'keep', r: 'keep' } as const

/** Reads the shape of the protected tables from the catalog. */
export async function readTableFacts(sql: postgres.Sql): Promise<Record<ProtectedTable, TableFacts>> {
  const references = await sql<{ child: string; parent: string; column: string; action: keyof typeof onDelete }[]>`
    select child.relname as child, parent.relname as parent, a.attname as column, con.confdeltype as action
    from pg_constraint as con
    join pg_class as child on child.oid = con.conrelid
    join pg_class as parent on parent.oid = con.confrelid
    join pg_attribute as a on a.attrelid = con.conrelid and a.attnum = any (con.conkey)
    where con.contype = 'f' and child.relname = any (${protectedTables}) and parent.relname = any (${protectedTables})
      and child.relnamespace = 'public'::regnamespace and a.attname not in ('organization_id', 'user_id')`
  const keys = await sql<{ table: string; columns: string[]; defaults: boolean[] }[]>`
    select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns,
      array_agg(a.atthasdef order by a.attnum) as defaults
    from pg_index as i
    join pg_class as c on c.oid = i.indrelid
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indisunique and not i.indisprimary and i.indpred is null and c.relnamespace = 'public'::regnamespace
      and c.relname = any (${protectedTables})
    group by c.relname, i.indexrelid`

  const factsOf = (table: ProtectedTable): TableFacts => {
    const { row, parents = {}, authorless } = samples[table]
    const own = references.filter(({ child }) => child === table)
    const named = Object.fromEntries(
      own.flatMap(({ parent, column, action }) =>
        isProtectedTable(parent) ? [[column, { parent, onDelete: onDelete[action] }]] : []
      ),
    )
    // In example rows a column that is neither said nor defaulted is null, which is equal to nothing.
    const isComparable = (column: string, hasDefault: boolean) =>
      ['organization_id', 'user_id'].includes(column) || column in row || column in named || hasDefault
    const unique = keys
      .filter(({ table: of, columns, defaults }) =>
        of === table && !columns.includes('id') && columns.every((column, at) => isComparable(column, defaults[at]!))
      )
      .map(({ columns }) => columns.filter((column) => column === 'user_id' || column in named))
    return { hasAuthor: !authorless, required: Object.keys(parents), references: named, unique }
  }
  return Object.fromEntries(protectedTables.map((table) => [table, factsOf(table)])) as Record<
    ProtectedTable,
    TableFacts
  >
}
