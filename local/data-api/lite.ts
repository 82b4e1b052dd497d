import { App } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import type { Config } from '../config.ts'
import { announce, instructions, listen } from '../speak.ts'

/** What the Data API is told where there is no PostgREST for the platform. */
export interface LiteInstructions {
  databaseUrl: string
  jwtSecret: string
  api: Config['api']
}

const told = instructions<LiteInstructions>()

const app = new App({
  connection: createPostgresConnection({ url: told.databaseUrl, postgresOptions: { max: 10 } }),
  api: { schemas: told.api.schemas, extra_search_path: told.api.extra_search_path, max_rows: told.api.max_rows },
  auth: { enabled: false, jwt_secret: told.jwtSecret },
  options: { server: { apiKeys: false, admin: false } },
})
await app.init()

const server = Deno.serve({
  hostname: '127.0.0.1',
  port: 0,
  onListen: ({ port }) => announce(port),
}, (request) => app.fetch(request, { peerAddress: null }))
Deno.addSignalListener('SIGTERM', () => server.shutdown().finally(() => Deno.exit(0)))
listen()
