import { IssuedInvitation } from '../../../shared/contract/invitations.ts'
import { OrganizationBrandingAnswer } from '../../../shared/contract/branding.ts'
import { DomainAnswer } from '../../../shared/contract/domains.ts'
import { LeadFieldAnswer } from '../../../shared/contract/lead-fields.ts'
import { JoinRequestedAnswer } from '../../../shared/contract/joining.ts'
import { ask } from '../../database/support/ask.ts'
import { signUp } from '../../database/support/cast.ts'
import { sql, type Transaction } from '../../database/support/database.ts'
import { type Person, type Stage, stage } from './cast.ts'
import { setZone } from './dns.ts'
import type { Route } from './routes.ts'
import { stack } from './stack.ts'
import { newCustomerId } from './stripe.ts'
import type { Algorithm } from './tokens.ts'

/**
 * A stage on which every route has something to do: eve has an invitation to Acme, and her address is at a domain that Acme
 * has verified; somebody else at that domain has asked to join; the records of another claim and of Acme's host are in the
 * DNS; Acme is a customer of Stripe.
 */
export interface Scene extends Stage {
  invitationId: string
  token: string
  /** The claim that can be verified. */
  domainId: string
  requestId: string
  fieldId: string
}

/** An invitation without its mail. */
export const invite = (
  cast: Stage,
  host: Person,
  organization: string,
  email: string,
  role = 'member',
  on?: Transaction,
) =>
  within(on, async (tx) =>
    IssuedInvitation.parse(
      await ask(tx, cast, host, (tx) => tx`create_invitation(${organization}, ${email}, ${role})`),
    ))

/** A claim, not verified. */
const claimIn = async (tx: Transaction, cast: Stage, host: Person, organization: string, domain: string) =>
  DomainAnswer.parse(await ask(tx, cast, host, (tx) => tx`claim_domain(${organization}, ${domain})`)).domain

/** A claim whose record is in the DNS, not verified. */
export async function claim(cast: Stage, host: Person, organization: string, domain: string, on?: Transaction) {
  const claimed = await within(on, (tx) => claimIn(tx, cast, host, organization, domain))
  await setZone(claimed.record.name, { texts: [claimed.record.value] })
  return claimed
}

/** A host whose record is in the DNS, not verified. */
export async function setHost(cast: Stage, who: Person, organization: string, host: string, on?: Transaction) {
  const { branding } = await within(on, async (tx) =>
    OrganizationBrandingAnswer.parse(
      await ask(tx, cast, who, (tx) => tx`update_branding(${organization}, ${tx.json({ host })})`),
    ))
  if (!branding.host) throw new Error('The host was not set.')
  await setZone(branding.host.record.name, { texts: [branding.host.record.value] })
  return branding.host
}

/**
 * Lets somebody with a new address at a verified domain ask to join, without the mails about it: they would arrive while a
 * test looks for what it caused. Answers the id of the request.
 */
export const requestToJoin = (cast: Stage, organization: string, email: string, on?: Transaction): Promise<string> =>
  within(on, async (tx) => {
    const users = { ...cast.users, eve: await signUp(tx, email) }
    const asked = await ask(tx, { ...cast, users }, 'eve', (tx) => tx`join_organization(${organization})`)
    await tx`delete from tenancy.outbox where topic = 'notice.domain_join_request'
      and payload ->> 'organization_id' = ${organization}`
    return JoinRequestedAnswer.parse(asked).request.id
  })

/** A field of leads. */
export const addField = (cast: Stage, host: Person, organization: string, key: string, on?: Transaction) =>
  within(on, async (tx) =>
    LeadFieldAnswer.parse(
      await ask(tx, cast, host, (tx) => tx`create_lead_field(${organization}, ${key}, ${key}, 'text')`),
    ).field)

/** Does it in a transaction that is there, or in one of its own. */
const within = <Value>(on: Transaction | undefined, work: (tx: Transaction) => Promise<Value>) =>
  on ? work(on) : sql.begin(work) as Promise<Value>

/** Brings the cast on stage and prepares something for every route. */
export async function openScene(algorithm: Algorithm = 'ES256'): Promise<Scene> {
  const cast = await stage(algorithm)
  const { acme, mark, users: { eve } } = cast
  const domain = `${mark}.test`
  cast.emails.eve = `eve@${domain}`
  return await sql.begin(async (tx) => {
    await tx`update auth.users set email = ${cast.emails.eve} where id = ${eve}`
    const { id } = await claimIn(tx, cast, 'adam', acme, domain)
    await tx`update organization_domains set verified_at = now() where id = ${id}`
    const requestId = await requestToJoin(cast, acme, `zoe@${domain}`, tx)
    const { id: domainId } = await claim(cast, 'adam', acme, `second.${domain}`, tx)
    await setHost(cast, 'adam', acme, `calls.${domain}`, tx)
    const { invitation, token } = await invite(cast, 'adam', acme, cast.emails.eve, 'member', tx)
    await tx`insert into tenancy.billing_customers (organization_id, customer_id, livemode)
      values (${acme}, ${newCustomerId()}, false)`
    const { id: fieldId } = await addField(cast, 'adam', acme, 'industry', tx)
    return { ...cast, invitationId: invitation.id, token, domainId, requestId, fieldId }
  })
}

const bodies: Record<string, (scene: Scene) => object> = {
  createOrganization: () => ({ name: 'Initech' }),
  updateOrganization: () => ({ name: 'Acme & Sons' }),
  changeMember: () => ({ role: 'manager' }),
  transferOwnership: ({ users }) => ({ user_id: users.mia }),
  exportAudit: () => ({ format: 'jsonl' }),
  createInvitationLink: () => ({ max_uses: 3 }),
  createInvitation: (scene) => ({ email: scene.address('new'), role: 'member' }),
  previewInvitation: ({ token }) => ({ token }),
  acceptInvitation: ({ token }) => ({ token }),
  declineInvitation: ({ token }) => ({ token }),
  setActiveOrganization: ({ acme }) => ({ organization_id: acme }),
  claimDomain: ({ mark }) => ({ domain: `third.${mark}.test` }),
  updateBranding: () => ({ product_name: 'Acme Calls', color_light: '#0b5394' }),
  updateDomain: () => ({ join_mode: 'automatic' }),
  createLeadField: () => ({ key: 'budget', label: 'Budget', type: 'number' }),
  updateLeadField: () => ({ required: true }),
  joinOrganization: ({ acme }) => ({ organization_id: acme }),
  startCheckout: () => ({ tier: 'basic' }),
  openPortal: () => ({ return_url: `${stack('WEB_URL')}/plan` }),
  createRecords: () => ({ phone_number: '+15550100' }),
}

/** A body that a route takes. A route without an example here fails its tests: write one. */
export function bodyFor({ name, hasBody }: Route, scene: Scene): object | undefined {
  if (!hasBody) return undefined
  const body = bodies[name]
  if (!body) throw new Error(`There is no example body for ${name}.`)
  return body(scene)
}

/** The path of a route at Acme. */
export const pathFor = (
  { path }: Route,
  { acme, invitationId, users, domainId = invitationId, requestId = invitationId, fieldId = invitationId }:
    & Pick<Scene, 'acme' | 'invitationId'>
    & Partial<Pick<Scene, 'domainId' | 'requestId' | 'fieldId'>>
    & { users: { mia: string } },
): string =>
  path
    .replace('{organization_id}', acme)
    .replace('{invitation_id}', invitationId)
    .replace('{user_id}', users.mia)
    .replace('{domain_id}', domainId)
    .replace('{request_id}', requestId)
    .replace('{field_id}', fieldId)
    .replace('{table}', 'leads')
    .replace(/^\/branding$/, '/branding?slug=acme')
    .replace('/leads/search', '/leads/search?q=iris')
    .replace('{tier}', 'professional')

/** Somebody whom a route serves. */
export const servedBy = ({ name }: Route): Person =>
  /^(accept|decline)(Received)?Invitation$|^joinOrganization$/.test(name) ? 'eve' : 'alice'
