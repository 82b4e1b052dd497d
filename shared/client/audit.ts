import type { AuditAnswer, AuditFilter, AuditVerificationAnswer, ExportAudit } from '../contract/audit.ts'
import type { PageOptions } from './organizations.ts'
import { type Request, segment } from './request.ts'

/** Requests about who changed what in an organization; admins and above. */
export const createAudit = (request: Request) => ({
  /**
   * Lists entries, newest first.
   *
   * @example
   * const { data } = await client.audit.list(acme.id, { action: 'member.role_changed', from: '2026-11-01T00:00:00Z' })
   */
  list: (organizationId: string, page: PageOptions & AuditFilter = {}) =>
    request<AuditAnswer>('GET', auditOf(organizationId), { query: { ...page } }),

  /** Answers the text of a CSV or JSON lines file with all entries that fit, oldest first. */
  export: (organizationId: string, what: ExportAudit) =>
    request<string>('POST', `${auditOf(organizationId)}/export`, { body: what }),

  /** Says whether the log is as it was written. */
  verify: (organizationId: string) =>
    request<AuditVerificationAnswer>('GET', `${auditOf(organizationId)}/verification`),
})

const auditOf = (organizationId: string) => `organizations/${segment(organizationId)}/audit`
