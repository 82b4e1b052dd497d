import { describe, expect, it } from 'vitest'
import { ask } from './support/ask.ts'
import { type Actor, as, type Cast, signUp, stage } from './support/cast.ts'
import { inTransaction, type Transaction } from './support/database.ts'

// The tables that span organizations: what one sees of others there, and that nobody writes them.

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

  it('organizations and profiles say when they were changed', () =>
    inTransaction(async (tx) => {
      const long = new Date('2020-01-01')
      const acme = crypto.randomUUID()
      const mia = await signUp(tx, `mia.${acme.slice(0, 8)}@example.test`)
      await tx`insert into organizations ${
        tx({ id: acme, name: 'Acme', slug: `acme-${acme.slice(0, 8)}`, updated_at: long })
      }`
      await tx`delete from profiles where id = ${mia}`
      await tx`insert into profiles ${tx({ id: mia, updated_at: long })}`
      await tx`update organizations set contact_phone = '+4930901820' where id = ${acme}`
      await tx`update profiles set full_name = 'Mia Wong' where id = ${mia}`
      const [changed] = await tx`select
        (select updated_at > ${long} from organizations where id = ${acme}) as organization,
        (select updated_at > ${long} from profiles where id = ${mia}) as profile`
      expect(changed).toEqual({ organization: true, profile: true })
    }))

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
