import { z } from 'zod'

/** A plan's tier: `basic`, `professional`, `enterprise`, and what an operator adds. */
export const SubscriptionTier = z.string()
export type SubscriptionTier = z.infer<typeof SubscriptionTier>

/** Where an organization is in its life. */
export const SubscriptionStatus = z.enum(['trial', 'active', 'past_due', 'suspended', 'cancelled'])
export type SubscriptionStatus = z.infer<typeof SubscriptionStatus>

/** What set the status: Stripe's word, time that has passed, or an operator. */
export const StatusCause = z.enum(['billing', 'schedule', 'operator'])
export type StatusCause = z.infer<typeof StatusCause>

/** Null: no limit. */
export const Limit = z.int().nullable()

/** A plan, as price lists show it. */
export const Plan = z.object({
  tier: SubscriptionTier,
  name: z.string(),
  max_users: Limit,
  max_campaigns: Limit,
  max_phone_numbers: Limit,
  monthly_call_limit: Limit,
  features: z.array(z.string()),
  for_sale: z.boolean().meta({ description: 'Whether it can be bought by a checkout.' }),
}).meta({ id: 'Plan' })
export type Plan = z.infer<typeof Plan>

/** The plans there are, smallest first. */
export const PlansAnswer = z.object({ plans: z.array(Plan) }).meta({ id: 'Plans' })
export type PlansAnswer = z.infer<typeof PlansAnswer>
