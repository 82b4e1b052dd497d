import { z } from 'zod'
import { JoinMode } from './domains.ts'
import { OrganizationCard } from './invitations.ts'
import { Organization, OrganizationPath } from './organizations.ts'
import { NextCursor, Page } from './page.ts'
import { OrganizationRole } from './role.ts'
import { Timestamp, Uuid } from './values.ts'

/** A path that names a request to join an organization. */
export const JoinRequestPath = OrganizationPath.extend({ request_id: Uuid })
export type JoinRequestPath = z.infer<typeof JoinRequestPath>

const statuses = ['pending', 'approved', 'refused', 'ended'] as const
const Status = z.enum(statuses).meta({
  description: 'ended: the domain was given up, or the person joined in another way.',
})

/** How to list the requests to join an organization. */
export const JoinRequestPage = Page.extend({
  status: z.enum([...statuses, 'all']).optional().meta({ description: 'Which requests; pending without it.' }),
})
export type JoinRequestPage = z.infer<typeof JoinRequestPage>

/** A request to join, as the admins of the organization read it: with the address and the name of when it was made. */
export const JoinRequest = z.object({
  id: Uuid,
  organization_id: Uuid,
  user_id: Uuid,
  domain: z.string(),
  email: z.string(),
  full_name: z.string().nullable(),
  status: Status,
  created_at: Timestamp,
  decided_at: Timestamp.nullable(),
  decided_by: Uuid.nullable(),
}).meta({ id: 'JoinRequest' })
export type JoinRequest = z.infer<typeof JoinRequest>

/** A request to join, as the person reads it who made it. */
export const OwnJoinRequest = z.object({ id: Uuid, organization_id: Uuid, status: Status, created_at: Timestamp })
  .meta({ id: 'OwnJoinRequest' })
export type OwnJoinRequest = z.infer<typeof OwnJoinRequest>

/** Which organization to join. */
export const JoinOrganization = z.strictObject({ organization_id: Uuid }).meta({ id: 'JoinOrganization' })
export type JoinOrganization = z.infer<typeof JoinOrganization>

/** An organization that the caller may join. */
export const JoinableOrganization = z.object({
  organization_id: Uuid,
  organization: OrganizationCard,
  join_mode: JoinMode.meta({
    description: 'What holds for the caller: somebody who was removed or refused needs approval.',
  }),
  request: OwnJoinRequest.nullable().meta({ description: 'The request of the caller that is pending.' }),
}).meta({ id: 'JoinableOrganization' })
export type JoinableOrganization = z.infer<typeof JoinableOrganization>

export const JoinableOrganizationsAnswer = z.object({ organizations: z.array(JoinableOrganization) })
  .meta({ id: 'JoinableOrganizationsAnswer' })
export type JoinableOrganizationsAnswer = z.infer<typeof JoinableOrganizationsAnswer>

export const JoinedAnswer = z.object({ organization: Organization, role: OrganizationRole })
  .meta({ id: 'JoinedAnswer' })
export type JoinedAnswer = z.infer<typeof JoinedAnswer>

export const JoinRequestedAnswer = z.object({ request: OwnJoinRequest }).meta({ id: 'JoinRequestedAnswer' })
export type JoinRequestedAnswer = z.infer<typeof JoinRequestedAnswer>

/** What came of joining: one belongs to the organization now, or has asked. */
export const JoinAnswer = z.union([JoinedAnswer, JoinRequestedAnswer])
export type JoinAnswer = z.infer<typeof JoinAnswer>

export const JoinRequestAnswer = z.object({ request: JoinRequest }).meta({ id: 'JoinRequestAnswer' })
export type JoinRequestAnswer = z.infer<typeof JoinRequestAnswer>

export const JoinRequestsAnswer = z.object({ requests: z.array(JoinRequest), next_cursor: NextCursor })
  .meta({ id: 'JoinRequestsAnswer' })
export type JoinRequestsAnswer = z.infer<typeof JoinRequestsAnswer>
