import { dirname, join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { root } from '../../local/settings.ts'
import { prove as runProve } from '../../prove/command.ts'
import { reasonAgainst } from '../../prove/database.ts'
import { proveEngine } from '../../prove/engine.ts'
import { rolledBack } from '../database/support/outcome.ts'
import { createMigrated, type NewDatabase, withMigrated, withNewDatabase } from '../database/support/migrations.ts'

// `npm run prove`: what it writes, what it ends with, and what it says when it can't.

let own: NewDatabase
let folder: string
beforeAll(async () => {
  own = await createMigrated()
  folder = await Deno.makeTempDir({ prefix: 'dial-smart-proofs-' })
})
afterAll(async () => {
  await own.drop()
  await Deno.remove(folder, { recursive: true })
})

/** What `npm run prove` with these arguments prints, and ends with; without a process of its own for each. */
async function prove(...args: string[]) {
  const [out, error]: [string[], unknown[]] = [[], []]
  const code = await runProve(args, (line) => out.push(line), (cause) => error.push(cause))
  const text = (lines: unknown[]) => lines.map((line) => `${line}\n`).join('')
  return { code, out: text(out), error: text(error) }
}

/** The same as a command. */
async function proveByCommand(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ['run', '-A', '--no-lock', '--cached-only', join(root, 'prove', 'main.ts'), ...args],
    env,
  }).output()
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  return { code, out: text(stdout), error: text(stderr) }
}

/** Proves a database, and answers the report with both of its files. */
async function report(url: string) {
  const out = await Deno.makeTempDir({ dir: folder })
  const run = await prove('--url', url, '--out', out)
  const names = (await Array.fromAsync(Deno.readDir(out))).map(({ name }) => name).sort()
  const read = async (name?: string) => name === undefined ? '' : await Deno.readTextFile(join(out, name))
  const [json, markdown] = [await read(names[0]), await read(names[1])]
  return { ...run, names, markdown, json, report: JSON.parse(json || '{}') }
}

describe('a database as migrations leave it', () => {
  it('is proven, and the report says what was looked at', async () => {
    const { code, error, names, out, report: found, markdown, json } = await report(own.url)
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(names).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d-]+Z-test_\w+\.json$/),
      expect.stringMatching(/\.md$/),
    ])

    expect(found).toMatchObject({ holds: true, findings: [], schemas: ['public'] })
    expect(Date.now() - Date.parse(found.at)).toBeLessThan(60_000)
    expect(found.database).toMatchObject({
      user: 'postgres',
      engine: '0.1.0',
      name: new URL(own.url).pathname.slice(1),
    })
    const laws = await own.sql`select name, sentence from tenancy.laws`
    for (const { name, sentence } of laws) {
      expect(markdown).toContain(name)
      expect(markdown).toContain(sentence)
    }
    const tables = await own.sql`select tablename from pg_tables where schemaname = 'public'`
    expect(found.tables).toHaveLength(tables.length)
    for (const { tablename } of tables) expect(markdown).toContain(`public.${tablename}`)
    expect(markdown).toContain(
      '| `public.leads` | protected | forced | member | member | own: member; any: manager | manager |',
    )
    expect(markdown).toContain('Every claim holds')
    expect(out).toContain('holds')

    const { password } = new URL(own.url)
    expect(password).not.toBe('')
    const secret = `:${password}@`
    for (const text of [out, markdown, json]) expect(text).not.toContain(secret)
  })

  it('is not changed by it', async () => {
    const counts = () => own.sql`select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as n from pg_stat_user_tables`
    const before = await counts()
    expect((await report(own.url)).code).toBe(0)
    expect(await counts()).toEqual(before)
  })
})

it('without a URL proves the stack that runs', async () => {
  const stack = inject('stack')
  const folderOfReport = await Deno.makeTempDir({ dir: folder })
  const { code, out } = await proveByCommand(['--out', folderOfReport], { DIAL_SMART_DATA: dirname(stack.LOGS) })
  expect(code, out).toBe(0)
  expect(out).toContain(`postgres on 127.0.0.1:${new URL(stack.DB_URL).port}`)
})

it('ends with 2 and one line when nothing could be proven', async () => {
  expect(await proveByCommand(['--url', 'somewhere'])).toEqual({
    code: 2,
    out: '',
    error: expect.stringMatching(/^error: [^\n]*must look like postgresql:[^\n]*\n$/),
  })
})

describe('a hole', () => {
  it(
    'is named in both reports, with its law, its consequence and its mend',
    { timeout: 60_000 },
    () =>
      withMigrated(async (database, url) => {
        await database`create policy everybody on public.leads for select to authenticated using (true)`
        await database`create view public."odd|name" as select * from public.leads`
        const { code, out, report: found, markdown } = await report(url)
        expect(code).toBe(1)
        expect(found.holds).toBe(false)
        expect(found.findings).toContainEqual({
          law: 'policies_stand_alone',
          object: 'everybody on public.leads',
          detail: "it adds to the table's own policies",
          consequence: expect.stringMatching(/opens the table/),
          mend: 'drop policy everybody on public.leads;',
        })
        expect(markdown).toContain('### `policies_stand_alone`: `everybody on public.leads`')
        expect(markdown).toContain('```sql\ndrop policy everybody on public.leads;\n```')
        expect(markdown).toContain('Not every claim holds')
        expect(markdown).toContain('### `views_ask_as_the_caller`: `public."odd|name"`')
        expect(out).toContain('BROKEN')
        expect(out).toContain('everybody on public.leads')
      }),
  )

  it.each([
    [
      'a function that trusts a stale choice',
      'tenancy.current_organization_id(public.organization_role,boolean)',
      `create or replace function tenancy.current_organization_id(
          p_min_role public.organization_role default 'member', p_for_write boolean default false
        ) returns uuid language sql stable security definer set search_path = ''
        as $$ select organization_id from tenancy.active_organizations where user_id = auth.uid() limit 1 $$`,
    ],
    [
      'a function with other settings',
      'tenancy.check_request()',
      'alter function tenancy.check_request() security invoker',
    ],
    [
      'a function that people may not call any more',
      'function public.get_user_org_role(uuid,uuid)',
      'revoke execute on function public.get_user_org_role(uuid, uuid) from authenticated',
    ],
    [
      'a function that people were not to call',
      'function tenancy.refuse(text,text,jsonb)',
      'grant execute on function tenancy.refuse(text, text, jsonb) to authenticated',
    ],
    [
      'a schema that people can not name',
      'schema tenancy',
      'revoke usage on schema tenancy from authenticated',
    ],
    [
      'a view that people may write',
      'table public.calendar_integrations_overview',
      'grant insert on public.calendar_integrations_overview to authenticated',
    ],
    [
      'a time of the last change that stands still',
      'profiles_set_updated_at on public.profiles',
      'drop trigger profiles_set_updated_at on public.profiles',
    ],
    ['a function that is gone', 'public.ready()', 'drop function public.ready()'],
    [
      'a function that does not belong',
      'tenancy.peek()',
      `create function tenancy.peek() returns void language sql set search_path = '' as $$ $$`,
    ],
    [
      'an owner who is not kept',
      'keep_an_owner_on_delete on public.organization_users',
      'drop trigger keep_an_owner_on_delete on public.organization_users',
    ],
    [
      'a view whose rows are not deleted by the engine',
      'disconnect_calendar on public.calendar_integrations_overview',
      'drop trigger disconnect_calendar on public.calendar_integrations_overview',
    ],
    [
      'a rule that is gone',
      'invitations_role_is_not_owner on public.organization_invitations',
      'alter table public.organization_invitations drop constraint invitations_role_is_not_owner',
    ],
    [
      'a unique index that is gone',
      'public.invitations_are_pending_once on public.organization_invitations',
      'drop index public.invitations_are_pending_once',
    ],
    [
      'a unique index of its own schema that is gone',
      'tenancy.join_requests_are_pending_once on tenancy.join_requests',
      'drop index tenancy.join_requests_are_pending_once',
    ],
    [
      'a column that may be empty',
      'organization_id on public.audit_log',
      'alter table public.audit_log alter column organization_id drop not null',
    ],
    [
      'a trigger that rests in a replica’s session',
      'refuse_to_rewrite on public.audit_log',
      'alter table public.audit_log enable trigger refuse_to_rewrite',
    ],
  ])('in the engine itself is found and mended: %s', (_, object, plant) =>
    rolledBack(own.sql, async (tx) => {
      await tx.unsafe(plant)
      const { findings } = await proveEngine(tx)
      expect(findings.map((finding) => finding.object)).toEqual([object])
      for (const { mend } of findings) await tx.unsafe(mend ?? '')
      expect((await proveEngine(tx)).findings).toEqual([])
    }))
})

describe("what can't be proven", () => {
  async function refusal(...args: string[]): Promise<string> {
    const { code, out, error } = await prove(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toMatch(/^error: [^\n]+\n$/)
    return error
  }

  it.each([
    [['--nonsense'], /--nonsense/],
    [['postgresql://somewhere'], /postgresql:\/\/somewhere/],
    [['--url'], /--url/],
    [['--url', ''], /must look like postgresql:/],
    [['--url', 'somewhere'], /must look like postgresql:/],
    [['--url', 'https://example.test/db'], /must look like postgresql:/],
    [['--url', 'postgresql://127.0.0.1/db', '--long'], /--long and --mutate/],
    [['--url', 'postgresql://127.0.0.1/db', '--mutate'], /--long and --mutate/],
    [['--long', '--seed', 'x'], /--seed must be a whole number/],
    [['--out', ''], /--out needs a folder/],
    [['--url', 'postgresql://nobody.invalid/db'], /nobody\.invalid.*no such host/],
  ])('says so of %j', async (args, reason) => {
    expect(await refusal(...args)).toMatch(reason)
  })

  it('says so of an address where nothing listens', async () => {
    const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
    const { port } = listener.addr as Deno.NetAddr
    listener.close()
    expect(await refusal('--url', `postgresql://postgres:secret@127.0.0.1:${port}/postgres`)).toMatch(
      /nothing listens there/,
    )
  })

  it('says so of what is not Postgres, and waits no longer than it must', { timeout: 60_000 }, async () => {
    const web = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => {} }, () => new Response('hello'))
    const silent = Deno.listen({ hostname: '127.0.0.1', port: 0 })
    const open: Deno.Conn[] = []
    const accepting = (async () => {
      for await (const connection of silent) open.push(connection)
    })()
    try {
      const ports = [web.addr, silent.addr as Deno.NetAddr].map(({ port }) => port)
      const errors = ports.map((port) => refusal('--url', `postgresql://postgres:secret@127.0.0.1:${port}/postgres`))
      for (const error of await Promise.all(errors)) {
        expect(error).toMatch(/can't be reached: no answer that Postgres would give/)
        expect(error).not.toContain('secret')
      }
    } finally {
      for (const connection of open) connection.close()
      silent.close()
      await Promise.all([web.shutdown(), accepting])
    }
  })

  const changed = (change: (url: URL) => void): string => {
    const url = new URL(own.url)
    change(url)
    return url.href
  }

  it('says so of a wrong password, an unknown user and an unknown database', { timeout: 40_000 }, async () => {
    const wrong = await refusal('--url', changed((url) => url.password = 'not-the-secret'))
    expect(wrong).toMatch(/password or the user is wrong/)
    expect(wrong).not.toContain('not-the-secret')
    expect(await refusal('--url', changed((url) => url.username = 'stranger'))).toMatch(/password or the user is wrong/)
    expect(await refusal('--url', changed((url) => url.pathname = '/no_such'))).toMatch(/no such database/)
  })

  it('says so of a user without the rights, and of one who would not see every row', { timeout: 40_000 }, async () => {
    const reader = `reader_${crypto.randomUUID().slice(0, 8)}`
    await own.sql.unsafe(`create role ${reader} login password 'reads'`)
    const url = changed((url) => [url.username, url.password] = [reader, 'reads'])
    try {
      expect(await refusal('--url', url)).toMatch(`user ${reader} may not ask for the laws`)
      await own.sql.unsafe(
        `grant usage on schema tenancy to ${reader}; grant execute on function tenancy.verify() to ${reader}`,
      )
      expect(await refusal('--url', url)).toMatch(`user ${reader} may not ask for the laws`)
    } finally {
      await own.sql.unsafe(`revoke usage on schema tenancy from ${reader};
        revoke execute on function tenancy.verify() from ${reader}; drop role ${reader}`)
    }
  })

  it('says so of a database without the engine', () =>
    withNewDatabase(async (_, url) => {
      expect(await refusal('--url', url)).toMatch(/has no engine/)
    }))

  it('says so of a database with an older engine, and with one of another version', () =>
    withMigrated(async (database, url) => {
      await database`create or replace function tenancy.version() returns text language sql immutable
        set search_path = '' as $$ select '0.0.9' $$`
      expect(await refusal('--url', url)).toMatch(/version 0\.0\.9, and this proves 0\.1\.0/)
      await database`drop function tenancy.verify()`
      expect(await refusal('--url', url)).toMatch(/older than 0\.1\.0/)
    }))

  it('says so of a server that is too old', () => {
    const able = {
      server: '17.5',
      major: 17,
      user: 'postgres',
      name: 'db',
      hasEngine: true,
      hasLaws: true,
      mayAsk: true,
    }
    expect(reasonAgainst(able, '0.1.0')).toBeUndefined()
    expect(reasonAgainst({ ...able, server: '14.18', major: 14 }, '0.1.0')).toMatch(/14\.18 is too old/)
  })

  it("says so of a folder that can't be written", async () => {
    const file = join(folder, 'a-file')
    await Deno.writeTextFile(file, '')
    expect(await refusal('--url', own.url, '--out', join(file, 'below'))).toMatch(/can't be written/)
  })
})

it('explains itself', async () => {
  const { code, out, error } = await prove('--help')
  expect({ code, error }).toEqual({ code: 0, error: '' })
  for (const flag of ['--url', '--out', '--long', '--mutate', '--runs', '--seed']) expect(out).toContain(flag)
})

it('the engine has the version of the package', async () => {
  const { version } = JSON.parse(await Deno.readTextFile(join(root, 'package.json')))
  const sql = postgres(inject('stack').DB_URL, { max: 1 })
  expect(await sql`select tenancy.version() as version`).toEqual([{ version }])
  await sql.end()
})
