import { beforeAll, describe, expect, it } from 'vitest'
import { webhookSecrets } from '../../local/keys.ts'
import { createApp } from '../../supabase/functions/_kit/app.ts'
import { resolveDeps } from '../../supabase/functions/_kit/deps.ts'
import { resolveMailer } from '../../supabase/functions/_kit/mailer.ts'
import { createInvitations } from '../../supabase/functions/organizations/invitations.ts'
import { createNotices } from '../../supabase/functions/notices/notices.ts'
import { as, join, type Person, signUp } from '../database/support/cast.ts'
import { inTransaction, sql, type Transaction } from '../database/support/database.ts'
import { type Stage, stage } from './support/cast.ts'
import { mailsWith } from './support/mail.ts'
import { stack } from './support/stack.ts'

// Mails about what others did to one's membership, from the change of a row to the catcher.

let cast: Stage
const soon = { timeout: 15_000, interval: 100 }

beforeAll(async () => {
  cast = await stage()
})

/** Changes rows as the entry points do: with the owner's rights, on behalf of whoever asked. */
const onBehalfOf = (actor: Person | undefined, change: (tx: Transaction) => Promise<unknown>, of = cast) =>
  sql.begin(async (tx) => {
    if (actor) await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: of.users[actor] })}, true)`
    await change(tx)
  })
const setRole = (person: Person, role: string, of = cast) => (tx: Transaction) =>
  tx`update organization_users set role = ${role} where user_id = ${of.users[person]} and organization_id = ${of.acme}`
const remove = (person: Person, of = cast) => (tx: Transaction) =>
  tx`delete from organization_users where user_id = ${of.users[person]} and organization_id = ${of.acme}`
const eventsFor = (person: Person, of = cast) =>
  sql`select id, topic, payload from tenancy.outbox
    where order_key = ${of.users[person]} and topic like 'notice.%' order by position`
/** The subjects of the mails that somebody has got. */
const subjectsOf = async (person: Person, of = cast) =>
  (await mailsWith(of.emails[person])).map(({ subject }) => subject).sort()

describe('a mail goes to', () => {
  it('whose role somebody else changed, once for each change', async () => {
    await onBehalfOf('alice', setRole('mia', 'manager'))
    await onBehalfOf('adam', setRole('mia', 'member'))
    // A change that is none.
    await onBehalfOf('adam', setRole('mia', 'member'))
    await expect.poll(async () => {
      await sql`select tenancy.deliver_outbox()`
      return await subjectsOf('mia')
    }, soon).toEqual(['Your role in Acme is now manager', 'Your role in Acme is now member'])
    const latest = (await mailsWith(cast.emails.mia)).find(({ subject }) => subject.endsWith('now member'))
    expect(latest?.text).toContain(`${cast.emails.adam.replace(/[.@]/g, '$&\u2060')} changed your role in Acme`)
    expect(latest?.to).toMatchObject([{ address: cast.emails.mia }])
    expect(await eventsFor('mia')).toHaveLength(2)
  })

  it('who owns the organization now, and not to the one who gave it', async () => {
    const own = await stage()
    await onBehalfOf('alice', async (tx) => {
      await setRole('adam', 'owner', own)(tx)
      await setRole('alice', 'admin', own)(tx)
    }, own)
    await expect.poll(() => subjectsOf('adam', own), soon).toEqual(['You own Acme now'])
    expect([...await eventsFor('alice', own)]).toEqual([])
  })

  it('who was removed, by somebody or by nobody signed in', async () => {
    const own = await stage()
    await onBehalfOf('adam', remove('mia', own), own)
    await onBehalfOf(undefined, remove('mona', own), own)
    await expect.poll(() => subjectsOf('mia', own), soon).toEqual(['You no longer belong to Acme'])
    await expect.poll(() => subjectsOf('mona', own), soon).toEqual(['You no longer belong to Acme'])
    expect((await mailsWith(own.emails.mona))[0]?.text).toContain('An administrator removed you from Acme')
  })
})

describe('no mail goes to', () => {
  const nothingFor = async (person: Person, of: Stage) => expect([...await eventsFor(person, of)]).toEqual([])

  it('who left, founded or joined', async () => {
    const own = await stage()
    await onBehalfOf('mia', remove('mia', own), own)
    await onBehalfOf('alice', (tx) => join(tx, own.acme, own.users.eve, 'member'), own)
    await nothingFor('mia', own)
    await nothingFor('eve', own)
    await nothingFor('alice', own)
  })

  it('members of an organization that is purged, or people whose account goes', async () => {
    const own = await stage()
    await sql`delete from auth.users where id = ${own.users.mia}`
    // The account took its membership along, and nobody is there to be told.
    for (const { id } of await eventsFor('mia', own)) {
      expect([...await sql`select tenancy.read_notice(${id}) as notice`]).toEqual([{ notice: null }])
    }
    await sql`delete from organizations where id = ${own.acme}`
    for (const person of ['mona', 'adam', 'alice'] as const) await nothingFor(person, own)
    expect(await mailsWith(own.emails.mia)).toEqual([])
  })

  it('an address that nobody has confirmed, or an account that is closed', async () => {
    const own = await stage()
    const stranger = await sql.begin((tx) => signUp(tx, own.address('unconfirmed'), false))
    await sql`insert into organization_users (organization_id, user_id) values (${own.acme}, ${stranger})`
    await sql`update organization_users set role = 'manager' where user_id = ${stranger}`
    await sql`update auth.users set banned_until = 'infinity' where id = ${own.users.mia}`
    await onBehalfOf('adam', setRole('mia', 'manager', own), own)
    expect(await sql`select from tenancy.outbox where order_key = ${stranger}`).toHaveLength(0)
    await nothingFor('mia', own)
  })

  it('anybody, when the change is rolled back', async () => {
    const own = await stage()
    await inTransaction(async (tx) => {
      await setRole('mia', 'manager', own)(tx)
      expect(await tx`select from tenancy.outbox where order_key = ${own.users.mia} and topic like 'notice.%'`)
        .toHaveLength(1)
    })
    await nothingFor('mia', own)
  })
})

describe('the database', () => {
  it('keeps addresses and secrets out of events', async () => {
    const own = await stage()
    await onBehalfOf('alice', setRole('mia', 'manager', own), own)
    const [event] = await eventsFor('mia', own)
    expect(event?.payload).toEqual({
      organization_id: own.acme,
      user_id: own.users.mia,
      actor_id: own.users.alice,
      role: 'manager',
      previous_role: 'member',
    })
  })

  it('says to whom it goes now, and nothing to people', async () => {
    const own = await stage()
    await onBehalfOf('alice', setRole('mia', 'manager', own), own)
    const [event] = await eventsFor('mia', own)
    await sql`update tenancy.outbox set delivered_at = null where id = ${event?.id}`
    const { refused } = await sql.begin((tx) => as(tx, own, 'mia', (tx) => tx`select public.read_notice(${event?.id})`))
    expect(refused?.state).toBe('42501')
  })
})

/** The functions in this process, on the stack's data, with mail of the test's own. */
function withMail(environment: Record<string, string>) {
  const { d: _private, ...publicKey } = JSON.parse(stack('SIGNING_KEY'))
  const deps = resolveDeps({
    SUPABASE_URL: stack('API_URL'),
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: stack('PUBLISHABLE_KEY') }),
    SUPABASE_JWKS: JSON.stringify({ keys: [publicKey] }),
    SITE_URL: 'https://app.test',
  })
  const mailer = resolveMailer({ MAIL_FROM: 'Dial Smart <no-reply@app.test>', ...environment })
  const quiet = { ...deps, log: () => undefined }
  const { NOTICES_SECRET: secret } = webhookSecrets({ jwtSecret: stack('JWT_SECRET') })
  const notices = createNotices({ mailer, secret, secretKeyPastRowSecurity: stack('SECRET_KEY') })
  const apps = {
    notices: createApp('notices', quiet).route('/', notices),
    organizations: createApp('organizations', quiet).route('/', createInvitations(mailer)),
  }
  return {
    notice: (event: string) =>
      apps.notices.request('/notices', {
        method: 'POST',
        headers: { 'x-webhook-secret': secret, 'x-event-id': event },
      }),
    asAdam: async (path: string, body?: object) => {
      const response = await apps.organizations.request(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${cast.tokens.adam}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
      })
      return { status: response.status, body: await response.json() }
    },
  }
}

const down = () => withMail({ RESEND_API_KEY: 're_test', RESEND_URL: 'http://127.0.0.1:1' })

describe('a provider that is down', () => {
  it('leaves an invitation valid, and resending works', async () => {
    const email = cast.address('resent')
    const path = `/organizations/${cast.acme}/invitations`
    const created = await down().asAdam(path, { email, role: 'member' })
    expect([created.status, created.body.mail]).toEqual([201, 'failed'])
    const preview = await cast.call('anon', 'POST', '/invitations/preview', { json: { token: created.body.token } })
    expect(preview.status).toBe(200)
    const resent = await withMail({ SMTP_URL: stack('SMTP_URL') }).asAdam(
      `${path}/${created.body.invitation.id}/resend`,
    )
    expect([resent.status, resent.body.mail]).toEqual([201, 'sent'])
    await expect.poll(async () => (await mailsWith(email)).map(({ text }) => text.includes(resent.body.token)), soon)
      .toEqual([true])
  })

  it('has a notice come again, which goes out once it is back, under one key', async () => {
    const keys: (string | null)[] = []
    const mails: unknown[] = []
    const resend = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => undefined }, async (request) => {
      keys.push(request.headers.get('idempotency-key'))
      mails.push(await request.json())
      return Response.json({ id: 'mail' })
    })
    const up = withMail({ RESEND_API_KEY: 're_test', RESEND_URL: `http://127.0.0.1:${resend.addr.port}` })
    // Not yet due, so that nobody else sends it.
    const [event] = await sql`
      insert into tenancy.outbox (topic, order_key, payload, next_attempt_at)
      values ('notice.removed', ${cast.users.mona},
        ${
      sql.json({ organization_id: cast.acme, user_id: cast.users.mona, actor_id: cast.users.adam })
    }, now() + interval '1 day')
      returning id`
    expect((await down().notice(event?.id)).status).toBe(503)
    expect(mails).toEqual([])
    for (let time = 0; time < 2; time++) expect((await up.notice(event?.id)).status).toBe(200)
    expect(keys).toEqual([event?.id, event?.id])
    expect(mails[0]).toMatchObject({ to: [cast.emails.mona], subject: 'You no longer belong to Acme' })

    // What has been delivered is over, whoever asks again.
    await sql`update tenancy.outbox set delivered_at = now() where id = ${event?.id}`
    expect(await (await up.notice(event?.id)).json()).toEqual({ mail: 'none' })
    expect(mails).toHaveLength(2)
    await resend.shutdown()
  })
})
