import type {
  ClaimDomain,
  DomainAnswer,
  DomainRemovedAnswer,
  DomainsAnswer,
  UpdateDomain,
} from '../contract/domains.ts'
import type { PageOptions } from './organizations.ts'
import { type Request, type RetryOptions, segment } from './request.ts'

/** Requests about the e-mail domains of an organization; admins and above. */
export const createDomains = (request: Request) => ({
  /**
   * Claims a domain. Set `record` of the answer in the DNS, then verify.
   *
   * @example
   * const { data, error } = await client.domains.claim(acme.id, { domain: 'acme.example', join_mode: 'approval' })
   * if (data) show(data.domain.record) // { type: 'TXT', name: '_dial-smart.acme.example', value: '…' }
   */
  claim: (organizationId: string, claim: ClaimDomain, retry: RetryOptions = {}) =>
    request<DomainAnswer>('POST', domainsOf(organizationId), { ...retry, body: claim }),

  /** Lists the domains, oldest first. */
  list: (organizationId: string, page: PageOptions = {}) =>
    request<DomainsAnswer>('GET', domainsOf(organizationId), { query: { ...page } }),

  /** Looks for the record in the DNS; `conflict` while it is not there. */
  verify: (organizationId: string, domainId: string, retry: RetryOptions = {}) =>
    request<DomainAnswer>('POST', `${domainsOf(organizationId)}/${segment(domainId)}/verify`, retry),

  /** Changes whether people of the domain join at once or on approval. */
  update: (organizationId: string, domainId: string, changes: UpdateDomain) =>
    request<DomainAnswer>('PATCH', `${domainsOf(organizationId)}/${segment(domainId)}`, { body: changes }),

  /** Gives the domain up. Members stay; pending requests end. */
  remove: (organizationId: string, domainId: string) =>
    request<DomainRemovedAnswer>('DELETE', `${domainsOf(organizationId)}/${segment(domainId)}`),
})

const domainsOf = (organizationId: string) => `organizations/${segment(organizationId)}/domains`
