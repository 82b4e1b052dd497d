import type {
  CreateOrganization,
  OrganizationAnswer,
  OrganizationsAnswer,
  UpdateOrganization,
} from '../contract/organizations.ts'
import type { PlanPreviewAnswer } from '../contract/plan-preview.ts'
import { type Request, type RetryOptions, segment } from './request.ts'

/** Where a list goes on, and how long a page is: 1 to 100, 50 without it. */
export interface PageOptions {
  limit?: number
  cursor?: string
}

/** Requests about organizations themselves. */
export const createOrganizations = (request: Request) => ({
  /**
   * Founds an organization; the caller owns it, and it becomes active.
   *
   * @example
   * const { data, error } = await client.organizations.create({ name: 'Acme', timezone: 'America/New_York' })
   */
  create: (organization: CreateOrganization, retry: RetryOptions = {}) =>
    request<OrganizationAnswer>('POST', 'organizations', { ...retry, body: organization }),

  /** Lists the caller's organizations, each with the caller's role. */
  list: ({ includeDeleted, ...page }: PageOptions & { includeDeleted?: boolean } = {}) =>
    request<OrganizationsAnswer>('GET', 'organizations', { query: { ...page, include_deleted: includeDeleted } }),

  /** Reads one organization. */
  get: (organizationId: string) => request<OrganizationAnswer>('GET', `organizations/${segment(organizationId)}`),

  /** Changes what `changes` names; admins and above. */
  update: (organizationId: string, changes: UpdateOrganization) =>
    request<OrganizationAnswer>('PATCH', `organizations/${segment(organizationId)}`, { body: changes }),

  /** Deletes an organization; owners, who can restore it for 30 days. A subscription ends with what is paid for. */
  delete: (organizationId: string) => request<OrganizationAnswer>('DELETE', `organizations/${segment(organizationId)}`),

  /** Brings a deleted organization back; owners. */
  restore: (organizationId: string, retry: RetryOptions = {}) =>
    request<OrganizationAnswer>('POST', `organizations/${segment(organizationId)}/restore`, retry),

  /**
   * What it would have on another plan, and what it uses beyond that; admins and above. Nothing is changed.
   *
   * @example
   * const { data } = await client.organizations.previewPlan(acme.id, 'basic')
   * const over = data?.preview.quotas.filter(({ over_by }) => over_by > 0) // stays, but the next one is refused
   */
  previewPlan: (organizationId: string, tier: string) =>
    request<PlanPreviewAnswer>('GET', `organizations/${segment(organizationId)}/plan-preview/${segment(tier)}`),
})
