import { App } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import type { Config } from '../config.ts'
import { instructions, listen, serve } from '../speak.ts'

/** What the Data API is told where there is no PostgREST for the platform. */
export interface LiteInstructions {
  /** As the owner of the tables: it finds them in views that show only what one may use, then changes to the caller's role. */
  databaseUrl: string
  jwtSecret: string
  api: Config['api']
}

const told = instructions<LiteInstructions>()

const connection = createPostgresConnection({ url: told.databaseUrl, postgresOptions: { max: 10 } })
// On its first request it would grant everything on every table to the API roles, and replace auth.uid(). Told that this
// is done already, it leaves grants to the migrations. (0.10.0; tests/faults/lite.test.ts notices should this change.)
Object.assign(connection, { rlsState: 'active' })

const app = new App({
  connection,
  api: { schemas: told.api.schemas, extra_search_path: told.api.extra_search_path, max_rows: told.api.max_rows },
  // Enabled only so that it reads tokens; the gateway sends nothing of auth here.
  auth: { enabled: true, jwt_secret: told.jwtSecret },
  options: { server: { apiKeys: false, admin: false } },
})
await app.init()

serve(0, (request) => app.fetch(request, { peerAddress: null }))
listen()
