import './without/eval.ts'
import '../components/styles.css'
import './app.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { organizationsQuery } from '../components/hooks.ts'
import { createQueryClient } from '../components/index.ts'
import { createBackend } from './backend.ts'
import { HostBrand } from './branding.tsx'
import { readConfig } from './config.ts'
import { Broken } from './pages/broken.tsx'
import { AppRouter, loadAhead } from './router.tsx'
import { SessionProvider } from './session.tsx'
import { applyTheme } from './theme.ts'

applyTheme()
loadAhead()

const queryClient = createQueryClient()
const root = createRoot(document.getElementById('app') ?? document.body)

try {
  const backend = createBackend(await readConfig())
  // Also takes a session from the address, where a link in a mail has brought one.
  const { data: { session } } = await backend.supabase.auth.getSession()
  // Asked for before what shows it has come: every page behind the sign-in begins with it.
  if (session) void queryClient.prefetchQuery(organizationsQuery(backend.client, session.user.id))
  root.render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <SessionProvider backend={backend} initial={session}>
            <HostBrand>
              <AppRouter />
            </HostBrand>
          </SessionProvider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  )
} catch (error) {
  console.error(error)
  root.render(<Broken />)
}
