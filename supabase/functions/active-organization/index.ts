import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { activeOrganization } from './active-organization.ts'

const app = createApp('active-organization', resolveDeps(Deno.env.toObject()))
  .route('/', activeOrganization)

export default { fetch: app.fetch }
