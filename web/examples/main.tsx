import '../app/without/eval.ts'
import '../components/styles.css'
import '../app/app.css'
import './examples.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { createQueryClient } from 'dial-smart-components'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBackend } from '../app/backend.ts'
import { readConfig } from '../app/config.ts'
import { Broken } from '../app/pages/broken.tsx'
import { SessionProvider } from '../app/session.tsx'
import { applyTheme } from '../app/theme.ts'
import { Examples } from './examples.tsx'

// Every component against the running stack, with the code beside it: a page of its own, which the dashboard never loads.

applyTheme()

const queryClient = createQueryClient()
const root = createRoot(document.getElementById('app') ?? document.body)

try {
  const backend = createBackend(await readConfig())
  const { data: { session } } = await backend.supabase.auth.getSession()
  root.render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <SessionProvider backend={backend} initial={session}>
            <Examples />
          </SessionProvider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  )
} catch (error) {
  console.error(error)
  root.render(<Broken />)
}
