import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import type { Transaction } from './outcome.ts'

/** Somebody who takes part: a signed-in person, or null for the database owner; and what they do, in one transaction. */
export interface Racer {
  user: string | null
  /** `pause()` lets the others go first, as far as they get. */
  act: (tx: Transaction, pause: () => Promise<void>) => Promise<unknown>
}

export type Isolation = 'read committed' | 'repeatable read'

/** Connections to race on, one for each that takes part. */
export interface Track {
  /**
   * Lets all act at once, and answers how each ended: `done`, the problem code of a refusal, or the state of an error.
   *
   * Everybody's transaction has begun before anybody acts. Nobody commits before each of the others has acted or stands in
   * front of a lock: what no lock keeps apart has always overlapped. `first` acts first.
   */
  race(racers: Racer[], options?: { isolation?: Isolation; first?: number }): Promise<string[]>
  /** Frees the connections. */
  close(): Promise<void>
}

/** Opens a track for so many. */
export async function openTrack(url: string, size: number): Promise<Track> {
  const open = () => postgres(url, { max: 1, onnotice: () => {} })
  const marshal = open()
  const lanes = await Promise.all(Array.from({ length: size }, async () => {
    const sql = open()
    const [own] = await sql`select pg_backend_pid() as pid`
    return { sql, pid: own?.pid as number }
  }))

  async function race(racers: Racer[], { isolation = 'read committed', first = 0 } = {}): Promise<string[]> {
    const paused: (() => void)[] = []
    const runs = racers.map(({ user, act }, lane) => start(lanes[lane]!, isolation, user, act, paused))
    await Promise.all(runs.map(({ ready }) => ready))
    for (let i = 0; i < runs.length; i++) runs[(first + i) % runs.length]!.go()
    while (runs.some((run) => run.state !== 'ended')) {
      const acting = runs.filter(({ state }) => state === 'acting')
      const [stuck] = acting.length === 0 ? [{ n: 0 }] : await marshal`
        select count(distinct pid)::int as n from pg_locks
        where not granted and pid = any(${acting.map(({ pid }) => pid)}::int[])`
      // Whoever has acted since then may have let somebody else act.
      if (stuck?.n !== acting.length || acting.some(({ state }) => state !== 'acting')) {
        // Looking all the time would take the processor from who acts.
        await setTimeout(1)
        continue
      }
      const acted = runs.filter(({ state }) => state === 'acted')
      for (const run of acted) run.commit()
      await Promise.all(acted.map(({ outcome }) => outcome))
      // One after the other, in the order in which they paused.
      if (acted.length === 0) paused.shift()?.()
    }
    return await Promise.all(runs.map(({ outcome }) => outcome))
  }

  return {
    race,
    close: async () => {
      await Promise.all([marshal, ...lanes.map(({ sql }) => sql)].map((sql) => sql.end()))
    },
  }
}

interface Run {
  pid: number
  state: 'ready' | 'acting' | 'paused' | 'acted' | 'ended'
  /** Settles when the transaction has its view of the world, or never will. */
  ready: Promise<unknown>
  outcome: Promise<string>
  go(): void
  commit(): void
}

function start(
  lane: { sql: postgres.Sql; pid: number },
  isolation: string,
  user: string | null,
  act: Racer['act'],
  paused: (() => void)[],
): Run {
  const gate = () => Promise.withResolvers<void>()
  const [ready, go, commit] = [gate(), gate(), gate()]
  const [claims, role] = user === null ? ['', 'postgres'] : [JSON.stringify({ sub: user }), 'authenticated']
  const run: Run = {
    pid: lane.pid,
    state: 'ready',
    ready: ready.promise,
    outcome: lane.sql.begin(`isolation level ${isolation}`, async (tx) => {
      await tx`select set_config('request.jwt.claims', ${claims}, true), set_config('role', ${role}, true)`
      ready.resolve()
      await go.promise
      await act(tx, async () => {
        const resumed = gate()
        run.state = 'paused'
        paused.push(() => {
          run.state = 'acting'
          resumed.resolve()
        })
        await resumed.promise
      })
      run.state = 'acted'
      await commit.promise
    }).then(() => 'done', toOutcome).finally(() => {
      run.state = 'ended'
      ready.resolve()
    }),
    go: () => {
      run.state = 'acting'
      go.resolve()
    },
    commit: commit.resolve,
  }
  return run
}

function toOutcome(cause: unknown): string {
  if (!(cause instanceof postgres.PostgresError)) throw cause
  return cause.code.startsWith('PT') ? cause.hint ?? cause.code : cause.code
}

/** A function of the database, a piece of it, and what stands there instead; nothing by default. */
export type Piece = readonly [signature: string, text: string, instead?: string]

/**
 * Runs `work` while these pieces are cut out of the database's functions, and puts them back. A piece that is not there
 * is an error: what a test takes out must be what the function does.
 */
export async function without<Result>(
  sql: postgres.Sql,
  pieces: readonly Piece[],
  work: () => Promise<Result>,
): Promise<Result> {
  const originals: string[] = []
  try {
    for (const [signature, text, instead = ''] of pieces) {
      const [row] = await sql`select pg_get_functiondef(${signature}::regprocedure) as definition`
      const definition: string = row?.definition
      if (!definition.includes(text)) throw new Error(`${signature} has no "${text}"`)
      await sql.unsafe(definition.replaceAll(text, instead))
      originals.push(definition)
    }
    return await work()
  } finally {
    for (const definition of originals.reverse()) await sql.unsafe(definition)
  }
}
