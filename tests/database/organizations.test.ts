import { describe, expect, it } from 'vitest'
import { type Actor, as, type Cast, join, type Person, stage } from './support/cast.ts'
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

describe('lists', () => {
  it('members page through in the order they joined, each of them once', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organization_users set joined_at = now() where organization_id = ${cast.acme}`
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const from: string | null = cursor
        const page = await ask(tx, cast, 'mia', (tx) => tx`list_members(${cast.acme}, 1, ${from})`)
        expect(page.members).toHaveLength(1)
        seen.push(page.members[0].user_id)
        cursor = page.next_cursor
      } while (cursor)
      const { alice, adam, mona, mia } = cast.users
      expect(seen).toEqual([alice, adam, mona, mia].sort())
    }))

  it("organizations are one's own", () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await join(tx, cast.globex, cast.users.mia, 'manager')
      const { organizations, next_cursor } = await ask(tx, cast, 'mia', (tx) => tx`list_organizations()`)
      expect(organizations.map((o: { id: string; role: string }) => [o.id, o.role]).sort()).toEqual(
        [[cast.acme, 'member'], [cast.globex, 'manager']].sort(),
      )
      expect(next_cursor).toBeNull()
      expect((await ask(tx, cast, 'eve', (tx) => tx`list_organizations()`)).organizations).toEqual([])
    }))

  it.each(['x', '', '🙂', 'bm90OmF0OmFsbA', '1'.repeat(500)])(
    'refuses the cursor %j',
    (cursor) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        expect(await ask(tx, cast, 'mia', (tx) => tx`list_organizations(10, ${cursor})`)).toBe('validation_failed')
      }),
  )

  it.each([0, 101, -1, null])('refuses pages of %s', (limit) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      expect(await ask(tx, cast, 'mia', (tx) => tx`list_members(${cast.acme}, ${limit})`)).toBe('validation_failed')
    }))
})

describe('what one sees of others', () => {
  it('co-members only, and nothing for anon', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { alice, adam, mona, mia } = cast.users
      const seen = async (actor: Actor) => ({
        profiles: (await as(tx, cast, actor, (tx) => tx`select id from profiles`)).rows.map((r) => r.id as string)
          .sort(),
        memberships: (await as(tx, cast, actor, (tx) => tx`select user_id from organization_users`)).rows.length,
        organizations: (await as(tx, cast, actor, (tx) => tx`select id from organizations`)).rows.map((r) => r.id),
      })
      expect(await seen('mia')).toEqual({
        profiles: [alice, adam, mona, mia].sort(),
        memberships: 4,
        organizations: [cast.acme],
      })
      expect(await seen('bob')).toEqual({ profiles: [cast.users.bob], memberships: 1, organizations: [cast.globex] })
      expect(await seen('eve')).toEqual({ profiles: [cast.users.eve], memberships: 0, organizations: [] })
      for (const table of ['profiles', 'organization_users', 'organizations', 'organization_invitations']) {
        expect((await as(tx, cast, 'anon', (tx) => tx`select * from ${tx(table)}`)).refused?.state).toBe('42501')
      }
    }))

  it.each(
    [
      [
        'a suspended member',
        (tx: Transaction, { users }: Cast) =>
          tx`update organization_users set suspended_at = now() where user_id = ${users.adam}`,
      ],
      [
        'a member of a deleted organization',
        (tx: Transaction, { acme }: Cast) => tx`update organizations set deleted_at = now() where id = ${acme}`,
      ],
    ] as const,
  )('%s sees nothing of it', (_, end) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await ask(tx, cast, 'adam', (tx) => tx`create_invitation(${cast.acme}, 'new@example.test', 'member')`)
      const seen = async () => {
        const counts: Record<string, number> = {}
        for (const table of ['organizations', 'organization_users', 'profiles', 'organization_invitations']) {
          counts[table] = (await as(tx, cast, 'adam', (tx) => tx`select * from ${tx(table)}`)).count
        }
        return counts
      }
      expect(await seen()).toEqual({
        organizations: 1,
        organization_users: 4,
        profiles: 4,
        organization_invitations: 1,
      })
      await end(tx, cast)
      expect(await seen()).toEqual({
        organizations: 0,
        organization_users: 0,
        profiles: 1,
        organization_invitations: 0,
      })
    }))

  it('profiles follow auth.users', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update auth.users set email = 'mia@new.test', raw_user_meta_data = '{"full_name": "Mia Wong"}' where id = ${cast.users.mia}`
      const [profile] = await tx`select email, full_name from profiles where id = ${cast.users.mia}`
      expect(profile).toEqual({ email: 'mia@new.test', full_name: 'Mia Wong' })
      await tx`delete from auth.users where id = ${cast.users.mia}`
      expect(await tx`select * from profiles where id = ${cast.users.mia}`).toEqual([])
    }))

  it.each([['organizations', 'contact_phone', '+4930901820'], ['profiles', 'full_name', 'Mia Wong']])(
    '%s say when they were changed',
    (table, column, value) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const id = table === 'profiles' ? cast.users.mia : cast.acme
        const long = new Date('2020-01-01')
        await tx`alter table ${tx(table)} disable trigger user`
        await tx`update ${tx(table)} set updated_at = ${long} where id = ${id}`
        await tx`alter table ${tx(table)} enable trigger user`
        await tx`update ${tx(table)} set ${tx({ [column]: value })} where id = ${id}`
        const [changed] = await tx`select updated_at > ${long} as later from ${tx(table)} where id = ${id}`
        expect(changed?.later).toBe(true)
      }),
  )

  it('nobody writes organizations or profiles past the entry points', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      for (const table of ['organizations', 'profiles', 'organization_invitations'] as const) {
        const column = { organizations: 'name', profiles: 'full_name', organization_invitations: 'email' }[table]
        for (const actor of ['alice', 'eve', 'anon'] as const) {
          const states = [
            await as(tx, cast, actor, (tx) => tx`update ${tx(table)} set ${tx({ [column]: 'x' })} where true`),
            await as(tx, cast, actor, (tx) => tx`delete from ${tx(table)} where true`),
            await as(tx, cast, actor, (tx) => tx`insert into ${tx(table)} ${tx({ [column]: 'x' })}`),
          ].map((outcome) => outcome.refused?.state)
          expect(states, `${actor} ${table}`).toEqual(['42501', '42501', '42501'])
        }
      }
    }))
})
