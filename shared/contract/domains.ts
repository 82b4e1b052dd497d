import { z } from 'zod'
import { OrganizationPath } from './organizations.ts'
import { NextCursor } from './page.ts'
import { Domain, Timestamp, Uuid } from './values.ts'

/** A path that names a domain that an organization has claimed. */
export const DomainPath = OrganizationPath.extend({ domain_id: Uuid })
export type DomainPath = z.infer<typeof DomainPath>

const internationalized = /^[\p{L}\p{M}\p{N}.-]{1,253}$/u

/** A name with letters beyond ASCII as DNS has it, `bücher.example` as `xn--bcher-kva.example`; others as they are. */
function toAsciiDomain(text: string): string {
  if (!/[^\p{ASCII}]/u.test(text) || !internationalized.test(text)) return text
  return URL.canParse(`https://${text}`) ? new URL(`https://${text}`).hostname : text
}

/** The domain of e-mail addresses, in ASCII whatever its letters are. */
export const EmailDomain = z.string().trim().overwrite(toAsciiDomain).pipe(Domain)
export type EmailDomain = z.infer<typeof EmailDomain>

/** How people of a domain join: at once, or when an admin approves. */
export const JoinMode = z.enum(['automatic', 'approval']).meta({ id: 'JoinMode' })
export type JoinMode = z.infer<typeof JoinMode>

/** What claiming a domain takes; people join on approval without `join_mode`. */
export const ClaimDomain = z.strictObject({ domain: EmailDomain, join_mode: JoinMode.optional() })
  .meta({ id: 'ClaimDomain' })
export type ClaimDomain = z.infer<typeof ClaimDomain>

/** What can be changed about a domain. */
export const UpdateDomain = z.strictObject({ join_mode: JoinMode }).meta({ id: 'UpdateDomain' })
export type UpdateDomain = z.infer<typeof UpdateDomain>

/** An e-mail domain that an organization claims, and the DNS record that proves it. */
export const OrganizationDomain = z.object({
  id: Uuid,
  organization_id: Uuid,
  domain: z.string(),
  join_mode: JoinMode,
  verified_at: Timestamp.nullable().meta({ description: 'Null: nobody can join by it yet.' }),
  created_by: Uuid.nullable(),
  created_at: Timestamp,
  record: z.object({ type: z.literal('TXT'), name: z.string(), value: z.string() })
    .meta({ description: 'The DNS record to set before verifying.' }),
}).meta({ id: 'OrganizationDomain' })
export type OrganizationDomain = z.infer<typeof OrganizationDomain>

export const DomainAnswer = z.object({ domain: OrganizationDomain }).meta({ id: 'DomainAnswer' })
export type DomainAnswer = z.infer<typeof DomainAnswer>

export const DomainsAnswer = z.object({ domains: z.array(OrganizationDomain), next_cursor: NextCursor }).meta({
  id: 'DomainsAnswer',
})
export type DomainsAnswer = z.infer<typeof DomainsAnswer>

export const DomainRemovedAnswer = z.object({
  domain: OrganizationDomain,
  ended: z.object({ join_requests: z.int() }).meta({ description: 'What rested on the domain and ended with it.' }),
}).meta({ id: 'DomainRemovedAnswer' })
export type DomainRemovedAnswer = z.infer<typeof DomainRemovedAnswer>
