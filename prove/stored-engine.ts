import type { Transaction } from '../tests/database/support/outcome.ts'
import type { Engine } from './engine.ts'

/**
 * The engine as a database has it: a hash of each function with its settings, and the text of the triggers and rules
 * that tenancy.verify() does not know word for word.
 */
export async function storedEngine(tx: Transaction): Promise<Omit<Engine, 'version'>> {
  // The search path decides which names Postgres prints with their schema.
  const [before] = await tx`select current_setting('search_path') as path, set_config('search_path', '', true)`
  const functions = await tx<Part[]>`
    select p.oid::regprocedure::text as name, encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex') as text
    from pg_proc as p
    where p.pronamespace in ('public'::regnamespace, 'tenancy'::regnamespace) and p.prokind in ('f', 'p')
      and not exists (
        select 1 from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      )`
  // Of protected tables verify() knows these three.
  const triggers = await tx<Part[]>`
    select format('%s on %s', t.tgname, t.tgrelid::regclass) as name,
      pg_get_triggerdef(t.oid) || case when t.tgenabled not in ('O', 'A') then ' (disabled)' else '' end as text
    from pg_trigger as t
    join pg_proc as p on p.oid = t.tgfoid
    where not t.tgisinternal and p.pronamespace = 'tenancy'::regnamespace
      and t.tgname not in ('stamp', 'refuse_move', 'inherit_organization')`
  const constraints = await tx<Part[]>`
    select format('%s on %s', con.conname, con.conrelid::regclass) as name, pg_get_constraintdef(con.oid) as text
    from pg_constraint as con
    join pg_class as c on c.oid = con.conrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where con.contype in ('c', 'f', 'p', 'u', 'x') and (
      n.nspname = 'tenancy'
      or exists (
        select 1 from tenancy.spanning_tables as s where s.table_schema = n.nspname and s.table_name = c.relname
      )
    )
    union all
    select format('%s on %s', i.indexrelid::regclass, i.indrelid::regclass), pg_get_indexdef(i.indexrelid)
    from pg_index as i
    join pg_class as c on c.oid = i.indrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where i.indisunique and not exists (select 1 from pg_constraint as con where con.conindid = i.indexrelid)
      and exists (
        select 1 from tenancy.spanning_tables as s where s.table_schema = n.nspname and s.table_name = c.relname
      )`
  await tx`select set_config('search_path', ${before?.path}, true)`
  return { functions: byName(functions), triggers: byName(triggers), rules: byName(constraints) }
}

interface Part {
  name: string
  text: string
}

const byName = (parts: Part[]): Record<string, string> =>
  Object.fromEntries(parts.map(({ name, text }) => [name, text] as const).sort(([a], [b]) => a < b ? -1 : 1))
