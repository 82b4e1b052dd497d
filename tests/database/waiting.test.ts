import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { type Cast, stage } from './support/cast.ts'
import { sql, type Transaction } from './support/database.ts'

// Somebody changes a row and has not committed; somebody else waits for the lock. What was true before the wait need not
// be true after it.

const waiting = postgres(inject('stack').DB_URL, { max: 1, onnotice: () => {} })
afterAll(() => waiting.end())

/**
 * Lets `second` begin while `first` holds its locks, commits `first` once `second` waits and `more` is done, and answers how
 * `second` ended.
 */
async function overtake(
  user: string,
  first: (tx: Transaction) => Promise<unknown>,
  second: (tx: Transaction) => Promise<unknown>,
  more: (tx: Transaction) => Promise<unknown> = () => Promise.resolve(),
) {
  let outcome: Promise<string> = Promise.resolve('not begun')
  await sql.begin(async (tx) => {
    await first(tx)
    const pid = Promise.withResolvers<number>()
    outcome = waiting.begin(async (tx) => {
      const [own] = await tx`select pg_backend_pid() as pid`
      pid.resolve(own?.pid)
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true),
        set_config('role', 'authenticated', true)`
      await second(tx)
      return 'done'
    }).catch((error) => error.hint ?? error.message)
    const waiter = await pid.promise
    // Should it not wait at all, it ends, and what it answers is what the test looks at.
    let ended = false
    outcome.finally(() => ended = true)
    while (!ended) {
      const [blocked] = await sql`select cardinality(pg_blocking_pids(${waiter})) > 0 as yes`
      if (blocked?.yes) break
    }
    await more(tx)
  })
  return await outcome
}

async function withCast(story: (cast: Cast) => Promise<void>) {
  const cast = await sql.begin(stage)
  try {
    await story(cast)
  } finally {
    await sql`delete from organizations where id in ${sql([cast.acme, cast.globex])}`
    await sql`delete from auth.users where id in ${sql(Object.values(cast.users))}`
  }
}

const rename = (cast: Cast) => (tx: Transaction) => tx`select update_organization(${cast.acme}, '{"name": "Late"}')`

describe('changing an organization', () => {
  it.each(
    [
      [
        'is being deleted',
        (tx: Transaction, cast: Cast) => tx`update organizations set deleted_at = now() where id = ${cast.acme}`,
        'not_found',
      ],
      [
        'is being suspended',
        (tx: Transaction, cast: Cast) =>
          tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`,
        'organization_suspended',
      ],
    ] as const,
  )('that %s is refused', (_, end, expected) =>
    withCast(async (cast) => {
      expect(await overtake(cast.users.adam, (tx) => end(tx, cast), rename(cast))).toBe(expected)
      const [acme] = await sql`select name from organizations where id = ${cast.acme}`
      expect(acme?.name).toBe('Acme')
    }))

  it('that somebody else changes is done after them', () =>
    withCast(async (cast) => {
      const other = (tx: Transaction) => tx`update organizations set timezone = 'Europe/Berlin' where id = ${cast.acme}`
      expect(await overtake(cast.users.adam, other, rename(cast))).toBe('done')
      const [acme] = await sql`select name, timezone from organizations where id = ${cast.acme}`
      expect(acme).toEqual({ name: 'Late', timezone: 'Europe/Berlin' })
    }))
})

describe('accepting an invitation', () => {
  /** adam invites eve, in a transaction of its own. */
  const invite = (cast: Cast) =>
    sql.begin(async (tx) => {
      const [eve] = await tx`select email from auth.users where id = ${cast.users.eve}`
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users.adam })}, true),
        set_config('role', 'authenticated', true)`
      const [sent] = await tx`select create_invitation(${cast.acme}, ${eve?.email}, 'member') as answer`
      return sent?.answer as { token: string; invitation: { id: string } }
    })

  const ends = [
    [
      'whose organization is being deleted',
      (tx: Transaction, cast: Cast) => tx`update organizations set deleted_at = now() where id = ${cast.acme}`,
      'not_found',
    ],
    [
      'whose organization is being suspended',
      (tx: Transaction, cast: Cast) =>
        tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`,
      'organization_suspended',
    ],
    [
      'that is being revoked',
      (tx: Transaction, _: Cast, id: string) =>
        tx`update organization_invitations set revoked_at = now() where id = ${id}`,
      'not_found',
    ],
    [
      'that is running out',
      (tx: Transaction, _: Cast, id: string) =>
        tx`update organization_invitations set expires_at = now() where id = ${id}`,
      'not_found',
    ],
    [
      'whose sender is being banned',
      (tx: Transaction, cast: Cast) =>
        tx`update auth.users set banned_until = 'infinity' where id = ${cast.users.adam}`,
      'conflict',
    ],
    [
      'whose own account is being banned',
      (tx: Transaction, cast: Cast) => tx`update auth.users set banned_until = 'infinity' where id = ${cast.users.eve}`,
      'unauthenticated',
    ],
    [
      'whose own account is being deleted',
      (tx: Transaction, cast: Cast) => tx`delete from auth.users where id = ${cast.users.eve}`,
      'unauthenticated',
    ],
    ['that gets a new token', async (tx: Transaction, _: Cast, id: string) => {
      await tx`select 1 from organization_invitations where id = ${id} for update`
      await tx`select tenancy.new_invitation_token(${id})`
    }, 'not_found'],
  ] as const

  it.each(ends)('%s is refused', (_, end, expected) =>
    withCast(async (cast) => {
      const { token, invitation } = await invite(cast)
      const accept = (tx: Transaction) => tx`select accept_invitation(${token})`
      expect(await overtake(cast.users.eve, (tx) => end(tx, cast, invitation.id), accept)).toBe(expected)
      expect(await sql`select 1 from organization_users where user_id = ${cast.users.eve}`).toEqual([])
    }))

  it.each(ends.filter(([name]) => name !== 'that gets a new token'))(
    'from the list, %s, is refused',
    (_, end, expected) =>
      withCast(async (cast) => {
        const { invitation } = await invite(cast)
        const accept = (tx: Transaction) => tx`select accept_received_invitation(${invitation.id})`
        expect(await overtake(cast.users.eve, (tx) => end(tx, cast, invitation.id), accept)).toBe(expected)
        expect(await sql`select 1 from organization_users where user_id = ${cast.users.eve}`).toEqual([])
      }),
  )

  it('by token and from the list at once happens once', () =>
    withCast(async (cast) => {
      const { token, invitation } = await invite(cast)
      const byToken = async (tx: Transaction) => {
        await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: cast.users.eve })}, true)`
        await tx`select accept_invitation(${token})`
      }
      const fromList = (tx: Transaction) => tx`select accept_received_invitation(${invitation.id})`
      expect(await overtake(cast.users.eve, byToken, fromList)).toBe('not_found')
      expect(await sql`select role from organization_users where user_id = ${cast.users.eve}`).toEqual([{
        role: 'member',
      }])
    }))

  it('from the list, while the token is being replaced, is done after that, and neither holds what the other needs', () =>
    withCast(async (cast) => {
      const { invitation } = await invite(cast)
      const outcome = await overtake(
        cast.users.eve,
        (tx) => tx`select 1 from organizations where id = ${cast.acme} for no key update`,
        (tx) => tx`select accept_received_invitation(${invitation.id})`,
        (tx) => tx`select tenancy.new_invitation_token(${invitation.id})`,
      )
      expect(outcome).toBe('done')
    }))

  it('while somebody changes the organization is done after them', () =>
    withCast(async (cast) => {
      const { token } = await invite(cast)
      const other = (tx: Transaction) => tx`update organizations set name = 'Acme Inc' where id = ${cast.acme}`
      expect(await overtake(cast.users.eve, other, (tx) => tx`select accept_invitation(${token})`)).toBe('done')
    }))
})
