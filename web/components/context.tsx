import { createContext, type ReactNode, use, useMemo } from 'react'
import type { OrganizationsClient } from '../../shared/client/index.ts'
import { Notices } from './ui/notices.tsx'

/** Who is signed in, as far as these components care. */
export interface Person {
  id: string
  email: string
}

interface Context {
  client: OrganizationsClient
  /** Null while nobody is signed in; then only `AcceptInvitation` has something to show. */
  person: Person | null
  /** What requests act in; absent outside of an organization. */
  organizationId?: string
}

const OrganizationsContext = createContext<Context | null>(null)

/**
 * What every component and hook here needs around it, inside TanStack's `QueryClientProvider`. One more of it, with an
 * `organizationId`, makes everything below act in that organization, whichever is active in the session.
 *
 * @example
 * <QueryClientProvider client={queryClient}>
 *   <OrganizationsProvider client={createOrganizationsClient(supabase)} person={{ id: user.id, email: user.email }}>
 *     <OrganizationSwitcher organizationId={acme.id} onSelect={({ slug }) => navigate(`/o/${slug}`)} />
 *   </OrganizationsProvider>
 * </QueryClientProvider>
 */
export function OrganizationsProvider(
  { client, person, organizationId, children }: Context & { children: ReactNode },
) {
  const outer = use(OrganizationsContext)
  const personId = person?.id
  const email = person?.email
  const value = useMemo<Context>(() => ({
    client: organizationId === undefined ? client : client.withOrganization(organizationId),
    person: personId === undefined || email === undefined ? null : { id: personId, email },
    organizationId,
  }), [client, personId, email, organizationId])
  const content = <OrganizationsContext value={value}>{children}</OrganizationsContext>
  return outer ? content : <Notices expected={person !== null}>{content}</Notices>
}

/** The client, the person and the organization around here. */
export function useOrganizationsContext(): Context {
  const context = use(OrganizationsContext)
  if (!context) throw new Error('There is no <OrganizationsProvider> around this component.')
  return context
}

/** The signed-in person. */
export function usePerson(): Person {
  const { person } = useOrganizationsContext()
  if (!person) throw new Error('This component is for somebody who is signed in.')
  return person
}

/** The id of the organization that everything here acts in. */
export function useOrganizationId(): string {
  const { organizationId } = useOrganizationsContext()
  if (organizationId === undefined) throw new Error('The <OrganizationsProvider> here has no organizationId.')
  return organizationId
}
