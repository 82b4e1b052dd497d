import { createApp } from '../_kit/app.ts'
import { resolveSecretKeyPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { parseEnvironment, resolveDeps } from '../_kit/deps.ts'
import { createStripeWebhook, StripeWebhookEnvironment } from './stripe-webhook.ts'

const environment = Deno.env.toObject()
const { STRIPE_WEBHOOK_SECRET: secret } = parseEnvironment(StripeWebhookEnvironment, environment)

// No browser calls it: no origin is allowed.
const app = createApp('stripe-webhook', { ...resolveDeps(environment), allowedOrigins: [] })
app.route('/', createStripeWebhook({ secret, secretKeyPastRowSecurity: resolveSecretKeyPastRowSecurity(environment) }))

export default { fetch: app.fetch }
