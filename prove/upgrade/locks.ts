import type postgres from 'postgres'

/** Watches which locks that stop readers or writers somebody holds on tables, and for how long. */
export interface LockWatch {
  /** The longest so far: milliseconds, and of which lock. */
  longest: () => { milliseconds: number; lock: string }
  stop: () => Promise<void>
}

/** Looks every few milliseconds: a lock that was held for t is seen as t, give or take two looks. */
export function watchLocks(admin: postgres.Sql): LockWatch {
  const held = new Map<string, { from: number; to: number }>()
  let stopped = false
  const watching = (async () => {
    while (!stopped) {
      const rows = await admin<{ holder: string; lock: string }[]>`
        select concat_ws(' ', l.pid, a.xact_start) as holder, l.mode || ' on ' || l.relation::regclass as lock
        from pg_locks as l join pg_class as c on c.oid = l.relation join pg_stat_activity as a on a.pid = l.pid
        where l.granted and l.locktype = 'relation' and c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace)
          and l.database = (select oid from pg_database where datname = current_database())
          and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`
      const now = performance.now()
      for (const { holder, lock } of rows) {
        const key = `${holder} ${lock}`
        held.set(key, { from: held.get(key)?.from ?? now, to: now })
      }
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  })()
  return {
    longest: () => {
      let longest = { milliseconds: 0, lock: 'none' }
      for (const [lock, { from, to }] of held) {
        if (to - from > longest.milliseconds) longest = { milliseconds: to - from, lock }
      }
      return longest
    },
    stop: async () => {
      stopped = true
      await watching
    },
  }
}
