import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { createMigrated, type NewDatabase } from '../database/support/migrations.ts'
import { rolledBack, type Transaction } from '../database/support/outcome.ts'
import { samples, single } from '../database/support/rows.ts'

// What row-level security costs is decided by the planner. Here every protected table has rows of many companies, and more
// of each than a page of a list, so that reading or sorting them all is the wrong choice; and each common statement is
// planned as the Data API would ask it.

// Of a table with one row for each company there are so many rows that an index pays.
const companies = 1000
const companiesWithMany = 60
const rowsOfEach = 60

/** Who asks: a member of one company, and one of sixty. */
const memberships = { 'one membership': 1, 'sixty memberships': 60 }
const userOf = (count: number) => `00000000-0000-4000-8000-0000000000${String(count).padStart(2, '0')}`

let own: NewDatabase
beforeAll(async () => {
  own = await createMigrated()
  const url = new URL(inject('stack').ADMIN_DB_URL)
  url.pathname = new URL(own.url).pathname
  const superuser = postgres(url.href, { max: 1, onnotice: () => {} })
  await superuser.begin(fill)
  await superuser`analyze`
  await superuser.end()
}, 180_000)
afterAll(() => own.drop())

/** Rows without parents, triggers and authors that exist: plans depend on how many there are, not on what they refer to. */
async function fill(tx: Transaction): Promise<void> {
  await tx`set local session_replication_role = replica`
  await tx`create temporary table companies on commit drop as
    select gen_random_uuid() as id, n from generate_series(1, ${companies}) as n`
  await tx`insert into organizations (id, name, slug) select id, 'Company', 'company-' || n from companies`
  for (const count of Object.values(memberships)) {
    await tx`insert into organization_users (user_id, organization_id, role)
      select ${userOf(count)}, id, 'member' from companies where n <= ${count}`
  }
  for (const table of protectedTables) {
    const { row, change, parents = {}, authorless } = samples[table]
    const [howMany, ofEach] = single.includes(table) ? [companies, 1] : [companiesWithMany, rowsOfEach]
    const columns = Object.entries({
      organization_id: 'c.id',
      created_at: "now() - i * interval '1 minute'",
      ...(!authorless && { user_id: 'gen_random_uuid()' }),
      ...Object.fromEntries(Object.keys(parents).map((column) => [column, 'gen_random_uuid()'])),
      ...Object.fromEntries(
        Object.entries({ ...row, ...change }).map((
          [column, value],
        ) => [column, `'${value}'${column === 'phone_number' ? ' || i' : ''}`]),
      ),
    })
    await tx.unsafe(`insert into public.${table} (${columns.map(([name]) => name)})
      select ${columns.map(([, value]) => value)} from companies as c
      cross join generate_series(1, ${ofEach}) as i where c.n <= ${howMany}`)
  }
}

const Node = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Parent Relationship': z.string().optional(),
  'Filter': z.string().optional(),
  'Join Filter': z.string().optional(),
  get 'Plans'(): z.ZodOptional<z.ZodArray<typeof Node>> {
    return z.array(Node).optional()
  },
})
type Node = z.infer<typeof Node>
const Answer = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ 'Plan': Node })]) })])

interface Statement {
  name: string
  privilege: string
  /** With its values, and with parameters in their place. */
  custom: string
  generic: string
  isList?: true
}

const id = `'${crypto.randomUUID()}'`

/** What people ask of a table all day. */
function statementsOf(table: ProtectedTable): Statement[] {
  const { row, change, parents = {} } = samples[table]
  const [changed, value] = Object.entries(change)[0]!
  const inserted = Object.entries({
    ...row,
    ...Object.fromEntries(Object.keys(parents).map((column) => [column, crypto.randomUUID()])),
  })
  const statement = (name: string, privilege: string, text: string, values: string[]): Statement => ({
    name,
    privilege,
    custom: values.reduce((text, value, n) => text.replace(`$${n + 1}`, () => value), text),
    generic: text,
  })
  const newest = 'order by created_at desc limit 20'
  // Along the whole key, as the Data API embeds a parent. With half of it, the planner takes the two policies for two
  // conditions that seldom meet, and sorts everything the company has.
  const [parent] = Object.entries(parents)
  const withParent = parent && {
    ...statement(
      'newest 20 with a parent',
      'select',
      `select c.*, p.* from ${table} as c
        left join ${parent[1]} as p on p.organization_id = c.organization_id and p.id = c.${parent[0]}
        order by c.created_at desc limit 20`,
      [],
    ),
    isList: true as const,
  }
  return [
    { ...statement('newest 20', 'select', `select * from ${table} ${newest}`, []), isList: true },
    {
      ...statement('newest 20, filtered', 'select', `select * from ${table} where ${changed} = $1 ${newest}`, [
        `'${value}'`,
      ]),
      isList: true,
    },
    ...(withParent ? [withParent] : []),
    statement('by id', 'select', `select * from ${table} where id = $1`, [id]),
    statement('update by id', 'update', `update ${table} set ${changed} = $2 where id = $1`, [id, `'${value}'`]),
    statement('delete by id', 'delete', `delete from ${table} where id = $1`, [id]),
    inserted.length === 0 ? statement('insert', 'insert', `insert into ${table} default values`, []) : statement(
      'insert',
      'insert',
      `insert into ${table} (${inserted.map(([name]) => name)}) values (${inserted.map((_, n) => `$${n + 1}`)})`,
      inserted.map(([, value]) => `'${value}'`),
    ),
  ]
}

function faultsIn(node: Node, isList: boolean): string[] {
  const asked = [node.Filter, node['Join Filter']].filter((condition) => condition !== undefined)
  return [
    ...(node['Node Type'] === 'Seq Scan' ? [`Seq Scan on ${node['Relation Name']}`] : []),
    ...(node['Parent Relationship'] === 'SubPlan' ? ['SubPlan'] : []),
    ...(isList && /Sort/.test(node['Node Type']) ? ['Sort'] : []),
    ...asked.filter((condition) => /[\w"]\(/.test(condition)).map((condition) => `asked of each row: ${condition}`),
    ...(node.Plans ?? []).flatMap((child) => faultsIn(child, isList)),
  ]
}

/** Plans every statement on a table that its grants allow, as one person, and names what is wrong with a plan. */
async function faultsOf(tx: Transaction, table: ProtectedTable, count: number): Promise<string[]> {
  const [found] = await tx`
    select p.read_role is null as reads_own_alone,
      array(
        select privilege from unnest('{select,insert,update,delete}'::text[]) as privilege
        where has_table_privilege('authenticated', format('public.%I', p.table_name), privilege)
      ) as privileges,
      (
        select json_build_object('x-organization-id', ou.organization_id)::text from organization_users as ou
        where ou.user_id = ${userOf(count)} limit 1
      ) as headers
    from tenancy.protected_tables as p where p.table_name = ${table}`
  await tx`select set_config('request.jwt.claims', ${
    JSON.stringify({ sub: userOf(count), role: 'authenticated' })
  }, true),
    set_config('request.headers', ${found?.headers}, true), set_config('role', 'authenticated', true)`
  const faults: string[] = []
  for (const { name, privilege, isList = false, ...ways } of statementsOf(table)) {
    if (!found?.privileges.includes(privilege)) continue
    for (const [way, option] of [['custom', ''], ['generic', 'generic_plan, ']] as const) {
      const [answer] = Answer.parse([...await tx.unsafe(`explain (${option}format json) ${ways[way]}`).simple()])
      const [{ Plan }] = answer['QUERY PLAN']
      // Few rows are one's own: sorting them is the right choice, with an index that finds them.
      faults.push(
        ...faultsIn(Plan, isList && !found.reads_own_alone).map((fault) => `${table}, ${name}, ${way} plan: ${fault}`),
      )
    }
  }
  await tx`select set_config('role', 'postgres', true)`
  return faults
}

describe.each(Object.entries(memberships))('with %s', (_, count) => {
  it.each(protectedTables)(
    '%s is read and written without looking at the rows of others',
    (table) =>
      rolledBack(own.sql, async (tx) => {
        expect(await faultsOf(tx, table, count)).toEqual([])
      }),
  )
})

it('is asked of every protected table', async () => {
  const registered = await own.sql`select table_name from tenancy.protected_tables order by 1`
  expect(registered.map(({ table_name }) => table_name)).toEqual([...protectedTables].sort())
})

it('would find what joining along half of a key does', () =>
  rolledBack(own.sql, async (tx) => {
    await tx`select set_config('request.jwt.claims', ${
      JSON.stringify({ sub: userOf(1), role: 'authenticated' })
    }, true), set_config('role', 'authenticated', true)`
    const [answer] = Answer.parse([
      ...await tx`explain (format json) select c.*, l.* from call_logs as c join leads as l on l.id = c.lead_id
        order by c.created_at desc limit 20`,
    ])
    expect(faultsIn(answer['QUERY PLAN'][0].Plan, true)).toContain('Sort')
  }))

describe('a planted fault is found, by the names of the table and the statement:', () => {
  const plants: [what: string, table: ProtectedTable, sql: string, finds: RegExp][] = [
    [
      'no index for lists',
      'leads',
      'drop index leads_organization_id_created_at_idx',
      /^leads, newest 20, (custom|generic) plan: Sort$/,
    ],
    [
      'no index at all',
      'call_logs',
      `do $$ declare i record; begin
        for i in select conname from pg_constraint where conrelid = 'call_logs'::regclass and contype in ('p', 'u') loop
          execute format('alter table call_logs drop constraint %I cascade', i.conname);
        end loop;
        for i in select indexrelid::regclass as name from pg_index where indrelid = 'call_logs'::regclass loop
          execute format('drop index %s', i.name);
        end loop;
      end $$`,
      /^call_logs, by id, (custom|generic) plan: Seq Scan on call_logs$/,
    ],
    [
      'a policy that asks a function about each row',
      'campaigns',
      'alter policy campaigns_select on campaigns using (user_in_organization(organization_id, (select auth.uid())))',
      /^campaigns, newest 20, (custom|generic) plan: asked of each row: .*user_in_organization/,
    ],
    [
      'a policy that looks memberships up',
      'workflows',
      `alter policy workflows_update on workflows using (organization_id in (
        select ou.organization_id from organization_users as ou where ou.user_id = (select auth.uid())))`,
      /^workflows, update by id, (custom|generic) plan: SubPlan$/,
    ],
    [
      'a second policy, which is another way in',
      'dnc_list',
      `create policy dnc_list_mine on dnc_list for select to authenticated using (user_id = (select auth.uid()))`,
      /^dnc_list, newest 20, (custom|generic) plan: /,
    ],
  ]

  it.each(plants)('%s', (_, table, plant, finds) =>
    rolledBack(own.sql, async (tx) => {
      expect(await faultsOf(tx, table, 1)).toEqual([])
      await tx.unsafe(plant)
      expect(await faultsOf(tx, table, 1)).toContainEqual(expect.stringMatching(finds))
    }))
})

// Postgres parses and plans a function of SQL anew in every statement that asks it, unless it can put its text in place of
// the call, which it can't where a search_path is set. Those of plpgsql keep their plans.
describe('what a write asks by itself', () => {
  const askersOfSql = async (tx: Transaction): Promise<string[]> =>
    (await tx<{ askers: string[] }[]>`
      select array(
        select pg_describe_object(d.classid, d.objid, 0)
        from pg_depend as d
        join pg_proc as p on d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid and p.proconfig is not null
        join pg_language as l on l.oid = p.prolang and l.lanname = 'sql'
        where d.classid in (
            'pg_constraint'::regclass, 'pg_attrdef'::regclass, 'pg_class'::regclass, 'pg_policy'::regclass,
            'pg_trigger'::regclass
          )
        order by 1
      ) as askers`)[0]!.askers

  it('keeps its plans: checks, defaults, indexes, policies and triggers', () =>
    rolledBack(own.sql, async (tx) => {
      expect(await askersOfSql(tx)).toEqual([])
    }))

  it('is found where it keeps none', () =>
    rolledBack(own.sql, async (tx) => {
      await tx.unsafe(`create function tenancy.is_even(n integer) returns boolean language sql immutable
          set search_path = '' as 'select n % 2 = 0';
        alter table leads add constraint leads_have_an_even_priority check (tenancy.is_even(priority)) not valid`)
      expect(await askersOfSql(tx)).toEqual(['constraint leads_have_an_even_priority on table leads'])
    }))
})
