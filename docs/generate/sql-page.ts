import type postgres from 'postgres'
import { code, generatedFrom, page, table } from './markdown.ts'

interface DatabaseFunction {
  schema: string
  name: string
  arguments: string
  result: string
  comment: string
  callers: string[]
}

interface DatabaseTable {
  schema: string
  name: string
  comment: string
  columns: { name: string; comment: string }[]
}

/** docs/reference/sql.md: what the database says about itself. */
export async function sqlPage(sql: postgres.Sql): Promise<string> {
  const functions = await readFunctions(sql)
  const tables = await readTables(sql)
  const of = <Thing extends { schema: string }>(things: Thing[], schema: string) =>
    things.filter((thing) => thing.schema === schema)
  const isTrigger = ({ result }: DatabaseFunction) => result === 'trigger'
  const inner = of(functions, 'tenancy').filter(({ comment }) => !comment.startsWith('See public.'))
  return page([
    '# SQL',
    generatedFrom('the comments in the database'),
    'Schema `public` is the API: its functions can be called as `supabase.rpc(name, arguments)`. Schema `tenancy` is the ' +
    'engine and is not exposed. A refusal is raised with a code of [problems.md](problems.md) as its hint.',
    '## Functions of the API',
    ...of(functions, 'public').filter((each) => !isTrigger(each)).flatMap(toSection),
    '## Tables and views of the API',
    'Who may what with their rows is in [roles.md](roles.md).',
    ...toTables(of(tables, 'public')),
    '## Functions of the engine',
    'The entry points above that read or change organizations, people and invitations hand over to functions of the ' +
    'same name in `tenancy`, which are not repeated here.',
    inner.filter((each) => !isTrigger(each)).map(toItem).join('\n'),
    '## Trigger functions',
    functions.filter(isTrigger).map(({ schema, name, comment }) => `- ${code(`${schema}.${name}()`)}: ${comment}`)
      .join('\n'),
    '## Tables of the engine',
    ...toTables(of(tables, 'tenancy')),
  ])
}

const toSignature = (each: DatabaseFunction): string => `${each.name}(${each.arguments}) returns ${each.result}`

const toItem = (each: DatabaseFunction): string => `- ${code(toSignature(each))}: ${each.comment}`

const toSection = (each: DatabaseFunction): string[] => [
  `### ${each.name}`,
  '```sql\n' + toSignature(each) + '\n```',
  each.comment,
  `May be called by: ${each.callers.map(code).join(', ') || 'the database owner alone'}.`,
]

function toTables(tables: DatabaseTable[]): string[] {
  const columns = tables.flatMap((each) =>
    each.columns.map(({ name, comment }) => `- ${code(`${each.name}.${name}`)}: ${comment}`)
  )
  return [table(['name', 'what it holds'], tables.map((each) => [code(each.name), each.comment])), columns.join('\n')]
}

/** A comment on one line, in which Markdown sees no tags. */
const toLine = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').replaceAll('<', '\\<').trim()

/** As migrations write them: lower case, defaults without the cast that Postgres adds. */
const toPlain = (text: string): string =>
  text.replace(/ DEFAULT (NULL|'[^']*')::[\w.[\] ]+/g, ' DEFAULT $1')
    .replace(/\b(DEFAULT|NULL|OUT|VARIADIC|SETOF)\b/g, (word) => word.toLowerCase())
    .replaceAll('timestamp with time zone', 'timestamptz')
    .replace(/^TABLE\(/, 'table (')

async function readFunctions(sql: postgres.Sql): Promise<DatabaseFunction[]> {
  const rows = await sql<DatabaseFunction[]>`
    select n.nspname as schema, p.proname as name, pg_get_function_arguments(p.oid) as arguments,
      pg_get_function_result(p.oid) as result, obj_description(p.oid, 'pg_proc') as comment,
      array(
        select r.rolname::text from pg_roles as r
        where r.rolname in ('anon', 'authenticated', 'service_role') and has_function_privilege(r.oid, p.oid, 'execute')
        order by 1
      ) as callers
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('public', 'tenancy')
    order by n.nspname collate "C", p.proname collate "C", p.oid`
  return rows.map((row) => ({
    ...row,
    arguments: toPlain(row.arguments),
    result: toPlain(row.result),
    comment: toLine(row.comment),
  }))
}

async function readTables(sql: postgres.Sql): Promise<DatabaseTable[]> {
  const rows = await sql<DatabaseTable[]>`
    select n.nspname as schema, c.relname as name, obj_description(c.oid, 'pg_class') as comment,
      coalesce((
        select json_agg(json_build_object('name', a.attname, 'comment', d.description) order by a.attnum)
        from pg_attribute as a
        join pg_description as d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = a.attnum
        where a.attrelid = c.oid and a.attnum > 0
      ), '[]') as columns
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('public', 'tenancy') and c.relkind in ('r', 'p', 'v', 'm')
    order by n.nspname collate "C", c.relname collate "C"`
  return rows.map((row) => ({
    ...row,
    comment: toLine(row.comment),
    columns: row.columns.map(({ name, comment }) => ({ name, comment: toLine(comment) })),
  }))
}
