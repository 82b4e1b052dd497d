import { createClient } from '@supabase/supabase-js'
import { describe, expect, it } from 'vitest'
import { createOrganizationsClient, type Result } from '../../shared/client/index.ts'
import { mailsWith } from './support/mail.ts'
import { stack } from './support/stack.ts'

// The main story with real accounts: Auth signs people up and makes their tokens, and the typed client does the rest.

const password = 'correct horse battery staple'

/** A browser: a supabase-js client with a session of its own. */
const openBrowser = () =>
  createClient(stack('API_URL'), stack('PUBLISHABLE_KEY'), { auth: { persistSession: false, autoRefreshToken: false } })

/** Signs somebody up and follows the link in the mail. */
async function signUp(email: string) {
  const supabase = openBrowser()
  const { error } = await supabase.auth.signUp({ email, password, options: { data: { full_name: 'New Person' } } })
  expect(error).toBeNull()
  await expect.poll(async () => (await mailsWith(email)).length).toBe(1)
  const [mail] = await mailsWith(email)
  const link = /https?:\/\/[^\s"<>]+\/auth\/v1\/verify[^\s"<>]*/.exec(mail?.text || mail?.html || '')?.[0]
  const followed = await fetch((link ?? '').replaceAll('&amp;', '&'), { redirect: 'manual' })
  await followed.body?.cancel()
  expect(followed.status).toBeLessThan(400)
}

/** Signs in on a device of one's own. */
async function signIn(email: string) {
  const supabase = openBrowser()
  const { error } = await supabase.auth.signInWithPassword({ email, password })
  expect(error).toBeNull()
  return { supabase, client: createOrganizationsClient(supabase) }
}

/** The data of an answer that has to be one. */
function need<Data>({ data, error }: Result<Data>): Data {
  if (error) throw error
  return data
}

describe('people with accounts', () => {
  it('found, invite, join, switch and store, and see nothing of each other', async () => {
    const mark = crypto.randomUUID().slice(0, 8)
    const addressOf = (who: string) => `${who}.${mark}@example.test`
    const [founder, colleague, stranger] = [addressOf('founder'), addressOf('colleague'), addressOf('stranger')]
    await Promise.all([founder, colleague, stranger].map(signUp))
    const [one, two, three] = await Promise.all([signIn(founder), signIn(colleague), signIn(stranger)])

    const { organization } = need(await one.client.organizations.create({ name: `Initech ${mark}` }))
    const { accept_url } = need(
      await one.client.invitations.create(organization.id, { email: colleague, role: 'member' }),
    )
    await expect.poll(async () => (await mailsWith(accept_url)).length).toBe(1)
    const token = new URLSearchParams(new URL(accept_url).hash.slice(1)).get('token') ?? ''
    expect((await three.client.invitations.accept(token)).error?.code).toBe('email_mismatch')
    expect(need(await two.client.invitations.accept(token)).role).toBe('member')
    expect(need(await two.client.activeOrganization.get())).toEqual({
      organization_id: organization.id,
      role: 'member',
    })

    const rows = Array.from({ length: 20 }, (_, n) => ({ phone_number: `+1555010${n}` }))
    expect(need(await two.client.records.create('leads', rows)).count).toBe(20)
    const seenBy = async ({ supabase }: typeof one) =>
      (await supabase.from('leads').select('id', { count: 'exact', head: true })).count
    expect(await Promise.all([one, two, three].map(seenBy))).toEqual([20, 20, 0])

    expect((await three.client.organizations.get(organization.id)).error?.code).toBe('not_found')
  })

  it('are known to their colleagues by the name they signed up with', async () => {
    const email = `named.${crypto.randomUUID().slice(0, 8)}@example.test`
    await signUp(email)
    const { client } = await signIn(email)
    const { organization } = need(await client.organizations.create({ name: 'Named' }))
    const { members } = need(await client.members.list(organization.id))
    expect(members).toMatchObject([{ email, full_name: 'New Person', role: 'owner' }])
  })

  it('keep an organization for each device', async () => {
    const email = `devices.${crypto.randomUUID().slice(0, 8)}@example.test`
    await signUp(email)
    const [laptop, phone] = await Promise.all([signIn(email), signIn(email)])
    const first = need(await laptop.client.organizations.create({ name: 'First' })).organization
    const second = need(await phone.client.organizations.create({ name: 'Second' })).organization
    const active = async ({ client }: typeof laptop) => need(await client.activeOrganization.get()).organization_id
    expect([await active(laptop), await active(phone)]).toEqual([first.id, second.id])
    await laptop.client.activeOrganization.set(second.id)
    expect([await active(laptop), await active(phone)]).toEqual([second.id, second.id])
    await phone.client.activeOrganization.set(first.id)
    expect([await active(laptop), await active(phone)]).toEqual([second.id, first.id])
  })
})
