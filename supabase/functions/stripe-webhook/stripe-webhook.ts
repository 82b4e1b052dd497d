import { z } from 'zod'
import { createRoutes } from '../_kit/app.ts'
import { createDataApiPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { parseEnvironment } from '../_kit/deps.ts'
import { readText } from '../_kit/json-body.ts'
import { type LogEntry, warnAtStart } from '../_kit/log.ts'
import { must } from '../_kit/must.ts'
import { Problem } from '../_kit/problem.ts'
import { loadStripe } from '../_kit/stripe.ts'
import { requireValid } from '../_kit/validation.ts'
import { toHeard } from './heard.ts'

/** The variable that holds the endpoint's signing secret. */
const Environment = z.object({
  STRIPE_WEBHOOK_SECRET: z.literal('').transform(() => undefined)
    .or(z.string().regex(/^whsec_\w{16,}$/, 'is no signing secret of a webhook endpoint')).optional(),
})

/** The endpoint's signing secret as the environment has it; without one every event is answered `unavailable`. */
export function resolveStripeWebhookSecret(environment: Record<string, string | undefined>): string | undefined {
  const { STRIPE_WEBHOOK_SECRET: secret } = parseEnvironment(Environment, environment)
  if (!secret) warnAtStart('No STRIPE_WEBHOOK_SECRET: what is paid at Stripe changes nothing here.')
  return secret
}

/** What the webhook needs besides what every function needs. */
export interface StripeWebhookSecrets {
  secret: string | undefined
  secretKeyPastRowSecurity: string
}

const Outcome = z.object({
  outcome: z.enum([
    'applied',
    'duplicate',
    'irrelevant',
    'unknown_customer',
    'other_mode',
    'unknown_price',
    'deleted_organization',
  ]),
})
// Somebody has to look at these.
const odd = ['unknown_customer', 'other_mode', 'unknown_price']

/** Builds the route that Stripe tells its events. What it answers with 2xx has been noted; anything else comes again. */
export const createStripeWebhook = ({ secret, secretKeyPastRowSecurity }: StripeWebhookSecrets) =>
  createRoutes().post('/stripe-webhook', async (c) => {
    const { deps, logged, requestId } = c.var
    if (!secret) {
      throw new Problem('unavailable', {
        detail: 'Payments are not set up here.',
        cause: new Error('STRIPE_WEBHOOK_SECRET is missing.'),
      })
    }
    const text = await readText(c.req.raw)
    const event = await requireEvent(secret, text, c.req.header('stripe-signature'), logged)
    const db = createDataApiPastRowSecurity(deps, secretKeyPastRowSecurity, requestId)
    const heard = toHeard(event)
    const answer = must(await db.rpc('receive_stripe_event', { event: heard }), Outcome)
    // Nobody pays for what is over, such as that of an organization that was purged.
    const isOver = 'subscription' in heard && heard.subscription.status === 'canceled'
    if (odd.includes(answer.outcome) && !isOver) logged.cause = `stripe-webhook: ${event.id}: ${answer.outcome}`
    return c.json(answer)
  })

/** What every event has. */
const StripeEvent = z.object({
  id: z.string(),
  type: z.string(),
  livemode: z.boolean(),
  created: z.int(),
  data: z.object({ object: z.looseObject({}) }),
})
export type StripeEvent = z.infer<typeof StripeEvent>

/** An event that Stripe signed within the last five minutes. Which check failed is for the log alone. */
async function requireEvent(
  secret: string,
  text: string,
  signature: string | undefined,
  logged: Partial<LogEntry>,
): Promise<StripeEvent> {
  const Stripe = await loadStripe()
  try {
    const cryptography = Stripe.createSubtleCryptoProvider()
    const event = await Stripe.webhooks.constructEventAsync(text, signature ?? '', secret, undefined, cryptography)
    return requireValid(StripeEvent, event)
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem('malformed_json', { cause: error })
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error
    logged.cause = `stripe-signature: ${error.message.split('\n')[0]?.trim()}`
    throw new Problem('unauthenticated')
  }
}
