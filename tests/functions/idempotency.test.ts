import { beforeAll, describe, expect, it } from 'vitest'
import { InvitationSentAnswer } from '../../shared/contract/invitations.ts'
import { join } from '../database/support/cast.ts'
import { sql } from '../database/support/database.ts'
import { type Actor, type Stage, stage } from './support/cast.ts'
import type { Answer } from './support/http.ts'
import { mailIdsWith } from './support/mail.ts'
import { expectProblem } from './support/problems.ts'
import { listRoutes } from './support/routes.ts'
import { bodyFor, openScene, pathFor, type Scene, servedBy } from './support/scene.ts'
import { rowsOf, worldOf } from './support/world.ts'

// The same request twice: done once, answered twice.

const newKey = () => crypto.randomUUID()
const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true'
const lead = (phone_number = '+15550100') => ({ phone_number })

const store = (cast: Stage, actor: Actor, key: string, json: unknown = lead(), headers = {}) =>
  cast.call(actor, 'POST', '/records/leads', { json, headers: { 'idempotency-key': key, ...headers } })

const countLeads = async (organization: string, phone_number = '+15550100') =>
  (await sql`select 1 from leads where organization_id = ${organization} and phone_number = ${phone_number}`).length

/** What must be so before a route has something to do. */
const ready: Record<string, (scene: Scene) => PromiseLike<unknown>> = {
  restoreOrganization: ({ acme }) => sql`update organizations set deleted_at = now() where id = ${acme}`,
  reactivateMember: ({ users }) => sql`update organization_users set suspended_at = now() where user_id = ${users.mia}`,
}

// Which these are, tests/unit/openapi.test.ts says: every POST of a signed-in person, but for those that only read.
const routes = (await listRoutes()).filter(({ takesKey }) => takesKey)

describe('law: every route that takes a key', () => {
  it('is found in the document', () => expect(routes.length).toBeGreaterThanOrEqual(16))

  it.each(routes)('$name: a retry does nothing and is answered the same', async (route) => {
    const scene = await openScene()
    await ready[route.name]?.(scene)
    const actor = servedBy(route)
    const json = bodyFor(route, scene)
    const headers = { 'idempotency-key': newKey() }
    const ask = (more = {}) => scene.call(actor, 'POST', pathFor(route, scene), { json, headers, ...more })

    const first = await ask()
    expect(first.status, `make it possible in \`ready\`: ${first.text}`).toBeLessThan(300)
    expect(isReplay(first)).toBe(false)
    const body = Object(first.body)
    const mails = () => mailIdsWith(body.invitation.email)
    if ('mail' in body) await expect.poll(async () => (await mails()).length).toBe(1)

    // Notices of the first request may arrive whenever they do; of the second one there is no event.
    const before = await rowsOf(scene)
    expect(Object.values(before.idempotency_keys ?? [])).toHaveLength(1)
    for (let n = 0; n < 2; n++) {
      const again = await ask()
      expect(isReplay(again), again.text).toBe(true)
      expect(again.status).toBe(first.status)
      expect(again.body).toEqual('mail' in body ? { ...body, mail: 'unknown' } : body)
    }
    expect(await rowsOf(scene)).toEqual(before)
    if ('mail' in body) expect(await mails()).toHaveLength(1)

    if (json) {
      const other = { ...headers, 'content-type': 'application/json' }
      expectProblem(
        await ask({ json: undefined, body: JSON.stringify(json) + ' ', headers: other }),
        'idempotency_key_reused',
      )
      expect(await rowsOf(scene)).toEqual(before)
    }
    const stranger = await scene.call('bob', 'POST', pathFor(route, scene), { json, headers })
    expect(isReplay(stranger)).toBe(false)
  })
})

describe('a key', () => {
  let cast: Stage
  beforeAll(async () => {
    cast = await stage()
  })

  it('is one with another request only as a mistake', async () => {
    const key = newKey()
    expect((await store(cast, 'mia', key, lead('+15550101'))).status).toBe(201)
    const before = await worldOf(cast)
    const others = [
      await store(cast, 'mia', key, lead('+15550102')),
      await store(cast, 'mia', key, [lead('+15550101')]),
      await cast.call('mia', 'POST', '/records/call_logs', {
        json: lead('+15550101'),
        headers: { 'idempotency-key': key },
      }),
    ]
    for (const other of others) expectProblem(other, 'idempotency_key_reused')
    expect(await worldOf(cast)).toEqual(before)
  })

  it('is the same as it is and as a quoted string', async () => {
    const key = newKey()
    expect(isReplay(await store(cast, 'mia', key))).toBe(false)
    expect(isReplay(await store(cast, 'mia', `"${key}"`))).toBe(true)
  })

  it('of somebody else is another key', async () => {
    const key = newKey()
    const answers = [
      await store(cast, 'mia', key, lead('+15550111')),
      await store(cast, 'mona', key, lead('+15550111')),
    ]
    expect(answers.map((answer) => [answer.status, isReplay(answer)])).toEqual([[201, false], [201, false]])
    expect(await countLeads(cast.acme, '+15550111')).toBe(2)
  })

  it('in another organization is another key', async () => {
    const own = await stage()
    await sql.begin((tx) => join(tx, own.acme, own.users.bob, 'member'))
    const key = newKey()
    for (const organization of [own.acme, own.globex]) {
      const there = { 'x-organization-id': organization }
      expect(isReplay(await store(own, 'bob', key, lead(), there))).toBe(false)
      expect(isReplay(await store(own, 'bob', key, lead(), there))).toBe(true)
      expect(await countLeads(organization)).toBe(1)
    }
  })

  it('for another route is another key', async () => {
    const own = await stage()
    const headers = { 'idempotency-key': newKey() }
    const answers = [
      await store(own, 'alice', headers['idempotency-key']),
      await own.call('alice', 'POST', '/organizations', { json: { name: 'Initech' }, headers }),
      await own.call('alice', 'POST', `/organizations/${own.acme}/invitations`, {
        json: { email: own.address('new'), role: 'member' },
        headers,
      }),
    ]
    expect(answers.map((answer) => [answer.status, isReplay(answer)])).toEqual(answers.map(() => [201, false]))
  })

  it('of what was refused stores nothing, and can be used again', async () => {
    const own = await stage()
    const key = newKey()
    const before = await worldOf(own)
    expectProblem(await store(own, 'mia', key, { priority: -1 }), 'validation_failed')
    expectProblem(await store(own, 'eve', key), 'organization_required')
    const invite = (email: string) =>
      own.call('mia', 'POST', `/organizations/${own.acme}/invitations`, {
        json: { email, role: 'member' },
        headers: { 'idempotency-key': key },
      })
    expectProblem(await invite(own.address('new')), 'forbidden')
    // A refused token is counted, so its transaction is committed: its answer must not be kept all the same.
    const token = `inv_${'0'.repeat(64)}`
    const accept = { json: { token }, headers: { 'idempotency-key': key } }
    for (let n = 0; n < 2; n++) {
      const refused = await own.call('eve', 'POST', '/invitations/accept', accept)
      expectProblem(refused, 'not_found')
      expect(isReplay(refused)).toBe(false)
    }
    expect(await worldOf(own)).toEqual(before)

    expect(isReplay(await store(own, 'mia', key))).toBe(false)
    expect(await countLeads(own.acme)).toBe(1)
    await sql`update organization_users set role = 'admin' where user_id = ${own.users.mia}`
    const invited = await invite(own.address('new'))
    expect([invited.status, isReplay(invited)]).toEqual([201, false])
  })

  it('is as good as new after 24 hours, tidied up or not', async () => {
    const own = await stage()
    const key = newKey()
    const age = (time: string) =>
      sql`update tenancy.idempotency_keys set created_at = now() - ${time}::interval where user_id = ${own.users.mia}`
    await store(own, 'mia', key)
    await age('23:59:00')
    expect(isReplay(await store(own, 'mia', key))).toBe(true)
    await age('24:00:00')
    const late = await store(own, 'mia', key)
    expect([late.status, isReplay(late)]).toEqual([201, false])
    expect(await countLeads(own.acme)).toBe(2)
    // The answer of that time is kept from now on.
    const again = await store(own, 'mia', key)
    expect([isReplay(again), again.text]).toEqual([true, late.text])
  })

  it('tells nothing of an organization to whom it is no longer theirs', async () => {
    const own = await stage()
    const keys = [newKey(), newKey()]
    const asks = (actor: Actor) => [
      store(own, actor, keys[0] ?? ''),
      store(own, actor, keys[1] ?? '', lead(), { 'x-organization-id': own.acme }),
      own.call(actor, 'POST', `/organizations/${own.acme}/invitations`, {
        json: { email: own.address('new'), role: 'member' },
        headers: { 'idempotency-key': keys[0] ?? '' },
      }),
    ]
    for (const answer of await Promise.all(asks('adam'))) expect(answer.status, answer.text).toBe(201)
    for (const answer of await Promise.all(asks('adam'))) expect(isReplay(answer)).toBe(true)
    const stored = async () => {
      const { leads, idempotency_keys, mails } = await worldOf(own)
      return { leads, idempotency_keys, mails }
    }
    const before = await stored()
    await sql`update organization_users set suspended_at = now() where user_id = ${own.users.adam}`
    for (const answer of await Promise.all(asks('adam'))) expectProblem(answer, 'not_found')
    await sql`update organization_users set suspended_at = null where user_id = ${own.users.adam}`
    expect(await stored()).toEqual(before)
    for (const answer of await Promise.all(asks('adam'))) expect(isReplay(answer)).toBe(true)
    await sql`update organizations set deleted_at = now() where id = ${own.acme}`
    for (const answer of await Promise.all(asks('adam'))) expectProblem(answer, 'not_found')
  })
})

describe('what is stored', () => {
  /** The rows of all tables in which a text, or its bytes, are written somewhere. */
  async function rowsWith(text: string): Promise<string[]> {
    const tables = await sql`
      select format('%I.%I', n.nspname, c.relname) as name from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('public', 'tenancy', 'auth')`
    const bytes = Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('')
    const found = await Promise.all(
      tables.map(async ({ name }) =>
        (await sql.unsafe(`select 1 from ${name} as t where t::text like $1 or t::text like $2`, [
            `%${text}%`,
            `%${bytes}%`,
          ])).length > 0
          ? [String(name)]
          : []
      ),
    )
    return found.flat()
  }

  it('gives neither the token of an invitation away nor the key', async () => {
    const cast = await stage()
    const key = newKey()
    const email = cast.address('secret')
    const ask = () =>
      cast.call('adam', 'POST', `/organizations/${cast.acme}/invitations`, {
        json: { email, role: 'member' },
        headers: { 'idempotency-key': key },
      })
    const { token } = InvitationSentAnswer.parse((await ask()).body)
    expect(await rowsWith(token)).toEqual([])
    expect(await rowsWith(key)).toEqual([])
    // Controls: the search finds texts and bytes, and the answer is there for who has the key.
    expect(await rowsWith(email)).toContain('public.organization_invitations')
    const [row] = await sql`
      select id, encode(key_hash, 'hex') as hash, encode(answer, 'hex') as answer,
        convert_from(extensions.decrypt(answer, tenancy.idempotency_secret(${key}, id), 'aes'), 'UTF8')::jsonb as clear
      from tenancy.idempotency_keys where user_id = ${cast.users.adam}`
    expect(row?.clear).toMatchObject({ token, invitation: { email } })
    const [found] = await sql`select encode(sha256(convert_to(${key}, 'UTF8')), 'hex') as hash`
    expect(row?.hash).toBe(found?.hash)
    expect(Object((await ask()).body).token).toBe(token)
  })

  it('is encrypted anew for each row, even under the same key', async () => {
    const cast = await stage()
    const key = newKey()
    const found = () =>
      cast.call('adam', 'POST', '/invitations/decline', { json: { token: 'x' }, headers: { 'idempotency-key': key } })
    expectProblem(await found(), 'not_found')
    await store(cast, 'adam', key)
    await store(cast, 'mona', key)
    const rows = await sql`select key_hash, substr(answer, 1, 16) as start from tenancy.idempotency_keys
      where user_id in ${sql([cast.users.adam, cast.users.mona])}`
    expect(rows).toHaveLength(2)
    expect(rows[0]?.key_hash).toEqual(rows[1]?.key_hash)
    expect(rows[0]?.start).not.toEqual(rows[1]?.start)
  })

  it('goes when its day is over, and with the account', async () => {
    const cast = await stage()
    const rows = (actor: 'mia' | 'mona') =>
      sql`select 1 from tenancy.idempotency_keys where user_id = ${cast.users[actor]}`
    await store(cast, 'mia', newKey())
    await store(cast, 'mona', newKey())
    await sql`update tenancy.idempotency_keys set created_at = now() - interval '24 hours' where user_id = ${cast.users.mia}`
    await sql`select tenancy.tidy()`
    expect([(await rows('mia')).length, (await rows('mona')).length]).toEqual([0, 1])
    await sql`delete from auth.users where id = ${cast.users.mona}`
    expect(await rows('mona')).toHaveLength(0)
  })
})
