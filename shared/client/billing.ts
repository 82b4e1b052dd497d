import type { BillingPageAnswer, OpenPortal, StartCheckout } from '../contract/billing.ts'
import type { PlansAnswer } from '../contract/plans.ts'
import { type Request, segment } from './request.ts'

/** Requests about plans and payment; all but the list of plans are for owners. */
export const createBilling = (request: Request) => ({
  /** Lists the plans, smallest first. */
  plans: () => request<PlansAnswer>('GET', 'billing/plans'),

  /**
   * Begins a checkout: send the browser to the URL.
   *
   * @example
   * const { data, error } = await client.billing.checkout(acme.id, { tier: 'professional' })
   * if (data) location.assign(data.url)
   */
  checkout: (organizationId: string, checkout: StartCheckout) =>
    request<BillingPageAnswer>('POST', `billing/${segment(organizationId)}/checkout`, { body: checkout }),

  /** Opens the customer portal, where a subscription is changed, paid and cancelled; `conflict` before there was one. */
  portal: (organizationId: string, portal: OpenPortal = {}) =>
    request<BillingPageAnswer>('POST', `billing/${segment(organizationId)}/portal`, { body: portal }),
})
