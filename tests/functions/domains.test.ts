import { describe, expect, it } from 'vitest'
import { DomainAnswer, DomainsAnswer, type OrganizationDomain } from '../../shared/contract/domains.ts'
import { JoinRequestedAnswer, JoinRequestsAnswer } from '../../shared/contract/joining.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import { lookupsOf, setZone } from './support/dns.ts'
import { expectProblem, pointersOf, withoutInstance } from './support/problems.ts'
import { worldOf } from './support/world.ts'

// Joining by e-mail domain from end to end, with a stand-in for the DNS that functions ask.

const path = ({ acme }: Stage, rest = '') => `/organizations/${acme}/domains${rest}`

async function claim(cast: Stage, json: object = { domain: `${cast.mark}.test` }): Promise<OrganizationDomain> {
  const answer = await cast.call('adam', 'POST', path(cast), { json })
  expect(answer.status, answer.text).toBe(201)
  return DomainAnswer.parse(answer.body).domain
}

const verify = (cast: Stage, { id }: OrganizationDomain, actor: Actor = 'adam') =>
  cast.call(actor, 'POST', path(cast, `/${id}/verify`))

/** A domain of Acme, proven by its record. */
async function verified(cast: Stage, join_mode: 'automatic' | 'approval'): Promise<string> {
  const domain = await claim(cast, { domain: `${cast.mark}.test`, join_mode })
  await setZone(domain.record.name, { texts: [domain.record.value] })
  expect((await verify(cast, domain)).status).toBe(200)
  return domain.domain
}

const move = (cast: Stage, person: 'eve' | 'bob', email: string) =>
  sql`update auth.users set email = ${email} where id = ${cast.users[person]}`

const join = (cast: Stage, actor: Actor, organization_id = cast.acme) =>
  cast.call(actor, 'POST', '/invitations/join', { json: { organization_id } })

describe('a domain', () => {
  it('is claimed, shown, proven by its record, changed and given up', async () => {
    const cast = await stage()
    const domain = await claim(cast, { domain: ` ${cast.mark.toUpperCase()}.Test` })
    expect(domain).toMatchObject({
      organization_id: cast.acme,
      domain: `${cast.mark}.test`,
      join_mode: 'approval',
      verified_at: null,
      created_by: cast.users.adam,
      record: { type: 'TXT', name: `_dial-smart.${cast.mark}.test` },
    })
    await setZone(domain.record.name, { texts: ['v=spf1 -all', domain.record.value] })
    const answer = await verify(cast, domain, 'alice')
    expect(DomainAnswer.parse(answer.body).domain.verified_at).not.toBeNull()
    expect(await lookupsOf(domain.record.name)).toEqual([
      { method: 'GET', type: 'TXT', accept: 'application/dns-json' },
    ])
    // Again: the same answer, and nobody is asked.
    expect((await verify(cast, domain)).body).toEqual(answer.body)
    expect(await lookupsOf(domain.record.name)).toHaveLength(1)

    const changed = await cast.call('adam', 'PATCH', path(cast, `/${domain.id}`), { json: { join_mode: 'automatic' } })
    expect(changed.body).toMatchObject({ domain: { id: domain.id, join_mode: 'automatic' } })
    const listed = DomainsAnswer.parse((await cast.call('adam', 'GET', path(cast))).body)
    expect(listed).toMatchObject({ domains: [{ id: domain.id, join_mode: 'automatic' }], next_cursor: null })

    const removed = await cast.call('adam', 'DELETE', path(cast, `/${domain.id}`))
    expect(removed.body).toMatchObject({ domain: { id: domain.id }, ended: { join_requests: 0 } })
    expectProblem(await cast.call('adam', 'DELETE', path(cast, `/${domain.id}`)), 'not_found')
  })

  const without: [string, (domain: OrganizationDomain, other: string) => Parameters<typeof setZone>[1]][] = [
    ['no record', () => ({})],
    ['other records', () => ({ texts: ['v=spf1 -all'] })],
    ['the record of another claim', (_, other) => ({ texts: [other] })],
    ['a longer value', ({ record }) => ({ texts: [`${record.value}0`] })],
  ]

  it.each(without)('with %s is not verified', async (_, zone) => {
    const cast = await stage()
    const domain = await claim(cast)
    const other = await claim(cast, { domain: `other.${cast.mark}.test` })
    await setZone(domain.record.name, zone(domain, other.record.value))
    const before = await worldOf(cast)
    const answer = await verify(cast, domain)
    expectProblem(answer, 'conflict')
    expect(answer.body).toMatchObject({ record: domain.record })
    expect(await lookupsOf(domain.record.name)).toHaveLength(1)
    expect(await worldOf(cast)).toEqual(before)
  })

  it.each([
    ['fails', { status: 500 }],
    ['answers nonsense', { body: '<html>' }],
    ['sends elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['answers with too much', { body: JSON.stringify({ Status: 0, Answer: [], more: 'x'.repeat(70_000) }) }],
    ['can’t say', { body: JSON.stringify({ Status: 2 }) }],
  ])('is not verified while the DNS %s', async (_, zone) => {
    const cast = await stage()
    const domain = await claim(cast)
    await setZone(domain.record.name, zone)
    const before = await worldOf(cast)
    const answer = await verify(cast, domain)
    expectProblem(answer, 'unavailable')
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await worldOf(cast)).toEqual(before)
  })

  it('is not looked up for somebody who may not verify it', async () => {
    const cast = await stage()
    const domain = await claim(cast)
    await setZone(domain.record.name, { texts: [domain.record.value] })
    for (
      const [actor, code] of [['mona', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], ['eve', 'not_found'], [
        'anon',
        'unauthenticated',
      ]] as const
    ) expectProblem(await verify(cast, domain, actor), code)
    expect(await lookupsOf(domain.record.name)).toEqual([])
  })

  it('is not verified past the functions: an admin’s own word is no proof', async () => {
    const cast = await stage()
    const domain = await claim(cast)
    await setZone(domain.record.name, { texts: [domain.record.value] })
    const before = await worldOf(cast)
    const time = Math.floor(Date.now() / 1000)
    for (const proof of ['', 'true', `${time}.${'0'.repeat(64)}.${'0'.repeat(64)}`]) {
      const answer = await cast.rest('adam', 'POST', '/rpc/verify_domain', {
        json: { organization_id: cast.acme, domain_id: domain.id, proof },
      })
      expect([answer.status, Object(answer.body).hint], answer.text).toEqual([403, 'forbidden'])
    }
    expect(await worldOf(cast)).toEqual(before)
    expect((await verify(cast, domain)).status).toBe(200)
  })

  it.each([
    ['a public mail domain', { domain: 'gmail.com' }, '/domain'],
    ['what is below one', { domain: 'mail.GMX.de' }, '/domain'],
    ['no domain', { domain: 'acme' }, '/domain'],
    ['an address of the net', { domain: '127.0.0.1' }, '/domain'],
    ['a mail address', { domain: 'mia@acme.test' }, '/domain'],
    ['a URL', { domain: 'https://acme.test' }, '/domain'],
    ['a dot at the end', { domain: 'acme.test.' }, '/domain'],
    ['254 characters', { domain: `${'a.'.repeat(125)}test` }, '/domain'],
    ['a list', { domain: ['acme.test'] }, '/domain'],
    ['another way to join', { domain: 'acme.test', join_mode: 'always' }, '/join_mode'],
    ['a time of its own', { domain: 'acme.test', verified_at: '2026-01-01T00:00:00Z' }, '/verified_at'],
    ['a value of its own', { domain: 'acme.test', verification_token: 'x' }, '/verification_token'],
  ])('is not %s', async (_, json, pointer) => {
    const cast = await stage()
    const before = await worldOf(cast)
    const answer = await cast.call('alice', 'POST', path(cast), { json })
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
    expect(await worldOf(cast)).toEqual(before)
  })

  it('shows a homograph for what it is, and lets nobody of the other domain in', async () => {
    const cast = await stage()
    const domain = await claim(cast, { domain: `аcme-${cast.mark}.test`, join_mode: 'automatic' })
    expect(domain.domain).toMatch(/^xn--/)
    await setZone(domain.record.name, { texts: [domain.record.value] })
    expect((await verify(cast, domain)).status).toBe(200)
    await move(cast, 'eve', `eve@acme-${cast.mark}.test`)
    expectProblem(await join(cast, 'eve'), 'not_found')
  })

  it('that another organization has proven is taken, until that one gives it up', async () => {
    const cast = await stage()
    await verified(cast, 'approval')
    const claimed = await cast.call('bob', 'POST', `/organizations/${cast.globex}/domains`, {
      json: { domain: `${cast.mark}.test` },
    })
    const { domain } = DomainAnswer.parse(claimed.body)
    await setZone(domain.record.name, { texts: [domain.record.value] })
    const take = () => cast.call('bob', 'POST', `/organizations/${cast.globex}/domains/${domain.id}/verify`)
    const refused = await take()
    expectProblem(refused, 'conflict')
    expect(refused.text).not.toContain(cast.acme)
    const { domains } = DomainsAnswer.parse((await cast.call('alice', 'GET', path(cast))).body)
    await cast.call('alice', 'DELETE', path(cast, `/${domains[0]?.id}`))
    expect((await take()).status).toBe(200)
  })
})

describe('joining', () => {
  it('at once: the organization is offered, joined, and read on the next request; it does not become active', async () => {
    const cast = await stage()
    const domain = await verified(cast, 'automatic')
    await move(cast, 'eve', `eve@${domain}`)
    const offered = await cast.call('eve', 'GET', '/invitations/organizations')
    expect(offered.body).toEqual({
      organizations: [{
        organization_id: cast.acme,
        organization: { name: 'Acme', branding: {} },
        join_mode: 'automatic',
        request: null,
      }],
    })
    const joined = await join(cast, 'eve')
    expect(joined.status).toBe(200)
    expect(joined.body).toMatchObject({ role: 'member', organization: { id: cast.acme, role: 'member' } })
    expect((await cast.call('eve', 'GET', `/organizations/${cast.acme}`)).status).toBe(200)
    const chosen = await sql`select 1 from tenancy.active_organizations where user_id = ${cast.users.eve}`
    expect(chosen).toEqual([])
    expectProblem(await join(cast, 'eve'), 'already_member')
  })

  it('on approval: asked, seen by admins, approved', async () => {
    const cast = await stage()
    const domain = await verified(cast, 'approval')
    await move(cast, 'eve', `eve@${domain}`)
    const asked = await join(cast, 'eve')
    expect(asked.status).toBe(202)
    const { request } = JoinRequestedAnswer.parse(asked.body)
    expect((await join(cast, 'eve')).body).toEqual(asked.body)
    expect((await cast.call('eve', 'GET', '/invitations/organizations')).body).toMatchObject({
      organizations: [{ join_mode: 'approval', request: { id: request.id, status: 'pending' } }],
    })
    expectProblem(await cast.call('eve', 'GET', `/organizations/${cast.acme}`), 'not_found')

    const requests = `/organizations/${cast.acme}/join-requests`
    const listed = JoinRequestsAnswer.parse((await cast.call('adam', 'GET', `${requests}?status=pending`)).body)
    expect(listed.requests).toMatchObject([{ id: request.id, user_id: cast.users.eve, email: `eve@${domain}` }])
    const approved = await cast.call('adam', 'POST', `${requests}/${request.id}/approve`)
    expect(approved.body).toMatchObject({ request: { status: 'approved', decided_by: cast.users.adam } })
    expect((await cast.call('eve', 'GET', `/organizations/${cast.acme}`)).status).toBe(200)
    for (const verb of ['approve', 'refuse']) {
      expectProblem(await cast.call('adam', 'POST', `${requests}/${request.id}/${verb}`), 'conflict')
    }
  })

  it('refused: not in, and not asked again for a while', async () => {
    const cast = await stage()
    const domain = await verified(cast, 'approval')
    await move(cast, 'eve', `eve@${domain}`)
    const { request } = JoinRequestedAnswer.parse((await join(cast, 'eve')).body)
    const requests = `/organizations/${cast.acme}/join-requests`
    const refused = await cast.call('alice', 'POST', `${requests}/${request.id}/refuse`)
    expect(refused.body).toMatchObject({ request: { status: 'refused', decided_by: cast.users.alice } })
    const before = await worldOf(cast)
    expectProblem(await join(cast, 'eve'), 'conflict')
    expect(await worldOf(cast)).toEqual(before)
  })

  it('after an admin removed them takes an approval', async () => {
    const cast = await stage()
    const domain = await verified(cast, 'automatic')
    await move(cast, 'eve', `eve@${domain}`)
    expect((await join(cast, 'eve')).status).toBe(200)
    await cast.call('adam', 'DELETE', `/organizations/${cast.acme}/members/${cast.users.eve}`)
    expect((await join(cast, 'eve')).status).toBe(202)
    expectProblem(await cast.call('eve', 'GET', `/organizations/${cast.acme}`), 'not_found')
  })

  it('is for verified addresses at the domain; to others Acme is as good as nothing', async () => {
    const cast = await stage()
    const domain = await verified(cast, 'automatic')
    const before = await worldOf(cast)
    const same = async () => {
      const [there, gone] = [await join(cast, 'eve'), await join(cast, 'eve', crypto.randomUUID())]
      expectProblem(there, 'not_found')
      expect(withoutInstance(there)).toEqual(withoutInstance(gone))
    }
    await same()
    for (const email of [`eve@sub.${domain}`, `eve@${domain}.evil.test`, `eve@evil${domain}`]) {
      await move(cast, 'eve', email)
      await same()
    }
    await sql`update auth.users set email = ${`eve@${domain}`}, email_confirmed_at = null where id = ${cast.users.eve}`
    await same()
    expect((await cast.call('eve', 'GET', '/invitations/organizations')).body).toEqual({ organizations: [] })
    await move(cast, 'eve', cast.emails.eve)
    await sql`update auth.users set email_confirmed_at = now() where id = ${cast.users.eve}`
    expect({ ...await worldOf(cast), profiles: 0 }).toEqual({ ...before, profiles: 0 })
  })

  it('leaves a full organization as it is', async () => {
    const cast = await stage()
    const domain = await verified(cast, 'automatic')
    await move(cast, 'eve', `eve@${domain}`)
    await sql`update organizations set max_users = 4 where id = ${cast.acme}`
    const before = await worldOf(cast)
    const answer = await join(cast, 'eve')
    expectProblem(answer, 'quota_exceeded')
    expect(answer.body).toMatchObject({ quota: 'users', limit: 4, used: 4 })
    expect(await worldOf(cast)).toEqual(before)
  })
})
