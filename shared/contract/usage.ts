import { z } from 'zod'
import { NextCursor, Page } from './page.ts'
import { SubscriptionTier } from './plans.ts'
import { QuotaState } from './quotas.ts'
import { Timezone, Uuid } from './values.ts'

/** A day of the calendar, `2026-11-01`. */
const Day = z.iso.date()

const counts = {
  calls: z.int(),
  answered_calls: z.int(),
  call_minutes: z.number().meta({ description: 'Of all calls together, to the hundredth.' }),
  texts: z.int().meta({ description: 'Sent, not received.' }),
  leads_added: z.int(),
  active_members: z.int().meta({ description: 'At the end: members who are not suspended.' }),
}

/** What was used. */
export const Usage = z.object(counts).meta({ id: 'Usage' })
export type Usage = z.infer<typeof Usage>

/** Which days: from the first to the last, both within. */
export const UsageRange = z.object({
  from: Day.optional().meta({
    description: 'The first day, in the time zone of the organization. Without it 30 days to the last, or 12 months.',
  }),
  to: Day.optional().meta({ description: 'The last day; without it today, there.' }),
})
export type UsageRange = z.infer<typeof UsageRange>

/** How to read usage: at most 366 days or 36 months. */
export const UsageQuery = UsageRange.extend({
  by: z.enum(['day', 'month']).optional().meta({
    default: 'day',
    description: 'By month, months are whole: from the first day of the one to the last day of the other.',
  }),
  compare: z.enum(['true', 'false']).optional().meta({
    description: 'true: also what was used in as many days or months right before.',
  }),
})
export type UsageQuery = z.infer<typeof UsageQuery>

export const UsageAnswer = z.object({
  usage: z.object({
    from: Day,
    to: Day,
    by: z.enum(['day', 'month']),
    timezone: Timezone,
    totals: Usage,
    periods: z.array(z.object({ start: Day, ...counts })).meta({
      description: 'Every day or month, in order, also those in which nothing was used.',
    }),
    previous: z.object({ from: Day, to: Day, totals: Usage }).nullable().meta({
      description: 'What was used right before; null where that was not asked for.',
    }),
  }),
  quotas: z.array(QuotaState),
  plan: SubscriptionTier,
}).meta({ id: 'UsageAnswer' })
export type UsageAnswer = z.infer<typeof UsageAnswer>

/** How to list the usage of one's organizations. */
export const UsagePage = Page.extend(UsageRange.shape)
export type UsagePage = z.infer<typeof UsagePage>

export const OwnedUsageAnswer = z.object({
  organizations: z.array(z.object({
    organization: z.object({ id: Uuid, name: z.string(), slug: z.string() }),
    plan: SubscriptionTier,
    from: Day,
    to: Day,
    timezone: Timezone,
    totals: Usage,
  })),
  totals: Usage.meta({ description: 'Of all organizations that the caller owns, not only of this page.' }),
  next_cursor: NextCursor,
}).meta({ id: 'OwnedUsageAnswer' })
export type OwnedUsageAnswer = z.infer<typeof OwnedUsageAnswer>
