import type { OwnedUsageAnswer, UsageAnswer, UsageQuery, UsageRange } from '../contract/usage.ts'
import type { PageOptions } from './organizations.ts'
import { type Request, segment } from './request.ts'

/** Requests about what organizations use. Days are days of the organization's time zone, as `2026-11-01`. */
export const createUsage = (request: Request) => ({
  /**
   * Reads what an organization used, and what is left of its plan's limits; members. Without days, the last 30.
   *
   * @example
   * const { data } = await client.usage.get(acme.id, { from: '2026-10-01', to: '2026-10-31', compare: true })
   * if (data) chart(data.usage.periods, data.usage.previous?.totals)
   */
  get: (organizationId: string, query: Omit<UsageQuery, 'compare'> & { compare?: boolean } = {}) =>
    request<UsageAnswer>('GET', `organizations/${segment(organizationId)}/usage`, { query: { ...query } }),

  /** Lists what each organization that the caller owns used, with the totals of all of them. */
  list: (page: PageOptions & UsageRange = {}) =>
    request<OwnedUsageAnswer>('GET', 'organizations/usage', { query: { ...page } }),
})
