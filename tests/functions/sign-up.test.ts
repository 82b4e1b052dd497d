import { createClient } from '@supabase/supabase-js'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { webhookSecrets } from '../../local/keys.ts'
import { createOrganizationsClient } from '../../shared/client/index.ts'
import { attempt, inTransaction, sql } from '../database/support/database.ts'
import { send } from './support/http.ts'
import { mailsWith } from './support/mail.ts'
import { expectProblem } from './support/problems.ts'
import { invite, openScene } from './support/scene.ts'
import { stack } from './support/stack.ts'
import { claimsFor, mintEs256 } from './support/tokens.ts'

// What follows a sign-up: from Auth's row by trigger, outbox and relay to the function, and back into the database.

const password = 'correct horse battery staple'
const secrets = webhookSecrets({ jwtSecret: stack('JWT_SECRET') })
const path = `${stack('FUNCTIONS_URL')}/signup-webhook`
const soon = { timeout: 15_000, interval: 100 }
const freshAddress = (name: string) => `${name}.${crypto.randomUUID().slice(0, 8)}@example.test`

/** An account as Auth makes it, with what the person says of themselves. */
async function signUp(metadata: object | null, { email = freshAddress('new'), confirmed = true } = {}) {
  const id = crypto.randomUUID()
  await sql`insert into auth.users ${
    sql({
      id,
      aud: 'authenticated',
      role: 'authenticated',
      email,
      raw_user_meta_data: metadata && sql.json({ ...metadata }),
      email_confirmed_at: confirmed ? new Date() : null,
      created_at: new Date(),
    })
  }`
  return { id, email }
}

const confirm = (id: string, tx: Pick<typeof sql, 'unsafe'> = sql) =>
  tx.unsafe('update auth.users set email_confirmed_at = now() where id = $1', [id])
const signUpOf = async (id: string) => (await sql`select * from tenancy.sign_ups where user_id = ${id}`)[0]
const isProcessed = (id: string) => expect.poll(async () => (await signUpOf(id)) !== undefined, soon).toBe(true)
const organizationsOf = (id: string) =>
  sql`select o.name, ou.role from organization_users as ou join organizations as o on o.id = ou.organization_id
    where ou.user_id = ${id} order by o.name`
const eventsOf = (id: string) => sql`select id from tenancy.outbox where topic = 'user.confirmed' and order_key = ${id}`

const deliver = (id: string, headers: Record<string, string> = { 'x-webhook-secret': secrets.SIGNUP_WEBHOOK_SECRET }) =>
  send('POST', path, {
    json: { type: 'INSERT', schema: 'auth', table: 'users', record: { id }, old_record: null },
    headers,
  })

describe('somebody who signs up and confirms their address', () => {
  it('has the organization that they named within seconds, as its owner', async () => {
    const [email, name] = [freshAddress('founder'), `Initech ${crypto.randomUUID().slice(0, 8)}`]
    const supabase = createClient(stack('API_URL'), stack('PUBLISHABLE_KEY'), {
      auth: { persistSession: false, autoRefreshToken: false },
    })
    const signedUp = await supabase.auth.signUp({ email, password, options: { data: { organization_name: name } } })
    expect(signedUp.error).toBeNull()
    await expect.poll(async () => (await mailsWith(email)).length, soon).toBe(1)
    const [user] = await sql`select id from auth.users where email = ${email}`
    // Not before the address is confirmed: it may be somebody else's.
    expect([...await eventsOf(user?.id)]).toEqual([])
    const [mail] = await mailsWith(email)
    const link = /https?:\/\/[^\s"<>]+\/auth\/v1\/verify[^\s"<>]*/.exec(mail?.text || mail?.html || '')?.[0] ?? ''
    await (await fetch(link.replaceAll('&amp;', '&'), { redirect: 'manual' })).body?.cancel()
    expect((await supabase.auth.signInWithPassword({ email, password })).error).toBeNull()

    const { organizations } = createOrganizationsClient(supabase)
    await expect.poll(async () => (await organizations.list()).data?.organizations, soon).toMatchObject([
      { name, role: 'owner', owner_email: email, subscription_tier: 'basic', subscription_status: 'trial' },
    ])
    expect(await eventsOf(user?.id)).toHaveLength(1)
  })

  it('leaves one entry in the log of the organization: a service founded it on their behalf', async () => {
    const { id } = await signUp({ organization_name: 'Logged' })
    await isProcessed(id)
    const { organization_id } = Object(await signUpOf(id))
    const entries = () =>
      sql`select action, actor_type, actor_id, on_behalf_of from audit_log
      where organization_id = ${organization_id} order by position`
    const expected = [{ action: 'organization.created', actor_type: 'service', actor_id: null, on_behalf_of: id }]
    expect([...await entries()]).toEqual(expected)
    await deliver(id)
    expect([...await entries()]).toEqual(expected)
  })

  it('has no organization when they named none', async () => {
    const { id } = await signUp({ full_name: 'Eve' })
    // Nothing waits for anybody, so nothing is told.
    expect([...await eventsOf(id)]).toEqual([])
    expect((await deliver(id)).body).toEqual({ processed: true, organization_id: null, invitations: 0 })
    expect([...await organizationsOf(id)]).toEqual([])
    expect(await signUpOf(id)).toMatchObject({ organization_id: null })
  })

  it.each([
    ['empty', ' '],
    ['too long', 'x'.repeat(101)],
    ['on two lines', 'Acme\nInc'],
    ['turned around', 'Acme\u202egro'],
    ['a number', 12],
    ['a list', ['Acme']],
    ['an object', { name: 'Acme' }],
  ])('has none when the name is %s, and nobody tries again', async (_what, organization_name) => {
    const { id } = await signUp({ organization_name })
    await isProcessed(id)
    expect([...await organizationsOf(id)]).toEqual([])
    expect((await deliver(id)).body).toEqual({ processed: false, organization_id: null, invitations: 0 })
  })

  it.each([['with spaces around it', '\t  Söhne & Co. 🚀 ', 'Söhne & Co. 🚀'], [
    'as long as it gets',
    'x'.repeat(100),
    undefined,
  ]])(
    'has it when the name is %s',
    async (_what, organization_name, name = organization_name) => {
      const { id } = await signUp({ organization_name })
      await isProcessed(id)
      expect([...await organizationsOf(id)]).toEqual([{ name, role: 'owner' }])
    },
  )

  it('gets no role and no other organization for what they say of themselves', async () => {
    const { acme } = await openScene()
    const members = () => sql`select user_id from organization_users where organization_id = ${acme} order by user_id`
    const before = await members()
    const { id } = await signUp({
      organization_name: 'Own',
      organization_id: acme,
      role: 'service_role',
      organizations: [{ id: acme, role: 'owner' }],
      email_verified: true,
    })
    await isProcessed(id)
    expect([...await organizationsOf(id)]).toEqual([{ name: 'Own', role: 'owner' }])
    expect([...await members()]).toEqual([...before])
  })

  it('is offered the invitations that wait for their address, and joins in one go, with no organization of their own', async () => {
    const scene = await openScene()
    const email = scene.address('invited')
    const { token } = await invite(scene, 'adam', scene.acme, email)
    const { id } = await signUp({ full_name: 'Invited' }, { email, confirmed: false })
    expect((await deliver(id)).body).toEqual({ processed: false, organization_id: null, invitations: 0 })
    await confirm(id)
    expect((await deliver(id)).body).toEqual({ processed: true, organization_id: null, invitations: 1 })

    const headers = {
      apikey: stack('PUBLISHABLE_KEY'),
      authorization: `Bearer ${await mintEs256(claimsFor(id, email))}`,
    }
    const own = await send('GET', `${stack('FUNCTIONS_URL')}/invitations`, { headers })
    expect(own.body).toMatchObject({ invitations: [{ organization: { name: 'Acme' }, role: 'member' }] })
    const joined = await send('POST', `${stack('FUNCTIONS_URL')}/invitations/accept`, { headers, json: { token } })
    expect(joined.status).toBe(200)
    expect([...await organizationsOf(id)]).toEqual([{ name: 'Acme', role: 'member' }])
  })

  it('keeps one organization when twenty deliveries arrive at once, and whatever comes later', async () => {
    const { id } = await signUp({})
    // Named only now, so that nobody but the test delivers.
    await sql`update auth.users set raw_user_meta_data = '{"organization_name": "Once"}' where id = ${id}`
    // Whoever handles the sign-up waits for this row, and all of them go on in the same moment.
    const deliveries = await sql.begin(async (tx) => {
      await tx`select from auth.users where id = ${id} for update`
      const deliveries = Promise.all(Array.from({ length: 20 }, () => deliver(id)))
      await expect.poll(async () => {
        const [waiting] = await sql`
          select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%process_sign_up%'`
        return waiting?.n
        // As many as the Data API has connections for.
      }, soon).toBe(10)
      return [deliveries]
    })
    const answers = await deliveries[0]
    expect(answers?.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(answers?.filter(({ body }) => Object(body).processed)).toHaveLength(1)
    const { organization_id } = Object(await signUpOf(id))
    expect(answers?.map(({ body }) => Object(body).organization_id)).toEqual(Array(20).fill(organization_id))
    expect([...await organizationsOf(id)]).toEqual([{ name: 'Once', role: 'owner' }])

    await sql`update auth.users set raw_user_meta_data = '{"organization_name": "Twice"}', email_confirmed_at = null
      where id = ${id}`
    await confirm(id)
    await expect.poll(async () => {
      await sql`select tenancy.deliver_outbox()`
      return (await sql`select from tenancy.outbox where order_key = ${id} and attempts > 0`).length
    }, soon).toBe(1)
    expect((await deliver(id)).body).toEqual({ processed: false, organization_id, invitations: 0 })
    expect([...await organizationsOf(id)]).toEqual([{ name: 'Once', role: 'owner' }])
  })

  it('does not bring back an organization that was purged, nor an account that is closed', async () => {
    const { id } = await signUp({ organization_name: 'Gone' })
    await isProcessed(id)
    await sql`delete from organizations where id = ${Object(await signUpOf(id)).organization_id}`
    expect((await deliver(id)).body).toEqual({ processed: false, organization_id: null, invitations: 0 })
    expect([...await organizationsOf(id)]).toEqual([])

    const closed = await signUp({ organization_name: 'Closed' }, { confirmed: false })
    await sql`update auth.users set deleted_at = now(), email_confirmed_at = now() where id = ${closed.id}`
    for (const user of [closed.id, crypto.randomUUID()]) {
      const answer = await deliver(user)
      expect([answer.status, answer.body]).toEqual([200, { processed: false, organization_id: null, invitations: 0 }])
      expect(await signUpOf(user)).toBeUndefined()
    }
  })

  it('signs up even where it can not be told', async () => {
    await inTransaction(async (tx) => {
      await tx`create or replace function tenancy.queue_event(p_topic text, p_order_key text, p_payload jsonb)
        returns uuid language plpgsql set search_path = '' as $$ begin raise 'no room'; end $$`
      const { refused } = await attempt(tx, (tx) =>
        tx`
        insert into auth.users (id, aud, role, email, email_confirmed_at, raw_user_meta_data)
        values (gen_random_uuid(), 'authenticated', 'authenticated', ${
          freshAddress('x')
        }, now(), '{"organization_name": "X"}')`)
      expect(refused).toBeUndefined()
    })
  })

  it('leaves no event when the sign-up is rolled back', async () => {
    const id = crypto.randomUUID()
    await inTransaction(async (tx) => {
      await tx`insert into auth.users (id, aud, role, email, email_confirmed_at, raw_user_meta_data)
        values (${id}, 'authenticated', 'authenticated', ${freshAddress('x')}, now(), '{"organization_name": "X"}')`
      expect(await tx`select from tenancy.outbox where order_key = ${id}`).toHaveLength(1)
    })
    expect([...await eventsOf(id)]).toEqual([])
  })
})

describe('the webhook', () => {
  it.each([
    ['no secret', {}],
    ['a wrong one', { 'x-webhook-secret': 'x'.repeat(44) }],
    ['the secret of the notices', { 'x-webhook-secret': secrets.NOTICES_SECRET }],
    ['the publishable key', { apikey: stack('PUBLISHABLE_KEY') }],
  ])('changes nothing with %s', async (_what, headers) => {
    const { id } = await signUp({ organization_name: 'Mallory' }, { confirmed: false })
    const before = await organizationsOf(id)
    expectProblem(await deliver(id, headers as Record<string, string>), 'unauthenticated')
    expect(await signUpOf(id)).toBeUndefined()
    expect([...await organizationsOf(id)]).toEqual([...before])
    // The control: it would have changed something.
    await confirm(id)
    expect((await deliver(id)).status).toBe(200)
    expect([...await organizationsOf(id)]).toEqual([{ name: 'Mallory', role: 'owner' }])
  })

  it('answers a browser no more than anybody else', async () => {
    const answer = await send('OPTIONS', path, {
      headers: { origin: stack('WEB_URL'), 'access-control-request-method': 'POST' },
    })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each(['anon', 'authenticated'])('is the only way in: %s can not ask the database', async (role) => {
    await inTransaction(async (tx) => {
      await tx.unsafe(`set local role ${role}`)
      for (
        const call of ['public.process_sign_up', 'tenancy.process_sign_up', 'public.read_notice', 'tenancy.read_notice']
      ) {
        const { refused } = await attempt(tx, (tx) => tx.unsafe(`select ${call}(gen_random_uuid())`))
        expect(refused?.state, call).toBe('42501')
      }
    })
  })
})

describe('the hook before-user-created', () => {
  it("answers as Auth expects, on the platform's version of Deno", async () => {
    const body = JSON.stringify({ user: { user_metadata: { organization_name: 'x'.repeat(101) } } })
    const [id, now] = [crypto.randomUUID(), new Date()]
    const signature = new Webhook(secrets.BEFORE_USER_CREATED_HOOK_SECRET.replace('v1,', '')).sign(id, now, body)
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signature,
    }
    const answer = await send('POST', `${path}/before-user-created`, { body, headers })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(answer.body).toMatchObject({ error: { http_code: 400, message: expect.stringMatching(/\S/) } })
    const forged = await send('POST', `${path}/before-user-created`, { body: `${body} `, headers })
    expectProblem(forged, 'unauthenticated')
  })
})
