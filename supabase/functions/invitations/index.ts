import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { invitations } from './invitations.ts'

const app = createApp('invitations', resolveDeps(Deno.env.toObject())).route(
  '/',
  invitations,
)

export default { fetch: app.fetch }
