import { expect, it } from 'vitest'
import { as, signUp, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'

// The statements that were promised to work in a SQL editor, as the database owner.

it('creates an organization, adds people and answers who is what', () =>
  inTransaction(async (tx) => {
    const user = await signUp(tx, 'founder@example.test')
    await tx`insert into organizations (name, slug, subscription_tier) values ('Acme Corp', 'acme-corp', 'professional')`
    await tx`insert into organization_users (organization_id, user_id, role)
      values ((select id from organizations where slug = 'acme-corp'), ${user}, 'owner')`
    const [acme] = await tx`select id from organizations where slug = 'acme-corp'`
    const [answers] = await tx`select
      user_in_organization(${user}, ${acme?.id}) as belongs,
      get_user_org_role(${user}, ${acme?.id}) as role,
      is_org_admin(${user}, ${acme?.id}) as admin,
      user_in_organization(${user}, gen_random_uuid()) as elsewhere,
      get_user_org_role(gen_random_uuid(), ${acme?.id}) as stranger,
      is_org_admin(gen_random_uuid(), ${acme?.id}) as stranger_is_admin`
    expect(answers).toEqual({
      belongs: true,
      role: 'owner',
      admin: true,
      elsewhere: false,
      stranger: null,
      stranger_is_admin: false,
    })
    const policies = await tx`select policyname, cmd from pg_policies where tablename = 'campaigns' order by policyname`
    expect(policies.map((policy) => policy.policyname)).toEqual([
      'campaigns_delete',
      'campaigns_insert',
      'campaigns_select',
      'campaigns_update',
    ])
  }))

const signIn: Record<string, (tx: Transaction, user: string) => Promise<unknown>> = {
  'the old way': (tx, user) => tx`select set_config('request.jwt.claim.sub', ${user}, true)`,
  'as JSON': (tx, user) => tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true)`,
}

it.each(Object.keys(signIn))(
  'the classic script, with claims set %s: user 2 does not see Campaign 1',
  (way) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`set local role authenticated`
      await signIn[way]?.(tx, cast.users.mia)
      await tx`insert into campaigns (name, user_id, organization_id) values ('Campaign 1', auth.uid(), ${cast.acme})`
      expect(await tx`select name from campaigns`).toMatchObject([{ name: 'Campaign 1' }])
      expect(await tx`select name from campaigns where organization_id = ${cast.acme}`).toHaveLength(1)
      expect(await tx`select get_user_organizations(auth.uid()) as id`).toEqual([{ id: cast.acme }])

      await signIn[way]?.(tx, cast.users.bob)
      expect(await tx`select name from campaigns`).toEqual([])
      expect(await tx`select name from campaigns where organization_id = ${cast.acme}`).toEqual([])
      const intrusion = await attempt(
        tx,
        (tx) =>
          tx`insert into campaigns (name, user_id, organization_id) values ('Campaign 2', auth.uid(), ${cast.acme})`,
      )
      expect(intrusion.refused?.state).toBe('42501')
    }),
)

it('the helpers answer a signed-in person about people they share an organization with, and about nobody else', () =>
  inTransaction(async (tx) => {
    const cast = await stage(tx)
    const ask = async (actor: 'mia' | 'bob' | 'eve', user: string) =>
      (await as(
        tx,
        cast,
        actor,
        (tx) =>
          tx`select user_in_organization(${user}, ${cast.acme}) as belongs, get_user_org_role(${user}, ${cast.acme}) as role,
          is_org_admin(${user}, ${cast.acme}) as admin, array(select get_user_organizations(${user})) as all`,
      )).rows[0]
    expect(await ask('mia', cast.users.alice)).toEqual({ belongs: true, role: 'owner', admin: true, all: [cast.acme] })
    const nothing = { belongs: false, role: null, admin: false, all: [] }
    expect(await ask('bob', cast.users.alice)).toEqual(nothing)
    expect(await ask('eve', cast.users.alice)).toEqual(nothing)
    expect(await ask('mia', cast.users.bob)).toEqual(nothing)
    expect(await ask('mia', crypto.randomUUID())).toEqual(nothing)

    for (const call of ['get_user_organizations', 'get_user_org_role', 'user_in_organization', 'is_org_admin']) {
      const args = call === 'get_user_organizations' ? tx`${cast.users.alice}` : tx`${cast.users.alice}, ${cast.acme}`
      expect((await as(tx, cast, 'anon', (tx) => tx`select ${tx(call)}(${args})`)).refused?.state).toBe('42501')
    }
  }))

it('suspended members and deleted organizations do not count', () =>
  inTransaction(async (tx) => {
    const cast = await stage(tx)
    await tx`update organization_users set suspended_at = now() where user_id = ${cast.users.mona}`
    await tx`update organizations set deleted_at = now() where id = ${cast.globex}`
    const [answers] = await tx`select user_in_organization(${cast.users.mona}, ${cast.acme}) as suspended,
      user_in_organization(${cast.users.bob}, ${cast.globex}) as deleted`
    expect(answers).toEqual({ suspended: false, deleted: false })
  }))
