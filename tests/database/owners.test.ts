import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { as, join, signUp, stage } from './support/cast.ts'
import { attempt, inTransaction, sql, type Transaction } from './support/database.ts'
import { withMigrated } from './support/migrations.ts'
import { rolledBack } from './support/outcome.ts'

// Rule 5: an organization that has an owner never loses its last one, whoever asks and however.

describe('the last owner stays', () => {
  const losses: [string, (tx: Transaction, user: string) => ReturnType<typeof attempt>][] = [
    ['removal', (tx, user) => attempt(tx, (tx) => tx`delete from organization_users where user_id = ${user}`)],
    [
      'demotion',
      (tx, user) => attempt(tx, (tx) => tx`update organization_users set role = 'admin' where user_id = ${user}`),
    ],
    [
      'suspension',
      (tx, user) => attempt(tx, (tx) => tx`update organization_users set suspended_at = now() where user_id = ${user}`),
    ],
    ['deletion of the account', (tx, user) => attempt(tx, (tx) => tx`delete from auth.users where id = ${user}`)],
  ]

  it.each(losses)(
    '%s is refused for the only one, also to the database owner, and done for one of two',
    (_, lose) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        expect((await lose(tx, cast.users.alice)).refused).toMatchObject({ state: 'PT409', code: 'last_owner' })
        const [alice] = await tx`select role, suspended_at from organization_users where user_id = ${cast.users.alice}`
        expect(alice).toEqual({ role: 'owner', suspended_at: null })

        await tx`update organization_users set role = 'owner' where user_id = ${cast.users.adam}`
        expect((await lose(tx, cast.users.alice)).count).toBe(1)
      }),
  )

  it('a suspended owner does not count', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organization_users set role = 'owner', suspended_at = now() where user_id = ${cast.users.adam}`
      const leave = await attempt(tx, (tx) => tx`delete from organization_users where user_id = ${cast.users.alice}`)
      expect(leave.refused?.code).toBe('last_owner')
    }))

  it('one statement that removes all owners removes none', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`update organization_users set role = 'owner' where organization_id = ${cast.acme}`
      const clear = await attempt(tx, (tx) => tx`delete from organization_users where organization_id = ${cast.acme}`)
      expect(clear.refused?.code).toBe('last_owner')
      const [left] = await tx`select count(*)::int as n from organization_users where organization_id = ${cast.acme}`
      expect(left?.n).toBe(4)
    }))

  // In a database of its own: before it is refused, it locks every table against everybody.
  it(
    'a truncate that would remove all of them is refused, to the database owner too',
    () =>
      withMigrated(async (sql) => {
        await rolledBack(sql, async (tx) => {
          const cast = await stage(tx)
          for (const table of ['organization_users', 'organizations', 'auth.users']) {
            const empty = await attempt(tx, (tx) => tx`truncate ${tx(table)} cascade`)
            // What belongs to Auth is not even ours to truncate everywhere.
            expect(['last_owner', '42501'], table).toContain(empty.refused?.code || empty.refused?.state)
          }
          const [left] =
            await tx`select count(*)::int as n from organization_users where organization_id = ${cast.acme}`
          expect(left?.n).toBe(4)
        })
      }),
    60_000,
  )

  it('an organization that is removed takes its owners along', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await tx`delete from organizations where id = ${cast.acme}`
      const [left] = await tx`select count(*)::int as n from organization_users where organization_id = ${cast.acme}`
      expect(left?.n).toBe(0)
    }))

  it('a membership stays with its person and its organization, also for the database owner', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      // Of the cast alone: elsewhere other tests are at work.
      const memberships = () =>
        tx`select * from organization_users where organization_id in ${tx([cast.acme, cast.globex])}
          or user_id in ${tx(Object.values(cast.users))} order by organization_id, user_id`
      const before = await memberships()
      for (
        const change of [{ organization_id: cast.globex }, { user_id: cast.users.eve }]
      ) {
        const moved = await attempt(
          tx,
          (tx) => tx`update organization_users set ${tx(change)} where user_id = ${cast.users.mia}`,
        )
        expect(moved.refused).toMatchObject({ state: '42501', code: 'forbidden' })
      }
      expect(await memberships()).toEqual(before)
    }))

  it('nobody changes memberships past the entry points', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      for (const actor of ['alice', 'mia', 'eve', 'anon'] as const) {
        for (
          const statement of [
            (tx: Transaction) => tx`update organization_users set role = 'owner' where user_id = ${cast.users.mia}`,
            (tx: Transaction) => tx`delete from organization_users where user_id = ${cast.users.mia}`,
            (tx: Transaction) =>
              tx`insert into organization_users ${
                tx({ organization_id: cast.acme, user_id: cast.users.eve, role: 'owner' })
              }`,
          ]
        ) expect((await as(tx, cast, actor, statement)).refused?.state).toBe('42501')
      }
    }))
})

describe('two owners at the same moment', () => {
  const rivals = [1, 2].map(() => postgres(inject('stack').DB_URL, { max: 1, onnotice: () => {} }))
  afterAll(() => Promise.all(rivals.map((rival) => rival.end())))

  // Each rival does its part and stands at the barrier before it commits; the lock lets only one of them get there.
  it.each(['read committed', 'repeatable read'])('leave together under %s: one stays', async (isolation) => {
    const organization = crypto.randomUUID()
    const owners = await sql.begin(async (tx) => {
      await tx`insert into organizations (id, name, slug) values (${organization}, 'Rivals', ${
        'rivals-' + organization.slice(0, 8)
      })`
      const owners = [
        await signUp(tx, `${crypto.randomUUID()}@example.test`),
        await signUp(tx, `${crypto.randomUUID()}@example.test`),
      ]
      for (const owner of owners) await join(tx, organization, owner, 'owner')
      return owners
    })
    try {
      for (let round = 0; round < 20; round++) {
        const started = Promise.withResolvers<void>()
        let ready = 0
        const outcomes = await Promise.allSettled(
          rivals.map((rival, i) =>
            rival.begin(`isolation level ${isolation}`, async (tx) => {
              // Both transactions have their view of the world before either of them leaves.
              await tx`select count(*) from organization_users where organization_id = ${organization}`
              if (++ready === rivals.length) started.resolve()
              await started.promise
              await tx`delete from organization_users where organization_id = ${organization} and user_id = ${owners[
                i
              ]!}`
            })
          ),
        )
        const left = await sql`select user_id from organization_users where organization_id = ${organization}`
        expect(left.length, `round ${round}`).toBe(1)
        expect(outcomes.filter((outcome) => outcome.status === 'rejected').length).toBe(1)
        await sql`insert into organization_users (organization_id, user_id, role)
          select ${organization}, id, 'owner' from auth.users where id in ${sql(owners)} on conflict do nothing`
      }
    } finally {
      await sql`delete from organizations where id = ${organization}`
      await sql`delete from auth.users where id in ${sql(owners)}`
    }
  })
})
