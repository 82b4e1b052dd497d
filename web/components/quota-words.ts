import type { Plan } from '../../shared/contract/plans.ts'
import type { Quota, QuotaState } from '../../shared/contract/quotas.ts'

type Limits = Pick<Plan, 'max_users' | 'max_campaigns' | 'max_phone_numbers' | 'monthly_call_limit'>

interface QuotaWords {
  title: string
  hint: string
  /** The limit of a plan, or the one that an organization has of its own. */
  limitOf: (limits: Limits) => number | null
}

/** What is limited, in words, and where a plan says how much. */
export const quotaWords: Record<Quota, QuotaWords> = {
  users: {
    title: 'People',
    hint: 'Members, and invitations that wait.',
    limitOf: ({ max_users }) => max_users,
  },
  campaigns: {
    title: 'Campaigns',
    hint: 'Those that are not archived.',
    limitOf: ({ max_campaigns }) => max_campaigns,
  },
  phone_numbers: {
    title: 'Phone numbers',
    hint: 'Those that are not released.',
    limitOf: ({ max_phone_numbers }) => max_phone_numbers,
  },
  calls: {
    title: 'Calls a month',
    hint: 'Also those that were deleted since.',
    limitOf: ({ monthly_call_limit }) => monthly_call_limit,
  },
}

/** All that is limited, in the order in which it is shown. */
export const quotaNames: Quota[] = ['users', 'campaigns', 'phone_numbers', 'calls']

/** What an organization has of something on a plan: its own limit comes before the plan's. */
export const limitOn = (quota: Quota, plan: Limits, organization: Limits): number | null =>
  quotaWords[quota].limitOf(organization) ?? quotaWords[quota].limitOf(plan)

/** A limit in words. */
export const toLimit = (limit: number | null): string => limit === null ? 'No limit' : limit.toLocaleString()

/** How far a quota is used: a warning from 80 % on, as the mails say it. */
export const quotaTone = ({ limit, used }: Pick<QuotaState, 'limit' | 'used'>): 'good' | 'warn' | 'full' =>
  limit === null || used < limit * 0.8 ? 'good' : used < limit ? 'warn' : 'full'
