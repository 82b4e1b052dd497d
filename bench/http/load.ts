import autocannon from 'autocannon'
import { percentile } from '../statistics.ts'

/** A request that can be sent many times. */
export interface Request {
  url: string
  method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  headers: Record<string, string>
  body?: string
}

/** What came of sending many. */
export interface Load {
  perSecond: number
  p50: number
  p99: number
}

/**
 * Sends the same request, or each of many to the same address, over so many connections until so many are answered. Not
 * until a time is over: what is under way then would be work that nobody counts, and more of it on the slower way.
 */
export async function send(
  name: string,
  request: Request | Request[],
  connections: number,
  amount: number,
): Promise<Load> {
  const all = [request].flat()
  const [first] = all
  if (!first) throw new Error(`${name}: nothing to send`)
  const times: number[] = []
  let next = 0
  let last = 0
  const start = performance.now()
  const { non2xx, errors } = await autocannon({
    ...first,
    connections,
    amount,
    // How soon it notices that all are answered; otherwise it sees to that once a second.
    sampleInt: 20,
    setupClient: (client) => {
      client.on('response', (_status, _bytes, milliseconds) => {
        times.push(milliseconds)
        last = performance.now()
      })
    },
    ...(all.length > 1 && {
      requests: [{ setupRequest: (one) => ({ ...one, ...all[next++ % all.length] }) }],
    }),
  })
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx} refused, ${errors} failed`)
  return {
    perSecond: times.length / (last - start) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  }
}
