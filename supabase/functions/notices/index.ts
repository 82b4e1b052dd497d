import { z } from 'zod'
import { createApp } from '../_kit/app.ts'
import { resolveSecretKeyPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { parseEnvironment, resolveDeps } from '../_kit/deps.ts'
import { resolveMailer } from '../_kit/mailer.ts'
import { WebhookSecret } from '../_kit/webhook-secret.ts'
import { createNotices } from './notices.ts'

const environment = Deno.env.toObject()
const env = parseEnvironment(z.object({ NOTICES_SECRET: WebhookSecret }), environment)

// No browser calls it: no origin is allowed.
const app = createApp('notices', { ...resolveDeps(environment), allowedOrigins: [] })
app.route(
  '/',
  createNotices({
    mailer: resolveMailer(environment),
    secret: env.NOTICES_SECRET,
    secretKeyPastRowSecurity: resolveSecretKeyPastRowSecurity(environment),
  }),
)

export default { fetch: app.fetch }
