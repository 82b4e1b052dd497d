import type { CreateLeadField, LeadFieldAnswer, LeadFieldsAnswer, UpdateLeadField } from '../contract/lead-fields.ts'
import { type Request, type RetryOptions, segment } from './request.ts'

/** Requests about the fields that an organization has its leads have. */
export const createLeadFields = (request: Request) => ({
  /** Lists the fields in their order; members. */
  list: (organizationId: string) => request<LeadFieldsAnswer>('GET', leadFieldsOf(organizationId)),

  /**
   * Adds a field; admins and above. From now on, what is written to `custom_fields` of leads has to fit.
   *
   * @example
   * await client.leadFields.create(acme.id, { key: 'budget', label: 'Budget', type: 'number', required: true })
   */
  create: (organizationId: string, field: CreateLeadField, retry: RetryOptions = {}) =>
    request<LeadFieldAnswer>('POST', leadFieldsOf(organizationId), { ...retry, body: field }),

  /** Changes label, options, position or whether it is required; admins and above. */
  update: (organizationId: string, fieldId: string, changes: UpdateLeadField) =>
    request<LeadFieldAnswer>('PATCH', `${leadFieldsOf(organizationId)}/${segment(fieldId)}`, { body: changes }),

  /** Removes a field; admins and above. Leads keep their values of it. */
  remove: (organizationId: string, fieldId: string) =>
    request<LeadFieldAnswer>('DELETE', `${leadFieldsOf(organizationId)}/${segment(fieldId)}`),
})

const leadFieldsOf = (organizationId: string) => `organizations/${segment(organizationId)}/lead-fields`
