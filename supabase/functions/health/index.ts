import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { health } from './health.ts'

const app = createApp('health', resolveDeps(Deno.env.toObject())).route(
  '/',
  health,
)

export default { fetch: app.fetch }
