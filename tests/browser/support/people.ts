import { createClient } from '@supabase/supabase-js'
import { expect } from 'vitest'
import { createOrganizationsClient, type OrganizationsClient, type Result } from '../../../shared/client/index.ts'
import type { Organization } from '../../../shared/contract/organizations.ts'
import type { InvitableRole } from '../../../shared/contract/role.ts'
import { mailsWith } from '../../functions/support/mail.ts'
import { stack } from '../../functions/support/stack.ts'

/** The data of an answer that has to be one. */
export function need<Data>({ data, error }: Result<Data>): Data {
  if (error) throw error
  return data
}

async function signIn(email: string) {
  const supabase = createClient(stack('API_URL'), stack('PUBLISHABLE_KEY'), {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  const { data, error } = await supabase.auth.signInWithPassword({ email, password: 'dial-smart-demo' })
  if (error) throw error
  return { supabase, session: data.session }
}

/** Somebody of the seeded cast, by API: what a test needs to be there before the browser opens. */
export const clientOf = async (email: string): Promise<OrganizationsClient> =>
  createOrganizationsClient((await signIn(email)).supabase)

/** The session of somebody of the seeded cast who signs in anew. */
export const sessionOf = async (email: string) => (await signIn(email)).session

/** A name that no other test has. */
export const named = (name: string): string => `${name} ${crypto.randomUUID().slice(0, 6)}`

/** An organization of alice's own for one test, with some of the cast in it. */
export async function found(
  name: string,
  members: Partial<Record<'adam' | 'mona' | 'mia', InvitableRole>> = {},
): Promise<{ organization: Organization; alice: OrganizationsClient }> {
  const alice = await clientOf('alice@acme.test')
  const { organization } = need(await alice.organizations.create({ name: named(name) }))
  for (const [who, role] of Object.entries(members)) {
    const email = `${who}@acme.test`
    const { token } = need(await alice.invitations.create(organization.id, { email, role }))
    need(await (await clientOf(email)).invitations.accept(token))
  }
  return { organization, alice }
}

/** The first address in a mail to somebody that matches. */
export async function linkTo(email: string, pattern: RegExp): Promise<string> {
  let link: string | undefined
  await expect.poll(async () => {
    const mails = await mailsWith(email)
    link = mails.map(({ text, html }) => pattern.exec(text || html)?.[0]).find(Boolean)
    return link
  }, { timeout: 15_000 }).toBeDefined()
  return (link ?? '').replaceAll('&amp;', '&')
}

export const confirmationLink = /https?:\/\/[^\s"<>]+\/auth\/v1\/verify[^\s"<>]*/
export const invitationLink = /https?:\/\/[^\s"<>]+\/invitations\/accept#token=[^\s"<>]*/
