import { describe, expect, it } from 'vitest'
import { InvitationsAnswer, InvitationSentAnswer } from '../../shared/contract/invitations.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, type Person, type Stage, stage } from './support/cast.ts'
import { mailsWith } from './support/mail.ts'
import { codeOf, expectProblem, pointersOf } from './support/problems.ts'
import { stack } from './support/stack.ts'
import { worldOf } from './support/world.ts'

// Invitations as the admins of an organization see them.

const invite = (cast: Stage, actor: Actor, json: object) =>
  cast.call(actor, 'POST', `/organizations/${cast.acme}/invitations`, { json })

const sent = async (cast: Stage, actor: Actor, json: object) =>
  InvitationSentAnswer.parse((await invite(cast, actor, json)).body)

const preview = (cast: Stage, token: string) => cast.call('anon', 'POST', '/invitations/preview', { json: { token } })

describe('an invitation', () => {
  it('arrives by mail, with a link whose token opens it', async () => {
    const cast = await stage()
    const email = cast.address('new')
    const { invitation, token, accept_url, mail } = await sent(cast, 'adam', { email, role: 'manager' })
    expect(mail).toBe('sent')
    expect(invitation).toMatchObject({
      organization_id: cast.acme,
      email,
      role: 'manager',
      status: 'pending',
      invited_by: cast.users.adam,
    })
    expect(accept_url).toBe(`${stack('WEB_URL')}/invitations/accept#token=${token}`)
    await expect.poll(async () => (await mailsWith(email)).length).toBe(1)
    const [caught] = await mailsWith(email)
    expect(caught?.to).toEqual([{ address: email }])
    expect(caught?.subject).toBe('Invitation to Acme')
    expect(caught?.text).toContain(accept_url)
    expect(caught?.html).toContain(`href="${accept_url}"`)
    expect((await preview(cast, token)).body).toMatchObject({ organization: { name: 'Acme' }, role: 'manager' })
  })

  it('keeps its token out of what servers and proxies log: the link carries it behind the #', async () => {
    const cast = await stage()
    const { token, accept_url } = await sent(cast, 'adam', { email: cast.address('new'), role: 'member' })
    const { pathname, search, hash } = new URL(accept_url)
    expect(pathname + search).not.toContain(token)
    expect(hash).toBe(`#token=${token}`)
  })

  it('does not follow the host that a request names', async () => {
    const cast = await stage()
    const answer = await cast.call('adam', 'POST', `/organizations/${cast.acme}/invitations`, {
      json: { email: cast.address('new'), role: 'member' },
      headers: { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', origin: 'https://evil.example' },
    })
    expect(InvitationSentAnswer.parse(answer.body).accept_url).toMatch(new RegExp(`^${stack('WEB_URL')}/`))
  })

  it('shows names as text: no markup, no link that somebody typed', async () => {
    const cast = await stage()
    const name = '<b>Prize</b> http://evil.example'
    await cast.call('alice', 'PATCH', `/organizations/${cast.acme}`, { json: { name } })
    const email = cast.address('new')
    await sent(cast, 'adam', { email, role: 'member' })
    await expect.poll(async () => (await mailsWith(email)).length).toBe(1)
    const [caught] = await mailsWith(email)
    expect(caught?.html).toContain('&#60;b&#62;Prize')
    expect(caught?.html).not.toContain('<b>')
    expect((caught?.html ?? '') + caught?.text + caught?.subject).not.toContain('http://evil.example')
  })

  it('is refused twice to one address in any case, and to members', async () => {
    const cast = await stage()
    await sent(cast, 'adam', { email: cast.address('new'), role: 'member' })
    const before = await worldOf(cast)
    const again = await invite(cast, 'alice', { email: ` ${cast.address('NEW').toUpperCase()} `, role: 'admin' })
    expectProblem(again, 'invitation_pending')
    expectProblem(await invite(cast, 'alice', { email: cast.emails.mia, role: 'admin' }), 'already_member')
    expect(await worldOf(cast)).toEqual(before)
    expect((await invite(cast, 'alice', { email: cast.emails.bob, role: 'member' })).status).toBe(201)
  })

  it.each([
    ['to ownership', { role: 'owner' }, '/role'],
    ['to a role in capitals', { role: 'ADMIN' }, '/role'],
    ['to a role there is not', { role: 'superadmin' }, '/role'],
    ['to no role', { role: null }, '/role'],
    ['to two roles', { role: ['member', 'admin'] }, '/role'],
    ['to no address', { email: '' }, '/email'],
    ['to half an address', { email: 'nobody@' }, '/email'],
    ['to two addresses', { email: 'a@b.test, c@d.test' }, '/email'],
    ['to an address with another header', { email: 'a@b.test\r\nbcc: c@d.test' }, '/email'],
    ['to a name and an address', { email: 'A <a@b.test>' }, '/email'],
    ['to 255 characters', { email: `${'a'.repeat(243)}@example.test` }, '/email'],
    ['for no day', { expires_in_days: 0 }, '/expires_in_days'],
    ['for 31 days', { expires_in_days: 31 }, '/expires_in_days'],
    ['for a day and a half', { expires_in_days: 1.5 }, '/expires_in_days'],
    ['with a token', { token: 'inv_0' }, '/token'],
    ['with a status', { status: 'accepted' }, '/status'],
    ["in somebody's name", { invited_by: crypto.randomUUID() }, '/invited_by'],
    ['to another organization', { organization_id: crypto.randomUUID() }, '/organization_id'],
  ])('%s is refused', async (_, changes, pointer) => {
    const cast = await stage()
    const before = await worldOf(cast)
    const answer = await invite(cast, 'alice', { email: cast.address('new'), role: 'member', ...changes })
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
    expect(await worldOf(cast)).toEqual(before)
  })

  it('lasts as long as it says', async () => {
    const cast = await stage()
    const days = async (json: object) => {
      const { invitation } = await sent(cast, 'adam', {
        email: cast.address(crypto.randomUUID()),
        role: 'member',
        ...json,
      })
      return (Date.parse(invitation.expires_at) - Date.parse(invitation.created_at)) / 86_400_000
    }
    expect([await days({}), await days({ expires_in_days: 1 }), await days({ expires_in_days: 30 })]).toEqual([
      7,
      1,
      30,
    ])
  })
})

describe('sending again', () => {
  it('kills the old link and makes a new one, with a mail of its own', async () => {
    const cast = await stage()
    const email = cast.address('new')
    const first = await sent(cast, 'adam', { email, role: 'member', expires_in_days: 3 })
    const path = `/organizations/${cast.acme}/invitations/${first.invitation.id}/resend`
    const answer = await cast.call('alice', 'POST', path)
    expect(answer.status).toBe(201)
    const second = InvitationSentAnswer.parse(answer.body)
    expect(second.token).not.toBe(first.token)
    expect(second.invitation).toMatchObject({
      id: first.invitation.id,
      invited_by: cast.users.alice,
      status: 'pending',
    })
    await expect.poll(async () => (await mailsWith(email)).length).toBe(2)
    const texts = (await mailsWith(email)).map(({ text }) => text)
    expect(texts.some((text) => text.includes(second.accept_url))).toBe(true)
    expectProblem(await preview(cast, first.token), 'not_found')
    expect((await preview(cast, second.token)).status).toBe(200)
  })
})

describe('revoking', () => {
  it('ends the link at once, and once', async () => {
    const cast = await stage()
    const { invitation, token } = await sent(cast, 'adam', { email: cast.address('new'), role: 'member' })
    const path = `/organizations/${cast.acme}/invitations/${invitation.id}`
    const revoked = await cast.call('alice', 'DELETE', path)
    expect(revoked.body).toMatchObject({ invitation: { id: invitation.id, status: 'revoked' } })
    expectProblem(await preview(cast, token), 'not_found')
    const before = await worldOf(cast)
    expectProblem(await cast.call('alice', 'DELETE', path), 'conflict')
    expectProblem(await cast.call('alice', 'POST', `${path}/resend`), 'conflict')
    expect(await worldOf(cast)).toEqual(before)
  })
})

describe('the list', () => {
  it('shows the invitations of a status, page by page, and never a token', async () => {
    const cast = await stage()
    const invited: InvitationSentAnswer[] = []
    for (const name of ['one', 'two', 'three', 'four']) {
      invited.push(await sent(cast, 'adam', { email: cast.address(name), role: 'member' }))
    }
    const [one, two, three, four] = invited.map(({ invitation }) => invitation.id)
    await cast.call('adam', 'DELETE', `/organizations/${cast.acme}/invitations/${two}`)
    await sql`update organization_invitations set created_at = created_at - interval '9 days',
      expires_at = now() - interval '1 second' where id = ${three ?? ''}`

    const list = async (actor: Person, query: string) => {
      const answer = await cast.call(actor, 'GET', `/organizations/${cast.acme}/invitations${query}`)
      expect(invited.some(({ token }) => answer.text.includes(token))).toBe(false)
      return InvitationsAnswer.parse(answer.body)
    }
    const ids = async (query: string) => (await list('alice', query)).invitations.map(({ id }) => id)
    expect(await ids('')).toEqual([one, four])
    expect(await ids('?status=revoked')).toEqual([two])
    expect(await ids('?status=expired')).toEqual([three])
    expect(await ids('?status=accepted')).toEqual([])
    expect(new Set(await ids('?status=all'))).toEqual(new Set([one, two, three, four]))
    const first = await list('adam', '?limit=1')
    const second = await list('adam', `?limit=1&cursor=${first.next_cursor}`)
    expect([first, second].map(({ invitations }) => invitations.map(({ id }) => id))).toEqual([[one], [four]])
    expect(second.next_cursor).toBeNull()
    const wrong = await cast.call('adam', 'GET', `/organizations/${cast.acme}/invitations?status=dead`)
    expect(codeOf(wrong)).toBe('validation_failed')
  })
})
