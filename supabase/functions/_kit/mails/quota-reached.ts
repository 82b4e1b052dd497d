import type { Quota } from '../../../../shared/contract/quotas.ts'
import type { Mail } from '../mail.ts'
import { productOf } from './branding.ts'
import { createMail, openProduct, sentence } from './letter.ts'
import type { NoticeOf } from './notice.ts'

const words: Record<Quota, string> = {
  users: 'seats',
  campaigns: 'campaigns',
  phone_numbers: 'phone numbers',
  calls: 'calls of this month',
}

/** Tells an owner that most or all of what their plan allows is used. */
export const createQuotaReachedMail = (
  { to, organization, quota, percent, limit, used, resets_at }: NoticeOf<'notice.quota_reached'>,
  siteUrl: string,
): Mail =>
  createMail({
    to,
    organization,
    subject: sentence`${organization.name} has used ${String(percent)} % of its ${words[quota]}`,
    paragraphs: [
      sentence`${organization.name} on ${productOf(organization)} has used ${String(used)} of its ${String(limit)} ${
        words[quota]
      }. ` +
      (percent === 100 ? 'More are refused' : 'Once all are used, more are refused') +
      (resets_at ? ` until ${resets_at.slice(0, 10)}. A larger plan has more.` : '; a larger plan has more.'),
    ],
    link: openProduct(organization, siteUrl),
  })
