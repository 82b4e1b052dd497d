import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from './support/ask.ts'
import { type Actor, as, type Cast, stage } from './support/cast.ts'
import { inTransaction, sql, type Transaction } from './support/database.ts'
import { createMigrated, type NewDatabase } from './support/migrations.ts'

// Who may put what where, in a Storage as Supabase has it: its two tables, with row-level security and the grants that
// leave everything to policies.

let own: NewDatabase
beforeAll(async () => {
  own = await createMigrated()
  await own.sql.unsafe(`
    create schema storage;
    grant usage on schema storage to anon, authenticated, service_role;
    create table storage.buckets (
      id text primary key,
      name text not null unique,
      public boolean default false,
      file_size_limit bigint,
      allowed_mime_types text[]
    );
    create table storage.objects (
      id uuid primary key default gen_random_uuid(),
      bucket_id text references storage.buckets (id),
      name text,
      owner_id text,
      metadata jsonb,
      unique (bucket_id, name)
    );
    alter table storage.buckets enable row level security;
    alter table storage.objects enable row level security;
    grant all on storage.buckets, storage.objects to anon, authenticated, service_role;
    create function storage.foldername(name text) returns text[] language sql immutable
      as $$ select (string_to_array(name, '/'))[:cardinality(string_to_array(name, '/')) - 1] $$;`)
  await own.sql`insert into storage.buckets (id, name) values ('other', 'other')`
  expect(await own.sql`select tenancy.set_up_logo_storage() as done`).toEqual([{ done: true }])
})
afterAll(() => own.drop())

const story = (work: (tx: Transaction, cast: Cast) => Promise<void>) =>
  inTransaction(async (tx) => await work(tx, await stage(tx)), own.sql)

/** What an upload comes to: how many rows, or the state of a refusal. */
async function upload(tx: Transaction, cast: Cast, actor: Actor, name: string, more: object = {}) {
  const row = { bucket_id: 'branding', name, metadata: tx.json({ mimetype: 'image/png', size: 100 }), ...more }
  const { count, refused } = await as(tx, cast, actor, (tx) => tx`insert into storage.objects ${tx(row)}`)
  return refused?.state ?? count
}

const namesIn = async (tx: Transaction) =>
  (await tx`select name from storage.objects order by name`).map(({ name }) => name)

it('there is nothing to set up without Storage, as in the local stack', async () => {
  expect(await sql`select tenancy.set_up_logo_storage() as done, to_regnamespace('storage') is null as without`)
    .toEqual(
      [{ done: false, without: true }],
    )
})

it('admins are told whether logos can be uploaded, as it is at the moment', async () => {
  const toldTo = async (tx: Transaction, cast: Cast) => {
    const answer = await ask(tx, cast, 'adam', (tx) => tx`get_branding(${cast.acme})`)
    return answer.branding.logo_uploads
  }
  await inTransaction(async (tx) => expect(await toldTo(tx, await stage(tx))).toBe(false))
  await story(async (tx, cast) => {
    expect(await toldTo(tx, cast)).toBe(true)
    const changes = tx.json({ product_name: 'Acme Calls' })
    const changed = await ask(tx, cast, 'adam', (tx) => tx`update_branding(${cast.acme}, ${changes})`)
    expect(changed.branding).toMatchObject({ product_name: 'Acme Calls', logo_uploads: true })
    await tx`delete from storage.buckets where id = 'branding'`
    expect(await toldTo(tx, cast)).toBe(false)
  })
})

it('the proof of a purge says how many are left, which only Storage removes', () =>
  story(async (tx, cast) => {
    const filesOf = (organization: string) =>
      tx`select ok, detail from tenancy.verify_deletion(${organization}) where object = 'storage.objects'`
    for (const file of ['a.png', 'b.png']) await upload(tx, cast, 'alice', `${cast.acme}/${file}`)
    await tx`insert into storage.objects (bucket_id, name) values ('other', ${`${cast.globex}/a.png`})`
    expect(await filesOf(cast.acme)).toEqual([{ ok: false, detail: '2 files' }])
    expect(await filesOf(cast.globex)).toEqual([{ ok: true, detail: null }])
    await tx`delete from storage.objects where bucket_id = 'branding'`
    expect(await filesOf(cast.acme)).toEqual([{ ok: true, detail: null }])
  }))

it('the bucket takes small images of three kinds, and is set up once however often', async () => {
  const bucket = {
    id: 'branding',
    name: 'branding',
    public: true,
    file_size_limit: '1048576',
    allowed_mime_types: ['image/png', 'image/jpeg', 'image/webp'],
  }
  expect(await own.sql`select * from storage.buckets where id = 'branding'`).toEqual([bucket])
  await own.sql`update storage.buckets set file_size_limit = null, allowed_mime_types = null where id = 'branding'`
  await own.sql`select tenancy.attach()`
  expect(await own.sql`select * from storage.buckets where id = 'branding'`).toEqual([bucket])
  const policies = await own.sql`select cmd, permissive, roles::text[] from pg_policies where schemaname = 'storage'
    order by cmd`
  expect(policies).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((cmd) => ({
    cmd,
    permissive: 'PERMISSIVE',
    roles: ['authenticated'],
  })))
})

describe('a logo', () => {
  it.each(
    [['alice', 1], ['adam', 1], ['mona', '42501'], ['mia', '42501'], ['bob', '42501'], ['eve', '42501'], [
      'anon',
      '42501',
    ]] as const,
  )('of Acme is uploaded by %s: %s', (actor, expected) =>
    story(async (tx, cast) => {
      expect(await upload(tx, cast, actor, `${cast.acme}/logo.png`)).toBe(expected)
      expect(await namesIn(tx)).toEqual(expected === 1 ? [`${cast.acme}/logo.png`] : [])
    }))

  const wrong: [string, (cast: Cast) => [name: string, more?: object]][] = [
    ['another organization’s folder', ({ globex }) => [`${globex}/logo.png`]],
    ['no folder', () => ['logo.png']],
    ['a folder of nobody’s', () => [`${crypto.randomUUID()}/logo.png`]],
    ['a folder in the folder', ({ acme }) => [`${acme}/a/logo.png`]],
    ['a way out of the folder', ({ acme, globex }) => [`${acme}/../${globex}/logo.png`]],
    ['a folder in capitals', ({ acme }) => [`${acme.toUpperCase()}/logo.png`]],
    ['an SVG', ({ acme }) => [`${acme}/logo.svg`]],
    ['a page', ({ acme }) => [`${acme}/logo.html`]],
    ['two endings', ({ acme }) => [`${acme}/logo.png.html`]],
    ['no name', ({ acme }) => [`${acme}/.png`]],
    ['two lines', ({ acme }) => [`${acme}/logo.png\n`]],
    ['a page that says it is an image', ({ acme }) => [`${acme}/logo.png`, { metadata: { mimetype: 'text/html' } }]],
    ['an SVG that says it is an image', ({ acme }) => [`${acme}/a.png`, { metadata: { mimetype: 'image/svg+xml' } }]],
    ['another bucket', ({ acme }) => [`${acme}/logo.png`, { bucket_id: 'other' }]],
  ]

  it.each(wrong)('is not %s', (_, make) =>
    story(async (tx, cast) => {
      const [name, more] = make(cast)
      expect(await upload(tx, cast, 'alice', name, more)).toBe('42501')
      expect(await namesIn(tx)).toEqual([])
      // The control.
      expect(await upload(tx, cast, 'alice', `${cast.acme}/logo-2_x.webp`, { metadata: null })).toBe(1)
    }))

  it('is not uploaded to an organization that is suspended or deleted, nor by an account that is banned', () =>
    story(async (tx, cast) => {
      const name = `${cast.acme}/logo.png`
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await upload(tx, cast, 'alice', name)).toBe('42501')
      await tx`update organizations set subscription_status = 'active', deleted_at = now() where id = ${cast.acme}`
      expect(await upload(tx, cast, 'alice', name)).toBe('42501')
      await tx`update organizations set deleted_at = null where id = ${cast.acme}`
      await tx`update auth.users set banned_until = now() + interval '1 day' where id = ${cast.users.adam}`
      expect(await upload(tx, cast, 'adam', name)).toBe('42501')
      expect(await upload(tx, cast, 'alice', name)).toBe(1)
    }))

  it('is listed, replaced and removed by admins of its organization, and stays in its folder', () =>
    story(async (tx, cast) => {
      const name = `${cast.acme}/logo.png`
      await upload(tx, cast, 'alice', name)
      const act = async (actor: Actor, statement: Parameters<typeof as>[3]) => {
        const { count, refused } = await as(tx, cast, actor, statement)
        return refused?.state ?? count
      }
      for (const actor of ['mona', 'mia', 'bob', 'eve', 'anon'] as const) {
        expect(await act(actor, (tx) => tx`select * from storage.objects`), actor).toBe(0)
        expect(await act(actor, (tx) => tx`update storage.objects set metadata = null`), actor).toBe(0)
        expect(await act(actor, (tx) => tx`delete from storage.objects`), actor).toBe(0)
      }
      const moved = `${cast.globex}/logo.png`
      expect(await act('adam', (tx) => tx`update storage.objects set name = ${moved}`)).toBe('42501')
      expect(await act('adam', (tx) => tx`update storage.objects set bucket_id = 'other'`)).toBe('42501')
      expect(await act('adam', (tx) => tx`update storage.objects set name = ${`${cast.acme}/x.html`}`)).toBe('42501')
      expect(await namesIn(tx)).toEqual([name])
      expect(await act('adam', (tx) => tx`select * from storage.objects`)).toBe(1)
      expect(await act('adam', (tx) => tx`update storage.objects set metadata = '{"mimetype": "image/jpeg"}'`)).toBe(1)
      expect(await act('adam', (tx) => tx`delete from storage.objects`)).toBe(1)
    }))
})
