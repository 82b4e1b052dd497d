import Stripe from 'stripe'
import { inject } from 'vitest'
import type { KeptSubscription, Said, StripeCall } from '../../stack/stripe.ts'
import { prices, webhookSecret } from '../../stack/stripe.ts'
import { type Answer, send } from './http.ts'
import { stack } from './stack.ts'

export { prices }

/** Says how the stand-in answers what is about something: an organization's id, or a customer's. */
export async function say(said: Said): Promise<void> {
  await send('PUT', `${inject('stripe')}/said`, { json: said })
}

/** What has become of the subscriptions that a test said something has. */
export const subscriptionsOf = async (about: string): Promise<KeptSubscription[]> =>
  ((await send('GET', `${inject('stripe')}/said?about=${encodeURIComponent(about)}`)).body as Said).subscriptions ?? []

/** What functions asked Stripe about something, oldest first. */
export const callsAbout = async (about: string): Promise<StripeCall[]> =>
  (await send('GET', `${inject('stripe')}/calls?about=${encodeURIComponent(about)}`)).body as StripeCall[]

const random = () => crypto.randomUUID().replaceAll('-', '').slice(0, 14)
export const newCustomerId = () => `cus_${random()}`
export const newSubscriptionId = () => `sub_${random()}`
export const newEventId = () => `evt_${random()}`
const seconds = (time = Date.now()) => Math.floor(time / 1000)

/** An event as Stripe sends it; what a test is about comes after. */
export interface Event {
  id: string
  type: string
  livemode: boolean
  created: number
  object: 'event'
  api_version: string
  data: { object: Record<string, unknown>; previous_attributes?: object }
}

export interface Subscription {
  id: string
  customer: string
  status: string
  price: string
  trial_end: number | null
  created: number
}

/** An event of a subscription, `at` so many seconds after a moment of the past. */
export const subscriptionEvent = (
  type: 'created' | 'updated' | 'deleted',
  { id, customer, status = 'active', price = prices.professional, trial_end = null, created = 0 }:
    & Pick<Subscription, 'id' | 'customer'>
    & Partial<Subscription>,
  at = 0,
): Event => ({
  id: newEventId(),
  object: 'event',
  api_version: Stripe.API_VERSION,
  type: `customer.subscription.${type}`,
  livemode: false,
  created: moment + at,
  data: {
    object: {
      id,
      object: 'subscription',
      customer,
      status,
      trial_end,
      created: moment + created,
      metadata: { organization_id: 'whatever' },
      items: { object: 'list', data: [{ id: 'si_1', price: { id: price, object: 'price' } }] },
    },
  },
})

/** An event of an invoice. */
export const invoiceEvent = (
  type: 'paid' | 'payment_failed',
  { customer, subscription, billing_reason = 'subscription_cycle', created = 0 }: {
    customer: string
    subscription: string | null
    billing_reason?: string
    created?: number
  },
  at = 0,
): Event => ({
  id: newEventId(),
  object: 'event',
  api_version: Stripe.API_VERSION,
  type: `invoice.${type}`,
  livemode: false,
  created: moment + at,
  data: {
    object: {
      id: `in_${random()}`,
      object: 'invoice',
      customer,
      created: moment + created,
      billing_reason,
      parent: subscription && { type: 'subscription_details', subscription_details: { subscription } },
    },
  },
})

/** Where the times of events begin. */
export const moment = seconds(Date.UTC(2026, 0, 15))

/** The header that Stripe signs a body with. */
export const sign = (payload: string, { secret = webhookSecret, timestamp = seconds() } = {}): Promise<string> =>
  Stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
    timestamp,
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  })

/** Sends an event as Stripe does. */
export async function tell(event: object): Promise<Answer> {
  const body = JSON.stringify(event)
  return await send('POST', `${stack('FUNCTIONS_URL')}/stripe-webhook`, {
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': await sign(body) },
  })
}
