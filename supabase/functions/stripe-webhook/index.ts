import { createApp } from '../_kit/app.ts'
import { resolveSecretKeyPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { resolveDeps } from '../_kit/deps.ts'
import { createStripeWebhook, resolveStripeWebhookSecret } from './stripe-webhook.ts'

const environment = Deno.env.toObject()

// No browser calls it: no origin is allowed.
const app = createApp('stripe-webhook', { ...resolveDeps(environment), allowedOrigins: [] })
app.route(
  '/',
  createStripeWebhook({
    secret: resolveStripeWebhookSecret(environment),
    secretKeyPastRowSecurity: resolveSecretKeyPastRowSecurity(environment),
  }),
)

export default { fetch: app.fetch }
