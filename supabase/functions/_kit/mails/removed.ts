import type { Mail } from '../mail.ts'
import { productOf } from './branding.ts'
import { createMail, nameOf, openProduct, sentence } from './letter.ts'
import type { NoticeOf } from './notice.ts'

/** Tells somebody that they no longer belong to an organization. */
export const createRemovedMail = (
  { to, organization, actor }: NoticeOf<'notice.removed'>,
  siteUrl: string,
): Mail =>
  createMail({
    to,
    organization,
    subject: sentence`You no longer belong to ${organization.name}`,
    paragraphs: [
      sentence`${nameOf(actor, 'An administrator')} removed you from ${organization.name} on ${
        productOf(organization)
      }. What you made there stays with the organization.`,
    ],
    link: openProduct(organization, siteUrl),
    end: 'If you think this is a mistake, ask an administrator of the organization.',
  })
