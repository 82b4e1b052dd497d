import { describe, expect, it } from 'vitest'
import { OrganizationBrandingAnswer } from '../../shared/contract/branding.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { lookupsOf, setZone } from './support/dns.ts'
import { mailsWith } from './support/mail.ts'
import { expectProblem, pointersOf } from './support/problems.ts'
import { worldOf } from './support/world.ts'

// White-label from end to end, with a stand-in for the DNS that functions ask.

const path = ({ acme }: Stage, rest = '') => `/organizations/${acme}/branding${rest}`
const looks = {
  product_name: 'Acme Calls',
  logo_url: 'https://acme.test/logo.svg',
  color_light: '#0b5394',
  color_dark: '#8ab4f8',
  support_email: 'help@acme.test',
  mail_sender_name: 'Acme Calls, Inc.',
}

async function change(cast: Stage, json: object) {
  const answer = await cast.call('adam', 'PATCH', path(cast), { json })
  expect(answer.status, answer.text).toBe(200)
  return OrganizationBrandingAnswer.parse(answer.body).branding
}

const slugOf = async ({ acme }: Stage) => (await sql`select slug from organizations where id = ${acme}`)[0]?.slug

it('is set by an admin, and seen by everybody who has the key', async () => {
  const cast = await stage()
  const before = await cast.call('adam', 'GET', path(cast))
  expect(before.body).toMatchObject({ branding: { product_name: null, host: null, updated_at: null } })
  expect(await change(cast, looks)).toMatchObject({ ...looks, host: null, updated_at: expect.any(String) })
  const found = await cast.call('anon', 'GET', `/branding?slug=${await slugOf(cast)}`)
  expect(found.body).toEqual({ branding: looks })
  const etag = found.headers.get('etag') ?? ''
  const again = await cast.call('anon', 'GET', `/branding?slug=${await slugOf(cast)}`, {
    headers: { 'if-none-match': etag },
  })
  expect([again.status, again.text]).toEqual([304, ''])
  await change(cast, { product_name: null })
  const changed = await cast.call('anon', 'GET', `/branding?slug=${await slugOf(cast)}`, {
    headers: { 'if-none-match': etag },
  })
  expect(changed.status).toBe(200)
  expect(changed.body).toEqual({ branding: { ...looks, product_name: undefined } })
  expectProblem(await cast.call('anon', 'GET', '/branding?slug=x', { headers: { apikey: 'x' } }), 'unauthenticated')
})

it.each([
  ['a color that nobody can read', { color_light: '#ffee00' }, '/color_light'],
  ['a color of the other theme', { color_dark: '#0b5394' }, '/color_dark'],
  ['a logo without TLS', { logo_url: 'http://acme.test/logo.png' }, '/logo_url'],
  ['a header', { mail_sender_name: 'Acme\r\nBcc: eve' }, '/mail_sender_name'],
  ['an address as sender', { mail_sender_name: 'ceo@bank.test' }, '/mail_sender_name'],
  ['a host with a path', { host: 'acme.test/x' }, '/host'],
  ['a proof of its own', { host: 'acme.test', host_verified_at: '2026-01-01T00:00:00Z' }, '/host_verified_at'],
])('is not %s', async (_, json, pointer) => {
  const cast = await stage()
  const before = await worldOf(cast)
  const answer = await cast.call('alice', 'PATCH', path(cast), { json })
  expectProblem(answer, 'validation_failed')
  expect(pointersOf(answer)).toEqual([pointer])
  expect(await worldOf(cast)).toEqual(before)
})

describe('a host', () => {
  it('is proven by its record in the DNS, and wears the branding from then on', async () => {
    const cast = await stage()
    const name = `calls.${cast.mark}.test`
    const { host } = await change(cast, { product_name: 'Acme Calls', host: name })
    if (!host) throw new Error('The host was not set.')
    const find = async () => (await cast.call('anon', 'GET', `/branding?host=${name}`)).body
    const verify = () => cast.call('adam', 'POST', path(cast, '/verify'))
    const before = await worldOf(cast)
    const early = await verify()
    expectProblem(early, 'conflict')
    expect(early.body).toMatchObject({ record: host.record })
    expect(await worldOf(cast)).toEqual(before)
    expect(await find()).toEqual({ branding: {} })

    await setZone(host.record.name, { texts: ['v=spf1 -all', host.record.value] })
    const answer = await verify()
    expect(answer.body).toMatchObject({ branding: { host: { host: name, verified_at: expect.any(String) } } })
    expect(await find()).toEqual({ branding: { product_name: 'Acme Calls' } })
    // Again: the same answer, and nobody is asked.
    expect((await verify()).body).toEqual(answer.body)
    expect(await lookupsOf(host.record.name)).toHaveLength(2)
  })

  it('that is not set, or on a DNS without answers, is not proven', async () => {
    const cast = await stage()
    expectProblem(await cast.call('adam', 'POST', path(cast, '/verify')), 'conflict')
    const { host } = await change(cast, { host: `calls.${cast.mark}.test` })
    await setZone(host?.record.name ?? '', { status: 500 })
    expectProblem(await cast.call('adam', 'POST', path(cast, '/verify')), 'unavailable')
  })
})

it('goes along with an invitation: in the mail, and where its link leads', async () => {
  const cast = await stage()
  await change(cast, looks)
  const email = cast.address('new')
  const invited = await cast.call('adam', 'POST', `/organizations/${cast.acme}/invitations`, {
    json: { email, role: 'member' },
  })
  expect(invited.body).toMatchObject({ mail: 'sent' })
  const [mail] = await mailsWith(email)
  expect(mail?.from).toMatchObject([{ name: 'Acme Calls, Inc.', address: expect.stringMatching(/^[^<>]+@[^<>]+$/) }])
  expect(mail?.html).toContain('<img src="https://acme.test/logo.svg" alt="Acme Calls"')
  expect(mail?.text).toContain('on Acme Calls as member')
  expect(mail?.text).toContain('Write to help@acme.test.')
  const preview = await cast.call('anon', 'POST', '/invitations/preview', {
    json: { token: Object(invited.body).token },
  })
  expect(preview.body).toMatchObject({ organization: { name: 'Acme', branding: looks } })
})
