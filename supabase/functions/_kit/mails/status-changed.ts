import type { SubscriptionStatus } from '../../../../shared/contract/plans.ts'
import type { Mail } from '../mail.ts'
import { productOf } from './branding.ts'
import { createMail, openProduct, sentence } from './letter.ts'
import type { NoticeOf } from './notice.ts'

const meaning: Record<SubscriptionStatus, string> = {
  trial: 'Everything works while the trial lasts.',
  active: 'Everything works.',
  past_due: 'Everything works for now. Without a payment the organization will be suspended.',
  suspended: 'Its data is safe and can be read; nothing can be changed until the organization is active again.',
  cancelled: 'Its data can still be read. Subscribe again to go on where you left off.',
}

/** Tells an owner that their organization's subscription has another status. */
export const createStatusChangedMail = (
  { to, organization, status, previous_status }: NoticeOf<'notice.status_changed'>,
  siteUrl: string,
): Mail =>
  createMail({
    to,
    organization,
    subject: sentence`${organization.name} is now ${wordOf(status)}`,
    paragraphs: [
      sentence`The subscription of ${organization.name} on ${productOf(organization)} is now ${
        wordOf(status)
      }; it was ${wordOf(previous_status)}. ` + meaning[status],
    ],
    link: openProduct(organization, siteUrl),
  })

const words: Partial<Record<SubscriptionStatus, string>> = { past_due: 'past due', trial: 'a trial' }

const wordOf = (status: SubscriptionStatus): string => words[status] ?? status
