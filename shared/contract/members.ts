import { z } from 'zod'
import { OrganizationPath } from './organizations.ts'
import { NextCursor } from './page.ts'
import { OrganizationRole } from './role.ts'
import { Timestamp, Uuid } from './values.ts'

/** A path that names a member of an organization. */
export const MemberPath = OrganizationPath.extend({ user_id: Uuid })
export type MemberPath = z.infer<typeof MemberPath>

/** A person in an organization, as the other members see them. */
export const Member = z.object({
  user_id: Uuid,
  email: z.string().nullable(),
  full_name: z.string().nullable(),
  role: OrganizationRole,
  joined_at: Timestamp,
  suspended_at: Timestamp.nullable(),
}).meta({ id: 'Member' })
export type Member = z.infer<typeof Member>

/** What can be changed about a member. */
export const UpdateMember = z.strictObject({ role: OrganizationRole }).meta({ id: 'UpdateMember' })
export type UpdateMember = z.infer<typeof UpdateMember>

/** Who shall own the organization: an active member of it. */
export const TransferOwnership = z.strictObject({ user_id: Uuid }).meta({ id: 'TransferOwnership' })
export type TransferOwnership = z.infer<typeof TransferOwnership>

export const MembersAnswer = z.object({ members: z.array(Member), next_cursor: NextCursor }).meta({
  id: 'MembersAnswer',
})
export type MembersAnswer = z.infer<typeof MembersAnswer>

export const MemberAnswer = z.object({ member: Member }).meta({ id: 'MemberAnswer' })
export type MemberAnswer = z.infer<typeof MemberAnswer>

/** What ended with a role or a membership, in the same transaction. */
export const Ended = z.object({
  invitations: z.int().meta({ description: 'Pending invitations that the person stood for.' }),
  sessions: z.int().meta({ description: 'Sessions of the person in which the organization was active.' }),
}).meta({ id: 'Ended' })
export type Ended = z.infer<typeof Ended>

export const MemberChangedAnswer = MemberAnswer.extend({ ended: Ended }).meta({ id: 'MemberChangedAnswer' })
export type MemberChangedAnswer = z.infer<typeof MemberChangedAnswer>
