import type { Mail } from '../mail.ts'
import { productOf } from './branding.ts'
import { createMail, nameOf, openProduct, sentence } from './letter.ts'
import type { NoticeOf } from './notice.ts'

/** Tells somebody that they have another role now. */
export const createRoleChangedMail = (
  { to, organization, actor, role, previous_role }: NoticeOf<'notice.role_changed'>,
  siteUrl: string,
): Mail =>
  createMail({
    to,
    organization,
    subject: sentence`Your role in ${organization.name} is now ${role}`,
    paragraphs: [
      sentence`${nameOf(actor, 'An administrator')} changed your role in ${organization.name} on ${
        productOf(organization)
      } from ${previous_role} to ${role}. It holds from now on.`,
    ],
    link: openProduct(organization, siteUrl),
  })
