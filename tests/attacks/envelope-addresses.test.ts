import { beforeAll, describe, expect, it } from 'vitest'
import { codeOf, expectProblem, pointersOf } from '../functions/support/problems.ts'
import { listRoutes } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene, servedBy } from '../functions/support/scene.ts'
import { worldOf } from '../functions/support/world.ts'

// Where a request acts: the ids in its path, and the header x-organization-id.

const routes = await listRoutes()
const closed = routes.filter(({ door }) => door === 'signedIn')
const ofOrganizations = routes.filter(({ path }) => path.includes('{organization_id}'))
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

describe('x-organization-id', () => {
  it.each([
    ['nothing', ''],
    ['a word', 'acme'],
    ['SQL', "' or 1=1; --"],
    ['300 characters', 'a'.repeat(300)],
    ['a uuid and more', `${crypto.randomUUID()}0`],
    ['a uuid in braces', `{${crypto.randomUUID()}}`],
    ['a uuid without hyphens', crypto.randomUUID().replaceAll('-', '')],
    ['two uuids', `${crypto.randomUUID()}, ${crypto.randomUUID()}`],
  ])('that is %s is refused by every route for signed-in people', async (_, header) => {
    const before = await worldOf(scene)
    for (const route of closed) {
      const answer = await scene.call(servedBy(route), route.method, pathFor(route, scene), {
        json: bodyFor(route, scene),
        headers: { 'x-organization-id': header },
      })
      expectProblem(answer, 'invalid_header', route.name)
    }
    expect(await worldOf(scene)).toEqual(before)
  })

  it.each(ofOrganizations)('that disagrees with the path is refused by $name', async (route) => {
    const before = await worldOf(scene)
    const ask = (organization: string, on = scene) =>
      on.call('alice', route.method, pathFor(route, on), {
        json: bodyFor(route, on),
        headers: { 'x-organization-id': organization },
      })
    for (const other of [scene.globex, crypto.randomUUID()]) {
      expectProblem(await ask(other), 'invalid_header', route.name)
    }
    expect(await worldOf(scene)).toEqual(before)
    const own = await openScene()
    expect(codeOf(await ask(own.acme.toUpperCase(), own))).not.toBe('invalid_header')
  })
})

describe('a path', () => {
  it.each(ofOrganizations)('of $name with something that is no uuid is refused', async (route) => {
    const before = await worldOf(scene)
    for (const id of ['acme', '0', '%27%20or%201=1--', `${scene.acme}0`, `%7B${scene.acme}%7D`, '%F0%9F%98%80']) {
      const path = pathFor(route, { ...scene, acme: id })
      const answer = await scene.call('alice', route.method, path, { json: bodyFor(route, scene) })
      expectProblem(answer, 'validation_failed', path)
      expect(pointersOf(answer), path).toEqual(['/organization_id'])
    }
    expect(await worldOf(scene)).toEqual(before)
  })

  it.each(routes.filter(({ path }) => path.includes('{invitation_id}')))(
    'of $name with an invitation that is no uuid is refused',
    async (route) => {
      const path = pathFor(route, { ...scene, invitationId: 'first' })
      const answer = await scene.call('alice', route.method, path)
      expectProblem(answer, 'validation_failed')
      expect(pointersOf(answer)).toEqual(['/invitation_id'])
    },
  )

  it('may be written in any case', async () => {
    const answer = await scene.call('mia', 'GET', `/organizations/${scene.acme.toUpperCase()}`)
    expect(answer.body).toMatchObject({ organization: { id: scene.acme } })
  })
})

describe('a list', () => {
  const lists = routes.filter(({ name }) =>
    ['listOrganizations', 'listMembers', 'listInvitations', 'listAudit', 'listUsage'].includes(name)
  )

  it.each(lists)('$name refuses pages that there are not', async (route) => {
    for (
      const query of ['limit=0', 'limit=101', 'limit=-1', 'limit=2.5', 'limit=ten', 'cursor=', 'cursor=%00', 'cursor=x']
    ) {
      const answer = await scene.call('alice', 'GET', `${pathFor(route, scene)}?${query}`)
      expectProblem(answer, 'validation_failed', query)
    }
    const served = await scene.call('alice', 'GET', `${pathFor(route, scene)}?limit=100`)
    expect(served.body).toMatchObject({ next_cursor: null })
  })
})
