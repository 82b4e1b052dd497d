import { hashKey, type InfiniteData, QueryCache, QueryClient, type QueryKey } from '@tanstack/react-query'
import { ProblemError, type Result } from '../../shared/client/index.ts'
import type { Member, MembersAnswer } from '../../shared/contract/members.ts'

/** Keys of everything that is kept: what belongs to an organization is under its id. */
export const keys = {
  organizations: ['organizations'],
  active: ['active-organization'],
  received: ['received-invitations'],
  joinable: ['joinable-organizations'],
  preview: (token: string) => ['invitation-preview', token],
  organization: (id: string) => ['organization', id],
  members: (id: string) => ['organization', id, 'members'],
  invitations: (id: string, status: string) => ['organization', id, 'invitations', status],
  domains: (id: string) => ['organization', id, 'domains'],
  leadFields: (id: string) => ['organization', id, 'lead-fields'],
  joinRequests: (id: string) => ['organization', id, 'join-requests'],
  branding: (whose: { host: string } | { slug: string }) => ['branding', whose],
  ownBranding: (id: string) => ['organization', id, 'branding'],
  plans: ['plans'],
  usage: (id: string, query: object) => ['organization', id, 'usage', query],
  planPreview: (id: string, tier: string) => ['organization', id, 'plan-preview', tier],
  audit: (id: string, filter: object) => ['organization', id, 'audit', filter],
}

/** What was refused because a session had ended: what to do about it, where a server says what a request lacks. */
export const toSignIn = ({ status, requestId, details, cause }: ProblemError): ProblemError =>
  new ProblemError('unauthenticated', {
    status,
    detail: 'Your session had ended. Sign in, and try this again.',
    requestId,
    details,
    cause,
  })

/** The data of an answer; a refusal is thrown, as TanStack Query wants it. */
export async function need<Data>(answer: Promise<Result<Data>>): Promise<Data> {
  const { data, error } = await answer
  if (error) throw error.code === 'unauthenticated' ? toSignIn(error) : error
  return data
}

// Answers that no second try changes.
const isFinal = (error: unknown): boolean =>
  error instanceof ProblemError && error.status !== 0 && error.status < 500 && error.code !== 'rate_limited'

/** Refusals that may mean that the person's place in an organization has changed. */
const concernsMembership = (error: unknown): boolean =>
  error instanceof ProblemError && ['not_found', 'forbidden', 'organization_suspended'].includes(error.code)

/**
 * A QueryClient as these components like it: no second try where the answer would be the same, and a new look at one's
 * organizations when a refusal says that something has changed there.
 */
export function createQueryClient(): QueryClient {
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => {
        if (queryKey[0] === 'organization' && concernsMembership(error)) lookAgain(queryClient)
      },
    }),
    defaultOptions: {
      queries: { retry: (failures, error) => failures < 2 && !isFinal(error), staleTime: 15_000 },
    },
  })
  return queryClient
}

/** Asks again which organizations the person belongs to, and as what. */
export const lookAgain = (queryClient: QueryClient): void =>
  void queryClient.invalidateQueries({ queryKey: keys.organizations })

/** The same, to the end: whoever has just come into an organization finds it in the list when they go there. */
export const seeJoined = (queryClient: QueryClient): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: keys.organizations })

/** Asks again after a refused change that may mean so. */
export function lookAgainAfter(error: unknown, queryClient: QueryClient): void {
  if (concernsMembership(error)) lookAgain(queryClient)
}

/** How far a list may have been read to be read again, all of it, because somebody looks at it anew. */
const fewPages = 3

/** Whether so much of a list was read that nobody should wait for all of it again. */
export const isLong = (data: { pages: unknown[] } | undefined): boolean => (data?.pages.length ?? 0) > fewPages

/** Forgets what was read of a long list behind its first pages, which is all that is then read again at once. */
export function keepPages(queryClient: QueryClient, queryKey: QueryKey, count: number): void {
  queryClient.setQueryData<InfiniteData<unknown>>(
    queryKey,
    (data) => data && { pages: data.pages.slice(0, count), pageParams: data.pageParams.slice(0, count) },
    { updatedAt: queryClient.getQueryState(queryKey)?.dataUpdatedAt },
  )
}

/**
 * Shows a change of members where they are in the list, and reads again what else there is about the organization. The
 * list itself is read again only where that is quick: its pages come one after the other. `edit` answers what a member is
 * now, undefined for one who is gone.
 */
export async function showChangedMembers(
  queryClient: QueryClient,
  organizationId: string,
  edit: (member: Member) => Member | undefined,
): Promise<void> {
  const queryKey = keys.members(organizationId)
  // A page that is on its way would bring back the list as it was when it was asked for.
  await queryClient.cancelQueries({ queryKey })
  const data = queryClient.setQueryData<InfiniteData<MembersAnswer>>(
    queryKey,
    (before) =>
      before && {
        ...before,
        pages: before.pages.map((page) => ({ ...page, members: page.members.flatMap((member) => edit(member) ?? []) })),
      },
  )
  const isKept = isLong(data)
  await queryClient.invalidateQueries({
    queryKey: keys.organization(organizationId),
    predicate: (query) => !isKept || query.queryHash !== hashKey(queryKey),
  })
}
