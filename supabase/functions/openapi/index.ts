import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { openapi } from './openapi.ts'

const app = createApp('openapi', resolveDeps(Deno.env.toObject())).route(
  '/',
  openapi,
)

export default { fetch: app.fetch }
