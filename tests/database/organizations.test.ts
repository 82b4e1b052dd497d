import { describe, expect, it } from 'vitest'
import { type Actor, as, type Cast, type Person, stage } from './support/cast.ts'
import { ask, type Call } from './support/ask.ts'
import { inTransaction, type Transaction } from './support/database.ts'

const founding = (name: string, slug: string | null = null) => (tx: Transaction) =>
  tx`create_organization(${name}, ${slug})`

describe('create_organization', () => {
  it('makes the caller the owner, in an organization that is active at once', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { organization } = await ask(tx, cast, 'eve', founding('  Initech GmbH & Co. '))
      expect(organization).toMatchObject({
        name: 'Initech GmbH & Co.',
        slug: 'initech-gmbh-co',
        subscription_tier: 'basic',
        subscription_status: 'trial',
        timezone: 'UTC',
        settings: {},
        role: 'owner',
        deleted_at: null,
      })
      expect(organization.owner_email).toMatch(/^eve\..*@example\.test$/)
      expect(await ask(tx, cast, 'eve', (tx) => tx`active_organization()`)).toEqual({
        organization_id: organization.id,
        role: 'owner',
      })
    }))

  it('finds another slug when the plain one is taken, reserved or nothing is left of the name', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const slugOf = async (name: string) => (await ask(tx, cast, 'eve', founding(name))).organization.slug
      expect(await slugOf('Hooli')).toBe('hooli')
      expect(await slugOf('Hooli')).toMatch(/^hooli-[0-9a-f]{6}$/)
      expect(await slugOf('Admin')).toMatch(/^admin-[0-9a-f]{6}$/)
      expect(await slugOf('株式会社')).toMatch(/^organization-[0-9a-f]{6}$/)
    }))

  it('refuses a slug that is taken, and what the rules of the table refuse', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'bob', founding('Hooli', 'hooli'))
      expect(await ask(tx, cast, 'eve', founding('Hooli', 'hooli'))).toBe('slug_taken')
      for (
        const [name, slug] of [['x', 'admin'], ['x', '-x'], ['x', 'X'], ['', 'ok-slug'], ['a\nb', 'ok-slug'], [
          'x'.repeat(101),
          'ok-slug',
        ]]
      ) {
        expect(await ask(tx, cast, 'eve', founding(name!, slug))).toBe('23514')
      }
      const [left] = await tx`select count(*)::int as n from organization_users where user_id = ${cast.users.eve}`
      expect(left?.n).toBe(0)
    }))

  it('is not for anon, nor for a token whose account is gone', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      expect(await ask(tx, cast, 'anon', founding('Hooli'))).toBe('42501')
      await tx`delete from auth.users where id = ${cast.users.eve}`
      expect(await ask(tx, cast, 'eve', founding('Hooli'))).toBe('unauthenticated')
    }))

  it.each(['Mars/Olympus', 'FOO5', "UTC'; --", 'america/new_york', ''])(
    'does not know the time zone %j',
    (timezone) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const create = (zone: string) =>
          ask(tx, cast, 'eve', (tx) => tx`create_organization('Hooli', timezone => ${zone})`)
        expect(await create(timezone)).toBe('23514')
        expect((await create('America/Argentina/Buenos_Aires')).organization.timezone).toBe(
          'America/Argentina/Buenos_Aires',
        )
      }),
  )
})

// What each entry point answers to each of the cast, about Acme.
const calls: Record<
  string,
  { call: (tx: Transaction, cast: Cast) => ReturnType<Call>; refused: Partial<Record<Actor, string>> }
> = {
  get_organization: { call: (tx, { acme }) => tx`get_organization(${acme})`, refused: {} },
  list_members: { call: (tx, { acme }) => tx`list_members(${acme})`, refused: {} },
  set_active_organization: { call: (tx, { acme }) => tx`set_active_organization(${acme})`, refused: {} },
  update_organization: {
    call: (tx, { acme }) => tx`update_organization(${acme}, '{"name": "New"}')`,
    refused: { mona: 'forbidden', mia: 'forbidden' },
  },
  delete_organization: {
    call: (tx, { acme }) => tx`delete_organization(${acme})`,
    refused: { adam: 'forbidden', mona: 'forbidden', mia: 'forbidden' },
  },
  restore_organization: {
    call: (tx, { acme }) => tx`restore_organization(${acme})`,
    refused: { alice: 'conflict', adam: 'forbidden', mona: 'forbidden', mia: 'forbidden' },
  },
}

describe.each(Object.entries(calls))('%s', (_, { call, refused }) => {
  const outsiders: Partial<Record<Actor, string>> = { bob: 'not_found', eve: 'not_found', anon: '42501' }

  it.each(['alice', 'adam', 'mona', 'mia', 'bob', 'eve', 'anon'] as const)(
    'answers %s by role',
    (actor) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const before = await tx`select * from organizations where id = ${cast.acme}`
        const answer = await ask(tx, cast, actor, (tx) => call(tx, cast))
        const expected = { ...outsiders, ...refused }[actor]
        if (expected) {
          expect(answer).toBe(expected)
          expect(await tx`select * from organizations where id = ${cast.acme}`).toEqual(before)
        } else {
          expect(answer).toBeTypeOf('object')
        }
      }),
  )

  it('says the same about a foreign organization and about none', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const one = await as(tx, cast, 'bob', (tx) => tx`select ${call(tx, cast)}`)
      const none = await as(tx, cast, 'bob', (tx) => tx`select ${call(tx, { ...cast, acme: crypto.randomUUID() })}`)
      expect(one).toEqual(none)
    }))
})

describe('update_organization', () => {
  const change = (tx: Transaction, cast: Cast, changes: object) =>
    ask(tx, cast, 'adam', (tx) => tx`update_organization(${cast.acme}, ${JSON.stringify(changes)}::text::jsonb)`)

  it('changes what is named and nothing else', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const [before] = await tx`select * from organizations where id = ${cast.acme}`
      const { organization } = await change(tx, cast, {
        contact_phone: '+4930901820',
        settings: { calling: { from: 9 } },
      })
      expect(organization).toMatchObject({
        name: before?.name,
        slug: before?.slug,
        contact_phone: '+4930901820',
        role: 'admin',
      })
      expect((await change(tx, cast, { contact_phone: null })).organization).toMatchObject({
        contact_phone: null,
        settings: { calling: { from: 9 } },
      })
    }))

  it.each([
    'subscription_tier',
    'subscription_status',
    'max_users',
    'id',
    'created_at',
    'deleted_at',
    'metadata',
    'owner_id',
  ])(
    'never changes %s',
    (key) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        expect(await change(tx, cast, { name: 'New', [key]: null })).toBe('validation_failed')
        const [row] = await tx`select name from organizations where id = ${cast.acme}`
        expect(row?.name).toBe('Acme')
      }),
  )

  it('refuses a slug that is taken and values that break a rule', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const [globex] = await tx`select slug from organizations where id = ${cast.globex}`
      expect(await change(tx, cast, { slug: globex?.slug })).toBe('slug_taken')
      for (
        const changes of [{ slug: 'api' }, { timezone: 'x' }, { contact_phone: '0123' }, { owner_email: 'A@b.test' }, {
          settings: [],
        }]
      ) {
        expect(await change(tx, cast, changes), JSON.stringify(changes)).toBe('23514')
      }
      expect(await change(tx, cast, { name: null })).toBe('23502')
    }))

  it('waits for nobody to be suspended', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await change(tx, cast, { name: 'New' })).toBe('organization_suspended')
    }))
})

describe('a deleted organization', () => {
  const everyone: Person[] = ['alice', 'adam', 'mona', 'mia', 'bob']

  it('is gone for everyone but its owner, and comes back as it was', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`insert into leads ${tx({ organization_id: cast.acme, phone_number: '+15550100' })}`
      const { organization } = await ask(tx, cast, 'alice', (tx) => tx`delete_organization(${cast.acme})`)
      expect(organization.deleted_at).not.toBeNull()

      for (const actor of everyone) {
        expect((await as(tx, cast, actor, (tx) => tx`select id from leads`)).count).toBe(0)
        expect(await ask(tx, cast, actor, (tx) => tx`list_members(${cast.acme})`)).toBe('not_found')
        const seen = await as(tx, cast, actor, (tx) => tx`select id from organizations where id = ${cast.acme}`)
        expect(seen.count, actor).toBe(actor === 'alice' ? 1 : 0)
        const got = await ask(tx, cast, actor, (tx) => tx`get_organization(${cast.acme})`)
        expect(typeof got, actor).toBe(actor === 'alice' ? 'object' : 'string')
        if (actor !== 'alice') {
          expect(await ask(tx, cast, actor, (tx) => tx`restore_organization(${cast.acme})`)).toBe('not_found')
        }
      }
      expect((await ask(tx, cast, 'alice', (tx) => tx`list_organizations()`)).organizations).toEqual([])
      const all = await ask(tx, cast, 'alice', (tx) => tx`list_organizations(include_deleted => true)`)
      expect(all.organizations).toMatchObject([{ id: cast.acme, role: 'owner' }])
      expect(await ask(tx, cast, 'alice', (tx) => tx`delete_organization(${cast.acme})`)).toBe('not_found')

      const restored = await ask(tx, cast, 'alice', (tx) => tx`restore_organization(${cast.acme})`)
      expect({ ...restored.organization, updated_at: null }).toEqual({
        ...organization,
        deleted_at: null,
        updated_at: null,
      })
      expect((await as(tx, cast, 'mia', (tx) => tx`select id from leads`)).count).toBe(1)
    }))

  it('keeps its slug, and is beyond restoring after 30 days', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const [acme] =
        await tx`update organizations set deleted_at = now() - interval '29 days' where id = ${cast.acme} returning slug`
      expect(await ask(tx, cast, 'eve', founding('Acme', acme?.slug))).toBe('slug_taken')
      await tx`update organizations set deleted_at = now() - interval '30 days' where id = ${cast.acme}`
      expect(await ask(tx, cast, 'alice', (tx) => tx`restore_organization(${cast.acme})`)).toBe('not_found')
      expect(await ask(tx, cast, 'alice', (tx) => tx`get_organization(${cast.acme})`)).toBe('not_found')
    }))
})
