import { expect, it } from 'vitest'
import { createApp } from '../../supabase/functions/_kit/app.ts'
import type { Mailer } from '../../supabase/functions/_kit/mail.ts'
import { createNotices } from '../../supabase/functions/notices/notices.ts'
import { createFunctions } from './support/functions.ts'

const secret = 'a secret of the notices'
const eventId = '33333333-3333-4333-8333-333333333333'
const notice = {
  topic: 'notice.removed',
  to: 'mia@acme.test',
  organization: { name: 'Acme', branding: {} },
  actor: { full_name: 'Alice', email: 'alice@acme.test' },
  requester: null,
  role: null,
  previous_role: null,
}

async function post(
  answer: unknown,
  { headers = { 'x-webhook-secret': secret, 'x-event-id': eventId }, key = 'sb_secret_unit', isDown = false }: {
    headers?: Record<string, string>
    key?: string
    isDown?: boolean
  } = {},
) {
  const functions = createFunctions(() => Response.json(answer))
  const mailer: Mailer = isDown ? () => Promise.reject(new Error('550 mia@acme.test')) : functions.mail.send
  const app = createApp('notices', functions.deps).route(
    '/',
    createNotices({ mailer, secret, secretKeyPastRowSecurity: key }),
  )
  const response = await app.request('/notices', { method: 'POST', headers, body: '{"anything": "at all"}' })
  return { ...functions, response }
}

it('an event becomes the mail that the database knows of, under its id', async () => {
  const { response, asked, mailed, logged } = await post(notice)
  expect([response.status, await response.json()]).toEqual([200, { mail: 'sent' }])
  expect(asked.map(({ url, body }) => [url.pathname, body])).toEqual([['/rest/v1/rpc/read_notice', {
    event_id: eventId,
  }]])
  expect(asked[0]?.headers.get('apikey')).toBe('sb_secret_unit')
  expect(mailed).toMatchObject([{ to: 'mia@acme.test', id: eventId, subject: 'You no longer belong to Acme' }])
  expect(logged[0]).toMatchObject({ mail: 'sent', status: 200 })
  expect(JSON.stringify(logged)).not.toContain('mia@')
})

it('a key of older projects is a token too', async () => {
  const { asked } = await post(notice, { key: 'eyJ.service.role' })
  expect(asked[0]?.headers.get('authorization')).toBe('Bearer eyJ.service.role')
})

it('an event that is over is done', async () => {
  const { response, mailed } = await post(null)
  expect([response.status, await response.json(), mailed]).toEqual([200, { mail: 'none' }, []])
})

it('a provider that is down makes the event come again', async () => {
  const { response, logged } = await post(notice, { isDown: true })
  expect(response.status).toBe(503)
  expect(logged[0]).toMatchObject({ mail: 'failed', cause: expect.stringContaining('550 [address]') })
})

it.each([
  ['no secret', { 'x-event-id': eventId }, 401],
  ['a wrong secret', { 'x-event-id': eventId, 'x-webhook-secret': 'a secret of the n0tices' }, 401],
  ['no event', { 'x-webhook-secret': secret }, 422],
  ['an event that is none', { 'x-webhook-secret': secret, 'x-event-id': 'x' }, 422],
])('%s is refused, and sends nothing', async (_what, headers, status) => {
  const { response, asked, mailed } = await post(notice, { headers: headers as Record<string, string> })
  expect([response.status, asked, mailed]).toEqual([status, [], []])
})

it('a topic that nobody wrote a mail for is an error, not a success', async () => {
  const { response, mailed } = await post({ ...notice, topic: 'notice.unheard_of' })
  expect([response.status, mailed]).toEqual([500, []])
})
