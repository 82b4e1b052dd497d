import type { Organization } from '../../shared/contract/organizations.ts'
import { can } from '../../shared/roles.ts'
import { toDay } from './words.ts'

/** Where an organization is in its life, for people. */
export interface StatusWords {
  title: string
  tone: 'good' | 'calm' | 'warn' | 'bad'
  /** Since when, and until when. */
  since: string
  /** What is possible now, and what to do. */
  advice: string
}

type Standing = Pick<
  Organization,
  'subscription_status' | 'status_changed_at' | 'status_cause' | 'trial_ends_at' | 'role'
>

/** Says in words where an organization is in its life; what to do depends on who asks, and on what brought it there. */
export function statusWords(
  { subscription_status, status_changed_at, status_cause, trial_ends_at, role }: Standing,
): StatusWords {
  const mayPay = can(role, 'startCheckout')
  const since = `Since ${toDay(status_changed_at)}.`
  const readOnly = 'Everything can be read, and nothing changed.'
  switch (subscription_status) {
    case 'trial':
      return {
        title: 'Trial',
        tone: 'calm',
        since: trial_ends_at ? `Until ${toDay(trial_ends_at)}.` : since,
        advice: mayPay
          ? 'Choose a plan before it ends, and everything goes on.'
          : 'Before it ends, an owner should choose a plan.',
      }
    case 'active':
      return { title: 'Active', tone: 'good', since, advice: '' }
    case 'past_due':
      return {
        title: 'Payment due',
        tone: 'warn',
        since,
        advice: 'Everything works for now. Without a payment nothing can be changed before long: ' +
          (mayPay ? 'choose a plan, or look at how it is paid.' : 'ask an owner to look into it.'),
      }
    case 'suspended':
      return {
        title: 'Suspended',
        tone: 'bad',
        since,
        advice: status_cause === 'operator'
          ? `${readOnly} It was suspended by whoever runs this service, and a payment does not change that: ask them.`
          : `${readOnly} A payment is missing: ${mayPay ? 'once it is made, all is as it was.' : 'ask an owner.'}`,
      }
    case 'cancelled':
      return {
        title: 'Cancelled',
        tone: 'bad',
        since,
        advice: status_cause === 'operator'
          ? `${readOnly} It was cancelled by whoever runs this service: ask them.`
          : `${readOnly} ${mayPay ? 'Choose a plan, and all is as it was.' : 'An owner can choose a plan again.'}`,
      }
  }
}

/** Whether what was bought is here, a plan if it is known which: the word of it arrives apart from the browser. */
export const hasArrived = (
  { subscription_status, subscription_tier, status_cause }: Pick<
    Organization,
    'subscription_status' | 'subscription_tier' | 'status_cause'
  >,
  tier?: string,
): boolean =>
  (tier === undefined || tier === subscription_tier) &&
  (subscription_status === 'active' || subscription_status === 'trial' && status_cause === 'billing')
