import { describe, expect, it } from 'vitest'
import { MemberAnswer, MemberChangedAnswer, MembersAnswer } from '../../shared/contract/members.ts'
import { OrganizationAnswer } from '../../shared/contract/organizations.ts'
import { join } from '../database/support/cast.ts'
import { sql } from '../database/support/database.ts'
import type { Answer } from './support/http.ts'
import { type Actor, type Person, type Stage, stage } from './support/cast.ts'
import { expectProblem, pointersOf, withoutInstance } from './support/problems.ts'
import { invite } from './support/scene.ts'
import { worldOf } from './support/world.ts'

// What people do about each other through the functions. Who may is a table in tests/attacks/roles-routes.test.ts.

const at = (cast: Stage, person: Person, what = '') =>
  `/organizations/${cast.acme}/members/${cast.users[person]}${what && `/${what}`}`
const change = (cast: Stage, actor: Actor, person: Person, json: unknown) =>
  cast.call(actor, 'PATCH', at(cast, person), { json })
const remove = (cast: Stage, actor: Actor, person: Person) => cast.call(actor, 'DELETE', at(cast, person))
const suspend = (cast: Stage, actor: Actor, person: Person) => cast.call(actor, 'POST', at(cast, person, 'suspend'))
const reactivate = (cast: Stage, actor: Actor, person: Person) =>
  cast.call(actor, 'POST', at(cast, person, 'reactivate'))
const transfer = (cast: Stage, actor: Actor, json: unknown) =>
  cast.call(actor, 'POST', `/organizations/${cast.acme}/transfer-ownership`, { json })

/** Expects all of these refusals, and that nothing else happened. */
async function expectRefused(
  cast: Stage,
  code: Parameters<typeof expectProblem>[1],
  ...asks: (() => Promise<Answer>)[]
) {
  const before = await worldOf(cast)
  const answers: Answer[] = []
  for (const ask of asks) {
    const answer = await ask()
    expectProblem(answer, code)
    answers.push(answer)
  }
  expect(await worldOf(cast)).toEqual(before)
  return answers
}

const list = async (cast: Stage) =>
  MembersAnswer.parse((await cast.call('mia', 'GET', `/organizations/${cast.acme}/members`)).body).members

describe('a role', () => {
  it('is changed, and the answer is the member as the others read them', async () => {
    const cast = await stage()
    const { member, ended } = MemberChangedAnswer.parse((await change(cast, 'adam', 'mia', { role: 'manager' })).body)
    expect(member).toMatchObject({
      user_id: cast.users.mia,
      email: cast.emails.mia,
      role: 'manager',
      suspended_at: null,
    })
    expect(ended).toEqual({ invitations: 0, sessions: 0 })
    expect((await list(cast)).find(({ user_id }) => user_id === cast.users.mia)).toEqual(member)
    // The same again is no change: the answer is the same, and no entry tells of it.
    const before = await worldOf(cast)
    expect((await change(cast, 'adam', 'mia', { role: 'manager' })).body).toEqual({ member, ended })
    expect(await worldOf(cast)).toEqual(before)
  })

  it('is one of four, in one spelling', async () => {
    const cast = await stage()
    const bad = ['OWNER', 'owner ', '', null, ['owner'], ['member', 'owner'], 'superadmin', 3, { role: 'owner' }]
    const answers = await expectRefused(
      cast,
      'validation_failed',
      ...bad.map((role) => () => change(cast, 'alice', 'mia', { role })),
      () => change(cast, 'alice', 'mia', {}),
    )
    expect(answers.map(pointersOf)).toEqual(Array(bad.length + 1).fill(['/role']))
    const [mass] = await expectRefused(
      cast,
      'validation_failed',
      () => change(cast, 'alice', 'mia', { role: 'admin', suspended_at: null, user_id: cast.users.eve }),
    )
    expect(pointersOf(mass!).sort()).toEqual(['/suspended_at', '/user_id'])
  })

  it('above one’s own is nobody’s to touch or to give', async () => {
    const cast = await stage()
    await expectRefused(
      cast,
      'forbidden',
      () => change(cast, 'adam', 'adam', { role: 'owner' }),
      () => change(cast, 'adam', 'mia', { role: 'owner' }),
      () => change(cast, 'adam', 'alice', { role: 'member' }),
      () => remove(cast, 'adam', 'alice'),
      () => suspend(cast, 'adam', 'alice'),
      () => reactivate(cast, 'adam', 'alice'),
    )
    expect((await change(cast, 'alice', 'adam', { role: 'owner' })).status).toBe(200)
    expect((await change(cast, 'adam', 'alice', { role: 'member' })).status).toBe(200)
  })

  it('of somebody who is no member is not there, whoever they are', async () => {
    const cast = await stage()
    const path = (user: string) => `/organizations/${cast.acme}/members/${user}`
    const answers = await expectRefused(
      cast,
      'not_found',
      ...[cast.users.bob, cast.users.eve, crypto.randomUUID()].map((user) => () =>
        cast.call('alice', 'PATCH', path(user), { json: { role: 'member' } })
      ),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(withoutInstance(answer)))).size).toBe(1)
    await expectRefused(
      cast,
      'validation_failed',
      () => cast.call('alice', 'PATCH', path('mia'), { json: { role: 'member' } }),
    )
  })
})

describe('the last owner', () => {
  it('stays, and one of two may go', async () => {
    const cast = await stage()
    const ends = [
      () => remove(cast, 'alice', 'alice'),
      () => change(cast, 'alice', 'alice', { role: 'admin' }),
      () => change(cast, 'alice', 'alice', { role: 'member' }),
    ]
    await expectRefused(cast, 'last_owner', ...ends)
    await change(cast, 'alice', 'mona', { role: 'owner' })
    await suspend(cast, 'alice', 'mona')
    // Who is suspended owns nothing that they could act for.
    await expectRefused(cast, 'last_owner', ...ends)
    await reactivate(cast, 'alice', 'mona')
    expect((await remove(cast, 'alice', 'alice')).status).toBe(200)
    await expectRefused(cast, 'last_owner', () => remove(cast, 'mona', 'mona'))
  })
})

describe('leaving', () => {
  it('is done once; after that there is no such organization', async () => {
    const cast = await stage()
    const { member } = MemberChangedAnswer.parse((await remove(cast, 'mia', 'mia')).body)
    expect(member).toMatchObject({ user_id: cast.users.mia, role: 'member' })
    const [again] = await expectRefused(cast, 'not_found', () => remove(cast, 'mia', 'mia'))
    const elsewhere = await cast.call(
      'mia',
      'DELETE',
      `/organizations/${crypto.randomUUID()}/members/${cast.users.mia}`,
    )
    expect(withoutInstance(elsewhere)).toEqual(withoutInstance(again!))
    const entries =
      await sql`select action from audit_log where organization_id = ${cast.acme} and object_id = ${cast.users.mia}
      and action <> 'member.added'`
    expect(entries).toEqual([{ action: 'member.left' }])
  })

  it('is possible out of a suspended organization; putting others out of it is not', async () => {
    const cast = await stage()
    await sql`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
    await expectRefused(
      cast,
      'organization_suspended',
      () => remove(cast, 'alice', 'mia'),
      () => suspend(cast, 'alice', 'mia'),
      () => change(cast, 'alice', 'mia', { role: 'admin' }),
      () => transfer(cast, 'alice', { user_id: cast.users.mia }),
    )
    expect((await remove(cast, 'mia', 'mia')).status).toBe(200)
  })
})

describe('a transfer', () => {
  it('makes an active member the owner and the caller admin', async () => {
    const cast = await stage()
    await sql`update organizations set owner_email = ${cast.emails.alice} where id = ${cast.acme}`
    const { organization } = OrganizationAnswer.parse((await transfer(cast, 'alice', { user_id: cast.users.mia })).body)
    expect(organization).toMatchObject({ id: cast.acme, role: 'admin', owner_email: cast.emails.mia })
    const roles = Object.fromEntries((await list(cast)).map(({ user_id, role }) => [user_id, role]))
    expect([roles[cast.users.alice], roles[cast.users.mia], roles[cast.users.adam]]).toEqual([
      'admin',
      'owner',
      'admin',
    ])
    await expectRefused(cast, 'forbidden', () => transfer(cast, 'alice', { user_id: cast.users.adam }))
  })

  it('is to nobody else', async () => {
    const cast = await stage()
    const { token: _pending } = await invite(cast, 'adam', cast.acme, cast.emails.eve)
    await expectRefused(
      cast,
      'not_found',
      // An owner of another company, somebody who is only invited, nobody.
      ...[cast.users.bob, cast.users.eve, crypto.randomUUID()].map((user_id) => () =>
        transfer(cast, 'alice', { user_id })
      ),
    )
    await suspend(cast, 'alice', 'mona')
    await sql`update auth.users set banned_until = now() + interval '1 day' where id = ${cast.users.mia}`
    const answers = await expectRefused(
      cast,
      'validation_failed',
      () => transfer(cast, 'alice', { user_id: cast.users.alice }),
      () => transfer(cast, 'alice', { user_id: cast.users.mona }),
      () => transfer(cast, 'alice', { user_id: cast.users.mia }),
      () => transfer(cast, 'alice', { user_id: 'mia' }),
      () => transfer(cast, 'alice', {}),
    )
    expect(answers.map(pointersOf)).toEqual(Array(5).fill(['/user_id']))
  })
})

describe('seats', () => {
  const full = (used: number) => ({ quota: 'users', limit: 4, used, requested: 1, plan: 'basic' })

  it('that are all taken are told of, and what was refused works later', async () => {
    const cast = await stage()
    const { token } = await invite(cast, 'adam', cast.acme, cast.emails.eve)
    await sql`update organizations set max_users = 4 where id = ${cast.acme}`
    const accept = () => cast.call('eve', 'POST', '/invitations/accept', { json: { token } })
    const send = () =>
      cast.call('adam', 'POST', `/organizations/${cast.acme}/invitations`, {
        json: { email: cast.address('new'), role: 'member' },
      })
    const [accepted, sent] = await expectRefused(cast, 'quota_exceeded', accept, send)
    expect(accepted!.body).toMatchObject(full(4))
    // The invitation that waits has a seat reserved.
    expect(sent!.body).toMatchObject(full(5))
    const { member } = MemberChangedAnswer.parse((await suspend(cast, 'adam', 'mona')).body)
    expect(member).toMatchObject({ role: 'manager', suspended_at: expect.any(String) })
    expect((await accept()).status).toBe(200)

    const [back] = await expectRefused(cast, 'quota_exceeded', () => reactivate(cast, 'adam', 'mona'))
    expect(back!.body).toMatchObject(full(4))
    await remove(cast, 'adam', 'mia')
    const again = MemberAnswer.parse((await reactivate(cast, 'adam', 'mona')).body)
    expect(again.member).toMatchObject({ user_id: cast.users.mona, role: 'manager', suspended_at: null })
  })
})

describe('what somebody made', () => {
  it('stays with the organization when they go, and is theirs no more', async () => {
    const cast = await stage()
    await sql.begin((tx) => join(tx, cast.globex, cast.users.mia, 'member'))
    const headers = { 'x-organization-id': cast.acme }
    const made = await cast.call('mia', 'POST', '/records/leads', { json: { phone_number: '+15550100' }, headers })
    expect(made.status).toBe(201)
    await remove(cast, 'adam', 'mia')
    expect((await cast.rest('mona', 'GET', '/leads?select=phone_number,user_id')).body).toEqual([
      { phone_number: '+15550100', user_id: cast.users.mia },
    ])
    expect((await cast.rest('mia', 'GET', '/leads')).body).toEqual([])
    expect((await cast.rest('mia', 'GET', '/leads', { headers })).body).toEqual([])
  })
})
