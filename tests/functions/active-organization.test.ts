import { describe, expect, it } from 'vitest'
import { join } from '../database/support/cast.ts'
import { sql } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { send } from './support/http.ts'
import { expectProblem, pointersOf } from './support/problems.ts'
import { stack } from './support/stack.ts'
import { claimsFor, mintEs256 } from './support/tokens.ts'
import { worldOf } from './support/world.ts'

// Where a person's requests act: the header, else the session's choice, else the last one, else the only membership.

/** Mia belongs to both companies. */
async function stageTwoFold(): Promise<Stage> {
  const cast = await stage()
  await sql.begin((tx) => join(tx, cast.globex, cast.users.mia, 'manager'))
  return cast
}

const active = async (cast: Stage, headers = {}) =>
  (await cast.call('mia', 'GET', '/active-organization', { headers })).body
const choose = (cast: Stage, organization_id: unknown) =>
  cast.call('mia', 'PUT', '/active-organization', { json: { organization_id } })

describe('the active organization', () => {
  it('is the only one, until there are two', async () => {
    const cast = await stage()
    expect(await active(cast)).toEqual({ organization_id: cast.acme, role: 'member' })
    await sql.begin((tx) => join(tx, cast.globex, cast.users.mia, 'manager'))
    expect(await active(cast)).toEqual({ organization_id: null, role: null })
    expect((await cast.call('eve', 'GET', '/active-organization')).body).toEqual({ organization_id: null, role: null })
  })

  it('is the one that the session chose, until it forgets', async () => {
    const cast = await stageTwoFold()
    expect((await choose(cast, cast.globex.toUpperCase())).body).toEqual({
      organization_id: cast.globex,
      role: 'manager',
    })
    expect(await active(cast)).toEqual({ organization_id: cast.globex, role: 'manager' })
    expect((await choose(cast, cast.acme)).body).toEqual({ organization_id: cast.acme, role: 'member' })
    expect(await active(cast)).toEqual({ organization_id: cast.acme, role: 'member' })
    const cleared = await cast.call('mia', 'DELETE', '/active-organization')
    expect([cleared.status, cleared.body]).toEqual([200, { organization_id: null, role: null }])
    expect(await active(cast)).toEqual({ organization_id: null, role: null })
  })

  it('differs between two devices', async () => {
    const cast = await stageTwoFold()
    const token = await mintEs256(claimsFor(cast.users.mia, cast.emails.mia))
    const onPhone = (method: string, json?: object) =>
      send(method, `${stack('FUNCTIONS_URL')}/active-organization`, {
        json,
        headers: { authorization: `Bearer ${token}` },
      })
    await choose(cast, cast.acme)
    // A device that never chose follows the last choice.
    expect((await onPhone('GET')).body).toEqual({ organization_id: cast.acme, role: 'member' })
    await onPhone('PUT', { organization_id: cast.globex })
    expect((await onPhone('GET')).body).toEqual({ organization_id: cast.globex, role: 'manager' })
    expect(await active(cast)).toEqual({ organization_id: cast.acme, role: 'member' })
  })

  it('is the one in the header, for that request alone', async () => {
    const cast = await stageTwoFold()
    await choose(cast, cast.acme)
    const before = await worldOf(cast)
    expect(await active(cast, { 'x-organization-id': cast.globex })).toEqual({
      organization_id: cast.globex,
      role: 'manager',
    })
    expect(await active(cast)).toEqual({ organization_id: cast.acme, role: 'member' })
    expect(await worldOf(cast)).toEqual(before)
  })

  it('decides what the Data API shows and where it writes', async () => {
    const cast = await stageTwoFold()
    const add = async (phone_number: string) =>
      await cast.rest('mia', 'POST', '/leads', { json: { phone_number }, headers: { prefer: 'return=representation' } })
    await choose(cast, cast.acme)
    expect((await add('+15550101')).body).toMatchObject([{ organization_id: cast.acme }])
    await choose(cast, cast.globex)
    expect((await add('+15550102')).body).toMatchObject([{ organization_id: cast.globex }])
    expect((await cast.rest('mia', 'GET', '/leads?select=phone_number')).body).toEqual([{ phone_number: '+15550102' }])
    const headers = { 'x-organization-id': cast.acme }
    expect((await cast.rest('mia', 'GET', '/leads?select=phone_number', { headers })).body).toEqual([
      { phone_number: '+15550101' },
    ])
  })

  it('ends with the membership', async () => {
    const cast = await stageTwoFold()
    await choose(cast, cast.globex)
    await sql`delete from organization_users where organization_id = ${cast.globex} and user_id = ${cast.users.mia}`
    expect(await active(cast)).toEqual({ organization_id: cast.acme, role: 'member' })
    const before = await worldOf(cast)
    expectProblem(await choose(cast, cast.globex), 'not_found')
    expect(await worldOf(cast)).toEqual(before)
  })

  it.each([
    ['no uuid', 'acme', '/organization_id'],
    ['null', null, '/organization_id'],
    ['a list', [crypto.randomUUID()], '/organization_id'],
    ['nothing', undefined, '/organization_id'],
  ])('is not %s', async (_, organization_id, pointer) => {
    const cast = await stage()
    const before = await worldOf(cast)
    const answer = await choose(cast, organization_id)
    expectProblem(answer, 'validation_failed')
    expect(pointersOf(answer)).toEqual([pointer])
    expect(await worldOf(cast)).toEqual(before)
  })

  it('may be one that is suspended: it can be read', async () => {
    const cast = await stageTwoFold()
    await sql`update organizations set subscription_status = 'suspended' where id = ${cast.globex}`
    expect((await choose(cast, cast.globex)).body).toEqual({ organization_id: cast.globex, role: 'manager' })
  })
})
