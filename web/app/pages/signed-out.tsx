import { Navigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { pendingToken } from '../pending-invitation.ts'
import { useSession } from '../session.tsx'

/** For who is not signed in; everybody else goes on to where they wanted. */
export function SignedOut({ next, children }: { next?: string; children: ReactNode }) {
  const { person } = useSession()
  if (!person) return children
  return <Navigate to={pendingToken() === null ? next ?? '/' : '/invitations/accept'} replace />
}
