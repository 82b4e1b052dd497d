import { z } from 'zod'
import { Uuid } from '../../../shared/contract/values.ts'
import { createRoutes } from '../_kit/app.ts'
import { createDataApiPastRowSecurity } from '../_kit/data-api-past-row-security.ts'
import { must } from '../_kit/must.ts'
import { Problem } from '../_kit/problem.ts'
import { askStripe, type OpenStripe } from '../_kit/stripe.ts'
import { requireValid } from '../_kit/validation.ts'
import { requireWebhookSecret } from '../_kit/webhook-secret.ts'
import { endSubscriptions } from './ending.ts'

/** What the webhook needs besides what every function needs. */
export interface BillingWebhookOptions {
  /** None without a key. */
  openStripe: OpenStripe | undefined
  /** Whether that key is for customers who pay. */
  isLive: boolean
  secret: string
  secretKeyPastRowSecurity: string
}

/** What the database says of a customer. */
const Ending = z.object({
  customer_id: z.string(),
  livemode: z.boolean(),
  ends: z.enum(['now', 'later', 'never']),
  attempt: z.int(),
})

/**
 * Builds the route that has Stripe end what nobody shall pay for any more. The database says what holds of the customer
 * now; while Stripe is away it is answered with 503, and the outbox sends the event again.
 */
export const createBillingWebhook = (
  { openStripe, isLive, secret, secretKeyPastRowSecurity }: BillingWebhookOptions,
) =>
  createRoutes().post('/billing-webhook', requireWebhookSecret(secret), async (c) => {
    const { deps, requestId } = c.var
    const event_id = requireValid(Uuid, c.req.header('x-event-id'))
    const db = createDataApiPastRowSecurity(deps, secretKeyPastRowSecurity, requestId)
    const ending = must(await db.rpc('read_ending', { event_id }), Ending.nullable())
    if (!ending) return c.json({ changed: 0 })
    // To a test key a customer who pays looks like none.
    if (!openStripe || (ending.livemode && !isLive)) {
      throw new Problem('unavailable', {
        detail: 'Payments are not set up here.',
        cause: new Error(
          `STRIPE_SECRET_KEY is ${openStripe ? 'no live key, and the customer is a live one' : 'missing'}.`,
        ),
      })
    }
    // Each attempt has keys of its own: what Stripe answered under one it repeats for a day, failures too.
    const key = `${event_id}-${ending.attempt}`
    return c.json({ changed: await askStripe(async () => endSubscriptions(await openStripe(), ending, key)) })
  })
