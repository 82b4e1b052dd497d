import type {
  JoinableOrganizationsAnswer,
  JoinAnswer,
  JoinRequestAnswer,
  JoinRequestPage,
  JoinRequestsAnswer,
} from '../contract/joining.ts'
import type { PageOptions } from './organizations.ts'
import { type Request, type RetryOptions, segment } from './request.ts'

/** Requests about joining by e-mail domain: first what the person does, then what admins do. */
export const createJoining = (request: Request) => ({
  /** Lists the organizations that have verified the domain of the caller's own verified address. */
  organizations: () => request<JoinableOrganizationsAnswer>('GET', 'invitations/organizations'),

  /**
   * Joins one of them: at once, or by a request that an admin decides.
   *
   * @example
   * const { data, error } = await client.joining.join(acme.organization_id)
   * if (data && 'request' in data) show('Your request was sent.')
   */
  join: (organizationId: string, retry: RetryOptions = {}) =>
    request<JoinAnswer>('POST', 'invitations/join', { ...retry, body: { organization_id: organizationId } }),

  /** Lists the pending requests to join an organization, or those of another status. */
  requests: (organizationId: string, page: PageOptions & Pick<JoinRequestPage, 'status'> = {}) =>
    request<JoinRequestsAnswer>('GET', requestsOf(organizationId), { query: { ...page } }),

  /** Lets the person in, as a member. */
  approve: (organizationId: string, requestId: string, retry: RetryOptions = {}) =>
    request<JoinRequestAnswer>('POST', `${requestsOf(organizationId)}/${segment(requestId)}/approve`, retry),

  /** Says no. */
  refuse: (organizationId: string, requestId: string, retry: RetryOptions = {}) =>
    request<JoinRequestAnswer>('POST', `${requestsOf(organizationId)}/${segment(requestId)}/refuse`, retry),
})

const requestsOf = (organizationId: string) => `organizations/${segment(organizationId)}/join-requests`
