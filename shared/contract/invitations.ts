import { z } from 'zod'
import { Branding } from './branding.ts'
import { Organization, OrganizationPath } from './organizations.ts'
import { NextCursor, Page } from './page.ts'
import { InvitableRole, OrganizationRole } from './role.ts'
import { Domain, Email, Timestamp, Uuid } from './values.ts'

/** A path that names an invitation of an organization. */
export const InvitationPath = OrganizationPath.extend({ invitation_id: Uuid })
export type InvitationPath = z.infer<typeof InvitationPath>

/** A path that names an invitation that one has received. */
export const ReceivedInvitationPath = InvitationPath.pick({ invitation_id: true })
export type ReceivedInvitationPath = z.infer<typeof ReceivedInvitationPath>

const statuses = ['pending', 'accepted', 'declined', 'revoked', 'expired'] as const

/** An invitation as the admins of its organization read it. The token is not part of it: only its hash is stored. */
export const Invitation = z.object({
  id: Uuid,
  organization_id: Uuid,
  kind: z.enum(['email', 'link']).meta({ description: 'link: for whoever has it.' }),
  email: z.string().nullable(),
  role: InvitableRole,
  status: z.enum(statuses),
  max_uses: z.int().nullable().meta({ description: 'How many may join by it; null: as many as there are seats.' }),
  uses: z.int(),
  allowed_domains: z.array(z.string()).nullable(),
  invited_by: Uuid.nullable(),
  created_at: Timestamp,
  expires_at: Timestamp,
  last_sent_at: Timestamp.nullable(),
  accepted_at: Timestamp.nullable(),
  accepted_by: Uuid.nullable(),
  declined_at: Timestamp.nullable(),
  revoked_at: Timestamp.nullable(),
}).meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof Invitation>

/** What inviting somebody takes; the invitation ends after `expires_in_days` days, 7 without it. */
export const CreateInvitation = z.strictObject({
  email: Email,
  role: InvitableRole,
  expires_in_days: z.int().min(1).max(30).optional(),
}).meta({ id: 'CreateInvitation' })
export type CreateInvitation = z.infer<typeof CreateInvitation>

/**
 * What making a link takes: whoever has it joins as member. Without `max_uses` as many as there are seats; with
 * `allowed_domains` only verified addresses there; it ends after `expires_in_days` days, 7 without it.
 */
export const CreateInvitationLink = z.strictObject({
  max_uses: z.int().min(1).max(10_000).optional(),
  allowed_domains: z.array(Domain).min(1).max(50).optional(),
  expires_in_days: z.int().min(1).max(30).optional(),
}).meta({ id: 'CreateInvitationLink' })
export type CreateInvitationLink = z.infer<typeof CreateInvitationLink>

/** How to list the invitations of an organization. */
export const InvitationPage = Page.extend({
  status: z.enum([...statuses, 'all']).optional().meta({ description: 'Which invitations; pending without it.' }),
})
export type InvitationPage = z.infer<typeof InvitationPage>

/** The token of an invitation, as it came by mail. */
export const InvitationToken = z.strictObject({ token: z.string().trim().min(1).max(200) }).meta({
  id: 'InvitationToken',
})
export type InvitationToken = z.infer<typeof InvitationToken>

/** What somebody who is not a member yet may know about an organization. */
export const OrganizationCard = z.object({ name: z.string(), branding: Branding }).meta({ id: 'OrganizationCard' })
export type OrganizationCard = z.infer<typeof OrganizationCard>

/** What the database answers for a new token. The token is shown this once. */
export const IssuedLink = z.object({
  invitation: Invitation,
  organization: OrganizationCard,
  inviter: z.object({ full_name: z.string().nullable(), email: z.string().nullable() }),
  token: z.string(),
})

/** The same for an invitation to an address: what is needed to write the mail. */
export const IssuedInvitation = IssuedLink.extend({ invitation: Invitation.extend({ email: z.string() }) })
export type IssuedInvitation = z.infer<typeof IssuedInvitation>

export const InvitationSentAnswer = z.object({
  invitation: Invitation,
  token: z.string().meta({ description: 'Shown this once; only its hash is stored.' }),
  accept_url: z.url().meta({ description: 'The link that the mail carries, to pass on by hand where mail failed.' }),
  mail: z.enum(['sent', 'failed', 'unknown']).meta({
    description: 'failed: the invitation stands; pass the link on, or resend. unknown: this repeats the answer to an ' +
      'earlier request with the same Idempotency-Key, and no second mail was sent.',
  }),
}).meta({ id: 'InvitationSentAnswer' })
export type InvitationSentAnswer = z.infer<typeof InvitationSentAnswer>

export const InvitationLinkAnswer = InvitationSentAnswer.omit({ mail: true }).meta({ id: 'InvitationLinkAnswer' })
export type InvitationLinkAnswer = z.infer<typeof InvitationLinkAnswer>

export const InvitationAnswer = z.object({ invitation: Invitation }).meta({ id: 'InvitationAnswer' })
export type InvitationAnswer = z.infer<typeof InvitationAnswer>

export const InvitationsAnswer = z.object({ invitations: z.array(Invitation), next_cursor: NextCursor })
  .meta({ id: 'InvitationsAnswer' })
export type InvitationsAnswer = z.infer<typeof InvitationsAnswer>

export const InvitationPreviewAnswer = z.object({
  organization: OrganizationCard,
  role: InvitableRole,
  email_hint: z.string().nullable().meta({ description: 'The invited address, mostly hidden; null for a link.' }),
  allowed_domains: z.array(z.string()).nullable().meta({ description: 'A link may be for addresses there alone.' }),
  expires_at: Timestamp,
}).meta({ id: 'InvitationPreviewAnswer' })
export type InvitationPreviewAnswer = z.infer<typeof InvitationPreviewAnswer>

export const InvitationAcceptedAnswer = z.object({ organization: Organization, role: OrganizationRole })
  .meta({ id: 'InvitationAcceptedAnswer' })
export type InvitationAcceptedAnswer = z.infer<typeof InvitationAcceptedAnswer>

export const InvitationDeclinedAnswer = z.object({ organization: OrganizationCard, role: InvitableRole })
  .meta({ id: 'InvitationDeclinedAnswer' })
export type InvitationDeclinedAnswer = z.infer<typeof InvitationDeclinedAnswer>

/** A pending invitation as the invited person reads it. */
export const ReceivedInvitation = z.object({
  id: Uuid,
  organization: OrganizationCard,
  role: InvitableRole,
  expires_at: Timestamp,
  created_at: Timestamp,
}).meta({ id: 'ReceivedInvitation' })
export type ReceivedInvitation = z.infer<typeof ReceivedInvitation>

export const ReceivedInvitationsAnswer = z.object({ invitations: z.array(ReceivedInvitation) })
  .meta({ id: 'ReceivedInvitationsAnswer' })
export type ReceivedInvitationsAnswer = z.infer<typeof ReceivedInvitationsAnswer>
