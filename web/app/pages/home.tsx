import { Navigate } from '@tanstack/react-router'
import { pendingToken } from '../pending-invitation.ts'
import { useOwnOrganizations } from './own-organizations.tsx'

/** Leads on: to an invitation that waits, to the organization that was used last, or to the first steps. */
export function Home() {
  const own = useOwnOrganizations('Your organizations')
  if (pendingToken() !== null) return <Navigate to='/invitations/accept' replace />
  if (own.instead) return own.instead
  const last = own.organizations.find(({ id }) => id === own.lastId) ?? own.organizations[0]
  return last ? <Navigate to='/o/$slug' params={{ slug: last.slug }} replace /> : <Navigate to='/start' replace />
}
