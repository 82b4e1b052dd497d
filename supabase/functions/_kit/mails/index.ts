import type { Mail } from '../mail.ts'
import { createDomainJoinRequestMail } from './domain-join-request.ts'
import type { Notice } from './notice.ts'
import { createOwnershipReceivedMail } from './ownership-received.ts'
import { createQuotaReachedMail } from './quota-reached.ts'
import { createRemovedMail } from './removed.ts'
import { createRoleChangedMail } from './role-changed.ts'
import { createStatusChangedMail } from './status-changed.ts'

/** Writes the mail of a notice. */
export function createNoticeMail(notice: Notice, siteUrl: string): Mail {
  switch (notice.topic) {
    case 'notice.role_changed':
      return createRoleChangedMail(notice, siteUrl)
    case 'notice.removed':
      return createRemovedMail(notice, siteUrl)
    case 'notice.ownership_received':
      return createOwnershipReceivedMail(notice, siteUrl)
    case 'notice.domain_join_request':
      return createDomainJoinRequestMail(notice, siteUrl)
    case 'notice.status_changed':
      return createStatusChangedMail(notice, siteUrl)
    case 'notice.quota_reached':
      return createQuotaReachedMail(notice, siteUrl)
  }
}
