import { describe, expect, it } from 'vitest'
import {
  InvitationAcceptedAnswer,
  InvitationLinkAnswer,
  InvitationPreviewAnswer,
  InvitationsAnswer,
} from '../../shared/contract/invitations.ts'
import { sql } from '../database/support/database.ts'
import { signUp } from '../database/support/cast.ts'
import { type Actor, type Person, type Stage, stage } from './support/cast.ts'
import { send } from './support/http.ts'
import { mailsWith } from './support/mail.ts'
import { expectProblem, pointersOf, withoutInstance } from './support/problems.ts'
import { stack } from './support/stack.ts'
import { claimsFor, mintEs256 } from './support/tokens.ts'
import { worldOf } from './support/world.ts'

// Invitations by link: for whoever has it, as member.

const make = (cast: Stage, actor: Actor, json: object) =>
  cast.call(actor, 'POST', `/organizations/${cast.acme}/invitation-links`, { json })
const link = async (cast: Stage, json: object = {}) => InvitationLinkAnswer.parse((await make(cast, 'adam', json)).body)
const accept = (cast: Stage, actor: Actor, token: string) =>
  cast.call(actor, 'POST', '/invitations/accept', { json: { token } })
const preview = (cast: Stage, token: string) => cast.call('anon', 'POST', '/invitations/preview', { json: { token } })
const members = async (cast: Stage) =>
  (await sql`select user_id from organization_users where organization_id = ${cast.acme}`).length

/** Somebody new with this address, who accepts. */
async function acceptAs(email: string, token: string, confirmed = true) {
  const user = await sql.begin((tx) => signUp(tx, email, confirmed))
  const authorization = `Bearer ${await mintEs256(claimsFor(user, email))}`
  return await send('POST', `${stack('FUNCTIONS_URL')}/invitations/accept`, {
    json: { token },
    headers: { apikey: stack('PUBLISHABLE_KEY'), authorization },
  })
}

describe('a link', () => {
  it('lets in whoever has it, as member, and sends no mail', async () => {
    const cast = await stage()
    const { invitation, token, accept_url } = await link(cast)
    expect(invitation).toMatchObject({
      kind: 'link',
      email: null,
      role: 'member',
      status: 'pending',
      max_uses: null,
      uses: 0,
      allowed_domains: null,
    })
    expect(new URL(accept_url).hash).toBe(`#token=${token}`)
    const seen = InvitationPreviewAnswer.parse((await preview(cast, token)).body)
    expect(seen).toMatchObject({
      organization: { name: 'Acme' },
      role: 'member',
      email_hint: null,
      allowed_domains: null,
    })
    for (const person of ['eve', 'bob'] as const) {
      const { organization, role } = InvitationAcceptedAnswer.parse((await accept(cast, person, token)).body)
      expect([organization.id, role]).toEqual([cast.acme, 'member'])
    }
    expectProblem(await accept(cast, 'eve', token), 'already_member')
    expect(await mailsWith(cast.mark)).toEqual([])
    const received = await cast.call('mona', 'GET', '/invitations')
    expect(received.body).toEqual({ invitations: [] })
    const { invitations } = InvitationsAnswer.parse(
      (await cast.call('alice', 'GET', `/organizations/${cast.acme}/invitations`)).body,
    )
    expect(invitations).toEqual([{ ...invitation, uses: 2 }])
  })

  it('is used up by its last use, and then as dead as any', async () => {
    const cast = await stage()
    const { invitation, token } = await link(cast, { max_uses: 2 })
    expect((await accept(cast, 'eve', token)).status).toBe(200)
    expect((await accept(cast, 'bob', token)).status).toBe(200)
    const dead = await acceptAs(cast.address('late'), token)
    expectProblem(dead, 'not_found')
    expect(withoutInstance(await preview(cast, token))).toEqual(withoutInstance(dead))
    const [row] = await sql`select uses, accepted_at is not null as accepted, accepted_by from organization_invitations
      where id = ${invitation.id}`
    expect(row).toEqual({ uses: 2, accepted: true, accepted_by: cast.users.bob })
    expect(await sql`select 1 from tenancy.invitation_tokens where invitation_id = ${invitation.id}`).toEqual([])
  })

  it('ends when it is revoked, when it runs out, and with whoever made it', async () => {
    const cast = await stage()
    const [revoked, late, orphaned] = [await link(cast), await link(cast, { expires_in_days: 1 }), await link(cast)]
    expect(Date.parse(late.invitation.expires_at) - Date.parse(late.invitation.created_at)).toBe(86_400_000)
    await cast.call('alice', 'DELETE', `/organizations/${cast.acme}/invitations/${revoked.invitation.id}`)
    await sql`update organization_invitations set expires_at = now() where id = ${late.invitation.id}`
    const never = withoutInstance(await accept(cast, 'eve', `inv_${'0'.repeat(64)}`))
    for (const { token } of [revoked, late]) {
      const answer = await accept(cast, 'eve', token)
      expectProblem(answer, 'not_found')
      expect(withoutInstance(answer)).toEqual(never)
    }
    const removed = await cast.call('alice', 'DELETE', `/organizations/${cast.acme}/members/${cast.users.adam}`)
    expect(removed.body).toMatchObject({ ended: { invitations: 1 } })
    expect(withoutInstance(await accept(cast, 'eve', orphaned.token))).toEqual(never)
    expect(await members(cast)).toBe(3)
  })

  it('is not declined and not sent again', async () => {
    const cast = await stage()
    const { invitation, token } = await link(cast)
    const before = await worldOf(cast)
    expectProblem(await cast.call('eve', 'POST', '/invitations/decline', { json: { token } }), 'conflict')
    const path = `/organizations/${cast.acme}/invitations/${invitation.id}/resend`
    expectProblem(await cast.call('adam', 'POST', path), 'conflict')
    expect(await worldOf(cast)).toEqual(before)
    // The control: it still opens.
    expect((await accept(cast, 'eve', token)).status).toBe(200)
  })

  it('is for a verified address', async () => {
    const cast = await stage()
    const { token } = await link(cast)
    const before = await worldOf(cast)
    expectProblem(await acceptAs(cast.address('unverified'), token, false), 'email_not_verified')
    expectProblem(await accept(cast, 'anon', token), 'unauthenticated')
    expect(await worldOf(cast)).toEqual(before)
  })

  it.each([
    ['no use', { max_uses: 0 }, '/max_uses'],
    ['less than one', { max_uses: -1 }, '/max_uses'],
    ['half a use', { max_uses: 1.5 }, '/max_uses'],
    ['too many', { max_uses: 10_001 }, '/max_uses'],
    ['as many as nobody said', { max_uses: null }, '/max_uses'],
    ['no domain', { allowed_domains: [] }, '/allowed_domains'],
    ['a domain in another alphabet', { allowed_domains: ['ехаmple.test'] }, '/allowed_domains/0'],
    ['a domain with a Kelvin sign', { allowed_domains: ['\u212Aate.test'] }, '/allowed_domains/0'],
    ['a wildcard', { allowed_domains: ['*.example.test'] }, '/allowed_domains/0'],
    ['an address for a domain', { allowed_domains: ['a@example.test'] }, '/allowed_domains/0'],
    ['a top level alone', { allowed_domains: ['test'] }, '/allowed_domains/0'],
    ['a domain with a dot at its end', { allowed_domains: ['example.test.'] }, '/allowed_domains/0'],
    ['an address of a machine', { allowed_domains: ['127.0.0.1'] }, '/allowed_domains/0'],
    ['no day', { expires_in_days: 0 }, '/expires_in_days'],
    ['31 days', { expires_in_days: 31 }, '/expires_in_days'],
    ['a role', { role: 'admin' }, '/role'],
    ['a token', { token: 'inv_0' }, '/token'],
    ['somebody’s name', { invited_by: crypto.randomUUID() }, '/invited_by'],
  ])('is not made with %s', async (_, json, pointer) => {
    const cast = await stage()
    const before = await worldOf(cast)
    const answer = await make(cast, 'alice', json)
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
    expect(await worldOf(cast)).toEqual(before)
  })
})

describe('a link for some domains', () => {
  it('lets in exactly those, in any case', async () => {
    const cast = await stage()
    const domain = `${cast.mark}.example.test`
    const { token, invitation } = await link(cast, { allowed_domains: [domain.toUpperCase(), 'other.test'] })
    expect(invitation.allowed_domains).toEqual([domain, 'other.test'])
    const before = await members(cast)
    for (
      const email of [
        `new@sub.${domain}`,
        `new@x${domain}`,
        `new@${domain}.evil.test`,
        `new@example.test`,
        // Cyrillic, and a letter that some lower-case to another one.
        `new@${domain.replace('a', '\u0430').replace('e', '\u0435')}`,
        `new@${domain.replace('k', '\u212A').replace('t', '\u03C4')}`,
        // Two at signs: the last one parts name and host.
        `new@${domain}@evil.test`,
      ]
    ) {
      const answer = await acceptAs(`${crypto.randomUUID().slice(0, 8)}${email}`, token)
      expectProblem(answer, 'email_mismatch', email)
    }
    expect(await members(cast)).toBe(before)
    expect((await acceptAs(`one@${domain}`, token)).status).toBe(200)
    expect((await acceptAs(`Two@${domain.toUpperCase()}`, token)).status).toBe(200)
    expect(await members(cast)).toBe(before + 2)
  })
})

describe('looking at an invitation', () => {
  it('uses nothing up: not a preview, not GET or HEAD of whatever there is', async () => {
    const cast = await stage()
    const { token, accept_url } = await link(cast, { max_uses: 1 })
    const before = await worldOf(cast)
    for (let n = 0; n < 3; n++) expect((await preview(cast, token)).status).toBe(200)
    for (const method of ['GET', 'HEAD']) {
      for (const path of ['/invitations/accept', '/invitations/decline', '/invitations/preview']) {
        for (const query of ['', `?token=${token}`, `/${token}`]) {
          const answer = await cast.call('eve', method, path + query)
          expect([404, 405], `${method} ${path}${query} ${answer.status}`).toContain(answer.status)
        }
      }
      for (const call of ['accept_invitation', 'decline_invitation', 'preview_invitation']) {
        const answer = await cast.rest('eve', method, `/rpc/${call}?token=${token}`)
        expect(answer.status, call).toBe(405)
      }
      await send(method, accept_url.replace('#', '?'))
    }
    expect(await worldOf(cast)).toEqual(before)
    expect((await accept(cast, 'eve', token)).status).toBe(200)
  })
})

describe('a dead token', () => {
  it('is answered in the same words, whatever it died of', async () => {
    const cast = await stage()
    const { token } = await link(cast, { max_uses: 1 })
    await accept(cast, 'eve', token)
    const alive = (await link(cast)).token
    const tokens = [
      token,
      `inv_${'0'.repeat(64)}`,
      alive.slice(0, -1),
      alive.slice(0, -1) + (alive.endsWith('0') ? '1' : '0'),
      alive.toUpperCase(),
      encodeURIComponent(`${alive}%20`),
      `${alive}\u0000`.replace('\u0000', '%00'),
      alive.slice(4),
      "' or true --",
    ]
    const before = await worldOf(cast)
    const bodies = new Set<string>()
    for (const dead of tokens) {
      for (const path of ['/invitations/accept', '/invitations/decline', '/invitations/preview']) {
        const answer = await cast.call('bob', 'POST', path, { json: { token: dead } })
        expectProblem(answer, 'not_found', `${path} ${dead}`)
        bodies.add(JSON.stringify(withoutInstance(answer)))
        expect(answer.text).not.toContain(dead)
      }
    }
    expect(bodies.size).toBe(1)
    expect(await worldOf(cast)).toEqual(before)
    const people: Person[] = ['bob']
    for (const person of people) expect((await accept(cast, person, alive)).status).toBe(200)
  })
})
