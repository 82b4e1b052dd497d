import { z } from 'zod'
import { NextCursor } from './page.ts'
import { OrganizationRole } from './role.ts'
import { Timestamp, Uuid } from './values.ts'

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

export const MembersAnswer = z.object({ members: z.array(Member), next_cursor: NextCursor }).meta({
  id: 'MembersAnswer',
})
export type MembersAnswer = z.infer<typeof MembersAnswer>
