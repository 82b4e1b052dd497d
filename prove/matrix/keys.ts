import type postgres from 'postgres'
import { isProtectedTable, type ProtectedTable } from '../../shared/roles.ts'
import { insertRow } from '../../tests/database/support/rows.ts'
import type { TableStage } from './stage.ts'
import { asActor, creatorOf, ourRow } from './statements.ts'
import { insertInto, literal, name, type Scene } from './tries.ts'

/** A reference from a table to a protected one. */
interface Key {
  column: string
  parent: ProtectedTable
  onDelete: string
  /** The name of the constraint. */
  key: string
}

/** The keys of a table with a row of each company for each to point to. */
export interface Reference extends Key {
  ourParent: string
  theirParent: string
}

// What the catalog has, and what it must have: protect() keeps the definition of every key it narrowed.
async function findKeys(tx: postgres.TransactionSql, table: ProtectedTable): Promise<Key[]> {
  const rows = await tx<{ column: string; parent: string; definition: string; key: string }[]>`
    with keys as (
      select k.child_column as column, k.parent, k.original_definition as definition, k.constraint_name as key,
        1 as rank
      from tenancy.scoped_foreign_keys as k where k.child = ${`public.${table}`}::regclass
      union all
      select a.attname, con.confrelid, pg_get_constraintdef(con.oid), con.conname, 2
      from pg_constraint as con
      join pg_attribute as a on a.attrelid = con.conrelid and a.attnum = any (con.conkey)
      where con.contype = 'f' and con.conrelid = ${`public.${table}`}::regclass and a.attname <> 'organization_id'
    )
    select distinct on (k.column) k.column, c.relname as parent, k.definition, k.key
    from keys as k
    join pg_class as c on c.oid = k.parent
    join tenancy.protected_tables as p on p.table_schema = c.relnamespace::regnamespace::text and p.table_name = c.relname
    order by k.column, k.rank`
  return rows.flatMap(({ column, parent, definition, key }) => {
    const onDelete = /ON DELETE (CASCADE|SET NULL)/.exec(definition)?.[1] ?? 'RESTRICT'
    return isProtectedTable(parent) ? [{ column, parent, onDelete, key }] : []
  })
}

/** Finds the keys of a table and makes what they point to. */
export async function findReferences(tx: postgres.TransactionSql, stage: TableStage): Promise<Reference[]> {
  const make = (key: Key, organization_id: string) => insertRow(tx, key.parent, { organization_id })
  return await Promise.all((await findKeys(tx, stage.table)).map(async (key) => ({
    ...key,
    ourParent: stage.ours[key.column] ?? await make(key, stage.acme),
    theirParent: stage.theirs[key.column] ?? await make(key, stage.globex),
  })))
}

/** What a key promises: it names nothing of another company, nor tells it from nothing, and does as defined on delete. */
export function scenesOfKey(
  stage: TableStage,
  { column, parent, onDelete, ourParent, theirParent }: Reference,
): Scene[] {
  const { table, acme } = stage
  const creator = creatorOf(table)
  const what = `${table}: ${column}`
  const insert = (id: string) => insertInto(table, { ...stage.ours, id: stage.newId, [column]: id })
  const point = (id: string) =>
    `update public.${name(table)} set ${name(column)} = ${literal(id)} where id = ${literal(stage.ourId)}`
  const asCreator = asActor(stage, creator, acme)
  const asService = asActor(stage, 'service')
  const left = `select coalesce(min(case when organization_id <> ${literal(acme)} then 'moved'
    when ${name(column)} is null then 'emptied' else 'left' end), 'gone')
    from public.${name(table)} where id = ${literal(stage.ourId)}`
  return [
    {
      setup: [],
      tries: [
        {
          name: `${what} of a new row names a row of its own company`,
          ...asCreator,
          statement: insert(ourParent),
          probe: `select ${name(column)}::text from public.${name(table)} where id = ${literal(stage.newId)}`,
          expected: [ourParent],
        },
        {
          name: `${what} of a new row names one of nobody`,
          ...asCreator,
          statement: insert(crypto.randomUUID()),
          probe: `select 'accepted'`,
          expected: ['23503'],
        },
        {
          name: `${what} of a new row names one of the other company`,
          ...asCreator,
          statement: insert(theirParent),
          probe: `select 'accepted'`,
          expected: ['23503'],
          likePrevious: true,
        },
        {
          name: `${what} of a new row of the secret key places it`,
          ...asService,
          statement: insert(ourParent),
          probe: `select case when organization_id = ${literal(acme)} then 'with its parent' else 'elsewhere' end
            from public.${name(table)} where id = ${literal(stage.newId)}`,
          expected: ['with its parent'],
        },
      ],
    },
    {
      setup: [insertInto(table, { ...ourRow(stage, 'member'), [column]: ourParent })],
      tries: [
        {
          name: `${what} is changed to one of nobody`,
          ...asService,
          statement: point(crypto.randomUUID()),
          probe: `select 'accepted'`,
          expected: ['23503'],
        },
        {
          name: `${what} is changed to one of the other company`,
          ...asService,
          statement: point(theirParent),
          probe: `select 'accepted'`,
          expected: ['23503'],
          likePrevious: true,
        },
        {
          name: `${what} when the row of ${parent} goes`,
          statement: `delete from public.${name(parent)} where id = ${literal(ourParent)}`,
          probe: left,
          expected: [{ 'CASCADE': 'gone', 'SET NULL': 'emptied' }[onDelete] ?? '23503'],
        },
      ],
    },
  ]
}
