import { describe, expect, it } from 'vitest'
import type { ProtectedTable } from '../../shared/roles.ts'
import { sql } from '../database/support/database.ts'
import { rowFor, samples } from '../database/support/rows.ts'
import type { Person } from '../functions/support/cast.ts'
import { expectProblem } from '../functions/support/problems.ts'
import { stock, type Stocked } from '../functions/support/stock.ts'
import { type Algorithm, algorithms } from '../functions/support/tokens.ts'
import { worldOf } from '../functions/support/world.ts'
import { expectRefusal, hint } from './support/dialect.ts'
import { tablesAsked } from './support/rows.ts'

// Law: what a membership is at this moment decides, on every surface, from the very next request on. The token is the
// one from before.

const spanning = ['organizations', 'organization_users', 'organization_invitations']

/** Everything that somebody sees of an organization, through the Data API and the functions. */
async function seen(cast: Stocked, actor: Person): Promise<string> {
  const { acme, rest, call } = cast
  const answers = await Promise.all([
    ...[...tablesAsked, ...spanning].map((table) => rest(actor, 'GET', `/${table}`)),
    rest(actor, 'GET', '/leads', { headers: { 'x-organization-id': acme } }),
    rest(actor, 'POST', '/rpc/get_user_organizations', { json: { user_uuid: cast.users[actor] } }),
    rest(actor, 'POST', '/rpc/list_members', { json: { organization_id: acme } }),
    call(actor, 'GET', `/organizations`),
    call(actor, 'GET', `/organizations/${acme}`),
    call(actor, 'GET', `/organizations/${acme}/members`),
    call(actor, 'GET', '/active-organization'),
  ])
  return answers.map(({ text }) => text).join('\n')
}

/** Tries to write through every surface, to these tables; answers what was not refused. */
async function written(cast: Stocked, actor: Person, tables: ProtectedTable[]): Promise<string[]> {
  const { acme, rest, call, atAcme } = cast
  const asks: [name: string, method: string, path: string, json?: object][] = []
  for (const table of tables) {
    const row = await rowFor(sql, table, acme)
    asks.push([table, 'POST', `/${table}`, { ...row, id: crypto.randomUUID() }])
    asks.push([table, 'PATCH', `/${table}?id=eq.${atAcme[table]}`, samples[table].change])
    asks.push([table, 'DELETE', `/${table}?id=eq.${atAcme[table]}`])
  }
  const successes: string[] = []
  for (const [name, method, path, json] of asks) {
    for (const organization of [undefined, acme]) {
      const headers = { prefer: 'return=representation', ...(organization && { 'x-organization-id': organization }) }
      const answer = await rest(actor, method, path, { json, headers })
      if (answer.status < 300 && answer.text !== '[]') successes.push(`${method} ${name}`)
    }
  }
  const answers = [
    await call(actor, 'POST', '/records/leads', { json: samples.leads.row }),
    await call(actor, 'PATCH', `/organizations/${acme}`, { json: { name: 'Mine' } }),
    await call(actor, 'POST', `/organizations/${acme}/invitations`, {
      json: { email: cast.address('friend'), role: 'member' },
    }),
    await call(actor, 'PUT', '/active-organization', { json: { organization_id: acme } }),
    await call(actor, 'DELETE', `/organizations/${acme}`),
  ]
  return [...successes, ...answers.filter(({ status }) => status < 300).map(({ text }) => text)]
}

type End = [how: string, person: Person, end: (cast: Stocked) => PromiseLike<unknown>]
const ends: End[] = [
  ['ended', 'mia', ({ users }) => sql`delete from organization_users where user_id = ${users.mia}`],
  [
    'was suspended',
    'mona',
    ({ users }) => sql`update organization_users set suspended_at = now() where user_id = ${users.mona}`,
  ],
  [
    'is of an organization that was deleted',
    'adam',
    ({ acme }) => sql`update organizations set deleted_at = now() where id = ${acme}`,
  ],
  [
    'is of an account that was banned',
    'mia',
    ({ users }) => sql`update auth.users set banned_until = now() + interval '1 day' where id = ${users.mia}`,
  ],
  [
    'is of an account that was closed',
    'adam',
    ({ users }) => sql`update auth.users set deleted_at = now() where id = ${users.adam}`,
  ],
  ['is of an account that is gone', 'mia', ({ users }) => sql`delete from auth.users where id = ${users.mia}`],
]
// Between them, the ends try every table.
const inTurn = ends.map((end, turn): [...End, Algorithm, ProtectedTable[]] => [
  ...end,
  algorithms[turn % 2] ?? 'ES256',
  tablesAsked.filter((_, n) => n % ends.length === turn),
])

describe('a membership', () => {
  it.each(inTurn)('that %s (%s) shows and changes nothing any more', async (how, person, end, algorithm, tables) => {
    const cast = await stock(person, algorithm)
    const secrets = [cast.emails.alice, ...Object.values(cast.atAcme)]
    expect(await seen(cast, person)).toContain(cast.atAcme.leads)
    await end(cast)
    const text = await seen(cast, person)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    expectProblem(
      await cast.call(person, 'GET', `/organizations/${cast.acme}`),
      /account/.test(how) ? 'unauthenticated' : 'not_found',
    )
    const before = await worldOf(cast)
    const made = await written(cast, person, tables)
    expect(made).toEqual([])
    // Parents that the rows needed are new; everything that was there is as it was.
    const after = await worldOf(cast)
    for (const [table, rows] of Object.entries(before)) {
      expect([after[table]].flat(), table).toEqual(expect.arrayContaining([rows].flat()))
    }
    expect(after.mails).toEqual(before.mails)
  })

  it.each(algorithms)(
    'that was lowered has the rights of the new role at once, with a token of %s',
    async (algorithm) => {
      const cast = await stock('mona', algorithm)
      const number = () => cast.rest('mona', 'POST', '/phone_numbers', { json: samples.phone_numbers.row })
      const remove = () =>
        cast.rest('mona', 'DELETE', `/campaigns?id=eq.${cast.atAcme.campaigns}`, {
          headers: { prefer: 'return=representation' },
        })
      expect((await number()).status).toBe(201)
      await sql`update organization_users set role = 'member' where user_id = ${cast.users.mona}`
      const before = await worldOf(cast)
      expectRefusal(await number())
      expect((await remove()).body).toEqual([])
      expectProblem(await cast.call('mona', 'POST', '/records/phone_numbers', { json: { number: '+1' } }), 'forbidden')
      expect(await worldOf(cast)).toEqual(before)

      const rename = () => cast.call('adam', 'PATCH', `/organizations/${cast.acme}`, { json: { name: 'Mine' } })
      expect((await rename()).status).toBe(200)
      await sql`update organization_users set role = 'manager' where user_id = ${cast.users.adam}`
      expectProblem(await rename(), 'forbidden')
      expect(hint(
        await cast.rest('adam', 'POST', '/rpc/update_organization', {
          json: { organization_id: cast.acme, changes: { name: 'Mine' } },
        }),
      )).toEqual([403, 'forbidden'])
    },
  )
})

describe('an organization that is suspended', () => {
  it.each(['suspended', 'cancelled'])('(%s) is read and not written, by nobody and nowhere', async (status) => {
    const cast = await stock('alice')
    await sql`update organizations set subscription_status = ${status} where id = ${cast.acme}`
    expect(await seen(cast, 'alice')).toContain(cast.atAcme.leads)
    const before = await worldOf(cast)
    const { acme, call, rest } = cast
    for (const table of tablesAsked) {
      const json = { ...await rowFor(sql, table, cast.acme), id: crypto.randomUUID() }
      expect(hint(await rest('alice', 'POST', `/${table}`, { json })), table).toEqual([403, 'organization_suspended'])
      const gone = await rest('alice', 'DELETE', `/${table}?id=eq.${cast.atAcme[table]}`)
      expect(hint(gone), table).toEqual([403, 'organization_suspended'])
    }
    for (
      const answer of [
        await call('alice', 'POST', '/records/leads', { json: samples.leads.row }),
        await call('alice', 'PATCH', `/organizations/${acme}`, { json: { name: 'x' } }),
        await call('alice', 'POST', `/organizations/${acme}/invitations`, {
          json: { email: cast.address('new'), role: 'member' },
        }),
      ]
    ) expectProblem(answer, 'organization_suspended')
    const after = await worldOf(cast)
    expect([after.organizations, after.organization_invitations, after.mails]).toEqual([
      before.organizations,
      before.organization_invitations,
      before.mails,
    ])
  })
})
