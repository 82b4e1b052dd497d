import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/support/database.ts'
import type { Answer } from '../functions/support/http.ts'
import type { Actor } from '../functions/support/cast.ts'
import { withoutInstance } from '../functions/support/problems.ts'
import { openScene, type Scene } from '../functions/support/scene.ts'
import { worldOf } from '../functions/support/world.ts'
import { expectRefusal, hint, says } from './support/dialect.ts'

// Law: what functions refuse about members and invitations, the database refuses: its own functions are as open as they
// are. Nobody reaches above their own role, and of another company there is nothing to reach.

let cast: Scene
beforeAll(async () => {
  cast = await openScene()
})

const rpc = (actor: Actor, name: string, json: object) => cast.rest(actor, 'POST', `/rpc/${name}`, { json })

/** Expects these refusals, and that nothing else happened. */
async function unchanged(requests: () => Promise<void>): Promise<void> {
  const before = await worldOf(cast)
  await requests()
  expect(await worldOf(cast)).toEqual(before)
}

/** Every entry point about people, with the arguments that name an organization and a person in it. */
const entryPoints = (organization_id: string, user_id: string, invitation_id: string): [string, object][] => [
  ['change_member', { organization_id, user_id, role: 'member' }],
  ['remove_member', { organization_id, user_id }],
  ['suspend_member', { organization_id, user_id }],
  ['reactivate_member', { organization_id, user_id }],
  ['transfer_ownership', { organization_id, user_id }],
  ['create_invitation', { organization_id, email: cast.address('friend'), role: 'member' }],
  ['create_invitation_link', { organization_id }],
  ['resend_invitation', { organization_id, invitation_id }],
  ['revoke_invitation', { organization_id, invitation_id }],
  ['list_invitations', { organization_id }],
  ['list_members', { organization_id }],
]

/** What an answer says, without what the request itself said. */
const said = ({ status, text }: Answer) => [status, text]

describe('another company', () => {
  it.each(['bob', 'eve'] as const)('is for %s as one that is not there', async (actor) => {
    await unchanged(async () => {
      const names = entryPoints(cast.acme, cast.users.mia, cast.invitationId)
      const nowhere = entryPoints(crypto.randomUUID(), cast.users.mia, cast.invitationId)
      for (const [n, [name, json]] of names.entries()) {
        const answer = await rpc(actor, name, json)
        expect(hint(answer), name).toEqual([404, 'not_found'])
        expect(said(answer), name).toEqual(said(await rpc(actor, name, nowhere[n]![1])))
      }
    })
  })

  it('has no people that one could reach through one’s own', async () => {
    await unchanged(async () => {
      for (const [name, json] of entryPoints(cast.globex, cast.users.mia, cast.invitationId)) {
        if (!('user_id' in json || 'invitation_id' in json)) continue
        const answer = await rpc('bob', name, json)
        expect(hint(answer), name).toEqual([404, 'not_found'])
        const nobody = {
          ...json,
          ...('user_id' in json ? { user_id: crypto.randomUUID() } : { invitation_id: crypto.randomUUID() }),
        }
        expect(said(answer), name).toEqual(said(await rpc('bob', name, nobody)))
      }
    })
  })

  it('is closed to nobody at all', async () => {
    await unchanged(async () => {
      for (const [name, json] of entryPoints(cast.acme, cast.users.mia, cast.invitationId)) {
        expectRefusal(await rpc('anon', name, json), name)
      }
    })
  })
})

describe('a role above one’s own', () => {
  // Lite takes a list of one for the one: whoever may give that role gives it.
  const notRoles = [
    'OWNER',
    'owner ',
    '',
    null,
    ...says<unknown[]>({ postgrest: [['owner']], lite: [] }),
    ['member', 'owner'],
    'superadmin',
    3,
    { role: 'owner' },
  ]

  it.each(
    [
      ['adam', 'change_member', 'alice', { role: 'member' }],
      ['adam', 'change_member', 'alice', { role: 'owner' }],
      ['adam', 'change_member', 'adam', { role: 'owner' }],
      ['adam', 'change_member', 'mia', { role: 'owner' }],
      ['adam', 'remove_member', 'alice', {}],
      ['adam', 'suspend_member', 'alice', {}],
      ['adam', 'reactivate_member', 'alice', {}],
      ['adam', 'transfer_ownership', 'adam', {}],
      ['mona', 'change_member', 'mona', { role: 'admin' }],
      ['mona', 'change_member', 'mia', { role: 'member' }],
      ['mona', 'remove_member', 'mia', {}],
      ['mia', 'change_member', 'mia', { role: 'owner' }],
      ['mia', 'suspend_member', 'mona', {}],
      ['mia', 'remove_member', 'adam', {}],
    ] as const,
  )('is not %s’s to reach by %s of %s with %j', async (actor, name, whom, more) => {
    await unchanged(async () => {
      const answer = await rpc(actor, name, { organization_id: cast.acme, user_id: cast.users[whom], ...more })
      expect(hint(answer)).toEqual([403, 'forbidden'])
    })
  })

  it.each(notRoles)(
    'is none when it is called %j',
    async (role) => {
      await unchanged(async () => {
        for (const actor of ['alice', 'adam'] as const) {
          expectRefusal(
            await rpc(actor, 'change_member', { organization_id: cast.acme, user_id: cast.users.mia, role }),
          )
        }
      })
    },
  )

  it('is not given along with what else a request says', async () => {
    await unchanged(async () => {
      for (
        const [name, json] of [
          ['create_invitation_link', { organization_id: cast.acme, role: 'admin' }],
          ['create_invitation_link', { organization_id: cast.acme, token: 'inv_0' }],
          ['create_invitation', {
            organization_id: cast.acme,
            email: cast.address('x'),
            role: 'member',
            token: 'inv_0',
          }],
          ['create_invitation', {
            organization_id: cast.acme,
            email: cast.address('x'),
            role: 'member',
            invited_by: cast.users.alice,
          }],
          ['create_invitation', { organization_id: cast.acme, email: cast.address('x'), role: 'owner' }],
          ['accept_invitation', { token: cast.token, role: 'owner' }],
          ['accept_invitation', { token: cast.token, email: cast.emails.eve, user_id: cast.users.eve }],
          ['change_member', {
            organization_id: cast.acme,
            user_id: cast.users.mia,
            role: 'member',
            suspended_at: null,
          }],
        ] as const
      ) expectRefusal(await rpc('adam', name, json), name)
    })
  })
})

describe('the last owner', () => {
  it.each(
    [
      ['remove_member', {}],
      ['change_member', { role: 'admin' }],
      ['change_member', { role: 'member' }],
    ] as const,
  )('does not go by %s %j', async (name, more) => {
    await unchanged(async () => {
      const json = { organization_id: cast.acme, user_id: cast.users.alice, ...more }
      expect(hint(await rpc('alice', name, json))).toEqual([409, 'last_owner'])
    })
  })
})

describe('an invitation', () => {
  it('opens for the invited address alone, by the token as it is, over every way in', async () => {
    const { token } = cast
    const dead = [
      `inv_${'0'.repeat(64)}`,
      token.slice(0, -1),
      token.slice(0, -1) + (token.endsWith('0') ? '1' : '0'),
      token.toUpperCase(),
      `${token} `,
      `${token}%20`,
      token.slice(4),
      "' or true --",
    ]
    await unchanged(async () => {
      for (const name of ['accept_invitation', 'decline_invitation', 'preview_invitation']) {
        const answers: Answer[] = []
        for (const one of dead) answers.push(await rpc('eve', name, { token: one }))
        for (const answer of answers) expect(hint(answer), name).toEqual([404, 'not_found'])
        expect(new Set(answers.map(({ text }) => text)).size, name).toBe(1)
        expectRefusal(await rpc('eve', name, { token: '' }), name)
        expectRefusal(await rpc('eve', name, { token: null }), name)
        expectRefusal(await rpc('eve', name, {}), name)
      }
      for (const actor of ['bob', 'mia', 'alice'] as const) {
        for (const name of ['accept_invitation', 'decline_invitation']) {
          expect(hint(await rpc(actor, name, { token })), actor).toEqual([403, 'email_mismatch'])
        }
      }
    })
  })

  it('is not used up by GET or HEAD', async () => {
    await unchanged(async () => {
      for (const name of ['accept_invitation', 'decline_invitation', 'preview_invitation']) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await cast.rest('eve', method, `/rpc/${name}?token=${cast.token}`)
          expect(answer.status, `${method} ${name}`).toBeGreaterThanOrEqual(400)
          expect(answer.status, `${method} ${name}`).toBeLessThan(500)
        }
      }
    })
  })

  it('to an address that somebody claims in their profile stays where it is', async () => {
    await sql`update auth.users set raw_user_meta_data = ${
      sql.json({ email: cast.emails.eve, email_verified: true, organization_id: cast.acme, role: 'owner' })
    } where id = ${cast.users.bob}`
    await unchanged(async () => {
      expect(hint(await rpc('bob', 'accept_invitation', { token: cast.token }))).toEqual([403, 'email_mismatch'])
      expect((await cast.call('bob', 'GET', '/invitations')).body).toEqual({ invitations: [] })
    })
  })

  it('tells the same about one of another company as about none', async () => {
    await unchanged(async () => {
      const path = (organization: string, id: string) => `/organizations/${organization}/invitations/${id}`
      for (const [method, end] of [['DELETE', ''], ['POST', '/resend']] as const) {
        const foreign = await cast.call('bob', method, path(cast.globex, cast.invitationId) + end)
        const none = await cast.call('bob', method, path(cast.globex, crypto.randomUUID()) + end)
        expect(foreign.status).toBe(404)
        expect(withoutInstance(foreign)).toEqual(withoutInstance(none))
      }
    })
  })

  // The control for all of it, and so the last: this one works.
  it('is accepted by whom it is for', async () => {
    const answer = await rpc('eve', 'accept_invitation', { token: cast.token })
    expect([answer.status, Object(answer.body).role]).toEqual([200, 'member'])
  })
})
