import type { BrandingAnswer, OrganizationBrandingAnswer, UpdateBranding } from '../contract/branding.ts'
import { type Request, type RetryOptions, segment } from './request.ts'

/** Requests about how the product looks for an organization, and under its own host. */
export const createBranding = (request: Request) => ({
  /**
   * How the product looks under a host, or for an organization; for everybody, signed in or not.
   *
   * @example
   * const { data } = await client.branding.find({ host: location.hostname })
   * document.title = data?.branding.product_name ?? 'Dial Smart'
   */
  find: (whose: { host: string } | { slug: string }) =>
    request<BrandingAnswer>('GET', 'branding', { query: { ...whose } }),

  /** Reads the branding of an organization, with its host and the record that proves it; admins and above. */
  get: (organizationId: string) => request<OrganizationBrandingAnswer>('GET', brandingOf(organizationId)),

  /** Changes what `changes` names; null is as the product is. Admins and above. */
  update: (organizationId: string, changes: UpdateBranding) =>
    request<OrganizationBrandingAnswer>('PATCH', brandingOf(organizationId), { body: changes }),

  /** Looks for the record of the host in the DNS; `conflict` while it is not there. Admins and above. */
  verifyHost: (organizationId: string, retry: RetryOptions = {}) =>
    request<OrganizationBrandingAnswer>('POST', `${brandingOf(organizationId)}/verify`, retry),
})

const brandingOf = (organizationId: string) => `organizations/${segment(organizationId)}/branding`
