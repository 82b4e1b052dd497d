import type { Organization } from '../shared/contract/organizations.ts'
import type { Role } from '../shared/roles.ts'
import { readLeads } from './leads.ts'
import { catchMail, linkOf } from './mail.ts'
import { claim, say, show } from './narrate.ts'
import { openApp, type Person } from './person.ts'
import type { Stack } from './stack.ts'

/** Founds an organization, as whoever just signed up would. */
export async function found({ name, client }: Person, organizationName: string): Promise<Organization> {
  const { data, error } = await client.organizations.create({ name: organizationName, timezone: 'America/New_York' })
  if (error) throw error
  const { organization } = data
  show(`“${organization.name}”, slug ${organization.slug}, plan ${organization.subscription_tier}`)
  claim(`${name} is its ${organization.role}`, organization.role === 'owner')
  const active = await client.activeOrganization.get()
  claim('and acts there from now on', active.data?.organization_id === organization.id)
  return organization
}

/** Invites somebody; the answer is the token that arrived by mail. */
export async function invite(
  stack: Stack,
  host: Person,
  organization: Organization,
  guest: Person,
  role: Exclude<Role, 'owner'>,
): Promise<string> {
  const { data, error } = await host.client.invitations.create(organization.id, { email: guest.email, role })
  if (error) throw error
  const mail = await catchMail(stack.MAIL_URL, guest.email, new RegExp(`Invitation to ${organization.name}`))
  const token = new URLSearchParams(new URL(linkOf(mail)).hash.slice(1)).get('token') ?? ''
  show(`a mail to ${guest.email}: “${mail.subject}”`)
  claim('its link carries the token of the invitation', token !== '' && token === data.token)
  return token
}

/** Shows what a token invites to, to somebody who has no account yet. */
export async function preview(stack: Stack, guest: Person, token: string): Promise<void> {
  const { data, error } = await openApp(stack, guest.name, guest.email).client.invitations.preview(token)
  if (error) throw error
  show(`to ${data.organization.name} as ${data.role}, for ${data.email_hint}`)
}

/** Accepts an invitation. */
export async function accept({ name, client }: Person, token: string, role: Role): Promise<void> {
  const { data, error } = await client.invitations.accept(token)
  if (error) throw error
  claim(`${name} belongs to ${data.organization.name} as ${data.role}`, data.role === role)
}

/** Switches the session to an organization. */
export async function switchTo({ name, client }: Person, organization: Organization): Promise<void> {
  const { data, error } = await client.activeOrganization.set(organization.id)
  if (error) throw error
  claim(`${name} acts in ${organization.name} now, as ${data.role}`, data.organization_id === organization.id)
}

/** Sends the whole lead list in one request; it says nothing of organizations or authors. */
export async function importLeads(person: Person, organization: Organization): Promise<number> {
  const leads = await readLeads()
  say(`demo/leads.csv has ${leads.length} leads and no column for an organization.`)
  const { data, error } = await person.client.records.create('leads', leads)
  if (error) throw error
  const { data: { user } } = await person.supabase.auth.getUser()
  const first = data.records[0]
  show(`${data.count} rows, the first one ${first?.first_name} ${first?.last_name}, ${first?.phone_number}`)
  claim(`all ${leads.length} were stored`, data.count === leads.length && data.records.length === leads.length)
  claim(
    `each one is stamped with ${organization.name} and with ${person.name}`,
    data.records.every((row) => row.organization_id === organization.id && row.user_id === user?.id),
  )
  return data.count
}

/** Counts the leads that somebody sees through the Data API, with no filter in the query; a header may say where. */
export async function seeLeads(person: Person, where: string, expected: number, header?: Organization): Promise<void> {
  const query = person.supabase.from('leads').select('*', { count: 'exact', head: true })
  const { count, error } = await (header ? query.setHeader('x-organization-id', header.id) : query)
  if (error) throw error
  claim(`${person.name} (${where}) sees ${count === 1 ? '1 lead' : `${count} leads`}`, count === expected)
}

/** Waits for a mail to somebody. */
export async function hears(stack: Stack, { email }: Person, subject: RegExp): Promise<void> {
  const mail = await catchMail(stack.MAIL_URL, email, subject)
  show(`a mail to ${email}: “${mail.subject}”`)
}

/** What a refusal is expected to be. */
export interface Refusal {
  status: number
  code: string
}

/** Shows a refusal, and that it is the one that was expected. */
export function refused(
  { error }: { error: { status: number; code: string; detail: string } | null },
  expected: Refusal,
): void {
  show(error ? `${error.code}: ${error.detail}` : 'no refusal')
  claim(`refused with ${expected.status}`, error?.status === expected.status && error.code === expected.code)
}
