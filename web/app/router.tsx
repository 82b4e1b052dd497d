import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  RouterProvider,
  useNavigate,
  useRouter,
} from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Broken } from './pages/broken.tsx'
import { Loading } from '../components/ui/states.tsx'
import { NotFound } from './pages/not-found.tsx'
import { Home } from './pages/home.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { SignUp } from './pages/sign-up.tsx'
import { useSession } from './session.tsx'
import { SignInAgain } from './sign-in-again.tsx'
import { useSignOut } from './use-sign-out.ts'

/** Where to go on after signing in: a path of this app, and no other address. */
export interface Next {
  next?: string
}

// What is left out would come through as it was written: so it is named, as undefined.
const toNext = ({ next }: Record<string, unknown>): Next => ({
  next: typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined,
})

/** How a checkout ended, in the address that it leads back to. */
interface CheckoutSearch {
  checkout?: 'success' | 'cancelled'
  tier?: string
}

const toCheckout = ({ checkout, tier }: Record<string, unknown>): CheckoutSearch => ({
  checkout: checkout === 'success' || checkout === 'cancelled' ? checkout : undefined,
  tier: typeof tier === 'string' ? tier : undefined,
})

/** For who is signed in; everybody else signs in first and comes back. */
function SignedIn({ children }: { children: ReactNode }) {
  const { person } = useSession()
  return person ? children : <ToSignIn />
}

function ToSignIn() {
  // As it was first: on the way there, the location is the way itself.
  const { pathname, searchStr } = useRouter().state.location
  const [next] = useState(pathname === '/' ? {} : { next: pathname + searchStr })
  return <Navigate to='/sign-in' search={next} replace />
}

/** All pages, and over them what asks somebody to sign in again. */
function Root() {
  const { person } = useSession()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const id = person?.id
  const before = useRef(id)
  useEffect(() => {
    // In place of somebody else, whose address this is.
    if (before.current !== undefined && id !== undefined && before.current !== id) {
      void navigate({ to: '/', replace: true })
    }
    before.current = id
  }, [id, navigate])
  return (
    <>
      <Outlet />
      <SignInAgain onSignOut={signOut} />
    </>
  )
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: Broken })

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', validateSearch: toNext, component: SignIn })
const signUp = createRoute({ getParentRoute: () => root, path: '/sign-up', validateSearch: toNext, component: SignUp })
const accept = createRoute({
  getParentRoute: () => root,
  path: '/invitations/accept',
  component: lazyRouteComponent(() => import('./pages/accept.tsx'), 'Accept'),
})

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: () => (
    <SignedIn>
      <Outlet />
    </SignedIn>
  ),
})
const home = createRoute({ getParentRoute: () => signedIn, path: '/', component: Home })
const start = createRoute({
  getParentRoute: () => signedIn,
  path: '/start',
  component: lazyRouteComponent(() => import('./pages/start.tsx'), 'Start'),
})
const toBilling = createRoute({
  getParentRoute: () => signedIn,
  path: '/billing',
  validateSearch: toCheckout,
  component: lazyRouteComponent(() => import('./pages/to-billing.tsx'), 'ToBilling'),
})
const organization = createRoute({
  getParentRoute: () => signedIn,
  path: '/o/$slug',
  component: lazyRouteComponent(() => import('./pages/organization.tsx'), 'OrganizationPages'),
})
const organizationHome = createRoute({
  getParentRoute: () => organization,
  path: '/',
  component: function ToLeads() {
    const { slug } = organization.useParams()
    return <Navigate to='/o/$slug/leads' params={{ slug }} replace />
  },
})
const overview = createRoute({
  getParentRoute: () => organization,
  path: 'overview',
  component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'Overview'),
})
const leads = createRoute({
  getParentRoute: () => organization,
  path: 'leads',
  component: lazyRouteComponent(() => import('./pages/leads.tsx'), 'Leads'),
})
const campaigns = createRoute({
  getParentRoute: () => organization,
  path: 'campaigns',
  component: lazyRouteComponent(() => import('./pages/campaigns.tsx'), 'Campaigns'),
})
const importLeads = createRoute({
  getParentRoute: () => organization,
  path: 'leads/import',
  component: lazyRouteComponent(() => import('./pages/import-leads.tsx'), 'ImportLeads'),
})
const billing = createRoute({
  getParentRoute: () => organization,
  path: 'billing',
  validateSearch: toCheckout,
  component: lazyRouteComponent(() => import('./pages/billing.tsx'), 'BillingOfOrganization'),
})
const profileParts = createRoute({ getParentRoute: () => organization, path: 'organization' })
const profileHome = createRoute({
  getParentRoute: () => profileParts,
  path: '/',
  component: function ToGeneral() {
    const { slug } = profileParts.useParams()
    return <Navigate to='/o/$slug/organization/$section' params={{ slug, section: 'general' }} replace />
  },
})
const profile = createRoute({
  getParentRoute: () => profileParts,
  path: '$section',
  component: lazyRouteComponent(() => import('./pages/profile.tsx'), 'Profile'),
})

const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signUp,
    accept,
    signedIn.addChildren([
      home,
      start,
      toBilling,
      organization.addChildren([
        organizationHome,
        overview,
        leads,
        campaigns,
        importLeads,
        billing,
        profileParts.addChildren([profileHome, profile]),
      ]),
    ]),
  ]),
  defaultPendingComponent: () => <Loading lines={5} />,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** Begins to load what the page at this address is made of, while nobody knows yet who looks at it. */
export function loadAhead(): void {
  const matched = router.matchRoutes(router.latestLocation).map(({ routeId }) => routeId)
  for (const route of Object.values(router.routesById).filter(({ id }) => matched.includes(id))) {
    // What does not come now is asked for again when it is shown, and says so then.
    router.loadRouteChunk(route)?.catch(() => undefined)
  }
}

export const AppRouter = () => <RouterProvider router={router} />
