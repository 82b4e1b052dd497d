import { beforeAll, describe, expect, it } from 'vitest'
import { InvitationAcceptedAnswer, ReceivedInvitationsAnswer } from '../../shared/contract/invitations.ts'
import { signUp } from '../database/support/cast.ts'
import { sql } from '../database/support/database.ts'
import type { Stage } from './support/cast.ts'
import { expectProblem } from './support/problems.ts'
import { invite, openScene, type Scene } from './support/scene.ts'
import { send } from './support/http.ts'
import { stack } from './support/stack.ts'
import { claimsFor, mintEs256 } from './support/tokens.ts'
import { worldOf } from './support/world.ts'

// Invitations as the invited person sees them.

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

const memberships = (cast: Stage) =>
  sql`select user_id, role from organization_users where organization_id = ${cast.acme} and user_id = ${cast.users.eve}`

/** A request to a function by somebody who is not of the cast. */
const callWith = (token: string, method: string, path: string, json?: object) =>
  send(method, stack('FUNCTIONS_URL') + path, {
    json,
    headers: { apikey: stack('PUBLISHABLE_KEY'), authorization: `Bearer ${token}` },
  })

describe('the preview', () => {
  it('says what one needs to decide, and nothing more', async () => {
    const answer = await scene.call('anon', 'POST', '/invitations/preview', { json: { token: scene.token } })
    expect(answer.body).toEqual({
      organization: { name: 'Acme', branding: {} },
      role: 'member',
      email_hint: scene.emails.eve.replace(/^e[^@]*/, 'e***'),
      allowed_domains: null,
      expires_at: expect.stringMatching(/^\d{4}-/),
    })
  })

  it('changes nothing, and neither do mail scanners that follow links', async () => {
    const before = await worldOf(scene)
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const action of ['preview', 'accept', 'decline']) {
        const answer = await scene.call('eve', method, `/invitations/${action}?token=${scene.token}`)
        expect(answer.status, `${method} ${action}`).toBe(method === 'OPTIONS' ? 204 : 404)
      }
    }
    await scene.call('eve', 'POST', '/invitations/preview', { json: { token: scene.token } })
    expect(await worldOf(scene)).toEqual(before)
  })
})

describe('accepting', () => {
  it('makes a member with the role of the invitation, once', async () => {
    const own = await openScene()
    const accept = () => own.call('eve', 'POST', '/invitations/accept', { json: { token: own.token } })
    const { organization, role } = InvitationAcceptedAnswer.parse((await accept()).body)
    expect([organization.id, organization.role, role]).toEqual([own.acme, 'member', 'member'])
    expect([...await memberships(own)]).toEqual([{ user_id: own.users.eve, role: 'member' }])
    expect((await own.call('eve', 'GET', `/organizations/${own.acme}`)).status).toBe(200)
    const before = await worldOf(own)
    expectProblem(await accept(), 'not_found')
    expect(await worldOf(own)).toEqual(before)
  })

  it('happens once, however many ask at the same moment', async () => {
    const own = await openScene()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => own.call('eve', 'POST', '/invitations/accept', { json: { token: own.token } })),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...Array<number>(9).fill(404)])
    expect(await memberships(own)).toHaveLength(1)
  })

  it('is for the invited address alone, as Auth has it: not as a token or its bearer says', async () => {
    const own = await openScene()
    const before = await worldOf(own)
    const claims = claimsFor(own.users.bob, own.emails.eve, { user_metadata: { email: own.emails.eve } })
    const token = await mintEs256(claims)
    for (const action of ['accept', 'decline']) {
      expectProblem(await callWith(token, 'POST', `/invitations/${action}`, { token: own.token }), 'email_mismatch')
    }
    expect(await worldOf(own)).toEqual(before)
  })

  it('waits for the address to be verified', async () => {
    const own = await openScene()
    const email = own.address('unverified')
    const user = await sql.begin((tx) => signUp(tx, email, false))
    const { token } = await invite(own, 'adam', own.acme, email.toUpperCase())
    const session = await mintEs256(claimsFor(user, email, { email_verified: true }))
    const accept = () => callWith(session, 'POST', '/invitations/accept', { token })
    const before = await worldOf(own)
    expectProblem(await accept(), 'email_not_verified')
    expectProblem(await callWith(session, 'POST', '/invitations/decline', { token }), 'email_not_verified')
    expect(await worldOf(own)).toEqual(before)
    await sql`update auth.users set email_confirmed_at = now() where id = ${user}`
    expect((await accept()).status).toBe(200)
  })

  it('fails while the account of the one who invited is banned', async () => {
    const own = await openScene()
    await sql`update auth.users set banned_until = now() + interval '1 day' where id = ${own.users.adam}`
    const before = await worldOf(own)
    expectProblem(await own.call('eve', 'POST', '/invitations/accept', { json: { token: own.token } }), 'conflict')
    expect(await worldOf(own)).toEqual(before)
  })
})

describe('declining', () => {
  it('ends the invitation without a membership', async () => {
    const own = await openScene()
    const declined = await own.call('eve', 'POST', '/invitations/decline', { json: { token: own.token } })
    expect(declined.body).toEqual({ organization: { name: 'Acme', branding: {} }, role: 'member' })
    expect(await memberships(own)).toHaveLength(0)
    expectProblem(await own.call('eve', 'POST', '/invitations/accept', { json: { token: own.token } }), 'not_found')
  })
})

describe("one's own invitations", () => {
  it('are those that can be accepted now', async () => {
    const own = await openScene()
    const mine = async () =>
      ReceivedInvitationsAnswer.parse((await own.call('eve', 'GET', '/invitations')).body).invitations
    expect(await mine()).toMatchObject([{ id: own.invitationId, organization: { name: 'Acme' }, role: 'member' }])
    expect((await own.call('bob', 'GET', '/invitations')).body).toEqual({ invitations: [] })
    const { invitation } = await invite(own, 'bob', own.globex, own.emails.eve, 'admin')
    expect((await mine()).map(({ id }) => id)).toEqual([own.invitationId, invitation.id])
    await own.call('eve', 'POST', '/invitations/decline', { json: { token: own.token } })
    expect((await mine()).map(({ id }) => id)).toEqual([invitation.id])
  })
})
