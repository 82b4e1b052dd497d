import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { createOrganizationsClient, type OrganizationsClient } from '../../shared/client/index.ts'
import type { Database } from '../../shared/database.types.ts'
import type { Config } from './config.ts'

/** What the pages speak to. supabase-js alone holds tokens. */
export interface Backend {
  supabase: SupabaseClient<Database>
  client: OrganizationsClient
}

export function createBackend({ api_url, publishable_key }: Config): Backend {
  const supabase = createClient<Database>(api_url, publishable_key, { auth: { flowType: 'implicit' } })
  return { supabase, client: createOrganizationsClient(supabase) }
}
