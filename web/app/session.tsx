import type { Session } from '@supabase/supabase-js'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react'
import type { Person } from '../components/index.ts'
import { OrganizationsProvider } from '../components/index.ts'
import type { Backend } from './backend.ts'

interface SessionContext extends Backend {
  person: Person | null
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
  const personId = useRef(person?.id)

  useEffect(() => {
    const { data: { subscription } } = supabase.auth.onAuthStateChange((_event, session) => {
      const next = toPerson(session)
      if (next?.id === personId.current) return
      personId.current = next?.id
      // What the last person saw is not for the next one.
      queryClient.clear()
      setPerson(next)
    })
    return () => subscription.unsubscribe()
  }, [supabase, queryClient])

  const value = useMemo(() => ({ supabase, client, person }), [supabase, client, person])
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
