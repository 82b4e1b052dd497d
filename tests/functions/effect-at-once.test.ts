import { describe, expect, it } from 'vitest'
import { MemberChangedAnswer } from '../../shared/contract/members.ts'
import { sql } from '../database/support/database.ts'
import { samples } from '../database/support/rows.ts'
import type { Answer } from './support/http.ts'
import { type Stage, stage } from './support/cast.ts'
import { invite } from './support/scene.ts'

// mona's token is the one from before; what she may is asked of the database at each request, on every path.

/** What a member does, and what only a manager or an admin may. */
const paths: Record<string, (cast: Stage, headers: Record<string, string>) => Promise<Answer>> = {
  'reads through the Data API': ({ rest }, headers) => rest('mona', 'GET', '/leads?select=phone_number', { headers }),
  'writes through the Data API': ({ rest }, headers) =>
    rest('mona', 'POST', '/leads', { json: samples.leads.row, headers }),
  'changes through the Data API': ({ rest }, headers) =>
    rest('mona', 'PATCH', '/leads?notes=is.null', {
      json: { notes: 'hers' },
      headers: { ...headers, prefer: 'return=representation' },
    }),
  'asks a function of the database': ({ rest, acme }, headers) =>
    rest('mona', 'POST', '/rpc/list_members', { json: { organization_id: acme }, headers }),
  'asks a function': ({ call, acme }, headers) => call('mona', 'GET', `/organizations/${acme}`, { headers }),
  'writes records': ({ call }, headers) => call('mona', 'POST', '/records/leads', { json: samples.leads.row, headers }),
  'writes what takes a manager': ({ call }, headers) =>
    call('mona', 'POST', '/records/phone_numbers', { json: samples.phone_numbers.row, headers }),
  'changes what takes a manager': ({ rest }, headers) =>
    rest('mona', 'POST', '/phone_numbers', { json: samples.phone_numbers.row, headers }),
  'invites': ({ call, acme, address }, headers) =>
    call('mona', 'POST', `/organizations/${acme}/invitations`, {
      json: { email: address(crypto.randomUUID()), role: 'member' },
      headers,
    }),
}

/** How each path answers: `yes`, `nothing` where no row is there, or the problem code. */
async function outcomes(cast: Stage, withHeader: boolean): Promise<Record<string, string>> {
  const headers: Record<string, string> = withHeader ? { 'x-organization-id': cast.acme } : {}
  const found: Record<string, string> = {}
  for (const [what, ask] of Object.entries(paths)) {
    const { status, body, text } = await ask(cast, headers)
    if (status < 300) found[what] = text === '[]' ? 'nothing' : 'yes'
    else found[what] = Object(body).code === '42501' ? 'forbidden' : Object(body).hint ?? Object(body).code
  }
  return found
}

const all = (outcome: string): Record<string, string> =>
  Object.fromEntries(Object.keys(paths).map((path) => [path, outcome]))
const reading = ['reads through the Data API', 'asks a function of the database', 'asks a function']
const only = (names: string[], outcome: string) => Object.fromEntries(names.map((name) => [name, outcome]))
const managing = ['writes what takes a manager', 'changes what takes a manager']

interface Change {
  end: (cast: Stage) => Promise<Answer>
  /** What she gets without and with the header that names Acme. */
  then: [Record<string, string>, Record<string, string>]
  ended?: { invitations: number; sessions: number }
}

const member = (cast: Stage) => `/organizations/${cast.acme}/members/${cast.users.mona}`
const toStatus = (status: string) => async (cast: Stage): Promise<Answer> => {
  await sql`update organizations set subscription_status = ${status} where id = ${cast.acme}`
  return await cast.call('alice', 'GET', `/organizations/${cast.acme}`)
}

const gone = (write: string) => ({
  ...all(write),
  'reads through the Data API': 'nothing',
  'asks a function of the database': 'not_found',
  'asks a function': 'not_found',
  'invites': 'not_found',
})
const changes: Record<string, Change> = {
  'a removal': {
    end: (cast) => cast.call('alice', 'DELETE', member(cast)),
    then: [gone('organization_required'), gone('not_found')],
    ended: { invitations: 2, sessions: 1 },
  },
  'a suspension': {
    end: (cast) => cast.call('alice', 'POST', `${member(cast)}/suspend`),
    then: [gone('organization_required'), gone('not_found')],
    ended: { invitations: 2, sessions: 1 },
  },
  'a role that is lower by one': {
    end: (cast) => cast.call('alice', 'PATCH', member(cast), { json: { role: 'manager' } }),
    then: [{ ...all('yes'), 'invites': 'forbidden' }, { ...all('yes'), 'invites': 'forbidden' }],
    ended: { invitations: 2, sessions: 0 },
  },
  'the lowest role': {
    end: (cast) => cast.call('alice', 'PATCH', member(cast), { json: { role: 'member' } }),
    then: [
      { ...all('yes'), ...only([...managing, 'invites'], 'forbidden') },
      { ...all('yes'), ...only([...managing, 'invites'], 'forbidden') },
    ],
    ended: { invitations: 2, sessions: 0 },
  },
  'a suspension of the organization': {
    end: toStatus('suspended'),
    then: [
      { ...all('organization_suspended'), ...only(reading, 'yes') },
      { ...all('organization_suspended'), ...only(reading, 'yes') },
    ],
  },
  'the end of its subscription': {
    end: toStatus('cancelled'),
    then: [
      { ...all('organization_suspended'), ...only(reading, 'yes') },
      { ...all('organization_suspended'), ...only(reading, 'yes') },
    ],
  },
  'a deletion of the organization': {
    end: (cast) => cast.call('alice', 'DELETE', `/organizations/${cast.acme}`),
    then: [gone('organization_required'), gone('not_found')],
  },
}

describe.each(Object.entries(changes))('%s', (_, { end, then, ended }) => {
  it.each([
    ['and the choice of the session', false],
    ['and a header that names it', true],
  ])('holds on the very next request, with the token from before %s', async (_, withHeader) => {
    const cast = await stage()
    await sql`update organization_users set role = 'admin' where user_id = ${cast.users.mona}`
    const invitations = [
      await invite(cast, 'mona', cast.acme, cast.address('one')),
      await invite(cast, 'mona', cast.acme, cast.address('two')),
    ]
    await invite(cast, 'adam', cast.acme, cast.address('other'))
    await cast.call('mona', 'PUT', '/active-organization', { json: { organization_id: cast.acme } })
    expect((await cast.call('mia', 'POST', '/records/leads', { json: samples.leads.row })).status).toBe(201)
    // The control: all of it works.
    expect(await outcomes(cast, withHeader)).toEqual(all('yes'))
    await sql`delete from organization_invitations where organization_id = ${cast.acme}
      and invited_by = ${cast.users.mona} and id <> all (${invitations.map(({ invitation }) => invitation.id)})`
    // What changes through the Data API leaves something to change.
    await sql`update leads set notes = null where organization_id = ${cast.acme}`

    const answer = await end(cast)
    expect(answer.status).toBe(200)
    expect(await outcomes(cast, withHeader)).toEqual(then[withHeader ? 1 : 0])
    if (!ended) return
    expect(MemberChangedAnswer.parse(answer.body).ended).toEqual(ended)
    const [left] = await sql`select
      (select count(*)::int from organization_invitations where invited_by = ${cast.users.mona} and revoked_at is null) as hers,
      (select count(*)::int from organization_invitations where invited_by = ${cast.users.adam} and revoked_at is null) as others,
      (select count(*)::int from tenancy.active_organizations where user_id = ${cast.users.mona}) as sessions`
    expect(left).toEqual({ hers: 0, others: 1, sessions: 1 - ended.sessions })
    for (const { token } of invitations) {
      expect((await cast.call('anon', 'POST', '/invitations/preview', { json: { token } })).status).toBe(404)
    }
    // All of it in one transaction, and one entry.
    const entries = await sql`select action, after ->> 'ended_invitations' as ended from audit_log
      where organization_id = ${cast.acme} order by position desc limit 1`
    expect(entries[0]).toMatchObject({ action: expect.stringMatching(/^member\./), ended: '2' })
  })
})
