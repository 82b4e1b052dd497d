import { setTimeout } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Transaction } from './outcome.ts'

/** Somebody in a race: who they are, and what they do in a transaction of their own. */
export interface Racer {
  user: string
  run: (tx: Transaction) => Promise<unknown>
}

/**
 * Lets all of them begin, hold at a barrier until every one is there, and go at the same moment. Answers for each, in
 * order, `done` or the code it was refused with. `runners` needs a connection for each, `judge` one.
 */
export async function race(judge: postgres.Sql, runners: postgres.Sql, racers: Racer[]): Promise<string[]> {
  const barrier = crypto.getRandomValues(new Int32Array(1))[0] ?? 0
  let outcomes: Promise<string>[] = []
  await judge.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${barrier})`
    outcomes = racers.map(({ user, run }) =>
      runners.begin(async (tx) => {
        await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true)`
        await tx`select pg_advisory_xact_lock_shared(${barrier})`
        await tx`set local role authenticated`
        await run(tx)
        return 'done'
      }).catch((error) => String(error.hint ?? error.message))
    )
    for (;;) {
      const [waiting] = await tx`select count(*)::int as n from pg_locks
        where locktype = 'advisory' and not granted and objid = ${barrier >>> 0}`
      if (waiting?.n === racers.length) break
      // Looking all the time would take the processor from who is on the way.
      await setTimeout(1)
    }
  })
  return await Promise.all(outcomes)
}

/**
 * Lets `second` begin while `first` holds its locks, and ends `first` once `second` waits for it or has ended. Answers
 * how each ended.
 */
export async function overtake(
  judge: postgres.Sql,
  runners: postgres.Sql,
  first: Racer,
  second: Racer,
  firstEnds: 'done' | 'undone' = 'done',
): Promise<[string, string]> {
  const actAs = (tx: Transaction, user: string) =>
    tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true),
      set_config('role', 'authenticated', true)`
  const told = (error: { hint?: string; message: string }) => error.hint ?? error.message
  let late = Promise.resolve('not begun')
  const early = await runners.begin(async (tx) => {
    await actAs(tx, first.user)
    await first.run(tx)
    const pid = Promise.withResolvers<number>()
    late = runners.begin(async (tx) => {
      const [own] = await tx`select pg_backend_pid() as pid`
      pid.resolve(own?.pid)
      await actAs(tx, second.user)
      await second.run(tx)
      return 'done'
    }).catch(told)
    const waiter = await pid.promise
    let ended = false
    late.finally(() => ended = true)
    while (!ended) {
      const [blocked] = await judge`select cardinality(pg_blocking_pids(${waiter})) > 0 as yes`
      if (blocked?.yes) break
      await setTimeout(1)
    }
    if (firstEnds === 'undone') throw new Error('undone')
    return 'done'
  }).catch(told)
  return [early, await late]
}
