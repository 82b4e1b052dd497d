import { beforeAll, describe, expect, it } from 'vitest'
import { type Actor, type Stage, stage } from '../functions/support/cast.ts'
import { worldOf } from '../functions/support/world.ts'

// Somebody got hold of the idempotency key of a colleague, or of a stranger: it opens nothing of theirs.

let cast: Stage
const key = crypto.randomUUID()
const invite = (actor: Actor) =>
  cast.call(actor, 'POST', `/organizations/${cast.acme}/invitations`, {
    json: { email: cast.address('new'), role: 'member' },
    headers: { 'idempotency-key': key },
  })
const direct = (actor: Actor) =>
  cast.rest(actor, 'POST', '/rpc/create_invitation', {
    json: { organization_id: cast.acme, email: cast.address('direct'), role: 'member' },
    headers: {
      'x-idempotency-key': key,
      'x-idempotency-route': 'POST /organizations/{organization_id}/invitations',
      'x-idempotency-organization': cast.acme,
      'x-idempotency-fingerprint': '0'.repeat(64),
    },
  })

beforeAll(async () => {
  cast = await stage()
})

describe('the key of alice', () => {
  let token: string

  beforeAll(async () => {
    const first = await invite('alice')
    expect(first.status, first.text).toBe(201)
    token = Object(first.body).token
    await direct('adam')
  })

  it('control: gives alice the answer again', async () => {
    const before = await worldOf(cast)
    const again = await invite('alice')
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
    expect(again.body).toMatchObject({ token, mail: 'unknown' })
    expect(await worldOf(cast)).toEqual(before)
  })

  it.each(['adam', 'mona', 'mia', 'bob', 'eve', 'anon'] as const)('gives %s nothing', async (actor) => {
    const before = await worldOf(cast)
    const answer = await invite(actor)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.text).not.toContain(token)
    if (actor !== 'adam') {
      const straight = await direct(actor)
      expect(straight.status).toBeGreaterThanOrEqual(400)
      expect(straight.text).not.toContain('inv_')
    }
    expect(await worldOf(cast)).toEqual(before)
  })
})
