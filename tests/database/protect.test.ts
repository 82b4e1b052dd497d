import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { as, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'

let own: NewDatabase
beforeAll(async () => {
  own = await createMigrated()
})
afterAll(() => own.drop())

const inOwnDatabase = (story: (tx: Transaction) => Promise<void>) => inTransaction(story, own.sql)

/** A table that somebody adds tomorrow, with a child, used by phase-1 clients. */
async function addTables(tx: Transaction) {
  await tx.unsafe(`
    create table public.projects (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
      name text not null,
      created_at timestamptz not null default now()
    );
    create table public.tasks (
      id uuid primary key default gen_random_uuid(),
      project_id uuid not null references public.projects (id) on delete cascade,
      parent_id uuid references public.tasks (id) on delete set null,
      title text not null,
      created_at timestamptz not null default now()
    );
    alter table public.projects enable row level security;
    grant select, insert on public.projects to authenticated;
    grant select on public.tasks to anon;
    create policy own_projects on public.projects for all to authenticated
      using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
  `)
}

const protect = async (tx: Transaction) => {
  await tx`select tenancy.protect('public.tasks', 'member', 'member', 'manager', 'admin')`
  await tx`select tenancy.protect('public.projects', 'member', 'member', 'manager', 'admin', '{update}')`
}

/** Everything the catalog says about the two tables. */
const picture = async (tx: Transaction) => ({
  columns: await tx`select attrelid::regclass::text as tab, attname, attnotnull, pg_get_expr(adbin, adrelid) as preset
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid in ('projects'::regclass, 'tasks'::regclass) and attnum > 0 and not attisdropped order by 1, 2`,
  constraints: await tx`select conrelid::regclass::text as tab, conname, pg_get_constraintdef(oid) as definition
    from pg_constraint where conrelid in ('projects'::regclass, 'tasks'::regclass) order by 1, 2`,
  policies: await tx`select tablename, policyname, cmd, roles::text, qual, with_check from pg_policies
    where tablename in ('projects', 'tasks') order by 1, 2`,
  tables: await tx`select relname, relrowsecurity, relforcerowsecurity, (
      select array_agg(acl::text order by acl::text) from unnest(relacl) as acl where acl::text !~ '^postgres='
    ) as grants from pg_class where relname in ('projects', 'tasks') order by 1`,
  indexes: await tx`select indexrelid::regclass::text as name from pg_index
    where indrelid in ('projects'::regclass, 'tasks'::regclass) order by 1`,
  triggers: await tx`select tgrelid::regclass::text as tab, tgname from pg_trigger
    where tgrelid in ('projects'::regclass, 'tasks'::regclass) and not tgisinternal order by 1, 2`,
})

describe('tenancy.protect', () => {
  it('names the tables that were forgotten', () =>
    inOwnDatabase(async (tx) => {
      expect(await tx`select * from tenancy.unprotected_tables()`).toEqual([])
      await addTables(tx)
      expect(await tx`select table_name from tenancy.unprotected_tables()`).toEqual([
        { table_name: 'projects' },
        { table_name: 'tasks' },
      ])
      await protect(tx)
      expect(await tx`select * from tenancy.unprotected_tables()`).toEqual([])
    }))

  it('moves existing rows to the default organization and keeps them', () =>
    inOwnDatabase(async (tx) => {
      const cast = await stage(tx)
      await addTables(tx)
      const rows =
        await tx`insert into projects (user_id, name) values (${cast.users.mia}, 'Old') returning id, user_id, name`
      await protect(tx)
      expect(await tx`select id, user_id, name, organization_id from projects`).toEqual([
        { ...rows[0], organization_id: '00000000-0000-4000-a000-000000000001' },
      ])
    }))

  it('can be called again, changes roles, and leaves no trace of the first time', () =>
    inOwnDatabase(async (tx) => {
      const cast = await stage(tx)
      await addTables(tx)
      await protect(tx)
      const before = await picture(tx)
      await protect(tx)
      expect(await picture(tx)).toEqual(before)

      await tx`select tenancy.protect('public.projects', 'member', 'admin', null, 'admin')`
      const create = await as(tx, cast, 'mona', (tx) => tx`insert into projects (name) values ('New')`)
      expect(create.refused?.state).toBe('42501')
      const change = await as(tx, cast, 'alice', (tx) => tx`update projects set name = 'New' where true`)
      expect(change.refused?.state).toBe('42501')
    }))

  it('replaces foreign keys by ones that stay in the organization, whichever end comes first', () =>
    inOwnDatabase(async (tx) => {
      const cast = await stage(tx)
      await addTables(tx)
      await protect(tx)
      const [project] = await tx`insert into projects ${
        tx({ name: 'Theirs', organization_id: cast.globex, user_id: cast.users.bob })
      } returning id`
      const insert = (id: string) =>
        as(tx, cast, 'mia', (tx) => tx`insert into tasks (project_id, title) values (${id}, 'Spy')`)
      const foreign = await insert(project?.id)
      const unknown = await insert(crypto.randomUUID())
      expect(foreign.refused?.state).toBe('23503')
      expect(foreign).toEqual(unknown)

      const own = await tx`insert into projects ${
        tx({ name: 'Ours', organization_id: cast.acme, user_id: cast.users.mia })
      } returning id`
      expect((await insert(own[0]?.id)).count).toBe(1)
      // A child of its own table; emptied alone when its parent goes.
      const [parent] = await tx`select id from tasks`
      await tx`insert into tasks (organization_id, project_id, parent_id, title)
        values (${cast.acme}, ${own[0]?.id}, ${parent?.id}, 'Part')`
      await tx`delete from tasks where id = ${parent?.id}`
      expect(await tx`select organization_id, parent_id from tasks`).toEqual([
        { organization_id: cast.acme, parent_id: null },
      ])
    }))

  it('refuses own-row rules for a table where nobody owns a row', () =>
    inOwnDatabase(async (tx) => {
      await addTables(tx)
      const call = await attempt(tx, (tx) =>
        tx`select tenancy.protect('public.tasks', 'member', 'member', 'manager', 'admin', '{update}')`)
      expect(call.refused?.message).toContain('has no user_id')
    }))

  it('refuses a table without the columns it needs', () =>
    inOwnDatabase(async (tx) => {
      await tx`create table public.bare (id uuid primary key)`
      const call = await attempt(tx, (tx) =>
        tx`select tenancy.protect('public.bare', 'member', 'member', 'manager', 'admin')`)
      expect(call.refused?.message).toContain('needs the columns id and created_at')
    }))

  it('uses an index that was built beforehand', () =>
    inOwnDatabase(async (tx) => {
      await addTables(tx)
      await tx`select tenancy.prepare('public.projects')`
      await tx`create index made_before on projects (organization_id, created_at desc)`
      await protect(tx)
      expect((await picture(tx)).indexes.map((i) => i.name)).not.toContain('projects_organization_id_created_at_idx')
    }))
})

describe('rows that name no organization', () => {
  it("take their parent's when the secret key or the database owner writes them", () =>
    inOwnDatabase(async (tx) => {
      const cast = await stage(tx)
      await addTables(tx)
      await protect(tx)
      const [project] = await tx`insert into projects ${
        tx({ name: 'Theirs', organization_id: cast.globex })
      } returning id`
      const [owner] = await tx`insert into tasks (project_id, title) values (${project?.id}, 'a') returning *`
      expect(owner?.organization_id).toBe(cast.globex)
      await tx`select set_config('role', 'service_role', true)`
      const [service] = await tx`insert into tasks (project_id, title) values (${project?.id}, 'b') returning *`
      expect(service?.organization_id).toBe(cast.globex)
      // A self-reference is a parent too, and without any there is nothing to take.
      const own = await attempt(tx, (tx) =>
        tx`insert into tasks (organization_id, project_id, title) values (${cast.acme}, ${project?.id}, 'c')`)
      expect(own.refused?.state).toBe('23503')
      const orphan = await attempt(tx, (tx) =>
        tx`insert into projects (name) values ('d')`)
      expect(orphan.refused?.state).toBe('23502')
    }))

  it('of signed-in people never follow a parent: it would tell where that one belongs', () =>
    inOwnDatabase(async (tx) => {
      const cast = await stage(tx)
      await addTables(tx)
      await protect(tx)
      const make = async (organization_id: string) =>
        (await tx`insert into projects ${tx({ name: 'x', organization_id })} returning id`)[0]?.id as string
      const insert = (id: string) =>
        as(
          tx,
          cast,
          'mia',
          (tx) => tx`insert into tasks (organization_id, project_id, title) values (null, ${id}, 'Spy') returning *`,
        )
      const foreign = await insert(await make(cast.globex))
      expect(foreign.refused?.state).toBe('42501')
      expect(foreign).toEqual(await insert(crypto.randomUUID()))
      expect(foreign).toEqual(await insert(await make(cast.acme)))
    }))

  it('from before go where their parents are', () =>
    inOwnDatabase(async (tx) => {
      const cast = await stage(tx)
      await addTables(tx)
      await tx`select tenancy.protect('public.projects', 'member', 'member', 'manager', 'admin')`
      const place = async (organization_id: string) => {
        const [project] = await tx`insert into projects ${tx({ name: 'x', organization_id })} returning id`
        await tx`insert into tasks ${tx({ project_id: project?.id, title: organization_id })}`
      }
      for (const organization of [cast.acme, cast.globex]) await place(organization)
      await tx`select tenancy.protect('public.tasks', 'member', 'member', 'manager', 'admin')`
      const tasks = await tx`select title, organization_id from tasks`
      expect(tasks).toHaveLength(2)
      for (const task of tasks) expect(task.organization_id).toBe(task.title)
    }))
})

describe('a big table', () => {
  /** Some 17 MB of projects, which are the default organization's. */
  const fill = async (tx: Transaction) => {
    const cast = await stage(tx)
    await tx`insert into projects (user_id, name) select ${cast.users.mia}, repeat('x', 400) from generate_series(1, 40000)`
  }
  const indexes = `
    create index projects_organization_id_created_at_idx on projects (organization_id, created_at desc);
    create unique index projects_are_unique_in_their_organization on projects (organization_id, id)`
  const unchecked = (tx: Transaction) =>
    tx`select conname from pg_constraint where conrelid in ('projects'::regclass, 'tasks'::regclass) and not convalidated`

  it('is not protected before it was prepared, and protect says what is missing', () =>
    inOwnDatabase(async (tx) => {
      await addTables(tx)
      await fill(tx)
      await tx`select tenancy.prepare('public.projects')`
      const before = await picture(tx)
      const missing = async () => {
        const { refused } = await attempt(tx, (tx) =>
          tx`select tenancy.protect('public.projects', 'member', 'member', 'manager', 'admin')`)
        expect(refused?.message).toContain('public.projects is big')
        expect(await picture(tx)).toEqual(before)
        return refused?.code
      }
      expect(await missing()).toBe('Run this first: analyze public.projects (organization_id)')
      await tx`analyze projects (organization_id)`
      expect(await missing()).toContain(
        'create index concurrently projects_organization_id_created_at_idx on public.projects (organization_id, created_at desc)',
      )
    }))

  it('has its old rows checked afterwards, and new ones at once', () =>
    inOwnDatabase(async (tx) => {
      await addTables(tx)
      const before = await picture(tx)
      await fill(tx)
      await tx`select tenancy.prepare('public.projects')`
      await tx.unsafe(indexes)
      await tx`analyze projects (organization_id)`
      await protect(tx)
      expect((await unchecked(tx)).map((row) => row.conname).sort()).toEqual([
        'projects_belong_to_an_organization',
        'projects_user_id_fkey',
      ])
      const nowhere = await attempt(tx, (tx) =>
        tx`insert into projects ${tx({ name: 'x', organization_id: crypto.randomUUID() })}`)
      expect(nowhere.refused?.constraint).toBe('projects_belong_to_an_organization')
      expect(await tx`select tenancy.validate_keys() as n`).toEqual([{ n: 2 }])
      expect(await unchecked(tx)).toEqual([])
      expect(await tx`select tenancy.validate_keys() as n`).toEqual([{ n: 0 }])

      await tx`select tenancy.unprotect('public.projects')`
      await tx`select tenancy.unprotect('public.tasks')`
      expect(await picture(tx)).toEqual(before)
    }))
})

describe('tenancy.lock_tables', () => {
  /** Holds a row lock's table lock, as a request does, until it is told to end. */
  const hold = async (table: string) => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const { promise: held, resolve: holds } = Promise.withResolvers<void>()
    const other = postgres(own.url, { max: 1, onnotice: () => {} })
    const holding = other.begin(async (tx) => {
      await tx`lock table ${tx(table)} in row exclusive mode`
      holds()
      await ended
    }).finally(() => other.end())
    await held
    return { end, holding }
  }

  it('waits for a table in use without holding the others meanwhile, nor making requests queue', async () => {
    const { end, holding } = await hold('leads')
    let locked = false
    const locking = own.sql.begin(async (tx) => {
      await tx`select tenancy.lock_tables('public.campaigns', 'public.leads')`
      locked = true
      return [...await tx`show lock_timeout`]
    })
    // Requests to both tables go through while it tries again and again.
    const client = postgres(own.url, { max: 1, onnotice: () => {} })
    const waits: number[] = []
    for (let n = 0; n < 20; n++) {
      const began = performance.now()
      await client`select (select count(*) from campaigns), (select count(*) from leads)`
      waits.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    expect(locked).toBe(false)
    expect(Math.max(...waits)).toBeLessThan(1_000)
    end()
    await holding
    expect(await locking).toEqual([{ lock_timeout: '2s' }])
    await client.end()
  })
})

describe('tenancy.unprotect', () => {
  it('brings back what was there before, in any order', () =>
    inOwnDatabase(async (tx) => {
      await addTables(tx)
      const before = await picture(tx)
      await protect(tx)
      await tx`select tenancy.unprotect('public.projects')`
      await tx`select tenancy.unprotect('public.tasks')`
      expect(await picture(tx)).toEqual(before)
      expect(await tx`select * from tenancy.scoped_foreign_keys where child = 'tasks'::regclass`).toEqual([])
    }))

  it('refuses while other organizations have rows there', () =>
    inOwnDatabase(async (tx) => {
      const cast = await stage(tx)
      await addTables(tx)
      await protect(tx)
      await tx`insert into projects ${tx({ name: 'Theirs', organization_id: cast.globex })}`
      const call = await attempt(tx, (tx) => tx`select tenancy.unprotect('public.projects')`)
      expect(call.refused?.message).toContain('holds 1 rows of other organizations')
      expect(await tx`select name from projects`).toHaveLength(1)
    }))
})
