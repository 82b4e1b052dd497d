import { createApp } from '../_kit/app.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { records } from './records.ts'

const app = createApp('records', resolveDeps(Deno.env.toObject())).route(
  '/',
  records,
)

export default { fetch: app.fetch }
