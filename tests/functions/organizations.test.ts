import { describe, expect, it } from 'vitest'
import { OrganizationAnswer, OrganizationsAnswer } from '../../shared/contract/organizations.ts'
import { MembersAnswer } from '../../shared/contract/members.ts'
import { join } from '../database/support/cast.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf } from './support/problems.ts'
import { worldOf } from './support/world.ts'

const found = async (cast: Stage, actor: Actor, json: object) =>
  OrganizationAnswer.parse((await cast.call(actor, 'POST', '/organizations', { json })).body).organization

describe('POST /organizations', () => {
  it('makes the caller owner and the organization active in this session', async () => {
    const cast = await stage()
    const name = `Initech ${cast.mark}`
    const organization = await found(cast, 'eve', {
      name,
      timezone: 'Europe/Berlin',
      settings: { branding: { color: 'red' } },
    })
    expect(organization).toMatchObject({
      name,
      slug: `initech-${cast.mark}`,
      timezone: 'Europe/Berlin',
      settings: { branding: { color: 'red' } },
      subscription_tier: 'basic',
      subscription_status: 'trial',
      owner_email: cast.emails.eve,
      role: 'owner',
      deleted_at: null,
    })
    expect((await cast.call('eve', 'GET', '/active-organization')).body).toEqual({
      organization_id: organization.id,
      role: 'owner',
    })
    const made = await cast.rest('eve', 'GET', '/organization_users?select=user_id,role')
    expect(made.body).toEqual([{ user_id: cast.users.eve, role: 'owner' }])
  })

  it('refuses a slug that is taken, and makes another where it was asked for none', async () => {
    const cast = await stage()
    const slug = `hooli-${cast.mark}`
    expect((await found(cast, 'bob', { name: 'Hooli', slug })).slug).toBe(slug)
    const before = await worldOf(cast)
    expectProblem(await cast.call('eve', 'POST', '/organizations', { json: { name: 'Hooli', slug } }), 'slug_taken')
    expect(await worldOf(cast)).toEqual(before)
    const made = await found(cast, 'eve', { name: `Hooli ${cast.mark}` })
    expect(made.slug).toMatch(new RegExp(`^${slug}-[0-9a-f]{6}$`))
  })

  it.each([
    ['no name', {}, '/name'],
    ['an empty name', { name: '  ' }, '/name'],
    ['a long name', { name: 'x'.repeat(101) }, '/name'],
    ['a name on two lines', { name: 'a\nb' }, '/name'],
    ['a number as a name', { name: 7 }, '/name'],
    ['a reserved slug', { name: 'x', slug: 'admin' }, '/slug'],
    ['a slug in capitals', { name: 'x', slug: 'Acme' }, '/slug'],
    ['a slug of one letter', { name: 'x', slug: 'a' }, '/slug'],
    ['a slug of 51 letters', { name: 'x', slug: 'a'.repeat(51) }, '/slug'],
    ['a slug that ends with a hyphen', { name: 'x', slug: 'acme-' }, '/slug'],
    ['a slug with two hyphens', { name: 'x', slug: 'ac--me' }, '/slug'],
    ['a slug with a path in it', { name: 'x', slug: '../acme' }, '/slug'],
    ['a slug like a uuid', { name: 'x', slug: crypto.randomUUID() }, '/slug'],
    ['no time zone of this planet', { name: 'x', timezone: 'Mars/Olympus' }, '/timezone'],
    ['a time zone as a rule', { name: 'x', timezone: 'FOO5' }, '/timezone'],
    ['a phone number of one town', { name: 'x', contact_phone: '030 901820' }, '/contact_phone'],
    ['settings that are a list', { name: 'x', settings: [] }, '/settings'],
    ['settings of 17 KiB', { name: 'x', settings: { a: 'x'.repeat(17_408) } }, '/settings'],
    ['a plan', { name: 'x', subscription_tier: 'enterprise' }, '/subscription_tier'],
    ['more users', { name: 'x', max_users: 1000 }, '/max_users'],
    ['an id', { name: 'x', id: crypto.randomUUID() }, '/id'],
    ['another owner', { name: 'x', owner_id: crypto.randomUUID() }, '/owner_id'],
  ])('refuses %s', async (_, json, pointer) => {
    const cast = await stage()
    const before = await worldOf(cast)
    const answer = await cast.call('eve', 'POST', '/organizations', { json })
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
    expect(await worldOf(cast)).toEqual(before)
  })
})

describe('PATCH /organizations/:id', () => {
  it('changes what is named and nothing else', async () => {
    const cast = await stage()
    const path = `/organizations/${cast.acme}`
    const before = OrganizationAnswer.parse((await cast.call('adam', 'GET', path)).body).organization
    const changes = { name: 'Acme & Sons', contact_phone: '+4930901820', settings: { calling: { from: 9 } } }
    const { organization } = OrganizationAnswer.parse((await cast.call('adam', 'PATCH', path, { json: changes })).body)
    expect(organization).toEqual({ ...before, ...changes, updated_at: organization.updated_at })
    expect(Date.parse(organization.updated_at)).toBeGreaterThan(Date.parse(before.updated_at))
  })

  it.each([
    ['nothing', {}, ''],
    ['the plan', { name: 'New', subscription_tier: 'enterprise' }, '/subscription_tier'],
    ['the status', { name: 'New', subscription_status: 'active' }, '/subscription_status'],
    ['the limits', { name: 'New', max_users: null }, '/max_users'],
    ['the end of its life', { name: 'New', deleted_at: null }, '/deleted_at'],
    ['metadata', { name: 'New', metadata: {} }, '/metadata'],
    ['a name that is null', { name: null }, '/name'],
    ["one's role", { name: 'New', role: 'owner' }, '/role'],
  ])('does not change %s', async (_, json, pointer) => {
    const cast = await stage()
    const before = await worldOf(cast)
    const answer = await cast.call('alice', 'PATCH', `/organizations/${cast.acme}`, { json })
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
    expect(await worldOf(cast)).toEqual(before)
  })

  it('waits while the organization is suspended; reading does not', async () => {
    const cast = await stage()
    await sql`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
    const path = `/organizations/${cast.acme}`
    const before = await worldOf(cast)
    expectProblem(await cast.call('alice', 'PATCH', path, { json: { name: 'New' } }), 'organization_suspended')
    const invitation = { json: { email: cast.address('new'), role: 'member' } }
    expectProblem(await cast.call('alice', 'POST', `${path}/invitations`, invitation), 'organization_suspended')
    expect(await worldOf(cast)).toEqual(before)
    expect((await cast.call('mia', 'GET', path)).body).toMatchObject({
      organization: { subscription_status: 'suspended' },
    })
  })
})

describe('an organization that is deleted', () => {
  it('is gone for all but its owner, who lists it on request and brings it back', async () => {
    const cast = await stage()
    const path = `/organizations/${cast.acme}`
    const before = OrganizationAnswer.parse((await cast.call('alice', 'GET', path)).body).organization
    const deleted = OrganizationAnswer.parse((await cast.call('alice', 'DELETE', path)).body).organization
    expect(deleted.deleted_at).not.toBeNull()
    expectProblem(await cast.call('alice', 'DELETE', path), 'not_found')
    expectProblem(await cast.call('mia', 'GET', path), 'not_found')
    expectProblem(await cast.call('alice', 'GET', `${path}/members`), 'not_found')

    const list = async (query: string) =>
      OrganizationsAnswer.parse((await cast.call('alice', 'GET', `/organizations${query}`)).body).organizations
    expect(await list('')).toEqual([])
    expect(await list('?include_deleted=false')).toEqual([])
    expect(await list('?include_deleted=true')).toEqual([deleted])
    expectProblem(await cast.call('alice', 'GET', '/organizations?include_deleted=maybe'), 'validation_failed')

    const { organization } = OrganizationAnswer.parse((await cast.call('alice', 'POST', `${path}/restore`)).body)
    expect(organization).toEqual({ ...before, updated_at: organization.updated_at })
    expectProblem(await cast.call('alice', 'POST', `${path}/restore`), 'conflict')
    expectProblem(await cast.call('adam', 'POST', `${path}/restore`), 'forbidden')
    expect((await cast.call('mia', 'GET', path)).status).toBe(200)
  })
})

describe('lists', () => {
  async function* pages(cast: Stage, actor: Actor, path: string, limit: number) {
    let cursor: string | null = ''
    while (cursor !== null) {
      const answer = await cast.call(actor, 'GET', `${path}?limit=${limit}${cursor && `&cursor=${cursor}`}`)
      yield answer.body
      cursor = Object(answer.body).next_cursor ?? null
    }
  }

  it("page through one's own organizations, each of them once, with one's role", async () => {
    const cast = await stage()
    await sql.begin((tx) => join(tx, cast.globex, cast.users.mia, 'manager'))
    const own = await found(cast, 'mia', { name: 'Pied Piper' })
    const seen: { id: string; role: string }[] = []
    for await (const page of pages(cast, 'mia', '/organizations', 2)) {
      const { organizations } = OrganizationsAnswer.parse(page)
      expect(organizations.length).toBeLessThanOrEqual(2)
      seen.push(...organizations)
    }
    expect(new Map(seen.map(({ id, role }) => [id, role]))).toEqual(
      new Map([[cast.acme, 'member'], [cast.globex, 'manager'], [own.id, 'owner']]),
    )
    expect(seen).toHaveLength(3)
  })

  it('page through the members in the order they joined', async () => {
    const cast = await stage()
    const seen: string[] = []
    for await (const page of pages(cast, 'mia', `/organizations/${cast.acme}/members`, 1)) {
      const { members } = MembersAnswer.parse(page)
      expect(members).toHaveLength(1)
      seen.push(...members.map(({ email, role }) => `${email} ${role}`))
    }
    expect(seen.sort()).toEqual([
      `${cast.emails.adam} admin`,
      `${cast.emails.alice} owner`,
      `${cast.emails.mia} member`,
      `${cast.emails.mona} manager`,
    ])
  })
})
