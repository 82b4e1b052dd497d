import { describe, expect, it } from 'vitest'
import { ask, type Call } from './support/ask.ts'
import { type Actor, type Cast, signUp, stage } from './support/cast.ts'
import { inTransaction, type Transaction } from './support/database.ts'
import { insertRow } from './support/rows.ts'

// What a change of plan would mean, asked before it is made.

const preview = (cast: Cast, tier: string | null, organization = cast.acme): Call => (tx) =>
  tx`preview_plan(${organization}, ${tier})`

const previewed = async (tx: Transaction, cast: Cast, tier: string, actor: Actor = 'alice') =>
  (await ask(tx, cast, actor, preview(cast, tier))).preview

/** The cast, with no limits of Acme's own and this plan. */
async function onPlan(tx: Transaction, tier: string): Promise<Cast> {
  const cast = await stage(tx)
  await tx`update organizations set subscription_tier = ${tier}, max_users = null where id = ${cast.acme}`
  return cast
}

describe('preview_plan', () => {
  it('says what the organization would have, and what it uses beyond that', () =>
    inTransaction(async (tx) => {
      const cast = await onPlan(tx, 'enterprise')
      for (let n = 0; n < 12; n++) await insertRow(tx, 'campaigns', { organization_id: cast.acme })
      await insertRow(tx, 'phone_numbers', { organization_id: cast.acme })
      const { quotas, ...rest } = await previewed(tx, cast, 'basic')
      expect(rest).toEqual({
        organization_id: cast.acme,
        from: 'enterprise',
        to: 'basic',
        features: { gained: [], lost: [] },
      })
      expect(quotas).toEqual([
        { quota: 'users', limit: 5, used: 4, over_by: 0 },
        { quota: 'campaigns', limit: 10, used: 12, over_by: 2 },
        { quota: 'phone_numbers', limit: 5, used: 1, over_by: 0 },
        { quota: 'calls', limit: 1_000, used: 0, over_by: 0 },
      ])
      const larger = await previewed(tx, cast, 'professional')
      expect(larger.quotas[1]).toEqual({ quota: 'campaigns', limit: 100, used: 12, over_by: 0 })
      // The control: the plan it has is one to ask about, too.
      const same = await previewed(tx, cast, 'enterprise')
      expect(same.quotas.map(({ limit, over_by }: { limit: number; over_by: number }) => [limit, over_by]))
        .toEqual(Array(4).fill([null, 0]))
    }))

  it('puts the limits that are its own before those of any plan', () =>
    inTransaction(async (tx) => {
      const cast = await onPlan(tx, 'basic')
      await tx`update organizations set max_users = 3, max_campaigns = 0, max_phone_numbers = 7, monthly_call_limit = 9
        where id = ${cast.acme}`
      const { quotas } = await previewed(tx, cast, 'enterprise')
      expect(quotas).toEqual([
        { quota: 'users', limit: 3, used: 4, over_by: 1 },
        { quota: 'campaigns', limit: 0, used: 0, over_by: 0 },
        { quota: 'phone_numbers', limit: 7, used: 0, over_by: 0 },
        { quota: 'calls', limit: 9, used: 0, over_by: 0 },
      ])
    }))

  it('names what is gained and lost, in the order of the price list', () =>
    inTransaction(async (tx) => {
      const cast = await onPlan(tx, 'basic')
      await tx`update subscription_plans set features = '["Calls", "Texts", "E-mail help"]' where tier = 'basic'`
      await tx`update subscription_plans set features = '["Texts", "Recording", "Calls", "Help by phone"]'
        where tier = 'professional'`
      const up = await previewed(tx, cast, 'professional')
      expect(up.features).toEqual({ gained: ['Recording', 'Help by phone'], lost: ['E-mail help'] })
      await tx`update organizations set subscription_tier = 'professional' where id = ${cast.acme}`
      const down = await previewed(tx, cast, 'basic')
      expect(down.features).toEqual({ gained: ['E-mail help'], lost: ['Recording', 'Help by phone'] })
    }))

  it('knows a plan that an operator added, and refuses what is none', () =>
    inTransaction(async (tx) => {
      const cast = await onPlan(tx, 'basic')
      await tx`insert into subscription_plans (tier, name, position, max_users) values ('team', 'Team', 9, 2)`
      expect((await previewed(tx, cast, 'team')).quotas[0]).toMatchObject({ limit: 2, used: 4, over_by: 2 })
      for (const tier of ['gold', '', 'BASIC', "basic'; --", null]) {
        expect(await ask(tx, cast, 'alice', preview(cast, tier)), String(tier)).toBe('validation_failed')
      }
    }))

  it('changes nothing, and neither does the change of plan but for what comes next', () =>
    inTransaction(async (tx) => {
      const cast = await onPlan(tx, 'enterprise')
      for (let n = 0; n < 12; n++) await insertRow(tx, 'campaigns', { organization_id: cast.acme })
      const rows = () =>
        tx`select to_jsonb(c) as row from campaigns as c where organization_id = ${cast.acme}
          union all select to_jsonb(o) from organizations as o where id = ${cast.acme}
          union all select to_jsonb(ou) from organization_users as ou where organization_id = ${cast.acme}
          order by 1`
      const before = await rows()
      await previewed(tx, cast, 'basic')
      expect(await rows()).toEqual(before)
      const [campaigns] = await tx`select count(*)::int as n from campaigns where organization_id = ${cast.acme}`
      await tx`update organizations set subscription_tier = 'basic' where id = ${cast.acme}`
      expect(await tx`select count(*)::int as n from campaigns where organization_id = ${cast.acme}`).toEqual([
        campaigns,
      ])
      // What the preview said would be over is, and the next one is refused.
      const refused = await ask(
        tx,
        cast,
        'mia',
        (tx) => tx`create_records('campaigns', ${tx.json([{ name: 'One more' }])})`,
      )
      expect(refused).toBe('quota_exceeded')
    }))

  const answers: [Actor, string | undefined][] = [
    ['alice', undefined],
    ['adam', undefined],
    ['mona', 'forbidden'],
    ['mia', 'forbidden'],
    ['bob', 'not_found'],
    ['eve', 'not_found'],
    ['anon', '42501'],
  ]
  it.each(answers)(
    'answers %s by role, also while the organization is suspended',
    (actor, refusal) =>
      inTransaction(async (tx) => {
        const cast = await onPlan(tx, 'basic')
        for (const status of ['active', 'suspended']) {
          await tx`update organizations set subscription_status = ${status} where id = ${cast.acme}`
          const answer = await ask(tx, cast, actor, preview(cast, 'basic'))
          expect(typeof answer === 'string' ? answer : undefined, status).toBe(refusal)
        }
      }),
  )

  it('tells a stranger the same about a company as about none', () =>
    inTransaction(async (tx) => {
      const cast = await onPlan(tx, 'basic')
      await tx`update organizations set deleted_at = now() where id = ${cast.globex}`
      const stranger = await signUp(tx, `${crypto.randomUUID()}@example.test`)
      const as = { ...cast, users: { ...cast.users, eve: stranger } }
      for (const organization of [cast.acme, cast.globex, crypto.randomUUID()]) {
        for (const tier of ['basic', 'gold']) {
          expect(await ask(tx, as, 'eve', preview(cast, tier, organization))).toBe('not_found')
        }
      }
      // Its owner does not either while it is deleted.
      expect(await ask(tx, cast, 'bob', preview(cast, 'basic', cast.globex))).toBe('not_found')
    }))
})
