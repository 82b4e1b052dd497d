import { z } from 'zod'
import { createApp } from '../_kit/app.ts'
import { resolveSecretKeyPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { parseEnvironment, resolveDeps } from '../_kit/deps.ts'
import { isLiveKey, resolveStripe } from '../_kit/stripe.ts'
import { WebhookSecret } from '../_kit/webhook-secret.ts'
import { createBillingWebhook } from './billing-webhook.ts'

const environment = Deno.env.toObject()
const env = parseEnvironment(z.object({ BILLING_WEBHOOK_SECRET: WebhookSecret }), environment)

// No browser calls it: no origin is allowed.
const app = createApp('billing-webhook', { ...resolveDeps(environment), allowedOrigins: [] })
app.route(
  '/',
  createBillingWebhook({
    openStripe: resolveStripe(environment),
    isLive: isLiveKey(environment.STRIPE_SECRET_KEY),
    secret: env.BILLING_WEBHOOK_SECRET,
    secretKeyPastRowSecurity: resolveSecretKeyPastRowSecurity(environment),
  }),
)

export default { fetch: app.fetch }
