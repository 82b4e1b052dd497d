import type { Phase1 } from './phase1.ts'

/** What clients saw in some stretch of time. */
export interface Seen {
  /** Milliseconds of every request. */
  times: number[]
  /** Every answer that was none a phase-1 client expects. */
  failures: string[]
}

/** Phase-1 clients: they send user_id, and know nothing of organizations. */
export interface Load {
  /** What was seen since the last call. */
  take: () => Seen
  /** Resolves once so many requests have ended since the last `take`, however they did. */
  ended: (count: number) => Promise<void>
  /** Rows that clients were told are stored, by table. */
  stored: Record<'leads' | 'call_logs', Set<string>>
  stop: () => Promise<void>
}

interface Request {
  method: string
  path: string
  json?: unknown
  expect: (status: number, rows: { id: string }[]) => boolean
  keep?: 'leads' | 'call_logs'
}

/** Sends requests at a fixed rate, whether or not earlier ones were answered: who waits is measured, not spared. */
export function startLoad({ stack, people }: Phase1, perSecond: number): Load {
  let seen: Seen = { times: [], failures: [] }
  const stored = { leads: new Set<string>(), call_logs: new Set<string>() }
  const mine = new Map<string, string>()
  const running = new Set<Promise<void>>()
  let count = 0

  const one = async () => {
    const person = people[count % people.length]!
    const { method, path, json, expect, keep } = nextRequest(count++, person.id, mine.get(person.id))
    const began = performance.now()
    try {
      const response = await fetch(`${stack.status.REST_URL}${path}`, {
        method,
        headers: person.headers,
        body: json === undefined ? undefined : JSON.stringify(json),
      })
      const text = await response.text()
      const rows = response.ok ? JSON.parse(text) : []
      if (!expect(response.status, rows)) {
        seen.failures.push(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`)
      }
      if (keep && rows[0]) {
        stored[keep].add(rows[0].id)
        if (keep === 'leads') mine.set(person.id, rows[0].id)
      }
    } catch (error) {
      seen.failures.push(`${method} ${path}: ${error}`)
    } finally {
      seen.times.push(performance.now() - began)
    }
  }

  const began = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    for (; sent < (performance.now() - began) / 1000 * perSecond; sent++) {
      const request = one().finally(() => running.delete(request))
      running.add(request)
    }
  }, 5)
  return {
    take: () => {
      const taken = seen
      seen = { times: [], failures: [] }
      return taken
    },
    ended: async (count) => {
      while (seen.times.length < count) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    stored,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

const some = (status: number, rows: unknown[]) => status === 200 && rows.length > 0

function nextRequest(n: number, user: string, lead: string | undefined): Request {
  const phone_number = `+1${4000000000 + n}`
  switch (n % 10) {
    case 0:
    case 1:
      return { method: 'POST', path: '/leads', json: { user_id: user, phone_number }, expect: made, keep: 'leads' }
    case 2:
      return {
        method: 'POST',
        path: '/call_logs',
        json: { user_id: user, phone_number, lead_id: lead },
        expect: made,
        keep: 'call_logs',
      }
    case 3:
      if (lead === undefined) break
      return { method: 'PATCH', path: `/leads?id=eq.${lead}`, json: { notes: `note ${n}` }, expect: some }
    case 4:
    case 5:
      return { method: 'GET', path: `/call_logs?user_id=eq.${user}&order=created_at.desc&limit=20`, expect: some }
    case 6:
      if (lead === undefined) break
      return { method: 'GET', path: `/leads?id=eq.${lead}`, expect: some }
  }
  return { method: 'GET', path: `/leads?user_id=eq.${user}&order=created_at.desc&limit=20`, expect: some }
}

const made = (status: number, rows: unknown[]) => status === 201 && rows.length === 1
