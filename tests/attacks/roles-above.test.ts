import { beforeAll, describe, expect, it } from 'vitest'
import { listRoutes } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene } from '../functions/support/scene.ts'
import { expectProblem } from '../functions/support/problems.ts'
import { algorithms, claimsFor, mint } from '../functions/support/tokens.ts'
import { worldOf } from '../functions/support/world.ts'
import { send } from '../functions/support/http.ts'
import { stack } from '../functions/support/stack.ts'
import { hint, outcome } from './support/dialect.ts'

// Law: nobody gets a role above their own, or does what takes one, whatever they say of themselves.

const routes = await listRoutes()
let cast: Scene

beforeAll(async () => {
  cast = await openScene()
})

async function unchanged(requests: () => Promise<void>): Promise<void> {
  const before = await worldOf(cast)
  await requests()
  expect(await worldOf(cast)).toEqual(before)
}

describe('a role', () => {
  it.each(['mia', 'mona', 'adam', 'eve', 'bob'] as const)(
    'is nothing that %s takes or gives directly',
    async (actor) => {
      const { acme, users } = cast
      await unchanged(async () => {
        for (const user_id of [users[actor], users.mia, users.alice]) {
          for (
            const [method, query, json] of [
              ['PATCH', `?user_id=eq.${user_id}`, { role: 'owner' }],
              ['PATCH', `?user_id=eq.${user_id}&organization_id=eq.${acme}`, { role: 'member' }],
              ['PATCH', `?user_id=eq.${user_id}`, { suspended_at: null }],
              ['DELETE', `?user_id=eq.${user_id}`, undefined],
              ['POST', '', { user_id, organization_id: acme, role: 'owner' }],
            ] as const
          ) {
            const answer = await cast.rest(actor, method, `/organization_users${query}`, { json })
            expect(outcome(answer), `${method} ${query}`).toEqual([403, '42501'])
          }
        }
      })
    },
  )

  it.each(
    [
      ['owner', 'validation_failed'],
      ['OWNER', 'validation_failed'],
      ['owner ', 'validation_failed'],
      ['', 'validation_failed'],
      [null, 'validation_failed'],
      [['owner'], 'validation_failed'],
      [['viewer', 'owner'], 'validation_failed'],
      ['superadmin', 'validation_failed'],
      [{ role: 'member' }, 'validation_failed'],
      [3, 'validation_failed'],
    ] as const,
  )('of %j is nothing to invite with', async (role, code) => {
    await unchanged(async () => {
      for (const actor of ['adam', 'alice'] as const) {
        const json = { email: cast.address('new'), role }
        const answer = await cast.call(actor, 'POST', `/organizations/${cast.acme}/invitations`, { json })
        expectProblem(answer, code)
        const direct = await cast.rest(actor, 'POST', '/rpc/create_invitation', {
          json: { ...json, organization_id: cast.acme },
        })
        expect(direct.status, direct.text).toBeGreaterThanOrEqual(400)
      }
    })
  })

  it('that one has is not changed by what a token, a header or a body says', async () => {
    const boasts = {
      app_metadata: { role: 'owner' },
      user_metadata: { role: 'owner' },
      user_role: 'owner',
      is_admin: true,
    }
    await unchanged(async () => {
      for (const algorithm of algorithms) {
        const token = await mint(algorithm, claimsFor(cast.users.mia, cast.emails.mia, boasts))
        const headers = {
          apikey: stack('PUBLISHABLE_KEY'),
          authorization: `Bearer ${token}`,
          'x-role': 'owner',
          'x-user-id': cast.users.alice,
          'x-hasura-role': 'owner',
          'x-forwarded-user': cast.users.alice,
        }
        const ask = (method: string, url: string, json?: object) => send(method, url, { json, headers })
        const at = `${stack('FUNCTIONS_URL')}/organizations/${cast.acme}`
        expectProblem(await ask('PATCH', at, { name: 'Mine' }), 'forbidden')
        expectProblem(await ask('DELETE', at), 'forbidden')
        expectProblem(await ask('GET', `${at}/invitations`), 'forbidden')
        const rpc = `${stack('REST_URL')}/rpc/delete_organization`
        expect(hint(await ask('POST', rpc, { organization_id: cast.acme }))).toEqual([403, 'forbidden'])
      }
    })
  })
})

describe('x-organization-id', () => {
  const inOrganization = routes.filter(({ path }) => path.includes('{organization_id}'))

  it('of one’s own organization opens no other one', async () => {
    await unchanged(async () => {
      for (const route of inOrganization) {
        const request = { json: bodyFor(route, cast), headers: { 'x-organization-id': cast.globex } }
        expectProblem(await cast.call('bob', route.method, pathFor(route, cast), request), 'invalid_header', route.name)
      }
    })
  })

  it('in other spellings of its name, or in a cookie or the query, is none', async () => {
    const spellings: Record<string, string>[] = [
      { 'x_organization_id': cast.acme },
      { 'x-organisation-id': cast.acme },
      { 'x-org-id': cast.acme },
      { cookie: `x-organization-id=${cast.acme}` },
    ]
    for (const headers of spellings) {
      const answer = await cast.rest('bob', 'GET', '/organizations?select=id', { headers })
      expect(answer.body).toEqual([{ id: cast.globex }])
    }
    const active = await cast.call('bob', 'GET', `/active-organization?x-organization-id=${cast.acme}`)
    expect(active.text).not.toContain(cast.acme)
  })
})
