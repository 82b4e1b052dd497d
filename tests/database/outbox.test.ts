import postgres from 'postgres'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { attempt, inTransaction, sql } from './support/database.ts'
import { type Received, type Receiver, startReceiver } from './support/receiver.ts'

// Events on their way out, with receivers that fail in every way there is.

const receivers: Receiver[] = []

/** A receiver that is gone after the test. */
async function receiver(...how: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...how)
  receivers.push(started)
  return started
}

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((one) => one.stop()))
})

/** Makes rounds until everything of these receivers has been delivered. */
const untilDone = (...all: Receiver[]) =>
  expect.poll(async () => {
    for (const one of all) await one.round()
    return (await Promise.all(all.map((one) => one.isDone()))).every(Boolean)
  }, { timeout: 15_000, interval: 50 }).toBe(true)

const nobody = 'http://127.0.0.1:1/'
const setUrl = ({ topic }: Receiver, url: string) =>
  sql`update tenancy.destinations set url = ${url} where topic = ${topic}`

/** Gives up waiting for an answer that will not come. */
const settled = (one: Receiver) =>
  expect.poll(async () => {
    await sql`select tenancy.read_answers()`
    return (await one.events()).filter(({ request_id }) => request_id !== null).length
  }, { timeout: 10_000, interval: 50 }).toBe(0)

describe('an event', () => {
  it('is sent with the commit, with its id, its topic and the secret of the receiver', async () => {
    const one = await receiver()
    const id = await one.queue('a', { n: 1 })
    await expect.poll(() => one.received.length).toBe(1)
    expect(one.received).toMatchObject([{ id, topic: one.topic, payload: { n: 1 } }])
    expect(one.received[0]?.headers.get('x-secret')).toBe(one.topic)
    await untilDone(one)
    expect(await one.events()).toMatchObject([{ attempts: 1, last_error: null }])
    await one.round()
    expect(one.received).toHaveLength(1)
  })

  it('of a change that is rolled back was never there', async () => {
    const one = await receiver()
    await inTransaction(async (tx) => {
      await one.queue('a', { n: 'undone' }, tx)
      expect(await tx`select from tenancy.outbox where topic = ${one.topic}`).toHaveLength(1)
    })
    expect(await one.events()).toEqual([])
    await one.queue('a', { n: 'done' })
    await untilDone(one)
    expect(one.received.map(({ payload }) => payload)).toEqual([{ n: 'done' }])
  })

  it('waits for a destination, and one of the first part of its topic will do', async () => {
    const one = await receiver()
    const topic = `${one.topic}x.made`
    await sql`select tenancy.queue_event(${topic}, ${topic}, '{}')`
    const event = () =>
      sql`select attempts, delivered_at is not null as delivered from tenancy.outbox where topic = ${topic}`
    await one.round()
    expect([...await event()]).toEqual([{ attempts: 0, delivered: false }])
    await sql`update tenancy.destinations set topic = ${`${one.topic}x`} where topic = ${one.topic}`
    await one.round()
    await expect.poll(() => one.received.map(({ topic }) => topic)).toEqual([topic])
    await expect.poll(async () => {
      await one.round()
      return [...await event()]
    }).toEqual([{ attempts: 1, delivered: true }])
    await sql`delete from tenancy.outbox where topic = ${topic}`
    await sql`update tenancy.destinations set topic = ${one.topic} where topic = ${`${one.topic}x`}`
  })

  it('waits where the database can make no requests', async () => {
    const one = await receiver()
    await inTransaction(async (tx) => {
      await tx`create or replace function tenancy.can_send() returns boolean language sql stable set search_path = ''
        as 'select false'`
      await one.queue('a', {}, tx)
      const [round] = await tx`select tenancy.deliver_outbox() as sent`
      expect(round?.sent).toBe(0)
      expect([...await tx`select attempts, request_id from tenancy.outbox where topic = ${one.topic}`])
        .toEqual([{ attempts: 0, request_id: null }])
    })
    expect(one.received).toEqual([])
  })

  it('never fails the change that it tells of', async () => {
    const one = await receiver()
    const admin = postgres(inject('stack').ADMIN_DB_URL, { max: 1, onnotice: () => {} })
    await inTransaction(async (tx) => {
      await tx`
        create or replace function net.http_post(
          url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}',
          timeout_milliseconds integer default 5000
        ) returns bigint language plpgsql as $$ begin raise 'no such host'; end $$`
      await tx`set local role postgres`
      const { refused } = await attempt(tx, (tx) => tx`select tenancy.queue_event(${one.topic}, 'a', '{}')`)
      expect(refused).toBeUndefined()
      expect([...await tx`select attempts, request_id, last_error from tenancy.outbox where topic = ${one.topic}`])
        .toEqual([{ attempts: 1, request_id: null, last_error: 'no such host' }])
    }, admin)
    await admin.end()
  })
})

describe('delivery', () => {
  it('is in order for each key, whatever fails', async () => {
    const tries = new Map<string, number>()
    const accepted: Received[] = []
    const one = await receiver((event) => {
      const count = (tries.get(event.id) ?? 0) + 1
      tries.set(event.id, count)
      // The first goes wrong twice, the second once, the third not at all, and so on.
      if (count <= 2 - Number(Object(event.payload).n) % 3) return new Response('no', { status: 500 })
      accepted.push(event)
      return new Response('yes')
    })
    const keys = ['a', 'b', 'c']
    for (let n = 0; n < 5; n++) await Promise.all(keys.map((key) => one.queue(key, { key, n })))
    await untilDone(one)
    for (const key of keys) {
      const of = (list: Received[]) =>
        list.filter(({ payload }) => Object(payload).key === key).map(({ payload }) => Object(payload).n)
      expect(of(accepted)).toEqual([0, 1, 2, 3, 4])
      // And nobody sees a later one before an earlier one has been accepted.
      expect(of(one.received)).toEqual([0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4])
    }
  })

  it('is shared by workers that run at once: each event goes once', async () => {
    const one = await receiver()
    await setUrl(one, nobody)
    await sql`update tenancy.destinations set topic = ${`${one.topic}-later`} where topic = ${one.topic}`
    await Promise.all(Array.from({ length: 40 }, (_, n) => one.queue(`key ${n}`, { n })))
    await sql`update tenancy.destinations set topic = ${one.topic}, url = ${one.url} where topic = ${`${one.topic}-later`}`
    await Promise.all(Array.from({ length: 4 }, () => sql`select tenancy.send_events()`))
    await untilDone(one)
    const numbers = one.received.map(({ payload }) => Number(Object(payload).n)).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, n) => n))
  })

  it('to a dead receiver delays nobody else, and is made up for when it is back', async () => {
    const [dead, alive] = [await receiver(), await receiver()]
    await setUrl(dead, nobody)
    await Promise.all(Array.from({ length: 70 }, (_, n) => dead.queue(`key ${n}`, { n })))
    await settled(dead)
    // All of it is due again, in the very round in which others want to be sent too.
    await sql`update tenancy.outbox set next_attempt_at = now() - interval '1 hour' where topic = ${dead.topic}`
    await sql`update tenancy.destinations set topic = ${`${alive.topic}-later`} where topic = ${alive.topic}`
    await alive.queue('a', { n: 1 })
    await sql`update tenancy.destinations set topic = ${alive.topic} where topic = ${`${alive.topic}-later`}`
    await sql`select tenancy.deliver_outbox()`
    await expect.poll(() => alive.received.length).toBe(1)

    await settled(dead)
    const waiting = await dead.events()
    expect(waiting.filter(({ delivered_at, failed_at }) => delivered_at || failed_at)).toEqual([])
    expect(waiting.map(({ last_error }) => last_error)).toEqual(Array(70).fill(expect.stringMatching(/\S/)))
    await setUrl(dead, dead.url)
    await untilDone(dead)
    expect(new Set(dead.received.map(({ id }) => id))).toEqual(new Set(waiting.map(({ id }) => id)))
  })

  it('waits longer after each failure, between half and all of what doubles up to an hour', async () => {
    for (const [attempts, seconds] of [[1, 5], [2, 10], [5, 80], [10, 2_560], [11, 3_600], [39, 3_600]] as const) {
      const rows = await sql`
        select extract(epoch from tenancy.backoff(${attempts}))::float as seconds from generate_series(1, 50)`
      const waits = rows.map((row) => Number(row.seconds))
      expect(Math.max(...waits)).toBeLessThanOrEqual(seconds)
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(seconds / 2)
      expect(new Set(waits).size).toBeGreaterThan(10)
    }
    const one = await receiver(() => new Response('', { status: 503 }))
    await one.queue('a', {})
    await settled(one)
    const [row] = await sql`
      select attempts, last_error, next_attempt_at > now() as later from tenancy.outbox where topic = ${one.topic}`
    expect(row).toEqual({ attempts: 1, last_error: 'status 503', later: true })
    // Nothing is sent before its time.
    await sql`select tenancy.deliver_outbox()`
    expect(one.received).toHaveLength(1)
  })

  it('is at least once: a receiver that does the work but answers too late is asked again', async () => {
    const answers = [Promise.withResolvers<Response>(), Promise.withResolvers<Response>()]
    let asked = 0
    const one = await receiver(() => answers[asked++]?.promise ?? new Response(), 1_000)
    const id = await one.queue('a', {})
    await settled(one)
    expect(await one.events()).toMatchObject([{ attempts: 1, delivered_at: null, last_error: 'no answer in time' }])
    answers[0]?.resolve(new Response('done, long ago'))
    await one.round()
    await expect.poll(() => one.received.length).toBe(2)
    answers[1]?.resolve(new Response('done'))
    await untilDone(one)
    expect(one.received.map((event) => event.id)).toEqual([id, id])
  })

  it('is tried again when the answer was lost with the requests', async () => {
    const one = await receiver()
    await setUrl(one, nobody)
    const id = await one.queue('a', {})
    await settled(one)
    await setUrl(one, one.url)
    const lose = (age: string) =>
      sql`
      update tenancy.outbox set request_id = -1, requested_at = now() - ${age}::interval where id = ${id}`
    await lose('50 seconds')
    await sql`select tenancy.deliver_outbox()`
    expect(await one.events()).toMatchObject([{ request_id: '-1', attempts: 1 }])
    await lose('61 seconds')
    await untilDone(one)
    expect(one.received.map((event) => event.id)).toEqual([id])
  })

  it('gives up after a day, visibly, lets the next one pass, and starts again when asked', async () => {
    const one = await receiver()
    await setUrl(one, nobody)
    const [first, second] = [await one.queue('a', { n: 1 }), await one.queue('a', { n: 2 })]
    await settled(one)
    await sql`update tenancy.outbox set attempts = tenancy.most_attempts() - 1 where id = ${first}`
    await one.round()
    await settled(one)
    expect(await one.events()).toMatchObject([
      { id: first, attempts: 40, failed_at: expect.any(Date), last_error: expect.stringMatching(/\S/) },
      { id: second, attempts: 0, failed_at: null },
    ])
    await setUrl(one, one.url)
    await expect.poll(async () => {
      await one.round()
      return (await one.events())[1]?.delivered_at
    }).toBeInstanceOf(Date)
    expect(one.received.map(({ id }) => id)).toEqual([second])

    const requeue = async (id: string) => (await sql`select tenancy.requeue(${id}) as done`)[0]?.done
    expect([await requeue(second), await requeue(first), await requeue(first)]).toEqual([false, true, false])
    await untilDone(one)
    expect(one.received.map(({ id }) => id)).toEqual([second, first])
  })
})

describe('the outbox', () => {
  it.each(['anon', 'authenticated', 'service_role'])('is nothing to %s', async (role) => {
    await inTransaction(async (tx) => {
      await tx.unsafe(`set local role ${role}`)
      for (
        const statement of [
          'select * from tenancy.outbox',
          'select * from tenancy.destinations',
          `select tenancy.queue_event('a', 'a', '{}')`,
          'select tenancy.deliver_outbox()',
          `select tenancy.requeue(gen_random_uuid())`,
          `select tenancy.notify_person('notice.removed', gen_random_uuid(), gen_random_uuid(), '{}')`,
        ]
      ) {
        const { refused } = await attempt(tx, (tx) => tx.unsafe(statement))
        expect(refused?.state, statement).toBe('42501')
      }
    })
  })

  it('forgets what was delivered a week ago, and nothing else', async () => {
    const one = await receiver()
    await setUrl(one, nobody)
    const ids = [await one.queue('a', {}), await one.queue('b', {}), await one.queue('c', {}), await one.queue('d', {})]
    await settled(one)
    const [old, recent, failed, waiting] = ids
    await sql`update tenancy.outbox set delivered_at = now() - interval '8 days' where id = ${old ?? ''}`
    await sql`update tenancy.outbox set delivered_at = now() - interval '6 days' where id = ${recent ?? ''}`
    await sql`update tenancy.outbox set failed_at = now() - interval '90 days' where id = ${failed ?? ''}`
    await sql`select tenancy.tidy()`
    expect((await one.events()).map(({ id }) => id)).toEqual([recent, failed, waiting])
  })
})
