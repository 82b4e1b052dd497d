import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

// What a migration written for pg_net and pg_cron finds on this machine.

interface Received {
  method: string
  url: string
  headers: Headers
  body: unknown
}

const sql = postgres(inject('stack').DB_URL ?? '', { max: 2, onnotice: () => undefined })
const received: Received[] = []
let receiver: Deno.HttpServer<Deno.NetAddr>
let url: string

beforeAll(() => {
  receiver = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => undefined }, async (request) => {
    received.push({ method: request.method, url: request.url, headers: request.headers, body: await request.json() })
    return Response.json({ got: 'it' }, { status: 202 })
  })
  url = `http://127.0.0.1:${receiver.addr.port}/hook`
})

afterAll(async () => {
  await receiver.shutdown()
  await sql.end()
})

const to = (name: string) => received.filter((request) => request.url.includes(name))

describe('net.http_post', () => {
  it('reaches the receiver with body, params and headers, and keeps the answer', async () => {
    const [row] = await sql`
      select net.http_post(
        url := ${`${url}/one`}, body := '{"type": "INSERT"}', params := '{"a": "b c"}', headers := '{"x-secret": "s"}'
      ) as id`
    await expect.poll(() => to('/one').length).toBe(1)
    const [request] = to('/one')
    expect(request?.method).toBe('POST')
    expect(new URL(request?.url ?? '').searchParams.get('a')).toBe('b c')
    expect(request?.headers.get('x-secret')).toBe('s')
    expect(request?.body).toEqual({ type: 'INSERT' })
    const answers = () => sql`select status_code, content, timed_out from net._http_response where id = ${row?.id}`
    await expect.poll(async () => [...await answers()])
      .toEqual([{ status_code: 202, content: '{"got":"it"}', timed_out: false }])
  })

  it('sends nothing for a transaction that is rolled back', async () => {
    await sql.begin(async (transaction) => {
      await transaction`select net.http_post(${`${url}/undone`})`
      throw new Error('undo')
    }).catch(() => undefined)
    await sql`select net.http_post(${`${url}/after`})`
    await expect.poll(() => to('/after').length).toBe(1)
    expect(to('/undone')).toEqual([])
  })

  it('keeps the reason when nobody answers', async () => {
    const [row] = await sql`select net.http_post('http://127.0.0.1:1/') as id`
    const reasons = () => sql`select error_msg from net._http_response where id = ${row?.id}`
    await expect.poll(async () => (await reasons()).length).toBe(1)
    const [answer] = await reasons()
    expect(answer?.error_msg).toMatch(/\S/)
  })

  it.each(['anon', 'authenticated', 'service_role'])('is not for %s', async (role) => {
    const asked = sql.begin(async (transaction) => {
      await transaction.unsafe(`set local role ${role}`)
      await transaction`select net.http_post(${`${url}/forbidden`})`
    })
    await expect(asked).rejects.toThrow(/^permission denied/)
  })
})

describe('cron.schedule', () => {
  it('runs a job as the role that scheduled it, until it is unscheduled', async () => {
    const command = `do $$ begin assert current_user = 'postgres', current_user; end $$`
    const [job] = await sql`select cron.schedule('who', '1 second', ${command}) as id`
    const runs = () => sql`select status from cron.job_run_details where jobid = ${job?.id}`
    await expect.poll(async () => (await runs())[0]?.status, { timeout: 5_000 }).toBe('succeeded')
    const [named] = await sql`select username, schedule from cron.job where jobid = ${job?.id}`
    expect(named).toEqual({ username: 'postgres', schedule: '1 second' })

    await sql`select cron.unschedule('who')`
    const left = await sql`select from cron.job where jobname = 'who'`
    expect(left.length).toBe(0)
  })

  it('keeps what went wrong', async () => {
    const [job] = await sql`select cron.schedule('broken', '1 second', 'select 1 / 0') as id`
    const runs = () => sql`select status, return_message from cron.job_run_details where jobid = ${job?.id} limit 1`
    await expect.poll(async () => [...await runs()], { timeout: 5_000 })
      .toEqual([{ status: 'failed', return_message: 'division by zero' }])
    await sql`select cron.unschedule('broken')`
  })
})
