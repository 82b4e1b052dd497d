import type { MemberAnswer, MemberChangedAnswer, MembersAnswer } from '../contract/members.ts'
import type { OrganizationAnswer } from '../contract/organizations.ts'
import type { Role } from '../roles.ts'
import type { PageOptions } from './organizations.ts'
import { type Request, type RetryOptions, segment } from './request.ts'

/** Requests about who belongs to an organization. Each change holds from the next request on, on every path. */
export const createMembers = (request: Request) => ({
  /** Lists the members, in the order they joined. */
  list: (organizationId: string, page: PageOptions = {}) =>
    request<MembersAnswer>('GET', membersOf(organizationId), { query: { ...page } }),

  /**
   * Gives a member another role; admins and above, nobody above their own. `ended` says what ended with the old role.
   *
   * @example
   * const { data, error } = await client.members.changeRole(acme.id, mia.user_id, 'manager')
   * if (error?.code === 'last_owner') …
   */
  changeRole: (organizationId: string, userId: string, role: Role) =>
    request<MemberChangedAnswer>('PATCH', member(organizationId, userId), { body: { role } }),

  /** Takes a member out; with one's own id, leaves. */
  remove: (organizationId: string, userId: string) =>
    request<MemberChangedAnswer>('DELETE', member(organizationId, userId)),

  /** Shuts a member out until they are reactivated. */
  suspend: (organizationId: string, userId: string, retry: RetryOptions = {}) =>
    request<MemberChangedAnswer>('POST', `${member(organizationId, userId)}/suspend`, retry),

  /** Lets a suspended member in again, with the role they had. */
  reactivate: (organizationId: string, userId: string, retry: RetryOptions = {}) =>
    request<MemberAnswer>('POST', `${member(organizationId, userId)}/reactivate`, retry),

  /** Makes an active member the owner, and the caller an admin; owners. */
  transferOwnership: (organizationId: string, userId: string, retry: RetryOptions = {}) =>
    request<OrganizationAnswer>('POST', `organizations/${segment(organizationId)}/transfer-ownership`, {
      ...retry,
      body: { user_id: userId },
    }),
})

const membersOf = (organizationId: string) => `organizations/${segment(organizationId)}/members`
const member = (organizationId: string, userId: string) => `${membersOf(organizationId)}/${segment(userId)}`
