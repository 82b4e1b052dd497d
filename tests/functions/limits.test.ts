import { describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import { codeOf, expectProblem } from './support/problems.ts'
import { openScene, type Scene } from './support/scene.ts'
import { send } from './support/http.ts'
import { stack } from './support/stack.ts'
import { worldOf } from './support/world.ts'

// What is limited answers 429 from the limit on, whichever way it is asked, and does nothing.

interface Limited {
  route: string
  limit: string
  key: (scene: Scene) => string
  actor: 'alice' | 'eve' | 'adam' | 'mia'
  path: (scene: Scene) => string
  json?: (scene: Scene) => object
  /** The same through the Data API, unless only functions may ask it. */
  rpc?: [string, (scene: Scene) => object]
}

const token = ({ token }: Scene) => ({ token })
const invitation = (scene: Scene) => ({ email: scene.address('new'), role: 'member' })
const inviting = {
  route: 'createInvitation',
  actor: 'adam',
  path: ({ acme }: Scene) => `/organizations/${acme}/invitations`,
  json: invitation,
  rpc: ['create_invitation', (scene: Scene) => ({ organization_id: scene.acme, ...invitation(scene) })],
} satisfies Partial<Limited>
const resending = {
  route: 'resendInvitation',
  actor: 'adam',
  path: ({ acme, invitationId }: Scene) => `/organizations/${acme}/invitations/${invitationId}/resend`,
  rpc: ['resend_invitation', ({ acme, invitationId }: Scene) => ({
    organization_id: acme,
    invitation_id: invitationId,
  })],
} satisfies Partial<Limited>
const paying = { limit: 'billing_per_user', key: ({ users }: Scene) => users.alice, actor: 'alice' } satisfies Partial<
  Limited
>
const trying = { limit: 'failed_attempts_per_user', json: token } satisfies Partial<Limited>

const limited: Limited[] = [
  {
    route: 'createOrganization',
    limit: 'organizations_per_user',
    key: ({ users }) => users.eve,
    actor: 'eve',
    path: () => '/organizations',
    json: () => ({ name: 'Initech' }),
    rpc: ['create_organization', () => ({ name: 'Initech' })],
  },
  { ...inviting, limit: 'invitations_per_organization', key: ({ acme }) => acme },
  { ...inviting, limit: 'invitations_per_recipient', key: (scene) => scene.address('new') },
  { ...resending, limit: 'resends_per_invitation', key: ({ invitationId }) => invitationId },
  {
    route: 'createInvitationLink',
    limit: 'invitations_per_organization',
    key: ({ acme }) => acme,
    actor: 'adam',
    path: ({ acme }) => `/organizations/${acme}/invitation-links`,
    json: () => ({ max_uses: 3 }),
    rpc: ['create_invitation_link', ({ acme }) => ({ organization_id: acme })],
  },
  { ...resending, limit: 'invitations_per_organization', key: ({ acme }) => acme },
  { ...resending, limit: 'invitations_per_recipient', key: ({ emails }) => emails.eve },
  {
    ...trying,
    route: 'acceptInvitation',
    key: ({ users }) => users.eve,
    actor: 'eve',
    path: () => '/invitations/accept',
    rpc: ['accept_invitation', token],
  },
  {
    ...trying,
    route: 'declineInvitation',
    key: ({ users }) => users.eve,
    actor: 'eve',
    path: () => '/invitations/decline',
    rpc: ['decline_invitation', token],
  },
  {
    ...paying,
    route: 'startCheckout',
    path: ({ acme }) => `/billing/${acme}/checkout`,
    json: () => ({ tier: 'basic' }),
  },
  { ...paying, route: 'openPortal', path: ({ acme }) => `/billing/${acme}/portal`, json: () => ({}) },
]

/** Empties a bucket so that it stays empty while the test looks. */
const empty = (limit: string, key: string) =>
  sql`insert into tenancy.rate_limit_buckets (limit_name, key, tokens, updated_at)
    values (${limit}, ${key}, 0, now() + interval '1 hour')
    on conflict (limit_name, key) do update set tokens = excluded.tokens, updated_at = excluded.updated_at`

const fill = (limit: string, key: string) =>
  sql`delete from tenancy.rate_limit_buckets where limit_name = ${limit} and key = ${key}`

describe('at the limit', () => {
  it.each(limited)(
    '$route answers 429 for $limit, and changes nothing',
    async ({ limit, key, actor, path, json, rpc }) => {
      const scene = await openScene()
      const [policy] = await sql`
      select capacity as q, extract(epoch from refills_in)::int as w from tenancy.rate_limits where name = ${limit}`
      await empty(limit, key(scene))
      const before = await worldOf(scene)

      // A preview belongs to whoever holds the token: who is signed in is asked nonetheless.
      const ask = () => scene.call(actor, 'POST', path(scene), json && { json: json(scene) })
      const answer = await ask()
      expectProblem(answer, 'rate_limited')
      expect(answer.body).toMatchObject({
        policy: limit,
        limit: policy?.q,
        window: policy?.w,
        remaining: 0,
        retry_after: 1,
      })
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.headers.get('ratelimit-policy')).toBe(`"${limit}";q=${policy?.q};w=${policy?.w}`)
      expect(answer.headers.get('ratelimit')).toBe(`"${limit}";r=0;t=1`)

      if (rpc) {
        const [name, args] = rpc
        const direct = await scene.rest(actor, 'POST', `/rpc/${name}`, { json: args(scene) })
        expect([direct.status, direct.body]).toEqual([429, {
          code: 'PT429',
          hint: 'rate_limited',
          message: expect.stringMatching(/ Try again in 1 second\.$/),
          details: expect.stringContaining(`"policy": "${limit}"`),
        }])
      }
      expect(await worldOf(scene)).toEqual(before)

      await fill(limit, key(scene))
      expect((await ask()).status).toBeLessThan(300)
    },
  )

  it('is described for the routes that have one, and for no others', async () => {
    const { body } = await send('GET', `${stack('FUNCTIONS_URL')}/openapi`)
    const operations: { operationId: string; responses: Record<string, { headers?: object }> }[] = Object.values(
      Object(body).paths,
    ).flatMap((path) => Object.values(Object(path)))
    const described = operations.filter(({ responses }) => responses[429])
    expect(described.map(({ operationId }) => operationId).sort()).toEqual(
      // A preview is nobody's in particular: its limits are those of addresses, in tests/faults/limits.test.ts.
      [...new Set([...limited.map(({ route }) => route), 'previewInvitation'])].sort(),
    )
    for (const { responses } of described) {
      expect(Object.keys(responses[429]?.headers ?? {})).toEqual(
        expect.arrayContaining(['retry-after', 'ratelimit', 'ratelimit-policy']),
      )
    }
  })
})

describe('a preview', () => {
  it('is limited for whoever is signed in, where the Data API knows them', async () => {
    const scene = await openScene()
    const limit = 'failed_attempts_per_user'
    const ask = () => scene.rest('mia', 'POST', '/rpc/preview_invitation', { json: { token: scene.token } })
    await empty(limit, scene.users.mia)
    expect((await ask()).body).toMatchObject({ code: 'PT429', hint: 'rate_limited' })
    await fill(limit, scene.users.mia)
    expect((await ask()).status).toBe(200)
  })
})

describe('a good token', () => {
  it('waits for no bucket that others take from', async () => {
    const scene = await openScene()
    const limit = 'failed_attempts_per_user'
    await sql`insert into tenancy.rate_limit_buckets (limit_name, key, tokens, updated_at)
      values (${limit}, ${scene.users.eve}, 1, now())`
    const held = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const holding = sql.begin(async (tx) => {
      await tx`select from tenancy.rate_limit_buckets where limit_name = ${limit} and key = ${scene.users.eve} for update`
      locked.resolve()
      await held.promise
    })
    await locked.promise
    try {
      // Were it to wait, it would wait until the Data API gives up.
      const accepted = await scene.call('eve', 'POST', '/invitations/accept', { json: { token: scene.token } })
      expect(accepted.status, accepted.text).toBe(200)
    } finally {
      held.resolve()
      await holding
    }
    const [bucket] = await sql`select tokens::int from tenancy.rate_limit_buckets
      where limit_name = ${limit} and key = ${scene.users.eve}`
    expect(bucket?.tokens).toBe(1)
  })
})

describe('a refused token', () => {
  it('is answered by the Data API as any refusal that is raised, and changes nothing', async () => {
    const scene = await openScene()
    const before = await worldOf(scene)
    const ask = (json: object) => scene.rest('bob', 'POST', '/rpc/accept_invitation', { json })
    for (
      const [given, status, code, hint] of [
        ['inv_0', 404, 'PT404', 'not_found'],
        [scene.token, 403, 'PT403', 'email_mismatch'],
      ] as const
    ) {
      const answer = await ask({ token: given })
      expect(answer.status).toBe(status)
      expect(answer.body).toEqual({ code, hint, message: expect.stringMatching(/^This invitation /), details: '' })
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    }
    // The control: raised, before any token is looked at.
    const raised = await scene.rest('bob', 'POST', '/rpc/get_organization', { json: { organization_id: scene.acme } })
    expect([raised.status, codeOf(raised), Object(raised.body).details]).toEqual([404, 'PT404', ''])
    expect(await worldOf(scene)).toEqual(before)
  })
})
