import { createClient } from '@supabase/supabase-js'
import postgres from 'postgres'
import { readLeads } from '../demo/leads.ts'
import type { Status } from '../local/state.ts'
import { createOrganizationsClient, type OrganizationsClient, type Result } from '../shared/client/index.ts'
import type { InvitableRole } from '../shared/contract/role.ts'

/** Everybody's password here. */
export const password = 'correct horse battery staple'

const need = <Data>({ data, error }: Result<Data>): Data => {
  if (error) throw error
  return data
}

/** What pictures are taken of. */
export interface Scene {
  slug: string
  /** Who owns the company of the pictures, and who is asked to join it. */
  owner: string
  invited: string
  acceptUrl: string
  /** Companies that try what a page can bear: by what they try. */
  extremes: Record<'long' | 'rightToLeft' | 'empty', string>
}

const colleagues: [name: string, email: string, role: InvitableRole][] = [
  ['Marcus Bell', 'marcus.bell@harbor.example', 'admin'],
  ['Priya Raman', 'priya.raman@harbor.example', 'manager'],
  ['Leo Fischer', 'leo.fischer@harbor.example', 'member'],
  ['Sofía Álvarez', 'sofia.alvarez@harbor.example', 'member'],
  ['ليلى حداد', 'layla.haddad@harbor.example', 'member'],
  ['Tom Nguyen', 'tom.nguyen@harbor.example', 'member'],
]
const campaigns = [
  { name: 'Open houses, autumn', description: 'Whoever came to one in the last two years.', status: 'completed' },
  { name: 'Sellers, West Side', description: 'Owners who asked what their home is worth.', status: 'paused' },
  { name: 'First homes', description: 'People who rent and have looked at three offers or more.', status: 'active' },
  { name: 'Holiday lets', timezone: 'America/Los_Angeles', calling_hours_start: '10:00', status: 'draft' },
]
const unbroken = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe'.repeat(5).slice(0, 200)

/** Fills a new stack with a company at work, through the API; days that are past are the database's alone. */
export async function prepare(status: Status): Promise<Scene> {
  const sql = postgres(status.DB_URL, { max: 1, onnotice: () => {} })
  try {
    return await fill(status, sql)
  } finally {
    await sql.end()
  }
}

async function fill(status: Status, sql: postgres.Sql): Promise<Scene> {
  const signUp = async (full_name: string, email: string): Promise<OrganizationsClient> => {
    const supabase = createClient(status.API_URL, status.PUBLISHABLE_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    })
    const { error } = await supabase.auth.signUp({ email, password, options: { data: { full_name } } })
    if (error) throw error
    await sql`update auth.users set email_confirmed_at = now() where email = ${email}`
    const signedIn = await supabase.auth.signInWithPassword({ email, password })
    if (signedIn.error) throw signedIn.error
    return createOrganizationsClient(supabase)
  }
  const found = async (client: OrganizationsClient, name: string, slug: string) =>
    need(await client.organizations.create({ name, slug, timezone: 'America/New_York' })).organization
  const bring = async (
    host: OrganizationsClient,
    id: string,
    guest: OrganizationsClient,
    email: string,
    role: InvitableRole,
  ) => need(await guest.invitations.accept(need(await host.invitations.create(id, { email, role })).token))

  const owner = 'hanna.moreau@harbor.example'
  const hanna = await signUp('Hanna Moreau', owner)
  const harbor = await found(hanna, 'Harbor Realty', 'harbor-realty')
  await sql`update organizations set subscription_tier = 'professional', subscription_status = 'active',
    trial_ends_at = null where id = ${harbor.id}`
  for (const [name, email, role] of colleagues) await bring(hanna, harbor.id, await signUp(name, email), email, role)
  const members = need(await hanna.members.list(harbor.id, {})).members
  const tom = members.find(({ email }) => email?.startsWith('tom.'))
  if (tom) need(await hanna.members.suspend(harbor.id, tom.user_id))
  need(await hanna.organizations.update(harbor.id, { contact_phone: '+12125550142', owner_email: owner }))
  need(await hanna.withOrganization(harbor.id).records.create('leads', (await readLeads()).slice(0, 120)))
  need(await hanna.organizations.update(harbor.id, { calling_hours_start: '08:30', calling_hours_end: '19:00' }))
  // One after the other: those of one moment come in any order.
  for (const campaign of campaigns) need(await hanna.withOrganization(harbor.id).records.create('campaigns', campaign))
  need(await hanna.invitations.create(harbor.id, { email: 'noor@harbor.example', role: 'member' }))
  need(await hanna.invitations.createLink(harbor.id, { max_uses: 20, allowed_domains: ['harbor.example'] }))
  need(await hanna.domains.claim(harbor.id, { domain: 'harbor.example' }))
  await callFor60Days(sql, harbor.id)

  const invited = 'amelie.dubois@freelance.example'
  await signUp('Amélie Dubois', invited)
  const { accept_url } = need(await hanna.invitations.create(harbor.id, { email: invited, role: 'manager' }))

  const long = await found(hanna, unbroken.slice(0, 100), 'long')
  await bring(hanna, long.id, await signUp(unbroken, 'long@harbor.example'), 'long@harbor.example', 'manager')
  need(
    await hanna.withOrganization(long.id).records.create('leads', [
      {
        phone_number: '+12125550100',
        first_name: unbroken,
        company: unbroken,
        email: `${'x'.repeat(60)}@harbor.example`,
      },
    ]),
  )
  need(
    await hanna.withOrganization(long.id).records.create('campaigns', {
      name: unbroken.slice(0, 100),
      description: unbroken,
    }),
  )
  const rightToLeft = await found(hanna, 'شركة الميناء للعقارات', 'mina')
  for (const [name, email] of [['مريم العربي', 'maryam'], ['יעל כהן', 'yael'], ['Karim (مدير)', 'karim']] as const) {
    const address = `${email}@harbor.example`
    await bring(hanna, rightToLeft.id, await signUp(name, address), address, 'member')
  }
  need(
    await hanna.withOrganization(rightToLeft.id).records.create('leads', [
      { phone_number: '+97145550100', first_name: 'مريم', last_name: 'العربي', company: 'شركة الاتصالات (دبي)' },
      { phone_number: '+97235550101', first_name: 'יעל', last_name: 'כהן', company: 'ABC בע״מ' },
    ]),
  )
  need(
    await hanna.withOrganization(rightToLeft.id).records.create('campaigns', {
      name: 'حملة الربيع',
      description: 'شركة الاتصالات (دبي)',
    }),
  )
  const empty = await found(hanna, 'Quiet & Co', 'quiet')
  return {
    slug: harbor.slug,
    owner,
    invited,
    acceptUrl: accept_url,
    extremes: { long: long.slug, rightToLeft: rightToLeft.slug, empty: empty.slug },
  }
}

/** Calls on working days, more of them each week: always the same, so that pictures differ by their dates alone. */
async function callFor60Days(sql: postgres.Sql, organization: string): Promise<void> {
  const day = 86_400_000
  const calls = Array.from({ length: 60 }, (_, ago) => {
    const at = new Date(Math.floor(Date.now() / day) * day - ago * day)
    const isWeekend = [0, 6].includes(at.getUTCDay())
    const many = isWeekend ? 2 : 26 - Math.floor(ago / 7) * 2 + (ago * 7) % 9
    return Array.from({ length: many }, (_, n) => {
      const created_at = new Date(at.getTime() + (14 * 60 + n * 11) * 60_000 - (ago === 0 ? day / 2 : 0))
      const isAnswered = (n + ago) % 3 !== 0
      return {
        organization_id: organization,
        phone_number: `+1212555${String(n).padStart(4, '0')}`,
        created_at,
        answered_at: isAnswered ? created_at : null,
        duration_seconds: isAnswered ? 40 + (n * 37 + ago * 13) % 240 : 0,
      }
    })
  }).flat()
  await sql`insert into call_logs ${sql(calls)}`
}
