import { z } from 'zod'
import { requireValid } from '../_kit/validation.ts'
import type { StripeEvent } from './stripe-webhook.ts'

// Only what the database goes by: no names, no addresses, no metadata.

/** Something that Stripe sends as its id, or whole where somebody asked for that. */
const Reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])

const Subscription = z.object({
  id: z.string(),
  customer: Reference,
  status: z.enum([
    'incomplete',
    'incomplete_expired',
    'trialing',
    'active',
    'past_due',
    'paused',
    'unpaid',
    'canceled',
  ]),
  created: z.int(),
  trial_end: z.int().nullish(),
  items: z.object({ data: z.array(z.object({ price: z.object({ id: z.string() }) })) }),
})

const Invoice = z.object({
  customer: Reference.nullish(),
  created: z.int(),
  billing_reason: z.string().nullish(),
  parent: z.object({ subscription_details: z.object({ subscription: Reference }).nullish() }).nullish(),
})

const Other = z.object({ customer: Reference.nullish().catch(undefined) })

const payments: Record<string, boolean> = {
  'invoice.paid': true,
  'invoice.payment_succeeded': true,
  'invoice.payment_failed': false,
}
// Other invoices, such as one that somebody wrote by hand, say nothing about whether the subscription is paid.
const ofSubscriptions = ['subscription_create', 'subscription_cycle', 'subscription_update']

/** What the database is told of an event. Raises `validation_failed` for one that is not as the API version has it. */
export function toHeard({ data: { object }, ...event }: StripeEvent) {
  if (event.type.startsWith('customer.subscription.')) {
    const { customer, items, status, ...subscription } = requireValid(Subscription, object)
    const ended = event.type === 'customer.subscription.deleted' && status !== 'incomplete_expired'
    const prices = items.data.map(({ price }) => price.id)
    return { ...event, customer, subscription: { ...subscription, status: ended ? 'canceled' : status, prices } }
  }
  const paid = payments[event.type]
  if (paid === undefined) return { ...event, ...Other.parse(object) }
  const { customer, created, billing_reason, parent } = requireValid(Invoice, object)
  const subscription = parent?.subscription_details?.subscription
  const counts = subscription !== undefined && ofSubscriptions.includes(billing_reason ?? '')
  return { ...event, customer, ...(counts && { invoice: { subscription, created, paid } }) }
}
