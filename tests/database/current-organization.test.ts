import { describe, expect, it } from 'vitest'
import { as, type Cast, join, type Request, stage } from './support/cast.ts'
import { inTransaction, type Transaction } from './support/database.ts'

// Rule 2: a request acts in exactly one organization. The header, else the session's choice, else the last choice, else
// the only membership; and the membership of this moment decides.

const phone = crypto.randomUUID()
const laptop = crypto.randomUUID()

/** alice owns Acme and Globex here, with one lead in each. */
async function stageTwoCompanies(tx: Transaction): Promise<Cast> {
  const cast = await stage(tx)
  await join(tx, cast.globex, cast.users.alice, 'admin')
  for (const organization_id of [cast.acme, cast.globex]) {
    await tx`insert into leads ${tx({ organization_id, user_id: cast.users.alice, phone_number: '+15550100' })}`
  }
  return cast
}

const visible = async (tx: Transaction, cast: Cast, request: Request = {}) =>
  (await as(tx, cast, 'alice', (tx) => tx`select organization_id from leads`, request)).rows.map((r) =>
    r.organization_id
  )

const choose = (tx: Transaction, cast: Cast, organization: string, session: string) =>
  as(tx, cast, 'alice', (tx) => tx`select set_active_organization(${organization})`, { session })

const insert = (tx: Transaction, cast: Cast, request: Request = {}, actor: 'alice' | 'mia' | 'eve' = 'alice') =>
  as(
    tx,
    cast,
    actor,
    (tx) => tx`insert into leads (phone_number) values ('+15550199') returning organization_id`,
    request,
  )

describe('a request acts in one organization', () => {
  it('and a write is refused before any row is looked at, where its table is protected', () =>
    inTransaction(async (tx) => {
      const cast = await stageTwoCompanies(tx)
      const check = async (method: string, path: string, actor: 'eve' | 'mia') => {
        await tx`select set_config('request.method', ${method}, true), set_config('request.path', ${path}, true)`
        return (await as(tx, cast, actor, (tx) => tx`select tenancy.check_request()`)).refused?.code
      }
      for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
        expect(await check(method, '/leads', 'eve'), method).toBe('organization_required')
        expect(await check(method, '/leads', 'mia'), method).toBeUndefined()
      }
      expect(await check('GET', '/leads', 'eve')).toBeUndefined()
      expect(await check('PATCH', '/organizations', 'eve')).toBeUndefined()
    }))

  it('nothing to go by: reads are empty, writes say what is missing', () =>
    inTransaction(async (tx) => {
      const cast = await stageTwoCompanies(tx)
      expect(await visible(tx, cast)).toEqual([])
      expect((await insert(tx, cast)).refused).toMatchObject({ state: 'PT400', code: 'organization_required' })
      expect((await insert(tx, cast, {}, 'eve')).refused?.code).toBe('organization_required')
      const stored = await tx`select id from leads where user_id in (${cast.users.alice}, ${cast.users.eve})
        and phone_number = '+15550199'`
      expect(stored).toEqual([])
    }))

  it('the only membership, when there is one', () =>
    inTransaction(async (tx) => {
      const cast = await stageTwoCompanies(tx)
      expect((await insert(tx, cast, {}, 'mia')).rows).toEqual([{ organization_id: cast.acme }])
    }))

  it("the session's choice, so that two devices differ", () =>
    inTransaction(async (tx) => {
      const cast = await stageTwoCompanies(tx)
      await choose(tx, cast, cast.acme, phone)
      await choose(tx, cast, cast.globex, laptop)
      expect(await visible(tx, cast, { session: phone })).toEqual([cast.acme])
      expect(await visible(tx, cast, { session: laptop })).toEqual([cast.globex])
    }))

  it('the last choice, in a session that made none', () =>
    inTransaction(async (tx) => {
      const cast = await stageTwoCompanies(tx)
      await choose(tx, cast, cast.globex, phone)
      await choose(tx, cast, cast.acme, laptop)
      expect(await visible(tx, cast, { session: crypto.randomUUID() })).toEqual([cast.acme])
      await as(tx, cast, 'alice', (tx) => tx`select clear_active_organization()`, { session: laptop })
      expect(await visible(tx, cast, { session: laptop })).toEqual([cast.globex])
    }))

  it('the header, before everything else, in either case', () =>
    inTransaction(async (tx) => {
      const cast = await stageTwoCompanies(tx)
      await choose(tx, cast, cast.globex, phone)
      expect(await visible(tx, cast, { session: phone, organization: cast.acme })).toEqual([cast.acme])
      expect(await visible(tx, cast, { organization: cast.acme.toUpperCase() })).toEqual([cast.acme])
    }))

  it.each(['', 'acme', '{}', "'; drop table leads; --", 'x'.repeat(300)])(
    'refuses the header %j',
    (organization) =>
      inTransaction(async (tx) => {
        const cast = await stageTwoCompanies(tx)
        const refused = { state: 'PT400', code: 'invalid_header' }
        expect((await as(tx, cast, 'alice', (tx) => tx`select * from leads`, { organization })).refused).toMatchObject(
          refused,
        )
        expect((await insert(tx, cast, { organization })).refused).toMatchObject(refused)
      }),
  )

  it('refuses two organizations in one header', () =>
    inTransaction(async (tx) => {
      const cast = await stageTwoCompanies(tx)
      const both = `${cast.acme}, ${cast.globex}`
      expect((await insert(tx, cast, { organization: both })).refused?.code).toBe('invalid_header')
    }))

  it("a foreign organization is not there, in the same words as one that doesn't exist", () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const foreign = await insert(tx, cast, { organization: cast.globex }, 'mia')
      expect(foreign.refused).toMatchObject({ state: 'PT404', code: 'not_found' })
      expect(await insert(tx, cast, { organization: crypto.randomUUID() }, 'mia')).toEqual(foreign)
      const read = await as(tx, cast, 'mia', (tx) => tx`select * from leads`, { organization: cast.globex })
      expect(read.count).toBe(0)
    }))

  it('a secret key acts for nobody: a header names the organization, or the row does', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`select set_config('role', 'service_role', true),
        set_config('request.headers', ${JSON.stringify({ 'x-organization-id': cast.globex })}, true)`
      const [row] = await tx`insert into leads (phone_number) values ('+15550100') returning organization_id, user_id`
      expect(row).toEqual({ organization_id: cast.globex, user_id: null })
      await tx`select set_config('request.headers', '', true)`
      await expect(tx.savepoint((tx) => tx`insert into leads (phone_number) values ('+15550100')`)).rejects.toThrow(
        'organization_id',
      )
    }))
})

describe('the header is one uuid, however the request was written down', () => {
  const wish = crypto.randomUUID()
  const quoted = (value: string) => JSON.stringify({ 'accept': '*/*', 'x-organization-id': value, 'x-request-id': 'r' })
  const ask = async (headers: string) => {
    let id: unknown
    await inTransaction(async (tx) => {
      await tx`select set_config('request.headers', ${headers}, true)`
      const [answer] = await tx`select tenancy.requested_organization_id() as id`
      id = answer?.id
    })
    return id
  }

  it.each([
    ['as the Data API writes headers', quoted(wish), wish],
    ['in capital letters', quoted(wish.toUpperCase()), wish],
    ['with spaces, as jsonb is printed', JSON.stringify({ 'x-organization-id': wish }, null, 1), wish],
    ['in the words of another header', JSON.stringify({ referer: `"x-organization-id":"${wish}"` }), null],
    ['in the name of another header', JSON.stringify({ 'not-x-organization-id': wish }), null],
    [
      'behind the words of another header',
      JSON.stringify({
        'referer': `{"x-organization-id":"${crypto.randomUUID()}"}`,
        'x-organization-id': wish,
      }),
      wish,
    ],
    ['no header of that name', JSON.stringify({ accept: '*/*' }), null],
    ['no headers', '', null],
  ])('%s', async (_, headers, expected) => {
    expect(await ask(headers)).toBe(expected)
  })

  it.each([
    ['nothing', ''],
    ['a word', 'acme'],
    ['more than a uuid', `${wish}0`],
    ['two of them', `${wish},${wish}`],
    ['a uuid in braces, which Postgres would take', `{${wish}}`],
    ['a uuid without hyphens, which Postgres would take', wish.replaceAll('-', '')],
    ['a uuid and a quote', `${wish}"`],
  ])('%s is refused', async (_, value) => {
    await expect(ask(quoted(value))).rejects.toMatchObject({ code: 'PT400', hint: 'invalid_header' })
  })
})

describe('the membership of this moment decides', () => {
  const endings: [string, (tx: Transaction, cast: Cast) => Promise<unknown>][] = [
    [
      'removal',
      (tx, cast) =>
        tx`delete from organization_users where user_id = ${cast.users.mona} and organization_id = ${cast.acme}`,
    ],
    [
      'suspension of the person',
      (tx, cast) => tx`update organization_users set suspended_at = now() where user_id = ${cast.users.mona}`,
    ],
    [
      'deletion of the organization',
      (tx, cast) => tx`update organizations set deleted_at = now() where id = ${cast.acme}`,
    ],
  ]

  it.each(endings)(
    '%s ends reading and writing at once, whatever was chosen before',
    (_, end) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        await tx`insert into leads ${
          tx({ organization_id: cast.acme, user_id: cast.users.mona, phone_number: '+15550100' })
        }`
        const request = { session: phone }
        await as(tx, cast, 'mona', (tx) => tx`select set_active_organization(${cast.acme})`, request)
        const read = () => as(tx, cast, 'mona', (tx) => tx`select * from leads`, request)
        const write = (more: Request = {}) =>
          as(tx, cast, 'mona', (tx) => tx`insert into leads (phone_number) values ('+15550199')`, {
            ...request,
            ...more,
          })
        expect((await read()).count).toBe(1)
        expect((await write()).count).toBe(1)

        await end(tx, cast)
        expect((await read()).count).toBe(0)
        expect((await write()).refused?.code).toBe('organization_required')
        expect((await write({ organization: cast.acme })).refused?.code).toBe('not_found')
        const change = await as(tx, cast, 'mona', (tx) => tx`update leads set notes = 'late' where true`, request)
        expect(change.count).toBe(0)
      }),
  )

  it.each([{ banned_until: '2999-01-01' }, { deleted_at: '2026-01-01' }])(
    'an account with %j writes nothing',
    (closing) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        await tx`insert into leads ${
          tx({ organization_id: cast.acme, user_id: cast.users.mona, phone_number: '+15550100' })
        }`
        await tx`update auth.users set ${tx(closing)} where id = ${cast.users.mona}`
        const refused = { state: 'PT401', code: 'unauthenticated' }
        for (
          const statement of [
            (tx: Transaction) => tx`insert into leads (phone_number) values ('+15550199')`,
            (tx: Transaction) => tx`update leads set notes = 'late' where true`,
            (tx: Transaction) => tx`delete from leads where true`,
            (tx: Transaction) => tx`select create_organization('Late')`,
            (tx: Transaction) => tx`select set_active_organization(${cast.acme})`,
          ]
        ) expect((await as(tx, cast, 'mona', statement)).refused).toMatchObject(refused)
        const [lead] = await tx`select notes from leads where organization_id = ${cast.acme}`
        expect(lead).toEqual({ notes: null })
      }),
  )

  it('a weaker role holds at once', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`insert into leads ${
        tx({ organization_id: cast.acme, user_id: cast.users.mia, phone_number: '+15550100' })
      }`
      const change = () => as(tx, cast, 'mona', (tx) => tx`update leads set notes = 'seen' where true`)
      expect((await change()).count).toBe(1)
      await tx`update organization_users set role = 'member' where user_id = ${cast.users.mona}`
      expect((await change()).count).toBe(0)
    }))

  it.each(['suspended', 'cancelled'])(
    'a %s organization is read, not written, by anybody',
    (status) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        await tx`insert into leads ${
          tx({ organization_id: cast.acme, user_id: cast.users.mia, phone_number: '+15550100' })
        }`
        await tx`update organizations set subscription_status = ${status} where id = ${cast.acme}`
        const refused = { state: 'PT403', code: 'organization_suspended' }
        for (const actor of ['alice', 'mona', 'mia'] as const) {
          expect((await as(tx, cast, actor, (tx) => tx`select * from leads`)).count).toBe(1)
          expect((await as(tx, cast, actor, (tx) => tx`insert into leads (phone_number) values ('+15550199')`)).refused)
            .toMatchObject(refused)
          expect((await as(tx, cast, actor, (tx) => tx`update leads set notes = 'x' where true`)).refused)
            .toMatchObject(refused)
        }
        expect((await as(tx, cast, 'alice', (tx) => tx`delete from leads where true`)).refused).toMatchObject(refused)
        const [lead] = await tx`select notes from leads where organization_id = ${cast.acme}`
        expect(lead).toEqual({ notes: null })
      }),
  )
})
