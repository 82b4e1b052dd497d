import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { listRoutes } from '../functions/support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene } from '../functions/support/scene.ts'
import { codeOf, expectProblem } from '../functions/support/problems.ts'
import { stack } from '../functions/support/stack.ts'
import { worldOf } from '../functions/support/world.ts'
import { expectNothingOf } from './support/dialect.ts'

// Law: what a request of a function contains is a value that is checked, never SQL, a header or a column of its own.

const routes = await listRoutes()
const withBody = routes.filter(({ hasBody }) => hasBody)
const columns = await sql<{ table: string; column: string }[]>`
  select table_name as table, column_name as column from information_schema.columns
  where table_schema = 'public' and table_name in ('organizations', 'organization_users', 'organization_invitations',
    'organization_domains', 'organization_branding', 'lead_fields')
  order by 1, ordinal_position`
let scene: Scene

beforeAll(async () => {
  scene = await openScene()
})

async function unchanged(requests: () => Promise<void>): Promise<void> {
  const before = await worldOf(scene)
  await requests()
  expect(await worldOf(scene)).toEqual(before)
}

const texts = [
  "'",
  "' or 1=1--",
  "'; drop table organizations; --",
  '"); delete from organizations; --',
  '\\',
  '$$; select pg_sleep(5); $$',
  '\r\nset-cookie: a=b\r\n\r\n<script>',
  '../../../etc/passwd',
  '%2e%2e%2f',
  '\u202e',
  '{{7*7}}',
  'x'.repeat(9000),
]

describe.each(texts.map((text) => [text.slice(0, 40), text]))('%j', (_, text) => {
  it('in a path or a query is an id that is wrong', async () => {
    await unchanged(async () => {
      await Promise.all(routes.map(async (route) => {
        const value = encodeURIComponent(text)
        const path = pathFor(route, { acme: value, invitationId: value, users: { mia: value } })
        const query = `limit=${value}&cursor=${value}&status=${value}&select=${value}`
        if (path === pathFor(route, scene) && route.method !== 'GET') return
        const answer = await scene.call('mia', route.method, `${path}?${query}`, { json: bodyFor(route, scene) })
        const what = `${route.name} ${answer.status} ${answer.text}`
        expect(answer.status, what).toBeLessThan(500)
        expect(answer.headers.has('set-cookie'), what).toBe(false)
        expect(answer.text, what).not.toMatch(/syntax error|PGRST|pg_|42601|\/work\/|at file:/)
        if (path !== pathFor(route, scene)) expect(['validation_failed', 'not_found'], what).toContain(codeOf(answer))
      }))
    })
  })

  it('in any field of a body is text or refused', async () => {
    const own = await openScene()
    await Promise.all(withBody.map(async (route) => {
      for (const field of Object.keys(bodyFor(route, own) ?? {})) {
        const json = { ...bodyFor(route, own), [field]: text }
        const answer = await own.call('mia', route.method, pathFor(route, own), { json })
        expect(answer.status, `${route.name} ${field} ${answer.text}`).toBeLessThan(500)
        expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/)
        expectNothingOf([own.emails.bob, own.globex, stack('SECRET_KEY')], answer, route.name)
      }
    }))
    const [row] = await sql`select (select name from organizations where id = ${own.globex}) as name`
    expect(row).toEqual({ name: 'Globex' })
  })
})

describe('a column that a client may not set', () => {
  const taken: Record<string, string[]> = {
    createOrganization: ['name', 'slug', 'timezone', 'contact_phone', 'settings'],
    updateOrganization: [
      ...['name', 'slug', 'timezone', 'contact_phone', 'settings'],
      ...['calling_hours_start', 'calling_hours_end', 'default_caller_id'],
    ],
    createInvitation: ['email', 'role'],
    claimDomain: ['domain', 'join_mode'],
    createLeadField: ['key', 'label', 'type', 'required', 'options', 'position'],
    updateLeadField: ['label', 'required', 'options', 'position'],
    updateBranding: [
      'product_name',
      'logo_url',
      'color_light',
      'color_dark',
      'support_email',
      'mail_sender_name',
      'host',
    ],
    setActiveOrganization: ['organization_id'],
  }
  const more = [
    'owner_id',
    'is_admin',
    'stripe_customer_id',
    'suspended_at',
    'token',
    'token_hash',
    '__proto__',
    'constructor',
  ]
  const names = [...new Set([...columns.map(({ column }) => column), ...more])]

  it('is found in the catalog', () => expect(names.length).toBeGreaterThan(25))

  it.each(withBody.filter(({ name }) => name !== 'createRecords'))(
    'is refused by $name, each of them',
    async (route) => {
      await unchanged(async () => {
        await Promise.all(
          names.filter((name) => !taken[route.name]?.includes(name)).map(async (name) => {
            const known = bodyFor(route, scene) ?? {}
            if (name in known && name !== '__proto__' && name !== 'constructor') return
            const body = JSON.stringify(known).replace(/}$/, `,${JSON.stringify(name)}:"enterprise"}`)
            const headers = { 'content-type': 'application/json' }
            const actor = ['acceptInvitation', 'declineInvitation'].includes(route.name) ? 'eve' : 'alice'
            const answer = await scene.call(actor, route.method, pathFor(route, scene), { body, headers })
            expectProblem(answer, 'validation_failed', `${route.name} ${name}`)
          }),
        )
      })
    },
  )

  it('is refused by the entry point behind it, too', async () => {
    await unchanged(async () => {
      for (const name of names.filter((name) => !taken.updateOrganization?.includes(name))) {
        const answer = await scene.rest('alice', 'POST', '/rpc/update_organization', {
          json: { organization_id: scene.acme, changes: JSON.parse(`{${JSON.stringify(name)}:"enterprise"}`) },
        })
        expect([400, 403, 422], `${name} ${answer.text}`).toContain(answer.status)
      }
    })
  })
})
