import { describe, expect, it } from 'vitest'
import { ask, type Call } from './support/ask.ts'
import { type Actor, as, type Cast, join, type Person, signUp, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'

// What people may do about each other. Who is refused changes nothing: not a membership, not an entry of the audit log.

const role = (cast: Cast, actor: Actor, person: Person, to: string | null): [Actor, Call] => [
  actor,
  (tx) => tx`change_member(${cast.acme}, ${cast.users[person]}, ${to}::organization_role)`,
]
const remove = (cast: Cast, actor: Actor, person: Person): [Actor, Call] => [
  actor,
  (tx) => tx`remove_member(${cast.acme}, ${cast.users[person]})`,
]
const suspend = (cast: Cast, actor: Actor, person: Person): [Actor, Call] => [
  actor,
  (tx) => tx`suspend_member(${cast.acme}, ${cast.users[person]})`,
]
const reactivate = (cast: Cast, actor: Actor, person: Person): [Actor, Call] => [
  actor,
  (tx) => tx`reactivate_member(${cast.acme}, ${cast.users[person]})`,
]
const transfer = (cast: Cast, actor: Actor, user: string): [Actor, Call] => [
  actor,
  (tx) => tx`transfer_ownership(${cast.acme}, ${user})`,
]

const call = (tx: Transaction, cast: Cast, [actor, call]: [Actor, Call]) => ask(tx, cast, actor, call)

const stateOf = async (tx: Transaction, { acme }: Cast) => ({
  members:
    await tx`select user_id, role, suspended_at from organization_users where organization_id = ${acme} order by 1`,
  invitations: await tx`select * from organization_invitations where organization_id = ${acme} order by id`,
  entries: await tx`select * from audit_log where organization_id = ${acme} order by position`,
})
const membership = async (tx: Transaction, { acme, users }: Cast, person: Person) =>
  (await tx`select role, suspended_at is not null as suspended from organization_users
    where organization_id = ${acme} and user_id = ${users[person]}`)[0]
const lastEntry = async (tx: Transaction, { acme }: Cast) =>
  (await tx`select action, object_id, before, after from audit_log where organization_id = ${acme} order by position desc limit 1`)[
    0
  ]

/** Expects a refusal with this code, and nothing else to have happened. */
async function expectRefused(tx: Transaction, cast: Cast, asked: [Actor, Call], code: string) {
  const before = await stateOf(tx, cast)
  expect(await call(tx, cast, asked)).toBe(code)
  expect(await stateOf(tx, cast)).toEqual(before)
}

/** State, code and further members of a refusal; nothing of a success. */
async function refusalOf(tx: Transaction, cast: Cast, actor: Person, statement: (tx: Transaction) => Promise<unknown>) {
  let refusal: unknown[] = []
  await tx.savepoint(async (tx) => {
    await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users[actor] })}, true)`
    await statement(tx)
  }).catch((cause) => refusal = [cause.code, cause.hint, JSON.parse(cause.detail)])
  await tx`select set_config('request.jwt.claims', '', true)`
  return refusal
}

const onStage = (story: (tx: Transaction, cast: Cast) => Promise<void>) => () =>
  inTransaction(async (tx) => await story(tx, await stage(tx)))

describe('who may', () => {
  const admins = { mona: 'forbidden', mia: 'forbidden', bob: 'not_found', eve: 'not_found', anon: '42501' } as const
  const acts: [string, (cast: Cast, actor: Actor) => [Actor, Call], Record<string, string>][] = [
    ['change a role', (cast, actor) => role(cast, actor, 'mia', 'manager'), { alice: 'ok', adam: 'ok', ...admins }],
    ['remove', (cast, actor) => remove(cast, actor, 'mona'), { alice: 'ok', adam: 'ok', ...admins, mona: 'ok' }],
    ['suspend', (cast, actor) => suspend(cast, actor, 'mia'), { alice: 'ok', adam: 'ok', ...admins }],
    ['reactivate', (cast, actor) => reactivate(cast, actor, 'mia'), { alice: 'ok', adam: 'ok', ...admins }],
    ['transfer ownership', (cast, actor) => transfer(cast, actor, cast.users.mia), {
      alice: 'ok',
      ...admins,
      adam: 'forbidden',
    }],
    ['make a link', (cast, actor) => [actor, (tx) => tx`create_invitation_link(${cast.acme})`], {
      alice: 'ok',
      adam: 'ok',
      ...admins,
    }],
  ]
  it.each(
    acts.flatMap(([what, act, answers]) =>
      Object.entries(answers).map(([actor, answer]) => [what, actor as Actor, answer, act] as const)
    ),
  )('%s: %s, %s', (_, actor, answer, act) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const asked = act(cast, actor)
      if (answer !== 'ok') return await expectRefused(tx, cast, asked, answer)
      expect(await call(tx, cast, asked)).toBeTypeOf('object')
    }))
})

describe('nobody', () => {
  it(
    'touches a role above their own',
    onStage(async (tx, cast) => {
      for (
        const asked of [
          role(cast, 'adam', 'alice', 'admin'),
          role(cast, 'adam', 'alice', 'member'),
          remove(cast, 'adam', 'alice'),
          suspend(cast, 'adam', 'alice'),
          reactivate(cast, 'adam', 'alice'),
        ]
      ) await expectRefused(tx, cast, asked, 'forbidden')
      // The control: among admins it is allowed.
      await join(tx, cast.acme, cast.users.eve, 'admin')
      expect((await call(tx, cast, role(cast, 'adam', 'eve', 'manager'))).member.role).toBe('manager')
    }),
  )

  it(
    'but an owner makes owners',
    onStage(async (tx, cast) => {
      await expectRefused(tx, cast, role(cast, 'adam', 'mia', 'owner'), 'forbidden')
      await expectRefused(tx, cast, role(cast, 'adam', 'adam', 'owner'), 'forbidden')
      expect((await call(tx, cast, role(cast, 'alice', 'mia', 'owner'))).member.role).toBe('owner')
      expect(await lastEntry(tx, cast)).toMatchObject({
        action: 'member.role_changed',
        object_id: cast.users.mia,
        before: { role: 'member' },
        after: { role: 'owner' },
      })
    }),
  )

  it(
    'suspends themselves',
    onStage(async (tx, cast) => {
      await expectRefused(tx, cast, suspend(cast, 'adam', 'adam'), 'conflict')
      await expectRefused(tx, cast, suspend(cast, 'alice', 'alice'), 'conflict')
    }),
  )

  it(
    'becomes nothing',
    onStage(async (tx, cast) => {
      await expectRefused(tx, cast, role(cast, 'alice', 'mia', null), 'validation_failed')
    }),
  )

  it(
    'is found who is no member, also when they are one elsewhere',
    onStage(async (tx, cast) => {
      for (const person of ['bob', 'eve'] as const) {
        for (const act of [remove, suspend, reactivate]) {
          await expectRefused(tx, cast, act(cast, 'alice', person), 'not_found')
        }
        await expectRefused(tx, cast, role(cast, 'alice', person, 'member'), 'not_found')
        await expectRefused(tx, cast, transfer(cast, 'alice', cast.users[person]), 'not_found')
      }
      await expectRefused(tx, cast, transfer(cast, 'alice', crypto.randomUUID()), 'not_found')
    }),
  )
})

describe('an owner', () => {
  const endings: [string, (tx: Transaction, cast: Cast) => Promise<unknown>][] = [
    ['is demoted', (tx, cast) => call(tx, cast, role(cast, 'alice', 'alice', 'admin'))],
    ['leaves', (tx, cast) => call(tx, cast, remove(cast, 'alice', 'alice'))],
    ['is removed by another', (tx, cast) => call(tx, cast, remove(cast, 'mona', 'alice'))],
    ['is suspended by another', (tx, cast) => call(tx, cast, suspend(cast, 'mona', 'alice'))],
    ['is demoted by another', (tx, cast) => call(tx, cast, role(cast, 'mona', 'alice', 'member'))],
    [
      'closes the account',
      (tx, cast) => sqlCode(tx, (tx) => tx`update auth.users set deleted_at = now() where id = ${cast.users.alice}`),
    ],
    [
      'deletes the account',
      (tx, cast) => sqlCode(tx, (tx) => tx`delete from auth.users where id = ${cast.users.alice}`),
    ],
    [
      'is banned',
      (tx, cast) =>
        sqlCode(tx, (tx) => tx`update auth.users set banned_until = 'infinity' where id = ${cast.users.alice}`),
    ],
    [
      'is suspended in SQL',
      (tx, cast) =>
        sqlCode(tx, (tx) => tx`update organization_users set suspended_at = now() where user_id = ${cast.users.alice}`),
    ],
  ]
  /** What SQL was refused with. */
  const sqlCode = async (tx: Transaction, statement: Parameters<typeof attempt>[1]) =>
    (await attempt(tx, statement)).refused?.code

  it.each(endings)('who %s leaves one behind, or does not', (what, end) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      if (what.endsWith('by another')) {
        // Another owner who may do it, but could not act for the organization the moment after.
        await tx`update organization_users set role = 'owner' where user_id = ${cast.users.mona}`
        expect(await end(tx, cast)).toMatchObject({ ended: { invitations: 0, sessions: 0 } })
        return
      }
      const before = await stateOf(tx, cast)
      expect(await end(tx, cast)).toBe('last_owner')
      expect(await stateOf(tx, cast)).toEqual(before)
      expect(
        await tx`select 1 from auth.users where id = ${cast.users.alice} and deleted_at is null and banned_until is null`,
      )
        .toHaveLength(1)
      // Nobody counts who could not act: suspended, closed, banned.
      await tx`update organization_users set role = 'owner' where user_id in (${cast.users.adam}, ${cast.users.mona})`
      await tx`update organization_users set suspended_at = now() where user_id = ${cast.users.adam}`
      await tx`update auth.users set banned_until = now() + interval '1 day' where id = ${cast.users.mona}`
      expect(await end(tx, cast)).toBe('last_owner')
      // The control: one of two may go.
      await tx`update organization_users set suspended_at = null where user_id = ${cast.users.adam}`
      expect(await end(tx, cast)).not.toBe('last_owner')
      const alice = await membership(tx, cast, 'alice')
      expect(alice === undefined || alice.role !== 'owner' || alice.suspended || what === 'is banned').toBe(true)
    }))

  it(
    'whose account goes is told where nobody else is left',
    onStage(async (tx, cast) => {
      const second = crypto.randomUUID()
      await tx`insert into organizations (id, name, slug, max_users) values (${second}, 'Second', ${
        'second-' + second.slice(0, 8)
      }, 9)`
      await join(tx, second, cast.users.alice, 'owner')
      await join(tx, cast.globex, cast.users.alice, 'owner')
      const details: unknown[] = []
      for (
        const end of [
          (tx: Transaction) => tx`delete from auth.users where id = ${cast.users.alice}`,
          (tx: Transaction) => tx`update auth.users set deleted_at = now() where id = ${cast.users.alice}`,
          (tx: Transaction) => tx`update auth.users set banned_until = 'infinity' where id = ${cast.users.alice}`,
        ]
      ) {
        await tx.savepoint(async (tx) => await end(tx)).catch((cause) => details.push(JSON.parse(cause.detail)))
      }
      const expected = {
        // Globex has bob.
        organizations: [cast.acme, second].sort().map((id) => expect.objectContaining({ id, deleted_at: null })),
      }
      expect(details).toEqual([expected, expected, expected])
      expect(await membership(tx, cast, 'alice')).toEqual({ role: 'owner', suspended: false })
    }),
  )
})

describe('an account that goes', () => {
  it.each([
    ['is deleted', (tx: Transaction, user: string) => tx`delete from auth.users where id = ${user}`],
    ['is closed', (tx: Transaction, user: string) => tx`update auth.users set deleted_at = now() where id = ${user}`],
  ])('and %s leaves its memberships and takes nothing along', (_, end) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await join(tx, cast.globex, cast.users.adam, 'member')
      const [email] = (await tx`select email from auth.users where id = ${cast.users.adam}`).map(({ email }) => email)
      const lead = { organization: cast.acme }
      await as(tx, cast, 'adam', (tx) => tx`insert into leads (phone_number) values ('+15550100')`, lead)
      await call(tx, cast, ['adam', (tx) => tx`create_invitation(${cast.acme}, 'new@example.test', 'member')`])
      await end(tx, cast.users.adam)
      expect(await tx`select 1 from organization_users where user_id = ${cast.users.adam}`).toEqual([])
      const kept = await as(tx, cast, 'mia', (tx) => tx`select phone_number from leads`)
      expect(kept.rows).toEqual([{ phone_number: '+15550100' }])
      const [pending] =
        await tx`select revoked_at is null as pending from organization_invitations where organization_id = ${cast.acme}`
      expect(pending?.pending).toBe(false)
      // The record still knows who it was.
      expect(await lastEntry(tx, cast)).toMatchObject({
        action: 'member.removed',
        object_id: cast.users.adam,
        before: { email, role: 'admin' },
        after: { ended_invitations: 1 },
      })
      const elsewhere =
        await tx`select action from audit_log where organization_id = ${cast.globex} and object_id = ${cast.users.adam}
        order by position desc limit 1`
      expect(elsewhere).toEqual([{ action: 'member.removed' }])
    }))
})

describe('transfer_ownership', () => {
  it(
    'makes the heir owner and the former owner admin, in one entry; owner_email follows',
    onStage(async (tx, cast) => {
      const [alice] = await tx`select email from auth.users where id = ${cast.users.alice}`
      const [mia] = await tx`select email from auth.users where id = ${cast.users.mia}`
      await tx`update organizations set owner_email = ${alice?.email} where id = ${cast.acme}`
      const before = await stateOf(tx, cast)
      const { organization } = await call(tx, cast, transfer(cast, 'alice', cast.users.mia))
      expect(organization).toMatchObject({ id: cast.acme, role: 'admin', owner_email: mia?.email })
      expect(await membership(tx, cast, 'mia')).toEqual({ role: 'owner', suspended: false })
      expect(await membership(tx, cast, 'alice')).toEqual({ role: 'admin', suspended: false })
      const after = await stateOf(tx, cast)
      expect(after.entries.slice(0, -1)).toEqual(before.entries)
      expect(await lastEntry(tx, cast)).toMatchObject({
        action: 'organization.ownership_transferred',
        before: { owner: cast.users.alice, role: 'member' },
        after: { owner: cast.users.mia, role: 'owner' },
      })
      // The former owner can't take it back, nor give it on.
      await expectRefused(tx, cast, role(cast, 'alice', 'alice', 'owner'), 'forbidden')
      await expectRefused(tx, cast, transfer(cast, 'alice', cast.users.adam), 'forbidden')
    }),
  )

  it(
    'leaves an owner_email alone that somebody chose',
    onStage(async (tx, cast) => {
      await tx`update organizations set owner_email = 'billing@example.test' where id = ${cast.acme}`
      const { organization } = await call(tx, cast, transfer(cast, 'alice', cast.users.mia))
      expect(organization.owner_email).toBe('billing@example.test')
    }),
  )

  it.each(
    [
      ['oneself', 'alice', () => null],
      [
        'somebody suspended',
        'mia',
        (tx: Transaction, user: string) =>
          tx`update organization_users set suspended_at = now() where user_id = ${user}`,
      ],
      [
        'an account that is banned',
        'mia',
        (tx: Transaction, user: string) =>
          tx`update auth.users set banned_until = now() + interval '1 day' where id = ${user}`,
      ],
    ] as const,
  )('is not to %s', (_, heir, prepare) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await prepare(tx, cast.users[heir])
      await expectRefused(tx, cast, transfer(cast, 'alice', cast.users[heir]), 'validation_failed')
      const [state, , detail] = await refusalOf(
        tx,
        cast,
        'alice',
        (tx) => tx`select transfer_ownership(${cast.acme}, ${cast.users[heir]})`,
      )
      expect(state).toBe('PT422')
      expect(detail).toMatchObject({ errors: [{ pointer: '/user_id', code: 'not_eligible' }] })
    }))
})

describe('a suspended member', () => {
  it(
    'keeps the role, takes no seat, and comes back when there is one',
    onStage(async (tx, cast) => {
      await tx`update organizations set max_users = 4 where id = ${cast.acme}`
      const invite = (name: string): [Actor, Call] => [
        'adam',
        (tx) => tx`create_invitation(${cast.acme}, ${name + '@example.test'}, 'member')`,
      ]
      await expectRefused(tx, cast, invite('new'), 'quota_exceeded')
      const suspended = await call(tx, cast, suspend(cast, 'adam', 'mona'))
      expect(suspended.member).toMatchObject({
        user_id: cast.users.mona,
        role: 'manager',
        suspended_at: expect.any(String),
      })
      expect(await lastEntry(tx, cast)).toMatchObject({ action: 'member.suspended', object_id: cast.users.mona })
      // A second time changes nothing, and says so.
      const before = await stateOf(tx, cast)
      expect((await call(tx, cast, suspend(cast, 'alice', 'mona'))).member).toEqual(suspended.member)
      expect(await stateOf(tx, cast)).toEqual(before)

      await join(tx, cast.acme, cast.users.eve, 'member')
      await expectRefused(tx, cast, reactivate(cast, 'adam', 'mona'), 'quota_exceeded')
      await call(tx, cast, remove(cast, 'adam', 'eve'))
      const back = await call(tx, cast, reactivate(cast, 'adam', 'mona'))
      expect(back.member).toMatchObject({ user_id: cast.users.mona, role: 'manager', suspended_at: null })
      const again = await stateOf(tx, cast)
      await call(tx, cast, reactivate(cast, 'adam', 'mona'))
      expect(await stateOf(tx, cast)).toEqual(again)
    }),
  )
})

describe('seats', () => {
  const full = (used: number, plan: string) => [
    'PT402',
    'quota_exceeded',
    { quota: 'users', limit: used, used, requested: 1, plan, resets_at: null },
  ]

  it(
    'are what the plan gives, or the organization’s own number; of some plans without end',
    onStage(async (tx, cast) => {
      const fifth = () =>
        refusalOf(tx, cast, 'alice', (tx) => tx`select create_invitation(${cast.acme}, 'b@example.test', 'member')`)
      await tx`update organizations set max_users = null, subscription_tier = 'basic' where id = ${cast.acme}`
      await call(tx, cast, ['alice', (tx) => tx`create_invitation(${cast.acme}, 'a@example.test', 'member')`])
      // Four people and an invitation that waits: the five of the plan.
      expect(await fifth()).toEqual(full(5, 'basic'))
      await tx`update organizations set subscription_tier = 'professional' where id = ${cast.acme}`
      expect(await fifth()).toEqual([])
      await tx`update organizations set max_users = 5, subscription_tier = 'enterprise' where id = ${cast.acme}`
      await tx`update organization_invitations set revoked_at = now() where email = 'b@example.test'`
      expect(await fifth()).toEqual(full(5, 'enterprise'))
      await tx`update organizations set max_users = null where id = ${cast.acme}`
      expect(await fifth()).toEqual([])
    }),
  )

  it(
    'are asked of whoever accepts; the invitation waits until there is one',
    onStage(async (tx, cast) => {
      const [eve] = await tx`select email from auth.users where id = ${cast.users.eve}`
      const { token, invitation } = await call(tx, cast, [
        'adam',
        (tx) => tx`create_invitation(${cast.acme}, ${eve?.email}, 'member')`,
      ])
      await tx`update organizations set max_users = 4 where id = ${cast.acme}`
      const accept: [Actor, Call] = ['eve', (tx) => tx`accept_invitation(${token})`]
      await expectRefused(tx, cast, accept, 'quota_exceeded')
      expect(await refusalOf(tx, cast, 'eve', (tx) => tx`select accept_invitation(${token})`)).toEqual(full(4, 'basic'))
      const [waiting] =
        await tx`select accepted_at, revoked_at, uses from organization_invitations where id = ${invitation.id}`
      expect(waiting).toEqual({ accepted_at: null, revoked_at: null, uses: 0 })
      await call(tx, cast, remove(cast, 'alice', 'mia'))
      expect(await call(tx, cast, accept)).toMatchObject({ role: 'member' })
    }),
  )

  it(
    'hold in SQL too',
    onStage(async (tx, cast) => {
      await tx`update organizations set max_users = 4 where id = ${cast.acme}`
      const refusals = [
        await attempt(
          tx,
          (tx) =>
            tx`insert into organization_users (organization_id, user_id) values (${cast.acme}, ${cast.users.eve})`,
        ),
      ]
      await tx`insert into organization_users (organization_id, user_id, suspended_at) values (${cast.acme}, ${cast.users.eve}, now())`
      refusals.push(
        await attempt(
          tx,
          (tx) => tx`update organization_users set suspended_at = null where user_id = ${cast.users.eve}`,
        ),
      )
      expect(refusals.map(({ refused }) => refused?.code)).toEqual(['quota_exceeded', 'quota_exceeded'])
      // Fewer seats than people: nobody is thrown out, and a change of role needs none.
      await tx`update organizations set max_users = 1 where id = ${cast.acme}`
      expect((await call(tx, cast, role(cast, 'alice', 'mia', 'manager'))).member.role).toBe('manager')
    }),
  )

  it(
    'are not taken by links',
    onStage(async (tx, cast) => {
      await tx`update organizations set max_users = 5 where id = ${cast.acme}`
      await call(tx, cast, ['adam', (tx) => tx`create_invitation_link(${cast.acme})`])
      await call(tx, cast, ['adam', (tx) => tx`create_invitation(${cast.acme}, 'a@example.test', 'member')`])
      await expectRefused(
        tx,
        cast,
        ['adam', (tx) => tx`create_invitation(${cast.acme}, 'b@example.test', 'member')`],
        'quota_exceeded',
      )
    }),
  )
})

describe('what ends', () => {
  /** mona is an admin who stands for two invitations and a link, one of them run out, and has two sessions. */
  async function busy(tx: Transaction, cast: Cast) {
    await tx`update organization_users set role = 'admin' where user_id = ${cast.users.mona}`
    for (const name of ['a', 'b', 'late']) {
      await call(tx, cast, ['mona', (tx) => tx`create_invitation(${cast.acme}, ${name + '@example.test'}, 'member')`])
    }
    await tx`update organization_invitations set expires_at = now() where email = 'late@example.test'`
    await call(tx, cast, ['mona', (tx) => tx`create_invitation_link(${cast.acme})`])
    await call(tx, cast, ['adam', (tx) => tx`create_invitation(${cast.acme}, 'other@example.test', 'member')`])
    for (const session of [crypto.randomUUID(), crypto.randomUUID()]) {
      const chosen = await as(tx, cast, 'mona', (tx) => tx`select set_active_organization(${cast.acme})`, { session })
      expect(chosen.refused).toBeUndefined()
    }
  }
  const left = async (tx: Transaction, cast: Cast) => ({
    invitations:
      (await tx`select 1 from organization_invitations where invited_by = ${cast.users.mona} and revoked_at is null`)
        .length,
    tokens:
      (await tx`select 1 from tenancy.invitation_tokens as t join organization_invitations as i on i.id = t.invitation_id
      where i.invited_by = ${cast.users.mona}`).length,
    sessions: (await tx`select 1 from tenancy.active_organizations where user_id = ${cast.users.mona}`).length,
    ofOthers:
      (await tx`select 1 from organization_invitations where invited_by = ${cast.users.adam} and revoked_at is null`)
        .length,
  })

  it.each([
    ['removal', remove, { invitations: 3, sessions: 2 }, { invitations: 0, tokens: 0, sessions: 0, ofOthers: 1 }],
    ['suspension', suspend, { invitations: 3, sessions: 2 }, { invitations: 0, tokens: 0, sessions: 0, ofOthers: 1 }],
    ['a lower role', (cast: Cast, actor: Actor, person: Person) => role(cast, actor, person, 'manager'), {
      invitations: 3,
      sessions: 0,
    }, { invitations: 0, tokens: 0, sessions: 2, ofOthers: 1 }],
    ['a higher role', (cast: Cast, actor: Actor, person: Person) => role(cast, actor, person, 'owner'), {
      invitations: 0,
      sessions: 0,
    }, { invitations: 4, tokens: 4, sessions: 2, ofOthers: 1 }],
  ])('with %s is what the answer says, in the one entry of it', (_, act, ended, rest) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await busy(tx, cast)
      const before = await stateOf(tx, cast)
      const answer = await call(tx, cast, act(cast, 'alice', 'mona'))
      expect(answer.ended).toEqual(ended)
      expect(await left(tx, cast)).toEqual(rest)
      const { entries } = await stateOf(tx, cast)
      expect(entries.slice(0, -1)).toEqual(before.entries)
      const { after } = entries.at(-1) ?? {}
      expect(after?.ended_invitations).toBe(ended.invitations === 0 ? undefined : ended.invitations)
    }))

  it(
    'in SQL the same ends',
    onStage(async (tx, cast) => {
      await busy(tx, cast)
      await tx`delete from organization_users where organization_id = ${cast.acme} and user_id = ${cast.users.mona}`
      expect(await left(tx, cast)).toEqual({ invitations: 0, tokens: 0, sessions: 0, ofOthers: 1 })
    }),
  )
})

describe('an address', () => {
  it(
    'of somebody else’s letters is somebody else’s',
    onStage(async (tx, cast) => {
      // The Kelvin sign: lower-cased as Unicode has it, it is a k.
      const [kelvin, kate] = [await signUp(tx, '\u212Aate@example.test'), await signUp(tx, 'Kate@example.test')]
      const { token } = await call(tx, cast, [
        'adam',
        (tx) => tx`create_invitation(${cast.acme}, 'KATE@example.test', 'member')`,
      ])
      const asUser = (user: string): Cast => ({ ...cast, users: { ...cast.users, eve: user } })
      const accept: Call = (tx) => tx`accept_invitation(${token})`
      expect(await ask(tx, asUser(kelvin), 'eve', accept)).toBe('email_mismatch')
      expect((await ask(tx, asUser(kelvin), 'eve', (tx) => tx`my_invitations()`)).invitations).toEqual([])
      expect((await ask(tx, asUser(kate), 'eve', (tx) => tx`my_invitations()`)).invitations).toHaveLength(1)
      expect((await ask(tx, asUser(kate), 'eve', accept)).role).toBe('member')
      await expectRefused(tx, cast, [
        'adam',
        (tx) => tx`create_invitation(${cast.acme}, ${'\u212Aen@example.test'}, 'member')`,
      ], '23514')
    }),
  )

  it(
    'of somebody else’s letters gets its own mails, and is nobody else’s contact',
    onStage(async (tx, cast) => {
      const email = '\u212Aate@example.test'
      const kelvin = await signUp(tx, email)
      const asKelvin: Cast = { ...cast, users: { ...cast.users, eve: kelvin } }
      const { organization } = await ask(tx, asKelvin, 'eve', (tx) => tx`create_organization('Kelvin')`)
      expect(organization).toMatchObject({ name: 'Kelvin', owner_email: null })

      await join(tx, cast.acme, kelvin, 'member')
      await tx`delete from organization_users where organization_id = ${cast.acme} and user_id = ${kelvin}`
      const [notice] = await tx`select tenancy.read_notice(id) ->> 'to' as to from tenancy.outbox
        where order_key = ${kelvin} and topic = 'notice.removed'`
      expect(notice?.to).toBe(email)
    }),
  )
})
