import { z } from 'zod'
import { createApp } from '../_kit/app.ts'
import { resolveSecretKeyPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { parseEnvironment, resolveDeps } from '../_kit/deps.ts'
import { WebhookSecret } from '../_kit/webhook-secret.ts'
import { HookSecrets } from '../_kit/webhook-signature.ts'
import { createSignUpWebhook } from './sign-up.ts'

const environment = Deno.env.toObject()
const env = parseEnvironment(
  z.object({ SIGNUP_WEBHOOK_SECRET: WebhookSecret, BEFORE_USER_CREATED_HOOK_SECRET: HookSecrets.default([]) }),
  environment,
)

// No browser calls it: no origin is allowed.
const app = createApp('signup-webhook', { ...resolveDeps(environment), allowedOrigins: [] })
app.route(
  '/',
  createSignUpWebhook({
    secret: env.SIGNUP_WEBHOOK_SECRET,
    hookSecrets: env.BEFORE_USER_CREATED_HOOK_SECRET,
    secretKeyPastRowSecurity: resolveSecretKeyPastRowSecurity(environment),
  }),
)

export default { fetch: app.fetch }
