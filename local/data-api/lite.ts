import { AsyncLocalStorage } from 'node:async_hooks'
import { App } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import type { JSONWebKeySet } from 'jose'
import type { Config } from '../config.ts'
import { instructions, listen, serve } from '../speak.ts'
import { createDoor } from './door.ts'

/** What the Data API is told where there is no PostgREST for the platform. */
export interface LiteInstructions {
  /** As the owner of the tables: it finds them in views that show only what one may use, then changes to the caller's role. */
  databaseUrl: string
  jwtSecret: string
  jwks: JSONWebKeySet
  api: Config['api']
}

const told = instructions<LiteInstructions>()

// What it hands over for a function's jsonb argument is JSON text already, and as it comes it would quote it once more.
const jsonb = {
  to: 3802,
  from: [3802],
  serialize: (value: unknown) => typeof value === 'string' && /^[[{]/.test(value) ? value : JSON.stringify(value),
  parse: (text: string) => JSON.parse(text),
}
const connection = createPostgresConnection({
  url: told.databaseUrl,
  postgresOptions: { max: 10, types: { jsonb } },
})
// On its first request it would grant everything on every table to the API roles, and replace auth.uid(). Told that this
// is done already, it leaves grants to the migrations. (0.10.0; tests/faults/lite.test.ts notices should this change.)
Object.assign(connection, { rlsState: 'active' })

// It tells the database a request's headers for functions alone, and asks nothing before: without this,
// x-organization-id would not count for tables, and estimated counts would tell of other companies' rows.
const requests = new AsyncLocalStorage<Request>()
const withContext = connection.withContext.bind(connection)
connection.withContext = (caller, run, options) =>
  withContext(caller, async (db) => {
    const request = requests.getStore()
    if (caller && request) {
      const said = {
        headers: JSON.stringify(Object.fromEntries(request.headers)),
        method: request.method,
        path: new URL(request.url).pathname.replace(/^\/rest\/v1/, ''),
      }
      await db.selectNoFrom((is) =>
        Object.entries(said).map(([name, value]) =>
          is.fn('set_config', [is.val(`request.${name}`), is.val(value), is.val(true)]).as(name)
        )
      ).execute()
      await db.selectNoFrom((is) => is.fn('tenancy.check_request', []).as('checked')).execute()
    }
    return await run(db).catch(refuseByCheck)
  }, options)

// A row that breaks a check is the client's mistake; as it comes, it would be a failure of the server.
function refuseByCheck(error: { code?: string; message: string }): never {
  if (error.code !== '23514') throw error
  const message = JSON.stringify({ code: error.code, message: error.message, details: null, hint: null })
  throw Object.assign(new Error(message), { code: 'PGRST', detail: JSON.stringify({ status: 400, headers: {} }) })
}

const app = new App({
  connection,
  api: { schemas: told.api.schemas, extra_search_path: told.api.extra_search_path, max_rows: told.api.max_rows },
  // Enabled only so that it reads tokens; the gateway sends nothing of auth here.
  auth: { enabled: true, jwt_secret: told.jwtSecret },
  options: { server: { apiKeys: false, admin: false } },
})
await app.init()

const admit = createDoor(told)
serve(0, async (request) => {
  const admitted = await admit(request)
  if (admitted instanceof Response) return admitted
  return await requests.run(admitted, async () => await app.fetch(admitted, { peerAddress: null }))
})
listen()
