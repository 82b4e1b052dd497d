import type { Mail } from '../mail.ts'
import { productOf } from './branding.ts'
import { createMail, nameOf, openProduct, sentence } from './letter.ts'
import type { NoticeOf } from './notice.ts'

/** Tells an admin that somebody with an address of the organization's domain asks to join. */
export const createDomainJoinRequestMail = (
  { to, organization, requester }: NoticeOf<'notice.domain_join_request'>,
  siteUrl: string,
): Mail =>
  createMail({
    to,
    organization,
    subject: sentence`Somebody asks to join ${organization.name}`,
    paragraphs: [
      sentence`${nameOf(requester, 'Somebody')} (${
        requester?.email ?? 'unknown address'
      }) asks to join ${organization.name} on ${
        productOf(organization)
      }. The address is verified and of a domain that the organization has claimed.`,
      'Approve or refuse the request under the requests of the organization.',
    ],
    link: openProduct(organization, siteUrl),
  })
