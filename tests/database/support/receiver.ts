import { sql } from './database.ts'

/** An event as it arrived. */
export interface Received {
  id: string
  topic: string
  payload: unknown
  headers: Headers
}

/** Somewhere that events of one topic go, and what came there. The topic is its own, so that tests never meet. */
export interface Receiver {
  topic: string
  url: string
  received: Received[]
  /** Queues an event, as a change would. */
  queue(key: string, payload: object, tx?: Pick<typeof sql, 'unsafe'>): Promise<string>
  /** One round of delivery, in which everything of this topic is due. */
  round(): Promise<void>
  /** The events of this topic, oldest first. */
  events(): Promise<EventRow[]>
  /** Whether every event of this topic was delivered. */
  isDone(): Promise<boolean>
  stop(): Promise<void>
}

export interface EventRow {
  id: string
  order_key: string
  attempts: number
  request_id: string | null
  delivered_at: Date | null
  failed_at: Date | null
  last_error: string | null
}

/** Starts a receiver that answers like this, and makes it the destination of its topic. */
export async function startReceiver(
  answer: (received: Received) => Response | Promise<Response> = () => new Response(null, { status: 204 }),
  timeout = 5_000,
): Promise<Receiver> {
  const topic = `test-${crypto.randomUUID().slice(0, 8)}`
  const received: Received[] = []
  const stopping = new AbortController()
  const options = { hostname: '127.0.0.1', port: 0, signal: stopping.signal, onListen: () => undefined }
  const server = Deno.serve(options, async (request) => {
    const { headers } = request
    const id = headers.get('x-event-id') ?? ''
    const event = { id, topic: headers.get('x-event-topic') ?? '', payload: await request.json(), headers }
    received.push(event)
    return await answer(event)
  })
  const url = `http://127.0.0.1:${server.addr.port}/events`
  await sql`
    insert into tenancy.destinations (topic, url, headers, timeout_milliseconds)
    values (${topic}, ${url}, ${sql.json({ 'x-secret': topic })}, ${timeout})`
  const events = () => sql<EventRow[]>`select * from tenancy.outbox where topic = ${topic} order by position`
  return {
    topic,
    url,
    received,
    queue: async (key, payload, tx = sql) => {
      const call = 'select tenancy.queue_event($1, $2, $3::text::jsonb) as id'
      const [row] = await tx.unsafe(call, [topic, `${topic}/${key}`, JSON.stringify(payload)])
      return row?.id
    },
    round: async () => {
      await sql`
        update tenancy.outbox set next_attempt_at = now()
        where topic = ${topic} and request_id is null and delivered_at is null and failed_at is null`
      await sql`select tenancy.deliver_outbox()`
    },
    events,
    isDone: async () => (await events()).every(({ delivered_at }) => delivered_at !== null),
    stop: async () => {
      await sql`delete from tenancy.destinations where topic = ${topic}`
      await sql`delete from tenancy.outbox where topic = ${topic}`
      stopping.abort()
    },
  }
}
