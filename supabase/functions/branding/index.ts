import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { branding } from './branding.ts'

const app = createApp('branding', resolveDeps(Deno.env.toObject())).route('/', branding)

export default { fetch: app.fetch }
