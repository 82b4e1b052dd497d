import type { Session } from '@supabase/supabase-js'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Person } from '../components/index.ts'
import { OrganizationsProvider } from '../components/index.ts'
import type { Backend } from './backend.ts'
import { holdQueries } from './hold-queries.ts'

/** Who is here, and whether they have to sign in again before they can go on. */
interface Standing {
  person: Person | null
  /** Of somebody who is here: their session is over. Of nobody: somebody was here, and has signed out. */
  hasEnded: boolean
}

interface SessionContext extends Backend, Standing {
  /** Signs out in this browser, in every tab. */
  signOut: () => Promise<void>
}

const Context = createContext<SessionContext | null>(null)

const toPerson = (session: Session | null): Person | null =>
  session ? { id: session.user.id, email: session.user.email ?? '' } : null

const isWaiting = ({ person, hasEnded }: Standing): boolean => person !== null && hasEnded

// supabase-js tells tabs that a session is gone, and not whether somebody wanted that.
const signOuts = new BroadcastChannel('dial-smart.sign-outs')

/**
 * Who is signed in, in every tab: supabase-js tells the tabs of each other's sign-ins and sign-outs. Whoever did not sign
 * out stays who they are when their session ends, until they, or somebody else, have signed in.
 */
export function SessionProvider(
  { backend, initial, children }: { backend: Backend; initial: Session | null; children: ReactNode },
) {
  const { supabase, client, onUnauthenticated } = backend
  const queryClient = useQueryClient()
  const [standing, setStanding] = useState<Standing>({ person: toPerson(initial), hasEnded: false })
  const now = useRef(standing)
  /** When this session began, as far as this tab knows. */
  const since = useRef(0)

  const become = useCallback((next: Standing) => {
    const before = now.current
    now.current = next
    // What the last person saw is not for the next one.
    if (next.person?.id !== before.person?.id) queryClient.clear()
    if (isWaiting(next)) {
      holdQueries(true)
    } else {
      since.current = performance.now()
      // What is still on its way was asked for by a session that is over, and is asked for anew.
      if (isWaiting(before)) void queryClient.cancelQueries().then(() => holdQueries(isWaiting(now.current)))
    }
    setStanding(next)
  }, [queryClient])

  /** Somebody signed out, here or in another tab. */
  const leave = useCallback(() => {
    if (now.current.person) become({ person: null, hasEnded: true })
  }, [become])

  useEffect(() => {
    const { data: { subscription } } = supabase.auth.onAuthStateChange((_event, session) => {
      const { person, hasEnded } = now.current
      const next = toPerson(session)
      if (next) {
        if (next.id !== person?.id || hasEnded) become({ person: next, hasEnded: false })
      } else if (person && !hasEnded) {
        become({ person, hasEnded: true })
      }
    })
    return () => subscription.unsubscribe()
  }, [supabase, become])

  useEffect(() => {
    signOuts.addEventListener('message', leave)
    return () => signOuts.removeEventListener('message', leave)
  }, [leave])

  // A session that the server does not take any more has ended, whatever its token says.
  useEffect(() =>
    onUnauthenticated((sentAt) => {
      const { person, hasEnded } = now.current
      if (!person || hasEnded || sentAt < since.current) return
      become({ person, hasEnded: true })
      void supabase.auth.signOut({ scope: 'local' })
    }), [onUnauthenticated, supabase, become])

  const signOut = useCallback(async () => {
    signOuts.postMessage(null)
    leave()
    // Also where the server does not answer: whoever asks to be signed out is.
    await supabase.auth.signOut({ scope: 'local' })
  }, [leave, supabase])

  const { person } = standing
  const value = useMemo(() => ({ ...backend, ...standing, signOut }), [backend, standing, signOut])
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
