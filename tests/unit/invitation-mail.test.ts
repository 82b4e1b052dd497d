import { describe, expect, it } from 'vitest'
import { createInvitationMail } from '../../supabase/functions/_kit/mails/invitation.ts'
import { createSmtpMailer } from '../../supabase/functions/_kit/mail.ts'
import { acme, createFunctions, issuedInvitation } from './support/functions.ts'

const path = `/organizations/${acme}/invitations`
const acceptUrl = `https://app.test/invitations/accept#token=${issuedInvitation.token}`
const invited = { email: ' Mia@ACME.test', role: 'member' }
const mailFor = (
  name: string,
  inviter: { full_name: string | null; email: string | null } = issuedInvitation.inviter,
) => createInvitationMail({ ...issuedInvitation, organization: { name, branding: {} }, inviter }, acceptUrl)

describe('inviting', () => {
  it.each([['POST', path, invited], ['POST', `${path}/${issuedInvitation.invitation.id}/resend`, undefined]])(
    'by %s %s sends one mail and answers the link once',
    async (method, route, body) => {
      const { sendAsAlice, mailed, logged } = createFunctions(() => Response.json(issuedInvitation))
      const response = await sendAsAlice(method, route, body)
      expect(response.status).toBe(201)
      const { invitation, token } = issuedInvitation
      expect(await response.json()).toEqual({ invitation, token, accept_url: acceptUrl, mail: 'sent' })
      expect(mailed.map(({ to }) => to)).toEqual(['mia@acme.test'])
      expect(JSON.stringify(logged)).not.toMatch(/inv_|mia@/)
    },
  )

  it('stands when the mail fails, and the log says why', async () => {
    const functions = createFunctions(() => Response.json(issuedInvitation))
    functions.mail.send = () => Promise.reject(new Error('550 mia@acme.test unknown'))
    const response = await functions.sendAsAlice('POST', path, invited)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ mail: 'failed', accept_url: acceptUrl })
    expect(functions.logged[0]).toMatchObject({
      level: 'warn',
      mail: 'failed',
      cause: expect.stringMatching(/550 \[address\]/),
    })
  })

  it('that is refused sends nothing', async () => {
    const refusal = Response.json({ code: 'PT409', hint: 'invitation_pending' }, { status: 409 })
    const { sendAsAlice, mailed } = createFunctions(() => refusal)
    expect((await sendAsAlice('POST', path, invited)).status).toBe(409)
    expect(mailed).toEqual([])
  })
})

describe('the mail', () => {
  it('says who invites, to what, as what and until when', () => {
    const { subject, text } = mailFor('Acme Inc. Sales')
    expect(subject).toBe('Invitation to Acme Inc. Sales')
    expect(text).toContain('Alice invites you to join Acme Inc. Sales on Dial Smart as member.')
    expect(text).toContain(acceptUrl)
    expect(text).toContain('2026-11-08')
  })

  it('shows markup as text', () => {
    const { html } = mailFor('<img src=x onerror=alert(1)>', { full_name: '"><script>', email: null })
    expect(html).not.toMatch(/<img|<script/)
    expect(html).toContain('&#60;script')
  })

  it.each(['Visit http://evil.test now', 'www.evil.test', 'mia@evil.test', 'evil.test/path'])(
    'links nothing in %s',
    (name) => {
      const { subject, text, html } = mailFor(name, { full_name: name, email: null })
      for (const part of [subject, text, html]) expect(part).not.toMatch(/evil\.test|http:\/\/evil|@evil/)
      expect(html.match(/href/g)).toHaveLength(1)
      expect(text).toContain('evil')
    },
  )

  it('reads in the direction in which it is written, and knows the dots of other scripts', () => {
    const name = 'Paypal\u202e gro.live \u202c see evil。example www．evil．example'
    for (const part of Object.values(mailFor(name))) expect(part).not.toMatch(/\p{Bidi_Control}|l[。．]e/u)
  })

  it('keeps its headers to one line', () => {
    expect(mailFor('Acme\r\nBcc: eve@nowhere.test').subject).not.toMatch(/[\r\n]/)
  })

  it('is a failure where nobody takes it', async () => {
    const send = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from: 'no-reply@app.test' })
    await expect(send(mailFor('Acme'))).rejects.toThrow()
  })
})
