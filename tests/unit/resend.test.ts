import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createResendMailer } from '../../supabase/functions/_kit/resend.ts'

// Resend's API, at a stand-in that keeps what it is asked.

let server: Deno.HttpServer<Deno.NetAddr>
let received: { method: string; path: string; headers: Headers; body: unknown }[] = []
let answer: () => Response | Promise<Response>

beforeAll(() => {
  server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => undefined }, async (request) => {
    const { pathname } = new URL(request.url)
    received.push({ method: request.method, path: pathname, headers: request.headers, body: await request.json() })
    return await answer()
  })
})

beforeEach(() => {
  received = []
  answer = () => Response.json({ id: '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794' })
})

afterAll(() => server.shutdown())

const mail = { to: 'mia@acme.test', subject: 'Hello', text: 'Hello.\n', html: '<p>Hello.</p>' }
const send = (more: object = {}) =>
  createResendMailer({
    url: `http://127.0.0.1:${server.addr.port}/`,
    apiKey: 're_secret',
    from: 'Dial Smart <no-reply@app.test>',
  })({ ...mail, ...more })

it('takes a mail with its key, and once for its id', async () => {
  await send({ id: 'event-1' })
  await send()
  expect(received.map(({ method, path, body }) => ({ method, path, body }))).toEqual(
    Array(2).fill({
      method: 'POST',
      path: '/emails',
      body: {
        from: 'Dial Smart <no-reply@app.test>',
        to: ['mia@acme.test'],
        subject: 'Hello',
        text: 'Hello.\n',
        html: '<p>Hello.</p>',
      },
    }),
  )
  expect(received.map(({ headers }) => headers.get('authorization'))).toEqual(Array(2).fill('Bearer re_secret'))
  expect(received.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['event-1', null])
  expect(received[0]?.headers.get('content-type')).toBe('application/json')
})

it('comes from the name that an organization chose, at our address', async () => {
  await send({ senderName: 'Acme Calls, Inc.' })
  await send({ senderName: 'Eve" <eve@nowhere.test>\r\nBcc: x' })
  expect(received.map(({ body }) => Object(body).from)).toEqual([
    '"Acme Calls, Inc." <no-reply@app.test>',
    '"Eve evenowhere.test Bcc: x" <no-reply@app.test>',
  ])
})

it.each([401, 422, 429, 500])(
  'that is answered with %i was not sent, and the error repeats nothing',
  async (status) => {
    answer = () => Response.json({ message: 'mia@acme.test re_secret' }, { status })
    await expect(send()).rejects.toThrow(new Error(`The mail provider answered ${status}.`))
  },
)

it('that nobody takes was not sent', async () => {
  const send = createResendMailer({ url: 'http://127.0.0.1:1', apiKey: 're_secret', from: 'no-reply@app.test' })
  await expect(send(mail)).rejects.toThrow()
})

it('that is not answered in five seconds was not sent', async () => {
  const late = Promise.withResolvers<Response>()
  answer = () => late.promise
  await expect(send()).rejects.toThrow(/tim/i)
  late.resolve(new Response())
})
