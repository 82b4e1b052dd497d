import { describe, expect, it } from 'vitest'
import { PlanPreviewAnswer } from '../../shared/contract/plan-preview.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf } from './support/problems.ts'
import { worldOf } from './support/world.ts'

const path = ({ acme }: Pick<Stage, 'acme'>, tier: string) => `/organizations/${acme}/plan-preview/${tier}`

describe('GET /organizations/:id/plan-preview/:tier', () => {
  it('says what a smaller plan would leave, and changes nothing', async () => {
    const cast = await stage()
    await sql`update organizations set subscription_tier = 'enterprise', max_users = 3 where id = ${cast.acme}`
    const before = await worldOf(cast)
    const answer = await cast.call('adam', 'GET', path(cast, 'basic'))
    expect(answer.status, answer.text).toBe(200)
    const { preview } = PlanPreviewAnswer.parse(answer.body)
    expect(preview).toMatchObject({ organization_id: cast.acme, from: 'enterprise', to: 'basic' })
    expect(preview.quotas.map(({ quota, limit }) => [quota, limit])).toEqual([
      ['users', 3],
      ['campaigns', 10],
      ['phone_numbers', 5],
      ['calls', 1_000],
    ])
    expect(preview.quotas[0]).toMatchObject({ used: 4, over_by: 1 })
    expect(await worldOf(cast)).toEqual(before)
  })

  it.each(['gold', 'Gold', '1', 'basic%27', 'basic%0A', 'x'.repeat(41), 'basic%00'])(
    'refuses %s, which is no plan',
    async (tier) => {
      const cast = await stage()
      const answer = await cast.call('alice', 'GET', path(cast, tier))
      expectProblem(answer, 'validation_failed', tier)
      expect(pointersOf(answer)).toEqual(['/tier'])
    },
  )

  it('tells a stranger nothing, whatever the plan', async () => {
    const cast = await stage()
    for (const tier of ['basic', 'gold']) {
      const there = await cast.call('bob', 'GET', path(cast, tier))
      expectProblem(there, 'not_found', tier)
      expectProblem(await cast.call('bob', 'GET', path({ acme: crypto.randomUUID() }, tier)), 'not_found', tier)
    }
  })
})
