import type { Session } from '@supabase/supabase-js'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react'
import { ProblemError } from '../../shared/client/index.ts'
import type { Person } from '../components/index.ts'
import { OrganizationsProvider } from '../components/index.ts'
import type { Backend } from './backend.ts'

interface SessionContext extends Backend {
  person: Person | null
  /** Somebody was signed in here, and is not any more. */
  hasEnded: boolean
}

const Context = createContext<SessionContext | null>(null)

const toPerson = (session: Session | null): Person | null =>
  session ? { id: session.user.id, email: session.user.email ?? '' } : null

/** Who is signed in, in every tab: supabase-js tells the tabs of each other's sign-ins and sign-outs. */
export function SessionProvider(
  { backend, initial, children }: { backend: Backend; initial: Session | null; children: ReactNode },
) {
  const { supabase, client } = backend
  const queryClient = useQueryClient()
  const [person, setPerson] = useState(toPerson(initial))
  const [hasEnded, setEnded] = useState(false)
  const personId = useRef(person?.id)

  useEffect(() => {
    const { data: { subscription } } = supabase.auth.onAuthStateChange((_event, session) => {
      const next = toPerson(session)
      if (next?.id === personId.current) return
      personId.current = next?.id
      // What the last person saw is not for the next one.
      queryClient.clear()
      setPerson(next)
      setEnded(next === null)
    })
    return () => subscription.unsubscribe()
  }, [supabase, queryClient])

  // A session that the server does not take any more has ended, whatever its token says: signing in again is the way on.
  useEffect(() =>
    queryClient.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated' || event.action.type !== 'error' || personId.current === undefined) return
      const { error } = event.action
      if (error instanceof ProblemError && error.code === 'unauthenticated') {
        void supabase.auth.signOut({ scope: 'local' })
      }
    }), [supabase, queryClient])

  const value = useMemo(() => ({ supabase, client, person, hasEnded }), [supabase, client, person, hasEnded])
  return (
    <Context value={value}>
      <OrganizationsProvider client={client} person={person}>{children}</OrganizationsProvider>
    </Context>
  )
}

export function useSession(): SessionContext {
  const context = use(Context)
  if (!context) throw new Error('There is no <SessionProvider> around this component.')
  return context
}
