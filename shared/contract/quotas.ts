import { z } from 'zod'
import { Timestamp } from './values.ts'

/** What plans limit: people (members and pending invitations), campaigns, phone numbers, calls of a calendar month. */
export const Quota = z.enum(['users', 'campaigns', 'phone_numbers', 'calls'])
export type Quota = z.infer<typeof Quota>

/** How far a quota is used. */
export const QuotaState = z.object({
  quota: Quota,
  limit: z.int().nullable().meta({ description: 'Null: no limit.' }),
  used: z.int().meta({ description: 'Can be more than the limit, after that was lowered.' }),
  resets_at: Timestamp.nullable().meta({
    description: 'When it begins anew, at midnight of the organization; null: never.',
  }),
}).meta({ id: 'QuotaState' })
export type QuotaState = z.infer<typeof QuotaState>

/** The further members of a `quota_exceeded` problem. */
export const QuotaExceeded = z.object({
  quota: Quota,
  limit: z.int(),
  used: z.int(),
  requested: z.int().meta({ description: 'What was asked for, all of which was refused.' }),
  plan: z.string(),
  resets_at: Timestamp.nullable().meta({ description: 'When the quota begins anew; null: never.' }),
})
export type QuotaExceeded = z.infer<typeof QuotaExceeded>
