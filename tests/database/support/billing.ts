import { createSigner } from '../../../supabase/functions/_kit/sign.ts'
import type { Transaction } from './outcome.ts'

/** What the functions share with a database of the tests. */
export const functionsSecret = 'what functions and the tests share with the database'
const signed = createSigner(functionsSecret)

/** What the functions say to the database, as they sign it. */
export function prove(said: string[], time = Math.floor(Date.now() / 1000), sign = signed): string {
  return `${time}.${sign([...said, String(time)].join('\n'))}`
}

/** An event as the function stripe-webhook passes it on. */
export interface Heard {
  id: string
  type: string
  livemode: boolean
  created: number
  customer: string | null
  subscription?: {
    id: string
    status: string
    created: number
    trial_end?: number | null
    prices: string[]
  }
  invoice?: { subscription: string; created: number; paid: boolean }
}

const random = () => crypto.randomUUID().replaceAll('-', '').slice(0, 14)
export const newId = (kind: 'cus' | 'sub' | 'evt') => `${kind}_${random()}`

/** When the events of tests begin, in seconds. */
export const moment = Date.UTC(2026, 0, 15) / 1000

/** What Stripe says of a subscription, `at` so many seconds later; `told` is what else it says. */
export const snapshot = (
  status: string,
  at: number,
  { type = 'updated', price = 'price_professional', subscription = 'sub_1', subscribed = 0, trial_end }: {
    type?: string
    price?: string
    subscription?: string
    subscribed?: number
    trial_end?: number
  } = {},
): Heard => ({
  id: newId('evt'),
  type: `customer.subscription.${type}`,
  livemode: false,
  created: moment + at,
  customer: null,
  subscription: { id: subscription, status, created: moment + subscribed, trial_end, prices: [price] },
})

/** What Stripe says of an invoice. */
export const invoice = (paid: boolean, at: number, { subscription = 'sub_1', invoiced = 0 } = {}): Heard => ({
  id: newId('evt'),
  type: paid ? 'invoice.paid' : 'invoice.payment_failed',
  livemode: false,
  created: moment + at,
  customer: null,
  invoice: { subscription, created: moment + invoiced, paid },
})

/** Hands an event to the database as the function does, and answers the outcome. */
export async function tell(tx: Transaction, event: Heard, customer = event.customer): Promise<string> {
  await tx`select set_config('role', 'service_role', true)`
  const [row] = await tx`select receive_stripe_event(${tx.json({ ...event, customer })}) ->> 'outcome' as outcome`
  await tx`select set_config('role', 'postgres', true)`
  return row?.outcome
}

/** Links a new customer to an organization, as the database owner would. */
export async function link(tx: Transaction, organization_id: string, customer_id = newId('cus')): Promise<string> {
  await tx`insert into tenancy.billing_customers ${tx({ organization_id, customer_id, livemode: false })}`
  return customer_id
}

/** Every order of some things. */
export const permutationsOf = <Thing>(things: Thing[]): Thing[][] =>
  things.length === 0
    ? [[]]
    : things.flatMap((thing, place) => permutationsOf(things.toSpliced(place, 1)).map((others) => [thing, ...others]))
