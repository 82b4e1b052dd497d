import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { expectProblem, withoutInstance } from '../functions/support/problems.ts'
import { listRoutes, type Route } from '../functions/support/routes.ts'
import {
  addField,
  bodyFor,
  claim,
  invite,
  openScene,
  pathFor,
  requestToJoin,
  type Scene,
} from '../functions/support/scene.ts'
import { worldOf } from '../functions/support/world.ts'
import { ofEachKind } from './support/rows.ts'

// What belongs to somebody else is not there: the answer is the one about something that never was.

const routes = await listRoutes()
/** Of each method, with and without a body and a retry's key, about each of the things that a path names. */
const named = (what: RegExp) =>
  ofEachKind(
    routes.filter(({ path }) => what.test(path)),
    ({ method, path, hasBody, takesKey }) => [method, path.match(/\{\w+\}/g), hasBody, takesKey],
  )
let scene: Scene
let foreign: { invitationId: string; token: string; domainId: string; requestId: string; fieldId: string }

beforeAll(async () => {
  scene = await openScene()
  const { invitation, token } = await invite(scene, 'bob', scene.globex, scene.address('globex'))
  const { id: domainId, domain } = await claim(scene, 'bob', scene.globex, `globex.${scene.mark}.test`)
  await sql`update organization_domains set verified_at = now() where id = ${domainId}`
  const requestId = await requestToJoin(scene, scene.globex, `bea@${domain}`)
  const { id: fieldId } = await addField(scene, 'bob', scene.globex, 'industry')
  foreign = { invitationId: invitation.id, token, domainId, requestId, fieldId }
})

const nowhere = () => crypto.randomUUID()

describe.each(named(/\{organization_id\}/))('$name', (route) => {
  it.each(['bob', 'eve'] as const)('says the same to %s about Acme and about nothing', async (actor) => {
    const before = await worldOf(scene)
    const ask = (acme: string) =>
      scene.call(actor, route.method, pathFor(route, { ...scene, acme }), { json: bodyFor(route, scene) })
    const [there, gone] = await Promise.all([ask(scene.acme), ask(nowhere())])
    expectProblem(there, 'not_found')
    expect(withoutInstance(there)).toEqual(withoutInstance(gone))
    expect(await worldOf(scene)).toEqual(before)
  })

  it('says it also to a member of a deleted organization', async () => {
    const own = await openScene()
    await sql`update organizations set deleted_at = now() where id = ${own.acme}`
    const request = { json: bodyFor(route, own) }
    const there = await own.call('mia', route.method, pathFor(route, own), request)
    const gone = await own.call('mia', route.method, pathFor(route, { ...own, acme: nowhere() }), request)
    expectProblem(there, 'not_found')
    expect(withoutInstance(there)).toEqual(withoutInstance(gone))
  })
})

describe.each(named(/\{invitation_id\}/))('$name', (route) => {
  it("says the same about another organization's invitation and about none", async () => {
    const before = await worldOf(scene)
    const ask = (invitationId: string) => scene.call('adam', route.method, pathFor(route, { ...scene, invitationId }))
    const [there, gone] = await Promise.all([ask(foreign.invitationId), ask(nowhere())])
    expectProblem(there, 'not_found')
    expect(withoutInstance(there)).toEqual(withoutInstance(gone))
    expect(await worldOf(scene)).toEqual(before)
  })
})

describe.each(named(/\{(domain|request|field)_id\}/))('$name', (route) => {
  it("says the same about another organization's and about none", async () => {
    const before = await worldOf(scene)
    const ask = (ids: { domainId: string; requestId: string; fieldId: string }) =>
      scene.call('adam', route.method, pathFor(route, { ...scene, ...ids }), { json: bodyFor(route, scene) })
    const [there, gone] = await Promise.all([
      ask(foreign),
      ask({ domainId: nowhere(), requestId: nowhere(), fieldId: nowhere() }),
    ])
    expectProblem(there, 'not_found')
    expect(withoutInstance(there)).toEqual(withoutInstance(gone))
    expect(await worldOf(scene)).toEqual(before)
  })
})

describe('an organization that one names', () => {
  const asks: [name: string, ask: (actor: 'alice' | 'bob', organization: string) => ReturnType<Scene['call']>][] = [
    [
      'to switch to',
      (actor, organization_id) => scene.call(actor, 'PUT', '/active-organization', { json: { organization_id } }),
    ],
    [
      'in the header of active-organization',
      (actor, organization) =>
        scene.call(actor, 'GET', '/active-organization', { headers: { 'x-organization-id': organization } }),
    ],
    ['in the header of records', (actor, organization) =>
      scene.call(actor, 'POST', '/records/leads', {
        json: { phone_number: '+15550100' },
        headers: { 'x-organization-id': organization },
      })],
  ]

  it.each(asks)("%s is not there, unless it is one's own", async (_, ask) => {
    const before = await worldOf(scene)
    const [there, gone] = await Promise.all([ask('bob', scene.acme), ask('bob', nowhere())])
    expectProblem(there, 'not_found')
    expect(withoutInstance(there)).toEqual(withoutInstance(gone))
    expect(await worldOf(scene)).toEqual(before)
    expect((await ask('alice', scene.acme)).status).toBeLessThan(300)
  })
})

describe.each(['previewInvitation', 'acceptInvitation', 'declineInvitation'])('a token at %s', (name) => {
  const find = (): Route => {
    const route = routes.find((route) => route.name === name)
    if (!route) throw new Error(`There is no ${name}.`)
    return route
  }

  it('is dead in one way only', async () => {
    const own = await openScene()
    const ask = (token: string, on = own) => on.call('eve', 'POST', find().path, { json: { token } })
    const never = await ask(`inv_${'0'.repeat(64)}`)
    expectProblem(never, 'not_found')

    const dead: Record<string, (scene: Scene) => Promise<unknown>> = {
      revoked: ({ call, acme, invitationId }) =>
        call('adam', 'DELETE', `/organizations/${acme}/invitations/${invitationId}`),
      declined: ({ call, token }) => call('eve', 'POST', '/invitations/decline', { json: { token } }),
      accepted: ({ call, token }) => call('eve', 'POST', '/invitations/accept', { json: { token } }),
      expired: ({ invitationId }) =>
        sql`update organization_invitations set created_at = now() - interval '9 days', expires_at = now() - interval '1 second' where id = ${invitationId}`,
      replaced: ({ call, acme, invitationId }) =>
        call('adam', 'POST', `/organizations/${acme}/invitations/${invitationId}/resend`),
      'of a deleted organization': ({ acme }) => sql`update organizations set deleted_at = now() where id = ${acme}`,
    }
    for (const [state, kill] of Object.entries(dead)) {
      const scene = await openScene()
      expect((await scene.call('anon', 'POST', '/invitations/preview', { json: { token: scene.token } })).status).toBe(
        200,
      )
      await kill(scene)
      const answer = await ask(scene.token, scene)
      expect(withoutInstance(answer), state).toEqual(withoutInstance(never))
    }
    for (
      const [mutation, token] of Object.entries({
        'cut short': own.token.slice(0, -1),
        'made longer': `${own.token}0`,
        'one character off': own.token.replace(/.$/, (last) => last === '0' ? '1' : '0'),
        'upper case': own.token.toUpperCase(),
        'its hash': (await sql`select encode(sha256(${own.token}::bytea), 'hex') as hash`)[0]?.hash,
        'the id': own.invitationId,
        'a pattern': 'inv_%',
      })
    ) {
      expect(withoutInstance(await ask(token)), mutation).toEqual(withoutInstance(never))
    }
    expect((await ask(own.token)).status).toBe(200)
  })
})

it('a token of a suspended organization is dead for everybody but whom it is for', async () => {
  const scene = await openScene()
  const ask = (actor: 'eve' | 'bob' | 'anon', what: string, token = scene.token) =>
    scene.call(actor, 'POST', `/invitations/${what}`, { json: { token } })
  const never = withoutInstance(await ask('anon', 'preview', `inv_${'0'.repeat(64)}`))
  await sql`update organizations set subscription_status = 'suspended' where id = ${scene.acme}`
  const before = await worldOf(scene)
  for (const actor of ['anon', 'bob', 'eve'] as const) {
    expect(withoutInstance(await ask(actor, 'preview')), actor).toEqual(never)
  }
  expectProblem(await ask('bob', 'accept'), 'email_mismatch')
  expectProblem(await ask('bob', 'decline'), 'email_mismatch')
  expectProblem(await ask('eve', 'accept'), 'organization_suspended')
  expect(await worldOf(scene)).toEqual(before)
  // It waits: that is why it says so.
  await sql`update organizations set subscription_status = 'active' where id = ${scene.acme}`
  expect((await ask('eve', 'accept')).status).toBe(200)
})
