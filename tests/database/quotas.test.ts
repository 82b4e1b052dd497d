import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { as, type Cast, found, join, signUp, stage } from './support/cast.ts'
import { attempt, inTransaction, sql, type Transaction } from './support/database.ts'
import { race } from './support/race.ts'

// People, campaigns and phone numbers: as many as the plan allows, for every way in. Calls have a file of their own.

const runners = postgres(inject('stack').DB_URL, { max: 12, onnotice: () => {} })
afterAll(() => runners.end())

const kinds = {
  campaigns: { limit: 'max_campaigns', row: { name: 'Spring' }, gone: 'archived', back: 'draft' },
  phone_numbers: { limit: 'max_phone_numbers', row: { number: '+15550101' }, gone: 'released', back: 'active' },
} as const
type Kind = keyof typeof kinds
const bothKinds = Object.keys(kinds) as Kind[]

const add = (tx: Transaction, kind: Kind, organization: string, count: number, more: Record<string, unknown> = {}) =>
  tx`insert into ${tx(kind)} ${
    tx(Array.from({ length: count }, () => ({ organization_id: organization, ...kinds[kind].row, ...more })))
  } returning id`

const limitTo = (tx: Transaction, organization: string, changes: Record<string, unknown>) =>
  tx`update organizations set ${tx(changes)} where id = ${organization}`

/** `quotas_of` without when it begins anew. */
async function usedOf(tx: Transaction, organization: string): Promise<Record<string, [number, number | null]>> {
  const [row] = await tx`select tenancy.quotas_of(${organization}) as quotas`
  return Object.fromEntries(row?.quotas.map((q: Record<string, unknown>) => [q.quota, [q.used, q.limit]]))
}

/** What a refusal says besides its code. */
async function refusalOf(tx: Transaction, statement: (tx: Transaction) => Promise<unknown>) {
  try {
    await tx.savepoint((savepoint) => statement(savepoint))
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error
    return [error.code, error.hint, JSON.parse(error.detail || '{}')]
  }
  return []
}

const driftOf = (tx: Transaction, organization: string) => tx`select * from tenancy.recount(${organization})`

describe.each(bothKinds)('%s', (kind) => {
  const { limit, gone, back } = kinds[kind]

  it('are as many as the plan allows, and the refusal says all there is to say', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      const other = await found(tx, 'Other')
      await limitTo(tx, acme, { [limit]: 3 })
      await limitTo(tx, other, { [limit]: 3 })
      await add(tx, kind, other, 3)
      await add(tx, kind, acme, 2)
      expect(await refusalOf(tx, (tx) => add(tx, kind, acme, 2))).toEqual([
        'PT402',
        'quota_exceeded',
        { quota: kind, limit: 3, used: 2, requested: 2, plan: 'basic', resets_at: null },
      ])
      expect((await usedOf(tx, acme))[kind]).toEqual([2, 3])
      await add(tx, kind, acme, 1)
      expect((await refusalOf(tx, (tx) => add(tx, kind, acme, 1)))[1]).toBe('quota_exceeded')
      expect((await usedOf(tx, acme))[kind]).toEqual([3, 3])
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('are not counted once they are ' + gone + ', and need room to come back', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { [limit]: 3 })
      await add(tx, kind, acme, 3)
      await add(tx, kind, acme, 2, { status: gone })
      expect((await usedOf(tx, acme))[kind]).toEqual([3, 3])
      const comeBack = (tx: Transaction) =>
        tx`update ${tx(kind)} set status = ${back} where organization_id = ${acme} and status = ${gone}`
      expect((await refusalOf(tx, comeBack))[2]).toMatchObject({ used: 3, requested: 2 })
      await tx`update ${tx(kind)} set status = ${gone}
        where id in (select id from ${tx(kind)} where organization_id = ${acme} and status = ${back} limit 1)`
      expect((await usedOf(tx, acme))[kind]).toEqual([2, 3])
      await tx`delete from ${tx(kind)} where organization_id = ${acme} and status = ${gone}`
      expect((await usedOf(tx, acme))[kind]).toEqual([2, 3])
      await add(tx, kind, acme, 1)
      await tx`delete from ${tx(kind)} where organization_id = ${acme}`
      expect((await usedOf(tx, acme))[kind]).toEqual([0, 3])
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('count once in an upsert, also one that brings a row back', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { [limit]: 2 })
      const [there] = await add(tx, kind, acme, 1, { status: gone })
      await add(tx, kind, acme, 1)
      const upsert = (ids: string[]) => (tx: Transaction) =>
        tx`insert into ${tx(kind)} ${
          tx(ids.map((id) => ({ id, organization_id: acme, ...kinds[kind].row, status: back })))
        } on conflict (id) do update set status = excluded.status`
      expect((await refusalOf(tx, upsert([there?.id, crypto.randomUUID()])))[1]).toBe('quota_exceeded')
      expect((await usedOf(tx, acme))[kind]).toEqual([1, 2])
      await upsert([there?.id])(tx)
      await upsert([there?.id])(tx)
      expect((await usedOf(tx, acme))[kind]).toEqual([2, 2])
      expect(await driftOf(tx, acme)).toEqual([])
    }))

  it('stay when the limit falls below them: it refuses the next', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await add(tx, kind, acme, 4)
      await limitTo(tx, acme, { [limit]: 2 })
      expect((await usedOf(tx, acme))[kind]).toEqual([4, 2])
      expect((await refusalOf(tx, (tx) => add(tx, kind, acme, 1)))[2]).toMatchObject({ limit: 2, used: 4 })
      await tx`update ${tx(kind)} set updated_at = now() where organization_id = ${acme}`
      const [kept] = await tx`select count(*)::int as n from ${tx(kind)} where organization_id = ${acme}`
      expect(kept?.n).toBe(4)
    }))

  it('have no end where neither the organization nor its plan has a limit', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { subscription_tier: 'enterprise' })
      await add(tx, kind, acme, 1000)
      expect((await usedOf(tx, acme))[kind]).toEqual([1000, null])
    }))

  it('are refused to a person as to anybody', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { [limit]: 1 })
      const insert = (tx: Transaction) => tx`insert into ${tx(kind)} ${tx([kinds[kind].row])}`
      expect((await as(tx, cast, 'alice', insert)).count).toBe(1)
      expect((await as(tx, cast, 'alice', insert)).refused).toMatchObject({ state: 'PT402', code: 'quota_exceeded' })
    }))

  it('10 at once at limit − 3: exactly 3 pass', async () => {
    const { acme, alice } = await sql.begin(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { [limit]: 5 })
      await add(tx, kind, cast.acme, 2)
      return { acme: cast.acme, alice: cast.users.alice }
    })
    try {
      for (let round = 0; round < 10; round++) {
        const racers = Array.from({ length: 10 }, () => ({
          user: alice,
          run: (tx: Transaction) => tx`insert into ${tx(kind)} ${tx([kinds[kind].row])}`,
        }))
        const outcomes = await race(sql, runners, racers)
        expect(outcomes.sort()).toEqual([...Array(3).fill('done'), ...Array(7).fill('quota_exceeded')])
        await sql`delete from ${sql(kind)} where id in (
          select id from ${sql(kind)} where organization_id = ${acme} limit 3)`
      }
      expect(await sql`select * from tenancy.recount(${acme})`).toEqual([])
    } finally {
      await sql`delete from organizations where id = ${acme}`
    }
  })
})

const invite = (tx: Transaction, cast: Cast, email: string, more: Record<string, unknown> = {}) =>
  tx`insert into organization_invitations ${
    tx({
      organization_id: cast.acme,
      email,
      role: 'member',
      invited_by: cast.users.alice,
      valid_for: '7 days',
      expires_at: new Date(Date.now() + 7 * 86_400_000),
      ...more,
    })
  } returning id`

describe('seats', () => {
  it('are kept by pending invitations to an address, past the entry points too', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { max_users: 6 })
      await invite(tx, cast, 'a@example.test')
      const [late] = await invite(tx, cast, 'late@example.test', { expires_at: new Date(0) })
      expect((await usedOf(tx, cast.acme)).users).toEqual([5, 6])
      await invite(tx, cast, 'b@example.test')
      const refused = ['PT402', 'quota_exceeded', {
        quota: 'users',
        limit: 6,
        used: 6,
        requested: 1,
        plan: 'basic',
        resets_at: null,
      }]
      expect(await refusalOf(tx, (tx) => invite(tx, cast, 'c@example.test'))).toEqual(refused)
      // One that ran out takes a seat again when it is prolonged, and a withdrawn one when it is not any more.
      expect(
        await refusalOf(tx, (tx) =>
          tx`update organization_invitations set expires_at = now() + interval '1 day' where id = ${late?.id}`),
      ).toEqual(refused)
      // Whoever comes without one does not take the seat that another one keeps.
      expect(
        await refusalOf(tx, (tx) =>
          join(tx, cast.acme, cast.users.eve, 'member')),
      ).toEqual(refused)
      await tx`update organization_invitations set revoked_at = now() where email = 'a@example.test'`
      await join(tx, cast.acme, cast.users.eve, 'member')
      expect((await usedOf(tx, cast.acme)).users).toEqual([6, 6])
      expect(
        (await refusalOf(tx, (tx) =>
          tx`update organization_invitations set revoked_at = null where email = 'a@example.test'`))[1],
      ).toBe('quota_exceeded')
      expect(await driftOf(tx, cast.acme)).toEqual([])
    }))

  it('are taken by whom they were kept for, also after the limit fell, and never past it', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { max_users: 6 })
      const others = await Promise.all([1, 2].map(async (n) => {
        const email = `invited${n}.${crypto.randomUUID()}@example.test`
        return { id: await signUp(tx, email), email }
      }))
      for (const { email } of others) await invite(tx, cast, email)
      await limitTo(tx, cast.acme, { max_users: 5 })
      await join(tx, cast.acme, others[0]!.id, 'member')
      expect(await refusalOf(tx, (tx) => join(tx, cast.acme, others[1]!.id, 'member'))).toMatchObject([
        'PT402',
        'quota_exceeded',
        { used: 5, limit: 5, requested: 1 },
      ])
    }))

  it('are not kept for somebody who has come another way', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { max_users: 5 })
      const email = `invited.${crypto.randomUUID()}@example.test`
      const id = await signUp(tx, email)
      const revoked = async () =>
        (await tx`select revoked_at from organization_invitations where email = ${email}`)[0]?.revoked_at
      await invite(tx, cast, email)
      // Who is suspended takes no seat, and may be who it is kept for when they come back.
      await tx`insert into organization_users (organization_id, user_id, role, suspended_at)
        values (${cast.acme}, ${id}, 'member', now())`
      expect([(await usedOf(tx, cast.acme)).users, await revoked()]).toEqual([[5, 5], null])
      await tx`update organization_users set suspended_at = null where user_id = ${id}`
      expect([(await usedOf(tx, cast.acme)).users, await revoked()]).toEqual([[5, 5], expect.any(Date)])
      await tx`delete from organization_users where user_id = ${id}`
      await tx`update organization_invitations set revoked_at = null where email = ${email}`
      await join(tx, cast.acme, id, 'member')
      expect([(await usedOf(tx, cast.acme)).users, await revoked()]).toEqual([[5, 5], expect.any(Date)])
      expect(await driftOf(tx, cast.acme)).toEqual([])
    }))

  it('are not taken by who is suspended, and not given twice', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { max_users: 4 })
      const suspend = (at: string | null) =>
        tx`update organization_users set suspended_at = ${at} where organization_id = ${cast.acme} and user_id = ${cast.users.mia}`
      await suspend('2026-01-01')
      await suspend('2026-01-02')
      expect((await usedOf(tx, cast.acme)).users).toEqual([3, 4])
      await suspend(null)
      expect((await usedOf(tx, cast.acme)).users).toEqual([4, 4])
      await suspend('2026-01-01')
      await tx`delete from organization_users where organization_id = ${cast.acme} and user_id = ${cast.users.mia}`
      await tx`delete from organization_users where organization_id = ${cast.acme} and user_id = ${cast.users.mona}`
      expect((await usedOf(tx, cast.acme)).users).toEqual([2, 4])
      expect(await driftOf(tx, cast.acme)).toEqual([])
    }))
})

describe('quotas_of', () => {
  it('names all four in order, with the plan’s limits where the organization has none of its own', () =>
    inTransaction(async (tx) => {
      const acme = await found(tx, 'Acme')
      await limitTo(tx, acme, { max_users: null })
      const [row] = await tx`select tenancy.quotas_of(${acme}) as quotas`
      expect(row?.quotas).toEqual([
        { quota: 'users', limit: 5, used: 0, resets_at: null },
        { quota: 'campaigns', limit: 10, used: 0, resets_at: null },
        { quota: 'phone_numbers', limit: 5, used: 0, resets_at: null },
        { quota: 'calls', limit: 1000, used: 0, resets_at: expect.any(String) },
      ])
      const [none] = await tx`select tenancy.quotas_of(${crypto.randomUUID()}) as quotas`
      expect(none?.quotas).toEqual([])
    }))
})

describe('recounting', () => {
  it('finds and repairs counters that are wrong or missing', () =>
    inTransaction(async (tx) => {
      const { acme } = await stage(tx)
      await add(tx, 'campaigns', acme, 2)
      await add(tx, 'phone_numbers', acme, 1)
      await tx`update tenancy.quota_counters set used = used + 3 where organization_id = ${acme} and quota = 'campaigns'`
      await tx`delete from tenancy.quota_counters where organization_id = ${acme} and quota = 'phone_numbers'`
      expect(await driftOf(tx, acme)).toEqual([
        { counter: 'quota campaigns', kept: '5', counted: '2', drift: '3' },
        { counter: 'quota phone_numbers', kept: '0', counted: '1', drift: '1' },
      ])
      expect(await driftOf(tx, acme)).toEqual([])
      expect(await usedOf(tx, acme)).toMatchObject({ campaigns: [2, 10], phone_numbers: [1, 5], users: [4, 100] })
      const { refused } = await attempt(tx, (tx) => driftOf(tx, crypto.randomUUID()))
      expect(refused?.code).toBe('not_found')
    }))
})

describe('whatever many do at once', () => {
  it('leaves every counter at what is there, and nothing beyond its limit', async () => {
    const cast = await sql.begin(async (tx) => {
      const cast = await stage(tx)
      await limitTo(tx, cast.acme, { max_users: 6, max_campaigns: 5, max_phone_numbers: 5, monthly_call_limit: 150 })
      return cast
    })
    const { acme } = cast
    const pick = <One>(all: readonly One[]): One => all[Math.floor(Math.random() * all.length)]!
    const some = () => 1 + Math.floor(Math.random() * 3)
    const any = (tx: Transaction, table: string) =>
      tx`(select id from ${tx(table)} where organization_id = ${acme} order by random() limit ${some()})`
    const suspend = (tx: Transaction, at: Date | null) =>
      tx`update organization_users set suspended_at = ${at} where organization_id = ${acme}
        and user_id = ${pick([cast.users.mona, cast.users.mia])}`
    const ofKind = (kind: Kind): ((tx: Transaction) => Promise<unknown>)[] => [
      (tx) => add(tx, kind, acme, some()),
      (tx) => add(tx, kind, acme, some(), { status: pick([kinds[kind].gone, kinds[kind].back]) }),
      (tx) => tx`update ${tx(kind)} set status = ${kinds[kind].gone} where id in ${any(tx, kind)}`,
      (tx) => tx`update ${tx(kind)} set status = ${kinds[kind].back} where id in ${any(tx, kind)}`,
      (tx) =>
        tx`insert into ${tx(kind)} select * from ${tx(kind)} where id in ${any(tx, kind)}
          on conflict (id) do update set status = ${pick([kinds[kind].gone, kinds[kind].back])}`,
      (tx) => tx`delete from ${tx(kind)} where id in ${any(tx, kind)}`,
    ]
    const acts: ((tx: Transaction) => Promise<unknown>)[] = [
      ...bothKinds.flatMap(ofKind),
      (tx) =>
        tx`insert into call_logs (organization_id, phone_number) select ${acme}, '+1' from generate_series(1, ${some()})`,
      (tx) => tx`delete from call_logs where id in ${any(tx, 'call_logs')}`,
      (tx) => suspend(tx, new Date()),
      (tx) => suspend(tx, null),
      (tx) => invite(tx, cast, `${crypto.randomUUID()}@example.test`),
      (tx) =>
        tx`update organization_invitations set revoked_at = now() where id in ${any(tx, 'organization_invitations')}`,
    ]
    const outcomes = new Set<string>()
    await Promise.all(Array.from({ length: 10 }, async () => {
      for (let n = 0; n < 40; n++) {
        // Some think better of it.
        const isUndone = Math.random() < 0.1
        const outcome = await runners.begin(async (tx) => {
          await pick(acts)(tx)
          if (isUndone) throw new Error('undone')
          return 'done'
        }).catch((error) => String(error.code ?? '').startsWith('PT') ? error.hint : error.code ?? error.message)
        outcomes.add(outcome)
      }
    }))
    // Those who meet in a circle are told so by the database.
    expect([...outcomes].filter((outcome) => outcome !== '40P01').sort()).toEqual(['done', 'quota_exceeded', 'undone'])
    await inTransaction(async (tx) => {
      expect(await driftOf(tx, acme)).toEqual([])
      const quotas = Object.entries(await usedOf(tx, acme))
      expect(quotas).toHaveLength(4)
      for (const [quota, [used, limit]] of quotas) expect(used, quota).toBeLessThanOrEqual(limit!)
    })
    await sql`delete from organizations where id in ${sql([acme, cast.globex])}`
    await sql`delete from auth.users where id in ${sql(Object.values(cast.users))}`
  }, 60_000)
})

describe('an organization that is removed', () => {
  it('leaves no counter', () =>
    inTransaction(async (tx) => {
      const { acme } = await stage(tx)
      await add(tx, 'campaigns', acme, 2)
      await tx`insert into call_logs (organization_id, phone_number) values (${acme}, '+1')`
      await tx`delete from organizations where id = ${acme}`
      expect(
        await tx`select organization_id from tenancy.quota_counters where organization_id = ${acme}
        union all select organization_id from tenancy.call_counters where organization_id = ${acme}
        union all select organization_id from tenancy.call_months where organization_id = ${acme}`,
      ).toEqual([])
    }))
})
