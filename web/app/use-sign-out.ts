import { useNavigate } from '@tanstack/react-router'
import { forgetToken } from './pending-invitation.ts'
import { useSession } from './session.tsx'

/** Signs out, and leads to where somebody signs in, from where they begin anew. */
export function useSignOut(): () => Promise<void> {
  const { signOut } = useSession()
  const navigate = useNavigate()
  return async () => {
    forgetToken()
    await signOut()
    await navigate({ to: '/sign-in' })
  }
}
