import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { createOrganizationsClient, type OrganizationsClient } from '../../shared/client/index.ts'
import type { Database } from '../../shared/database.types.ts'
import type { Config } from './config.ts'

/** What the pages speak to. supabase-js alone holds tokens. */
export interface Backend {
  supabase: SupabaseClient<Database>
  client: OrganizationsClient
  /** Calls back when a request is refused for want of somebody who is signed in, with when it was sent; answers the end of it. */
  onUnauthenticated: (listener: (sentAt: number) => void) => () => void
}

export function createBackend({ api_url, publishable_key }: Config): Backend {
  const listeners = new Set<(sentAt: number) => void>()
  // Here and not where answers are read: queries, forms, imports and uploads all come by.
  const listening = async (...request: Parameters<typeof fetch>): Promise<Response> => {
    const sentAt = performance.now()
    const response = await fetch(...request)
    if (response.status === 401) { for (const listener of listeners) listener(sentAt) }
    return response
  }
  const supabase = createClient<Database>(api_url, publishable_key, {
    auth: { flowType: 'implicit' },
    global: { fetch: listening },
  })
  return {
    supabase,
    client: createOrganizationsClient(supabase),
    onUnauthenticated: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
