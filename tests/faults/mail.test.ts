import { SignJWT } from 'jose'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readState } from '../../local/state.ts'
import { startStack, type TestStack } from '../stack/start.ts'

// A mail server that hangs: nothing that was to be mailed is lost, and what needs no mail goes on.

let stack: TestStack
let sql: postgres.Sql
const ids = { alice: crypto.randomUUID(), mia: crypto.randomUUID(), acme: crypto.randomUUID() }

beforeAll(async () => {
  stack = await startStack({ seed: false, without: ['auth', 'web'] })
  sql = postgres(stack.status.DB_URL, { max: 2, onnotice: () => undefined })
  for (const name of ['alice', 'mia'] as const) {
    await sql`insert into auth.users (id, aud, role, email, email_confirmed_at)
      values (${ids[name]}, 'authenticated', 'authenticated', ${`${name}@acme.test`}, now())`
  }
  await sql`insert into organizations (id, name, slug) values (${ids.acme}, 'Acme', 'acme')`
  await sql`insert into organization_users (organization_id, user_id, role)
    values (${ids.acme}, ${ids.alice}, 'owner'), (${ids.acme}, ${ids.mia}, 'member')`
})

afterAll(async () => {
  await sql?.end()
  await stack?.stop()
})

async function asAlice(path: string, body?: object) {
  const token = await new SignJWT({ role: 'authenticated' }).setProtectedHeader({ alg: 'HS256' }).setSubject(ids.alice)
    .setAudience('authenticated').setIssuedAt().setExpirationTime('5m')
    .sign(new TextEncoder().encode(stack.status.JWT_SECRET))
  const response = await fetch(`${stack.status.FUNCTIONS_URL}/organizations/${ids.acme}/invitations${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

async function subjectsFor(address: string): Promise<string[]> {
  const response = await fetch(`${stack.status.MAIL_URL}/api/email`)
  const mails: { subject: string; to: { address: string }[] }[] = await response.json()
  return mails.filter(({ to }) => to.some((one) => one.address === address)).map(({ subject }) => subject)
}

it('a mail server that hangs delays mails and loses none', async () => {
  const mail = (await readState(stack.dataDir))?.processes.find(({ name }) => name === 'mail')
  Deno.kill(mail?.pid ?? 0, 'SIGSTOP')
  let invited
  try {
    await sql`update organization_users set role = 'manager' where user_id = ${ids.mia}`
    invited = await asAlice('', { email: 'new@acme.test', role: 'member' })
    expect([invited.status, invited.body.mail]).toEqual([201, 'failed'])
    // What has nothing to do with mail is delivered meanwhile.
    await sql`insert into auth.users (id, aud, role, email, raw_user_meta_data, email_confirmed_at) values (
      gen_random_uuid(), 'authenticated', 'authenticated', 'founder@initech.test',
      '{"organization_name": "Initech"}', now())`
    await expect.poll(() => sql`select from organizations where name = 'Initech'`, { timeout: 20_000 }).toHaveLength(1)
    const failure = async () => {
      await sql`select tenancy.read_answers()`
      return await sql`select delivered_at, last_error from tenancy.outbox where topic = 'notice.role_changed'`
    }
    await expect.poll(async () => (await failure())[0], { timeout: 30_000 })
      .toMatchObject({ delivered_at: null, last_error: expect.stringMatching(/status 503|in time/) })
  } finally {
    Deno.kill(mail?.pid ?? 0, 'SIGCONT')
  }
  await expect.poll(async () => {
    await sql`update tenancy.outbox set next_attempt_at = now() where delivered_at is null and request_id is null`
    await sql`select tenancy.deliver_outbox()`
    return await subjectsFor('mia@acme.test')
  }, { timeout: 30_000 }).toEqual([
    'Your role in Acme is now manager',
  ])
  const resent = await asAlice(`/${invited.body.invitation.id}/resend`)
  expect([resent.status, resent.body.mail]).toEqual([201, 'sent'])
  await expect.poll(() => subjectsFor('new@acme.test'), { timeout: 10_000 }).toEqual(['Invitation to Acme'])
})
