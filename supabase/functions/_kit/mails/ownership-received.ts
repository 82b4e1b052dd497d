import type { Mail } from '../mail.ts'
import { productOf } from './branding.ts'
import { createMail, nameOf, openProduct, sentence } from './letter.ts'
import type { NoticeOf } from './notice.ts'

/** Tells somebody that an organization is theirs now. */
export const createOwnershipReceivedMail = (
  { to, organization, actor }: NoticeOf<'notice.ownership_received'>,
  siteUrl: string,
): Mail =>
  createMail({
    to,
    organization,
    subject: sentence`You own ${organization.name} now`,
    paragraphs: [
      sentence`${nameOf(actor, 'An administrator')} made you an owner of ${organization.name} on ${
        productOf(organization)
      }.`,
      'Owners manage people, plan and payments, and can delete the organization.',
    ],
    link: openProduct(organization, siteUrl),
  })
