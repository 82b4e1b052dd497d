import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query'
import type { OrganizationsClient, ProblemError } from '../../shared/client/index.ts'
import type { AuditAnswer, AuditEntry, AuditFilter } from '../../shared/contract/audit.ts'
import type { Branding, OrganizationBranding } from '../../shared/contract/branding.ts'
import type { DomainsAnswer, OrganizationDomain } from '../../shared/contract/domains.ts'
import type {
  Invitation,
  InvitationPage,
  InvitationPreviewAnswer,
  InvitationsAnswer,
} from '../../shared/contract/invitations.ts'
import type { JoinRequest, JoinRequestsAnswer } from '../../shared/contract/joining.ts'
import type { LeadField } from '../../shared/contract/lead-fields.ts'
import type { Member, MembersAnswer } from '../../shared/contract/members.ts'
import type { Organization } from '../../shared/contract/organizations.ts'
import type { PlanPreview } from '../../shared/contract/plan-preview.ts'
import type { Plan } from '../../shared/contract/plans.ts'
import type { UsageAnswer, UsageRange } from '../../shared/contract/usage.ts'
import { can, type Permission } from '../../shared/roles.ts'
import { useOrganizationId, useOrganizationsContext } from './context.tsx'
import { isLong, keys, need } from './query.ts'

const everyPage = 100

/** Reads all organizations of a person. */
export const organizationsQuery = (client: OrganizationsClient, personId: string | undefined) => ({
  queryKey: [...keys.organizations, personId],
  queryFn: async (): Promise<Organization[]> => {
    const all: Organization[] = []
    let cursor: string | undefined
    for (;;) {
      const page = await need(client.organizations.list({ limit: everyPage, cursor, includeDeleted: true }))
      all.push(...page.organizations)
      if (page.next_cursor === null) return all
      cursor = page.next_cursor
    }
  },
})

/** All organizations of the person, each with their role: those that are there, and the deleted ones they can restore. */
export function useOrganizations(): UseQueryResult<Organization[], ProblemError> & {
  organizations: Organization[]
  deleted: Organization[]
} {
  const { client, person } = useOrganizationsContext()
  const query = useQuery<Organization[], ProblemError>({
    ...organizationsQuery(client, person?.id),
    enabled: person !== null,
    // Somebody can be removed, promoted or let in at any moment, in a tab that just stays open.
    refetchInterval: 60_000,
    refetchOnWindowFocus: 'always',
  })
  const all = query.data ?? []
  return {
    ...query,
    organizations: all.filter(({ deleted_at }) => deleted_at === null),
    deleted: all.filter(({ deleted_at }) => deleted_at !== null),
  }
}

/** The organization that everything here acts in, with the person's role; undefined while it is not known. */
export function useActiveOrganization(): Organization | undefined {
  const id = useOrganizationId()
  return useOrganizations().data?.find((organization) => organization.id === id)
}

/**
 * Whether the person may do something in the active organization, by the matrix that the server keeps to; false while
 * the role is not known. `own` asks about rows that are the person's own.
 *
 * @example
 * const mayInvite = useCan('createInvitation')
 * const mayChange = useCan('leads.update', { own: lead.user_id === person.id })
 */
export function useCan(permission: Permission, options?: { own?: boolean }): boolean {
  const role = useActiveOrganization()?.role
  return role !== undefined && can(role, permission, options)
}

interface Page {
  next_cursor: string | null
}

/** What is known of a list that is read page by page. */
type Pages<Answer> = UseInfiniteQueryResult<InfiniteData<Answer>, ProblemError>

/** A list that is read page by page. */
function useList<Answer extends Page>(
  queryKey: unknown[],
  read: (cursor: string | undefined) => Promise<Answer>,
  enabled = true,
): Pages<Answer> {
  return useInfiniteQuery<Answer, ProblemError, InfiniteData<Answer>, unknown[], string | undefined>({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    enabled,
    // Whoever has come far in a list is not made to wait for all of it because they, or the network, were away.
    refetchOnWindowFocus: ({ state }) => !isLong(state.data),
    refetchOnReconnect: ({ state }) => !isLong(state.data),
  })
}

/** The members of the active organization, in the order they joined. */
export function useMembers(options: { limit?: number } = {}): Pages<MembersAnswer> & { members?: Member[] } {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const query = useList<MembersAnswer>(
    keys.members(id),
    (cursor) => need(client.members.list(id, { limit: options.limit ?? 50, cursor })),
  )
  const members: Member[] | undefined = query.data?.pages.flatMap((page) => page.members)
  return { ...query, members }
}

/** The invitations of the active organization, newest first; for admins. */
export function useInvitations(
  status: NonNullable<InvitationPage['status']> = 'pending',
): Pages<InvitationsAnswer> & { invitations?: Invitation[] } {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const query = useList<InvitationsAnswer>(
    keys.invitations(id, status),
    (cursor) => need(client.invitations.list(id, { limit: 50, cursor, status })),
    useCan('listInvitations'),
  )
  return { ...query, invitations: query.data?.pages.flatMap((page) => page.invitations) }
}

/** The e-mail domains of the active organization; for admins. */
export function useDomains(): Pages<DomainsAnswer> & { domains?: OrganizationDomain[] } {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const query = useList<DomainsAnswer>(
    keys.domains(id),
    (cursor) => need(client.domains.list(id, { limit: 50, cursor })),
    useCan('listDomains'),
  )
  return { ...query, domains: query.data?.pages.flatMap((page) => page.domains) }
}

/** The fields that leads of the active organization have, in their order. */
export function useLeadFields(): UseQueryResult<LeadField[], ProblemError> {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  return useQuery<LeadField[], ProblemError>({
    queryKey: keys.leadFields(id),
    queryFn: async () => (await need(client.leadFields.list(id))).fields,
  })
}

/** How the product looks under a host or for an organization; for everybody. `enabled: false` asks nothing. */
export function useBranding(
  whose: { host: string } | { slug: string },
  { enabled = true } = {},
): UseQueryResult<Branding, ProblemError> {
  const { client } = useOrganizationsContext()
  return useQuery<Branding, ProblemError>({
    queryKey: keys.branding(whose),
    queryFn: async () => (await need(client.branding.find(whose))).branding,
    enabled,
    // Looks are not worth a wait: without an answer it is as the product is.
    retry: false,
    staleTime: 300_000,
  })
}

/** The branding of the active organization, with its host; for admins. */
export function useOwnBranding(): UseQueryResult<OrganizationBranding, ProblemError> {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  return useQuery<OrganizationBranding, ProblemError>({
    queryKey: keys.ownBranding(id),
    queryFn: async () => (await need(client.branding.get(id))).branding,
    enabled: useCan('getBranding'),
  })
}

/** What an invitation is for; for whoever has its token. */
export function useInvitationPreview(token: string | null): UseQueryResult<InvitationPreviewAnswer, ProblemError> {
  const { client } = useOrganizationsContext()
  return useQuery<InvitationPreviewAnswer, ProblemError>({
    queryKey: keys.preview(token ?? ''),
    queryFn: () => need(client.invitations.preview(token ?? '')),
    enabled: token !== null,
    staleTime: Infinity,
  })
}

/** Who asks to join the active organization; for admins. */
export function useJoinRequests(): Pages<JoinRequestsAnswer> & { requests?: JoinRequest[] } {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const query = useList<JoinRequestsAnswer>(
    keys.joinRequests(id),
    (cursor) => need(client.joining.requests(id, { limit: 50, cursor })),
    useCan('listJoinRequests'),
  )
  return { ...query, requests: query.data?.pages.flatMap((page) => page.requests) }
}

/** The audit log of the active organization, newest first; for admins. */
export function useAuditLog(filter: AuditFilter = {}): Pages<AuditAnswer> & { entries?: AuditEntry[] } {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const query = useList<AuditAnswer>(
    keys.audit(id, filter),
    (cursor) => need(client.audit.list(id, { ...filter, limit: 50, cursor })),
    useCan('listAudit'),
  )
  return { ...query, entries: query.data?.pages.flatMap((page) => page.entries) }
}

/** The plans there are, smallest first. */
export function usePlans() {
  const { client } = useOrganizationsContext()
  return useQuery<Plan[], ProblemError>({
    queryKey: keys.plans,
    queryFn: async () => (await need(client.billing.plans())).plans,
    staleTime: 300_000,
  })
}

/** What the active organization used in some days, what it used before, and how far its quotas are used. */
export function useUsage(query: UsageRange & { by?: 'day' | 'month'; compare?: boolean } = {}) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  return useQuery<UsageAnswer, ProblemError>({
    queryKey: keys.usage(id, query),
    queryFn: () => need(client.usage.get(id, query)),
    // What was shown stays until the other days are there.
    placeholderData: keepPreviousData,
  })
}

/** What the active organization would have on another plan; for admins. */
export function usePlanPreview(tier: string) {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  return useQuery<PlanPreview, ProblemError>({
    queryKey: keys.planPreview(id, tier),
    queryFn: async () => (await need(client.organizations.previewPlan(id, tier))).preview,
    enabled: useCan('previewPlan'),
  })
}

/** What waits for the person: invitations to their address, and organizations that their domain lets them join. */
export function useReceived() {
  const { client, person } = useOrganizationsContext()
  const enabled = person !== null
  const received = useQuery({
    queryKey: [...keys.received, person?.id],
    queryFn: () => need(client.invitations.received()),
    enabled,
  })
  const joinable = useQuery({
    queryKey: [...keys.joinable, person?.id],
    queryFn: () => need(client.joining.organizations()),
    enabled,
  })
  return { received, joinable }
}
