import { describe, expect, it } from 'vitest'
import type { OrganizationCard } from '../../shared/contract/invitations.ts'
import type { Mail } from '../../supabase/functions/_kit/mail.ts'
import { createNoticeMail } from '../../supabase/functions/_kit/mails/index.ts'
import { createInvitationMail } from '../../supabase/functions/_kit/mails/invitation.ts'
import type { MailPerson } from '../../supabase/functions/_kit/mails/letter.ts'
import { Notice } from '../../supabase/functions/_kit/mails/notice.ts'
import { issuedInvitation } from './support/functions.ts'

const siteUrl = 'https://app.test'
const to = 'mia@acme.test'
const alice: MailPerson = { full_name: 'Alice', email: 'alice@acme.test' }
const acme: OrganizationCard = { name: 'Acme', branding: {} }

type Template = (organization: OrganizationCard, person: MailPerson) => Mail
const notices: [Notice['topic'], object][] = [
  ['notice.role_changed', { role: 'admin', previous_role: 'member' }],
  ['notice.removed', {}],
  ['notice.ownership_received', {}],
  ['notice.domain_join_request', {}],
  ['notice.status_changed', { status: 'suspended', previous_status: 'past_due' }],
  ['notice.quota_reached', {
    quota: 'calls',
    percent: 80,
    limit: 1000,
    used: 800,
    resets_at: '2026-12-01T00:00:00+00:00',
  }],
]
/** Of what nobody in the organization did. */
const impersonal = ['notice.status_changed', 'notice.quota_reached']
const templates: [string, Template][] = [
  [
    'invitation',
    (organization, inviter) =>
      createInvitationMail({ ...issuedInvitation, organization, inviter }, `${siteUrl}/invitations/accept#token=inv_0`),
  ],
  ...notices.map((
    [topic, more],
  ): [string, Template] => [
    topic,
    (organization, person) =>
      createNoticeMail(Notice.parse({ topic, to, organization, actor: person, requester: person, ...more }), siteUrl),
  ]),
]

it('there is a template for every topic', () => {
  expect(notices.map(([topic]) => topic)).toEqual(Notice.options.map((option) => option.shape.topic.value))
})

describe.each(templates)('the mail %s', (topic, write) => {
  const partsOf = (organization: OrganizationCard, person: MailPerson) => {
    const { subject, text, html } = write(organization, person)
    return { subject, text, html }
  }

  it('says the same as text and as HTML, to the one it is for', () => {
    const mail = write({ name: 'Acme & Sons', branding: {} }, alice)
    expect(mail.to).toBe(to)
    expect(mail.subject).toContain('Acme & Sons')
    const [sentence = ''] = mail.text.split('\n')
    expect(sentence).toMatch(/Acme & Sons.*Dial Smart/)
    expect(sentence.includes('Alice')).toBe(!impersonal.includes(topic))
    expect(mail.html).toContain(sentence.replaceAll('&', '&#38;'))
  })

  it('shows markup as text', () => {
    const name = `"><script>alert(1)</script><img src=x onerror='a()'><a href="https://evil.test">`
    const { html } = write({ name, branding: { product_name: name } }, { full_name: name, email: null })
    expect(html).not.toMatch(/<script|<img|onerror='|href="https:\/\/evil/)
    expect(html).toContain('&#60;script&#62;')
    expect(html.match(/<a /g)).toHaveLength(1)
  })

  it('keeps its headers to one line', () => {
    const name = 'Acme\r\nBcc: eve@nowhere.test\u2028X: y\u0085\0'
    const { subject, to } = write({ name, branding: {} }, { full_name: name, email: null })
    expect(subject + to).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
  })

  it.each(['Visit http://evil.test now', 'www.evil.test', 'x@evil.test', 'evil。test', 'evil．test/path'])(
    'links nothing in %s',
    (name) => {
      const parts = partsOf({ name, branding: { product_name: name } }, { full_name: name, email: name })
      for (const part of Object.values(parts)) expect(part).not.toMatch(/evil[.。．]test|http:\/\/evil|@evil/u)
      expect(parts.html.match(/href/g)).toHaveLength(1)
      expect(parts.text).toContain('evil')
    },
  )

  it('reads in the direction in which it is written', () => {
    const name = 'Pay\u202egro\u2066 \u200f\u061cx'
    const person = { full_name: name, email: null }
    for (const part of Object.values(partsOf({ name, branding: { product_name: name } }, person))) {
      expect(part).not.toMatch(/\p{Bidi_Control}/u)
      expect(part).toContain('Paygro')
    }
  })

  it('stays short, whatever the names', () => {
    const name = '\u{1F680}'.repeat(5_000)
    const { subject, text, html } = partsOf({ name, branding: { product_name: name } }, {
      full_name: name,
      email: null,
    })
    expect([...subject].length).toBeLessThan(160)
    expect([...text].length).toBeLessThan(1_000)
    expect([...html].length).toBeLessThan(3_000)
    expect(subject.isWellFormed()).toBe(true)
    expect(subject).toContain('…')
  })

  it('stays whole with half a character in a name', () => {
    for (const part of Object.values(partsOf({ name: 'a\ud800b', branding: {} }, alice))) {
      expect(part.isWellFormed()).toBe(true)
    }
  })

  it('wears the branding of the organization', () => {
    const branding = {
      product_name: 'Acme Calls',
      logo_url: 'https://acme.test/logo.png?a=1&b=2',
      color_light: '#0b5394',
      support_email: 'help@acme.test',
      mail_sender_name: 'Acme Calls, Inc.',
    }
    const mail = write({ name: 'Acme', branding }, alice)
    expect(mail.html).toContain('<img src="https://acme.test/logo.png?a=1&#38;b=2" alt="Acme Calls"')
    expect(mail.html).toMatch(/background: #0b5394; color: #ffffff/)
    expect(mail.senderName).toBe('Acme Calls, Inc.')
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('Acme Calls')
      expect(part).toContain('Write to help@acme.test.')
      expect(part).not.toContain('Dial Smart')
    }
    const plain = write(acme, alice)
    expect(plain.html).not.toContain('<img')
    expect(plain.text).not.toContain('Questions?')
    expect(plain).not.toHaveProperty('senderName')
  })

  it.each([
    ['a logo without TLS', { logo_url: 'http://acme.test/logo.png' }],
    ['a script', { logo_url: 'javascript:alert(1)' }],
    ['an embedded file', { logo_url: 'data:image/svg+xml,<svg onload=alert(1)>' }],
    ['a logo behind a password', { logo_url: 'https://user:password@acme.test/logo.png' }],
    ['a logo without a name', { logo_url: 'https://127.0.0.1/logo.png' }],
    ['an endless logo', { logo_url: `https://acme.test/${'x'.repeat(3_000)}` }],
    ['a color that leaves its place', { color_light: '#fff; background: url(https://evil.test)' }],
    ['a color with an end of its own', { color_light: '#123456"><script>' }],
    ['a color on two lines', { color_light: '#123456\n' }],
    ['a color by expression', { color_light: 'expression(alert(1))' }],
    ['a name of two lines', { product_name: 'Acme\nBcc: x' }],
    ['a sender of two lines', { mail_sender_name: 'Acme\r\nBcc: eve@nowhere.test' }],
    ['a sender that is an address', { mail_sender_name: 'ceo@bank.test' }],
    ['a sender with an address', { mail_sender_name: 'Bank <ceo>' }],
    ['a support address of two lines', { support_email: 'help@acme.test\nBcc: eve@nowhere.test' }],
  ])('leaves out %s', (_what, branding) => {
    expect(write({ name: 'Acme', branding }, alice)).toEqual(write(acme, alice))
  })

  it('does not let a logo end where it stands', () => {
    const { html } = write({ name: 'Acme', branding: { logo_url: `https://acme.test/"onerror="alert(1)` } }, alice)
    expect(html).not.toContain('"onerror')
  })
})
