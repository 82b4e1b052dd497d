import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { type Actor, as, type Cast, join, signUp, stage } from './support/cast.ts'
import { inTransaction, sql, type Transaction } from './support/database.ts'
import { ask, type Call } from './support/ask.ts'
import { entriesOf } from './support/audit.ts'

const address = async (tx: Transaction, user: string) =>
  (await tx`select email from auth.users where id = ${user}`)[0]?.email as string

/** adam invites eve to Acme; answers what create_invitation answered. */
async function inviteEve(tx: Transaction, cast: Cast, role = 'manager') {
  const email = await address(tx, cast.users.eve)
  return await ask(tx, cast, 'adam', (tx) => tx`create_invitation(${cast.acme}, ${email}, ${role})`)
}

const accept = (token: string): Call => (tx) => tx`accept_invitation(${token})`
/** Belongs to Acme, and has the address that was invited since then. */
async function takeInvitedAddress(tx: Transaction, cast: Cast): Promise<void> {
  const invited = await address(tx, cast.users.eve)
  await tx`update auth.users set email = ${`former.${invited}`} where id = ${cast.users.eve}`
  await join(tx, cast.acme, cast.users.eve, 'member')
  await tx`update auth.users set email = ${invited} where id = ${cast.users.eve}`
}
const members = async (tx: Transaction, organization: string) =>
  (await tx`select count(*)::int as n from organization_users where organization_id = ${organization}`)[0]?.n

describe('create_invitation', () => {
  it.each(
    [['alice', 'object'], ['adam', 'object'], ['mona', 'forbidden'], ['mia', 'forbidden'], ['bob', 'not_found'], [
      'eve',
      'not_found',
    ], ['anon', '42501']] as const,
  )('answers %s: %s', (actor, expected) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const answer = await ask(tx, cast, actor, (tx) =>
        tx`create_invitation(${cast.acme}, 'New@Example.test ', 'member')`)
      expect(expected === 'object' ? typeof answer : answer).toBe(expected)
      const rows =
        await tx`select email, role, invited_by from organization_invitations where organization_id = ${cast.acme}`
      expect(rows).toEqual(
        expected === 'object'
          ? [{ email: 'new@example.test', role: 'member', invited_by: cast.users[actor as 'alice'] }]
          : [],
      )
    }))

  it('answers with the only copy of the token: the database keeps its hash', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token, invitation, organization, inviter } = await inviteEve(tx, cast)
      expect(token).toMatch(/^inv_[0-9a-f]{64}$/)
      expect(invitation).toMatchObject({ role: 'manager', status: 'pending', organization_id: cast.acme })
      expect(organization).toEqual({ name: 'Acme', branding: {} })
      expect(inviter.email).toMatch(/^adam/)
      const dump = JSON.stringify([
        await tx`select * from organization_invitations`,
        await tx`select invitation_id, encode(token_hash, 'escape') as hash from tenancy.invitation_tokens`,
      ])
      expect(dump).not.toContain(token.slice(4))
      const [hash] = await tx`select token_hash = sha256(${token}::bytea) as kept from tenancy.invitation_tokens
        where invitation_id = ${invitation.id}`
      expect(hash?.kept).toBe(true)
    }))

  it('grants no role above its own, and never ownership', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      for (const actor of ['alice', 'adam'] as const) {
        const call: Call = (tx) => tx`create_invitation(${cast.acme}, 'new@example.test', 'owner')`
        expect(await ask(tx, cast, actor, call)).toBe('forbidden')
      }
      await expect(tx.savepoint((tx) =>
        tx`insert into organization_invitations (organization_id, email, role, valid_for, expires_at)
          values (${cast.acme}, 'new@example.test', 'owner', '7 days', now())`
      )).rejects.toThrow('invitations_role_is_not_owner')
    }))

  it('knows members and pending invitations by address, in any case', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const mia = (await address(tx, cast.users.mia)).toUpperCase()
      expect(await ask(tx, cast, 'adam', (tx) => tx`create_invitation(${cast.acme}, ${mia}, 'member')`)).toBe(
        'already_member',
      )
      await inviteEve(tx, cast)
      expect(await inviteEve(tx, cast)).toBe('invitation_pending')
      // The same address elsewhere is another matter.
      const eve = await address(tx, cast.users.eve)
      const elsewhere = await ask(tx, cast, 'bob', (tx) => tx`create_invitation(${cast.globex}, ${eve}, 'member')`)
      expect(elsewhere.invitation.status).toBe('pending')
    }))

  it.each([0, 31, -1])('does not last %i days', (days) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const call: Call = (tx) => tx`create_invitation(${cast.acme}, 'new@example.test', 'member', ${days})`
      expect(await ask(tx, cast, 'adam', call)).toBe('23514')
    }))

  it.each(['', 'nobody', 'a@b@c.test', 'a b@c.test', 'a@c.test\nbcc: x@y.test', `${'x'.repeat(250)}@c.test`])(
    'does not take %j for an address',
    (email) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        expect(await ask(tx, cast, 'adam', (tx) => tx`create_invitation(${cast.acme}, ${email}, 'member')`)).toBe(
          '23514',
        )
      }),
  )

  it('makes room for a new one when the old one ran out', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const old = await inviteEve(tx, cast)
      await tx`update organization_invitations set expires_at = now() where id = ${old.invitation.id}`
      const fresh = await inviteEve(tx, cast)
      expect(fresh.invitation.status).toBe('pending')
      expect(await ask(tx, cast, 'eve', accept(old.token))).toBe('not_found')
      expect((await ask(tx, cast, 'eve', accept(fresh.token))).role).toBe('manager')
    }))

  it('is not for a suspended organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await inviteEve(tx, cast)).toBe('organization_suspended')
    }))
})

describe('accept_invitation', () => {
  it('joins once, in the role that was offered', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token, invitation } = await inviteEve(tx, cast)
      const answer = await ask(tx, cast, 'eve', accept(token))
      expect(answer).toMatchObject({ role: 'manager', organization: { id: cast.acme, name: 'Acme', role: 'manager' } })
      const [row] = await tx`select accepted_by from organization_invitations where id = ${invitation.id}`
      expect(row?.accepted_by).toBe(cast.users.eve)
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('not_found')
      expect(await members(tx, cast.acme)).toBe(5)
    }))

  it('is for the verified address that was invited, and for nobody else', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token } = await inviteEve(tx, cast)
      await tx`update auth.users set raw_user_meta_data = ${
        JSON.stringify({ email: await address(tx, cast.users.eve), email_verified: true })
      }::text::jsonb
        where id = ${cast.users.bob}`
      expect(await ask(tx, cast, 'bob', accept(token))).toBe('email_mismatch')
      expect(await ask(tx, cast, 'anon', accept(token))).toBe('42501')
      await tx`update auth.users set email_confirmed_at = null where id = ${cast.users.eve}`
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('email_not_verified')
      expect(await members(tx, cast.acme)).toBe(4)
      // The control: nothing of this used the invitation up.
      await tx`update auth.users set email_confirmed_at = now(), email = upper(email) where id = ${cast.users.eve}`
      expect((await ask(tx, cast, 'eve', accept(token))).role).toBe('manager')
    }))

  const deaths: [string, (tx: Transaction, cast: Cast, id: string) => Promise<unknown>][] = [
    ['ran out', (tx, _, id) => tx`update organization_invitations set expires_at = now() where id = ${id}`],
    ['was revoked', (tx, cast, id) => ask(tx, cast, 'adam', (tx) => tx`revoke_invitation(${cast.acme}, ${id})`)],
    ['was sent anew', (tx, cast, id) => ask(tx, cast, 'adam', (tx) => tx`resend_invitation(${cast.acme}, ${id})`)],
    [
      'is of a deleted organization',
      (tx, cast) => tx`update organizations set deleted_at = now() where id = ${cast.acme}`,
    ],
    [
      'somebody stands for who is no admin any more',
      (tx, cast) => tx`update organization_users set role = 'manager' where user_id = ${cast.users.adam}`,
    ],
    [
      'somebody stands for who is suspended',
      (tx, cast) => tx`update organization_users set suspended_at = now() where user_id = ${cast.users.adam}`,
    ],
    [
      'somebody stands for who is gone',
      (tx, cast) => tx`delete from organization_users where user_id = ${cast.users.adam}`,
    ],
    [
      'somebody stands for whose account is gone',
      (tx, cast) => tx`delete from auth.users where id = ${cast.users.adam}`,
    ],
  ]

  it.each(deaths)('answers the same about one that %s as about none', (_, die) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token, invitation } = await inviteEve(tx, cast)
      await die(tx, cast, invitation.id)
      const left = await members(tx, cast.acme)
      for (const call of ['accept_invitation', 'decline_invitation', 'preview_invitation']) {
        const ask = (token: string) => as(tx, cast, 'eve', (tx) => tx`select ${tx(call)}(${token})`)
        const dead = await ask(token)
        expect(dead.refused).toMatchObject({ state: 'PT404', code: 'not_found' })
        expect(await ask('inv_unknown')).toEqual(dead)
        expect(await ask('')).toEqual(dead)
      }
      expect(await members(tx, cast.acme)).toBe(left)
    }))

  it('tells who was invited that the organization is suspended, and others nothing', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token } = await inviteEve(tx, cast)
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('organization_suspended')
      expect(await ask(tx, cast, 'bob', accept(token))).toBe('email_mismatch')
      expect(await ask(tx, cast, 'anon', (tx) => tx`preview_invitation(${token})`)).toBe('not_found')
      await tx`update organizations set subscription_status = 'active' where id = ${cast.acme}`
      expect((await ask(tx, cast, 'eve', accept(token))).role).toBe('manager')
    }))

  it('is as good as the person who stands for it today', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token, invitation } = await inviteEve(tx, cast)
      await tx`update auth.users set banned_until = now() + interval '1 day' where id = ${cast.users.adam}`
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('conflict')
      const resent = await ask(tx, cast, 'alice', (tx) => tx`resend_invitation(${cast.acme}, ${invitation.id})`)
      expect((await ask(tx, cast, 'eve', accept(resent.token))).role).toBe('manager')
    }))

  it('is not for somebody who belongs already', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token } = await inviteEve(tx, cast)
      await takeInvitedAddress(tx, cast)
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('already_member')
      const [eve] = await tx`select role from organization_users where user_id = ${cast.users.eve}`
      expect(eve?.role).toBe('member')
    }))

  it('ends the one to one’s address where one comes by another, and both are told of', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token, invitation } = await inviteEve(tx, cast)
      const eve = await address(tx, cast.users.eve)
      const elsewhere = await ask(tx, cast, 'bob', (tx) => tx`create_invitation(${cast.globex}, ${eve}, 'member')`)
      const link = await ask(tx, cast, 'adam', (tx) => tx`create_invitation_link(${cast.acme}, 5)`)
      const entries = await entriesOf(tx, cast.acme, async () => {
        expect((await ask(tx, cast, 'eve', accept(link.token))).role).toBe('member')
      })
      expect(entries.map(({ action, object_id, actor_id }) => [action, object_id, actor_id])).toEqual([
        ['invitation.revoked', invitation.id, cast.users.eve],
        ['member.joined', cast.users.eve, cast.users.eve],
      ])
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('not_found')
      const listed = await ask(tx, cast, 'adam', (tx) => tx`list_invitations(${cast.acme}, 50, null, 'all')`)
      expect(listed.invitations.map(({ kind, status }: Record<string, string>) => [kind, status]).sort())
        .toEqual([['email', 'revoked'], ['link', 'pending']])
      // The one from another organization is as good as before.
      expect((await ask(tx, cast, 'eve', accept(elsewhere.token))).role).toBe('member')
    }))

  it('admits one, however many come at once', async () => {
    const { cast, token } = await sql.begin(async (tx) => {
      const cast = await stage(tx)
      return { cast, token: (await inviteEve(tx, cast)).token }
    })
    const { eve } = cast.users
    const crowd = postgres(inject('stack').DB_URL, { max: 10, onnotice: () => {} })
    try {
      const everybody = Promise.withResolvers<void>()
      let here = 0
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () =>
        crowd.begin(async (tx) => {
          await tx`select set_config('request.jwt.claims', ${
            JSON.stringify({ sub: eve })
          }, true), set_config('role', 'authenticated', true)`
          if (++here === 10) everybody.resolve()
          await everybody.promise
          await tx`select accept_invitation(${token})`
        })))
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
      // Whoever comes second is told the same as with any used token.
      const refused = outcomes.flatMap((outcome) => outcome.status === 'rejected' ? [outcome.reason.hint] : [])
      expect(new Set(refused)).toEqual(new Set(['not_found']))
      const joined =
        await sql`select role from organization_users where user_id = ${eve} and organization_id = ${cast.acme}`
      expect(joined).toEqual([{ role: 'manager' }])
    } finally {
      await crowd.end()
      await sql`delete from organizations where id in ${sql([cast.acme, cast.globex])}`
      await sql`delete from auth.users where id in ${sql(Object.values(cast.users))}`
    }
  })
})

describe('decline, preview, list', () => {
  it('declining ends it, for the invited person alone', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token, invitation } = await inviteEve(tx, cast)
      const decline: Call = (tx) => tx`decline_invitation(${token})`
      expect(await ask(tx, cast, 'bob', decline)).toBe('email_mismatch')
      expect(await ask(tx, cast, 'anon', decline)).toBe('42501')
      expect(await ask(tx, cast, 'eve', decline)).toEqual({
        organization: { name: 'Acme', branding: {} },
        role: 'manager',
      })
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('not_found')
      expect(await ask(tx, cast, 'adam', (tx) => tx`revoke_invitation(${cast.acme}, ${invitation.id})`)).toBe(
        'conflict',
      )
      expect(await ask(tx, cast, 'adam', (tx) => tx`resend_invitation(${cast.acme}, ${invitation.id})`)).toBe(
        'conflict',
      )
    }))

  it('a preview is for whoever holds the token, says little, and changes nothing', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organizations set settings = '{"branding": {"color": "#123456"}, "secret": 1}' where id = ${cast.acme}`
      await tx`insert into organization_branding (organization_id, product_name, host)
        values (${cast.acme}, 'Acme Calls', 'calls.acme.test')`
      const { token, invitation } = await inviteEve(tx, cast)
      const before = await tx`select * from organization_invitations where id = ${invitation.id}`
      const eve = await address(tx, cast.users.eve)
      for (const actor of ['anon', 'bob', 'eve'] as const) {
        expect(await ask(tx, cast, actor, (tx) => tx`preview_invitation(${token})`)).toEqual({
          organization: { name: 'Acme', branding: { product_name: 'Acme Calls' } },
          role: 'manager',
          email_hint: `e***${eve.slice(eve.indexOf('@'))}`,
          allowed_domains: null,
          expires_at: invitation.expires_at,
        })
      }
      expect(await tx`select * from organization_invitations where id = ${invitation.id}`).toEqual(before)
    }))

  it('admins list those of their organization, by status', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { invitation } = await inviteEve(tx, cast)
      const list = (actor: Actor, status = 'pending') =>
        ask(tx, cast, actor, (tx) => tx`list_invitations(${cast.acme}, invitation_status => ${status})`)
      expect((await list('alice')).invitations).toMatchObject([{ id: invitation.id, status: 'pending' }])
      expect((await list('alice', 'revoked')).invitations).toEqual([])
      await ask(tx, cast, 'alice', (tx) => tx`revoke_invitation(${cast.acme}, ${invitation.id})`)
      expect((await list('adam', 'revoked')).invitations).toMatchObject([{ id: invitation.id, status: 'revoked' }])
      expect((await list('adam', 'all')).invitations).toHaveLength(1)
      expect(await list('adam', 'lost')).toBe('validation_failed')
      expect(await list('mona')).toBe('forbidden')
      expect(await list('bob')).toBe('not_found')
      for (const [actor, count] of [['adam', 1], ['mona', 0], ['mia', 0], ['bob', 0], ['eve', 0]] as const) {
        const seen = await as(tx, cast, actor, (tx) => tx`select * from organization_invitations`)
        expect(seen.count, actor).toBe(count)
      }
    }))

  it("one's own are those for one's verified address", () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { invitation } = await inviteEve(tx, cast)
      const mine = async (actor: Actor) => (await ask(tx, cast, actor, (tx) => tx`my_invitations()`)).invitations
      expect(await mine('eve')).toMatchObject([{ id: invitation.id, organization: { name: 'Acme' }, role: 'manager' }])
      expect(await mine('bob')).toEqual([])
      await tx`update auth.users set email_confirmed_at = null where id = ${cast.users.eve}`
      expect(await mine('eve')).toEqual([])
    }))

  describe('answered from the list, without the token', () => {
    const acceptReceived = (id: string): Call => (tx) => tx`accept_received_invitation(${id})`
    const declineReceived = (id: string): Call => (tx) => tx`decline_received_invitation(${id})`
    const both = [['accepting', acceptReceived], ['declining', declineReceived]] as const
    const tokenOf = async (tx: Transaction, id: string) =>
      await tx`select encode(token_hash, 'hex') as hash from tenancy.invitation_tokens where invitation_id = ${id}`

    it('an accepted one joins once, and leaves what one by token leaves', () =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const { token, invitation } = await inviteEve(tx, cast)
        const answer = await ask(tx, cast, 'eve', acceptReceived(invitation.id))
        expect(answer).toMatchObject({ role: 'manager', organization: { id: cast.acme, role: 'manager' } })
        const [row] = await tx`select accepted_by, uses from organization_invitations where id = ${invitation.id}`
        expect(row).toEqual({ accepted_by: cast.users.eve, uses: 1 })
        expect(await tokenOf(tx, invitation.id)).toEqual([])
        expect(
          await tx`select action, actor_id from audit_log where organization_id = ${cast.acme}
          and action in ('member.joined', 'invitation.accepted', 'invitation.changed')`,
        )
          .toEqual([{ action: 'member.joined', actor_id: cast.users.eve }])
        for (const again of [acceptReceived(invitation.id), declineReceived(invitation.id), accept(token)]) {
          expect(await ask(tx, cast, 'eve', again)).toBe('not_found')
        }
        expect(await members(tx, cast.acme)).toBe(5)
      }))

    it('a declined one is over', () =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        const { token, invitation } = await inviteEve(tx, cast)
        expect(await ask(tx, cast, 'eve', declineReceived(invitation.id))).toEqual({
          organization: { name: 'Acme', branding: {} },
          role: 'manager',
        })
        expect(await tokenOf(tx, invitation.id)).toEqual([])
        expect(
          await tx`select action from audit_log where organization_id = ${cast.acme}
          and action like 'invitation.%' and action <> 'invitation.created'`,
        ).toEqual([{ action: 'invitation.declined' }])
        for (const again of [acceptReceived(invitation.id), declineReceived(invitation.id), accept(token)]) {
          expect(await ask(tx, cast, 'eve', again)).toBe('not_found')
        }
        expect(await members(tx, cast.acme)).toBe(4)
      }))

    it.each(both)(
      '%s is for the verified address alone, and an id says nothing to others',
      (_, answer) =>
        inTransaction(async (tx) => {
          const cast = await stage(tx)
          const { token, invitation } = await inviteEve(tx, cast)
          const link = await ask(tx, cast, 'adam', (tx) => tx`create_invitation_link(${cast.acme})`)
          const before = await tokenOf(tx, invitation.id)
          const nothing = await as(tx, cast, 'bob', (tx) => tx`select ${answer(crypto.randomUUID())(tx)}`)
          expect(nothing.refused).toMatchObject({ state: 'PT404', code: 'not_found' })
          for (const actor of ['alice', 'adam', 'mia', 'bob'] as const) {
            expect(await as(tx, cast, actor, (tx) => tx`select ${answer(invitation.id)(tx)}`), actor).toEqual(nothing)
          }
          // A link is for nobody by name.
          expect(await as(tx, cast, 'eve', (tx) => tx`select ${answer(link.invitation.id)(tx)}`)).toEqual(nothing)
          expect(await ask(tx, cast, 'anon', answer(invitation.id))).toBe('42501')
          // Whoever has not proven the address learns nothing of what waits for it.
          await tx`update auth.users set email_confirmed_at = null where id = ${cast.users.eve}`
          for (const id of [invitation.id, crypto.randomUUID()]) {
            expect(await ask(tx, cast, 'eve', answer(id))).toBe('email_not_verified')
          }
          expect(await members(tx, cast.acme)).toBe(4)
          // The controls: what was refused has neither ended the invitation nor replaced the token in the mail.
          expect(await tokenOf(tx, invitation.id)).toEqual(before)
          await tx`update auth.users set email_confirmed_at = now(), email = upper(email) where id = ${cast.users.eve}`
          expect((await ask(tx, cast, 'anon', (tx) => tx`preview_invitation(${token})`)).role).toBe('manager')
          expect((await ask(tx, cast, 'eve', answer(invitation.id))).role).toBe('manager')
        }),
    )

    const obstacles: [string, string, (tx: Transaction, cast: Cast, id: string) => Promise<unknown>][] = [
      [
        'ran out',
        'not_found',
        (tx, _, id) => tx`update organization_invitations set expires_at = now() where id = ${id}`,
      ],
      [
        'was revoked',
        'not_found',
        (tx, cast, id) => ask(tx, cast, 'adam', (tx) => tx`revoke_invitation(${cast.acme}, ${id})`),
      ],
      [
        'is of a deleted organization',
        'not_found',
        (tx, cast) => tx`update organizations set deleted_at = now() where id = ${cast.acme}`,
      ],
      [
        'is of a suspended organization',
        'organization_suspended',
        (tx, cast) => tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`,
      ],
      [
        'somebody stands for who is banned',
        'conflict',
        (tx, cast) => tx`update auth.users set banned_until = now() + interval '1 day' where id = ${cast.users.adam}`,
      ],
      [
        'is to where one belongs already',
        'already_member',
        takeInvitedAddress,
      ],
    ]

    it.each(obstacles)(
      'one that %s is not accepted: %s, and its token is what it was',
      (_, code, hinder) =>
        inTransaction(async (tx) => {
          const cast = await stage(tx)
          const { invitation } = await inviteEve(tx, cast)
          await hinder(tx, cast, invitation.id)
          const [left, token] = [await members(tx, cast.acme), await tokenOf(tx, invitation.id)]
          expect(await ask(tx, cast, 'eve', acceptReceived(invitation.id))).toBe(code)
          expect([await members(tx, cast.acme), await tokenOf(tx, invitation.id)]).toEqual([left, token])
        }),
    )
  })

  it("another organization's invitations are not there, to touch or to tell apart", () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { invitation } = await inviteEve(tx, cast)
      for (const call of ['resend_invitation', 'revoke_invitation']) {
        const touch = (organization: string, id: string) =>
          as(tx, cast, 'bob', (tx) => tx`select ${tx(call)}(${organization}, ${id})`)
        // Through the own organization and through the foreign one.
        expect(await touch(cast.globex, invitation.id)).toEqual(await touch(cast.globex, crypto.randomUUID()))
        expect(await touch(cast.acme, invitation.id)).toEqual(await touch(crypto.randomUUID(), invitation.id))
        expect((await touch(cast.globex, invitation.id)).refused?.code).toBe('not_found')
      }
      expect((await ask(tx, cast, 'eve', (tx) => tx`my_invitations()`)).invitations).toHaveLength(1)
    }))

  it('tidying forgets old choices and dead tokens, and nothing that still counts', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token, invitation } = await inviteEve(tx, cast)
      await ask(tx, cast, 'mia', (tx) => tx`set_active_organization(${cast.acme})`)
      await tx`select tenancy.tidy()`
      expect((await ask(tx, cast, 'anon', (tx) => tx`preview_invitation(${token})`)).role).toBe('manager')
      expect(await tx`select 1 from tenancy.active_organizations where user_id = ${cast.users.mia}`).toHaveLength(1)

      await tx`update organization_invitations set expires_at = now() - interval '31 days' where id = ${invitation.id}`
      await tx`update tenancy.active_organizations set selected_at = now() - interval '91 days' where user_id = ${cast.users.mia}`
      await tx`select tenancy.tidy()`
      expect(await tx`select 1 from tenancy.invitation_tokens where invitation_id = ${invitation.id}`).toEqual([])
      expect(await tx`select 1 from tenancy.active_organizations where user_id = ${cast.users.mia}`).toEqual([])
    }))

  it('an account with a new address is not the one that was invited', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const { token } = await inviteEve(tx, cast)
      const eve = await address(tx, cast.users.eve)
      await tx`update auth.users set email = ${'moved.' + eve} where id = ${cast.users.eve}`
      expect(await ask(tx, cast, 'eve', accept(token))).toBe('email_mismatch')
      cast.users.eve = await signUp(tx, eve)
      expect((await ask(tx, cast, 'eve', accept(token))).role).toBe('manager')
    }))
})
