import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { as, type Cast, stage } from './support/cast.ts'
import { attempt, inTransaction, sql, type Transaction } from './support/database.ts'
import { ask } from './support/ask.ts'

// Token buckets as the database counts them, and the limits on what members do.

const bucketOf = async (tx: Transaction | typeof sql, limit: string, key: string) =>
  (await tx<{ tokens: number; ahead: boolean }[]>`
    select tokens::float8 as tokens, updated_at > now() + interval '1 minute' as ahead from tenancy.rate_limit_buckets
    where limit_name = ${limit} and key = ${key}`)[0]

const take = (tx: Transaction, limit: string, key = 'somebody') =>
  attempt(tx, (tx) => tx`select tenancy.take_token(${limit}, ${key})`)

/** A limit of this test's own, gone with its transaction. */
async function limitOf(tx: Transaction | typeof sql, capacity: number, refills: string): Promise<string> {
  const name = `test_${crypto.randomUUID().slice(0, 8)}`
  await tx`insert into tenancy.rate_limits (name, capacity, refills_in, refusal)
    values (${name}, ${capacity}, ${refills}::text::interval, 'Too much.')`
  return name
}

/** Moves a bucket back in time, as if so much had passed. */
const pass = (tx: Transaction, limit: string, time: string) =>
  tx`update tenancy.rate_limit_buckets set updated_at = updated_at - ${time}::text::interval where limit_name = ${limit}`

describe('a bucket', () => {
  it.each([[20, 20, 7], [20, 100, 20]])(
    'gives %# exactly what it holds: %i at once ask, %i times in all, for %i',
    async (
      width,
      times,
      capacity,
    ) => {
      const limit = await limitOf(sql, capacity, '1 day')
      const crowd = postgres(inject('stack').DB_URL, { max: width, onnotice: () => {} })
      try {
        const outcomes: boolean[] = []
        for (let round = 0; round < times / width; round++) {
          const everybody = Promise.withResolvers<void>()
          let here = 0
          outcomes.push(
            ...await Promise.all(Array.from({ length: width }, () =>
              crowd.begin(async (tx) => {
                await tx`select 1`
                if (++here === width) everybody.resolve()
                await everybody.promise
                return !(await take(tx, limit)).refused
              }))),
          )
        }
        expect(outcomes).toHaveLength(times)
        expect(outcomes.filter(Boolean)).toHaveLength(capacity)
      } finally {
        await crowd.end()
        await sql`delete from tenancy.rate_limits where name = ${limit}`
      }
    },
  )

  it('fills again token by token, never above its rim, and for nobody else', () =>
    inTransaction(async (tx) => {
      const limit = await limitOf(tx, 3, '1 minute')
      const taken = async (key?: string) => !(await take(tx, limit, key)).refused
      expect([await taken(), await taken(), await taken(), await taken()]).toEqual([true, true, true, false])
      expect(await taken('somebody else')).toBe(true)
      await pass(tx, limit, '19 seconds')
      expect(await taken()).toBe(false)
      await pass(tx, limit, '1 second')
      expect([await taken(), await taken()]).toEqual([true, false])
      await pass(tx, limit, '1 day')
      expect([await taken(), await taken(), await taken(), await taken()]).toEqual([true, true, true, false])
    }))

  it('says when to come back, and then there is a token', () =>
    inTransaction(async (tx) => {
      const limit = await limitOf(tx, 7, '1 minute')
      for (let n = 0; n < 7; n++) expect((await take(tx, limit)).refused).toBeUndefined()
      const { message, code, detail } = await tx.savepoint((tx) => tx`select tenancy.take_token(${limit}, 'somebody')`)
        .catch((error) => error)
      expect([message, code]).toEqual(['Too much. Try again in 9 seconds.', 'PT429'])
      expect(JSON.parse(detail)).toEqual({
        policy: limit,
        limit: 7,
        window: 60,
        remaining: 0,
        retry_after: 9,
        reset: 60,
      })
      await pass(tx, limit, '9 seconds')
      expect((await take(tx, limit)).refused).toBeUndefined()
    }))

  it('gives nothing for a clock that was set back', () =>
    inTransaction(async (tx) => {
      const limit = await limitOf(tx, 1, '1 second')
      await take(tx, limit)
      await pass(tx, limit, '-1 hour')
      expect((await take(tx, limit)).refused?.code).toBe('rate_limited')
      await tx`update tenancy.rate_limit_buckets set tokens = 1 where limit_name = ${limit}`
      expect((await take(tx, limit)).refused).toBeUndefined()
      expect(await bucketOf(tx, limit, 'somebody')).toEqual({ tokens: 0, ahead: true })
    }))

  it('follows a limit that an operator changes', () =>
    inTransaction(async (tx) => {
      const limit = await limitOf(tx, 1, '1 hour')
      await take(tx, limit)
      await tx`update tenancy.rate_limits set capacity = 3600 where name = ${limit}`
      expect((await take(tx, limit)).refused?.code).toBe('rate_limited')
      await pass(tx, limit, '1 second')
      expect((await take(tx, limit)).refused).toBeUndefined()
    }))

  it('gets back what a request took that was refused later', () =>
    inTransaction(async (tx) => {
      const limit = await limitOf(tx, 1, '1 day')
      await attempt(tx, async (tx) => {
        await tx`select tenancy.take_token(${limit}, 'somebody')`
        return await tx`select tenancy.refuse('conflict', 'Later.')`
      })
      expect((await take(tx, limit)).refused).toBeUndefined()
    }))

  it('is forgotten once it is full', () =>
    inTransaction(async (tx) => {
      const limit = await limitOf(tx, 2, '1 minute')
      await take(tx, limit)
      await tx`select tenancy.tidy()`
      expect(await bucketOf(tx, limit, 'somebody')).toEqual({ tokens: 1, ahead: false })
      await pass(tx, limit, '30 seconds')
      await tx`select tenancy.tidy()`
      expect(await bucketOf(tx, limit, 'somebody')).toBeUndefined()
    }))

  it('without a limit of its name is a mistake, not a way around', () =>
    inTransaction(async (tx) => {
      expect((await take(tx, 'nothing_of_this_name')).refused?.state).toBe('P0002')
    }))
})

describe('invitations', () => {
  const delivered = (tx: Transaction) =>
    tx`update tenancy.rate_limits as l set capacity = d.capacity from (values
      ('invitations_per_organization', 50), ('invitations_per_recipient', 5), ('resends_per_invitation', 1),
      ('organizations_per_user', 10)) as d (name, capacity) where d.name = l.name`
  const invite = (tx: Transaction, cast: Cast, actor: 'adam' | 'alice' | 'bob', email: string) =>
    ask(
      tx,
      cast,
      actor,
      (tx) => tx`create_invitation(${actor === 'bob' ? cast.globex : cast.acme}, ${email}, 'member')`,
    )
  const revoke = (tx: Transaction, email: string) =>
    tx`update organization_invitations set revoked_at = now() where email = ${email.toLowerCase()}
      and revoked_at is null`

  it('are 50 an hour for an organization, whoever of it sends them', () =>
    inTransaction(async (tx) => {
      await delivered(tx)
      const cast = await stage(tx)
      for (let n = 0; n < 50; n++) {
        expect(typeof await invite(tx, cast, n % 2 ? 'adam' : 'alice', `n${n}.${cast.acme}@example.test`)).toBe(
          'object',
        )
      }
      expect(await invite(tx, cast, 'alice', `more.${cast.acme}@example.test`)).toBe('rate_limited')
      expect(typeof await invite(tx, cast, 'bob', `more.${cast.acme}@example.test`)).toBe('object')
      await pass(tx, 'invitations_per_organization', '72 seconds')
      expect(typeof await invite(tx, cast, 'alice', `more.${cast.acme}@example.test`)).toBe('object')
    }))

  it('are 5 an hour for an address in any case, whichever organization sends them, and sent again', () =>
    inTransaction(async (tx) => {
      await delivered(tx)
      const cast = await stage(tx)
      const email = `New.${cast.acme}@Example.test`
      const { invitation } = await invite(tx, cast, 'adam', email.toUpperCase())
      const resend = () => ask(tx, cast, 'adam', (tx) => tx`resend_invitation(${cast.acme}, ${invitation.id})`)
      expect(typeof await resend()).toBe('object')
      await revoke(tx, email)
      for (const actor of ['adam', 'bob', 'adam'] as const) {
        expect(typeof await invite(tx, cast, actor, actor === 'bob' ? ` ${email} ` : email.toLowerCase())).toBe(
          'object',
        )
        await revoke(tx, email)
      }
      const before = await tx`select * from tenancy.rate_limit_buckets where key = ${cast.acme}`
      for (const actor of ['adam', 'bob'] as const) expect(await invite(tx, cast, actor, email)).toBe('rate_limited')
      // The organization's own token went back.
      expect(await tx`select * from tenancy.rate_limit_buckets where key = ${cast.acme}`).toEqual(before)
      await pass(tx, 'invitations_per_recipient', '12 minutes')
      expect(typeof await invite(tx, cast, 'bob', email)).toBe('object')
    }))

  it('are sent again once a minute', () =>
    inTransaction(async (tx) => {
      await delivered(tx)
      const cast = await stage(tx)
      const { invitation } = await invite(tx, cast, 'adam', `new.${cast.acme}@example.test`)
      const resend = (actor: 'adam' | 'alice') =>
        ask(tx, cast, actor, (tx) => tx`resend_invitation(${cast.acme}, ${invitation.id})`)
      const { token } = await resend('adam')
      expect(await resend('alice')).toBe('rate_limited')
      // The link that was sent is the one that counts.
      expect(await ask(tx, cast, 'anon', (tx) => tx`preview_invitation(${token})`)).toMatchObject({ role: 'member' })
      await pass(tx, 'resends_per_invitation', '1 minute')
      expect(typeof await resend('alice')).toBe('object')
    }))

  it('and organizations are ten a day for a person; a slug that is taken costs nothing', () =>
    inTransaction(async (tx) => {
      await delivered(tx)
      const cast = await stage(tx)
      const create = (actor: 'eve' | 'bob', slug: string | null = null) =>
        ask(tx, cast, actor, (tx) => tx`create_organization('Initech', ${slug})`)
      const [globex] = await tx`select slug from organizations where id = ${cast.globex}`
      for (let n = 0; n < 3; n++) expect(await create('eve', globex?.slug)).toBe('slug_taken')
      for (let n = 0; n < 10; n++) expect(typeof await create('eve')).toBe('object')
      expect(await create('eve')).toBe('rate_limited')
      expect(typeof await create('bob')).toBe('object')
      await pass(tx, 'organizations_per_user', '144 minutes')
      expect(typeof await create('eve')).toBe('object')
    }))
})

it('an invitation that is refused by SQL alone is raised: there is no answer that could have a status', () =>
  inTransaction(async (tx) => {
    const cast = await stage(tx)
    const refused = await as(tx, cast, 'eve', (tx) => tx`select accept_invitation('inv_0')`)
    expect(refused.refused).toMatchObject({ state: 'PT404', code: 'not_found' })
    expect(await bucketOf(tx, 'failed_attempts_per_user', cast.users.eve)).toBeUndefined()
  }))
