import type Stripe from 'stripe'
import { isInvalidRequest, isMissing } from '../_kit/stripe.ts'

/** Whose subscriptions end, and when: at once, with what is paid for, or not because of us. */
export interface Ending {
  customer_id: string
  ends: 'now' | 'later' | 'never'
}

// On subscriptions that end because we said so: restoring an organization renews those, and none that its people had
// cancelled themselves.
const mark = 'ends_with_organization'

type Change = 'cancel' | 'let_end' | 'renew'

/** What there is to do about a subscription as Stripe has it now; so doing it twice does it once. */
function changeOf(
  { status, cancel_at_period_end, metadata }: Stripe.Subscription,
  ends: Ending['ends'],
): Change | undefined {
  if (status === 'canceled' || status === 'incomplete_expired') return undefined
  if (ends === 'never') return metadata[mark] === undefined ? undefined : 'renew'
  // Of what was never paid for there is no end to wait for.
  if (ends === 'now' || status === 'incomplete') return 'cancel'
  return cancel_at_period_end ? undefined : 'let_end'
}

/** Has Stripe end a customer's subscriptions, or renew what it ended for us; how many it changed. */
export async function endSubscriptions(stripe: Stripe, { customer_id, ends }: Ending, key: string): Promise<number> {
  if (!await isThere(stripe, customer_id)) return 0
  const under = (id: string): Stripe.RequestOptions => ({ idempotencyKey: `${key}-${id}` })
  const make: Record<Change, (id: string) => Promise<unknown>> = {
    cancel: (id) => stripe.subscriptions.cancel(id),
    let_end: (id) =>
      stripe.subscriptions.update(id, { cancel_at_period_end: true, metadata: { [mark]: 'yes' } }, under(id)),
    renew: (id) =>
      stripe.subscriptions.update(id, { cancel_at_period_end: false, metadata: { [mark]: '' } }, under(id)),
  }
  const all = { customer: customer_id, limit: 100 }
  if (ends !== 'never') {
    // First where one could still be bought: what is paid for in this very moment is among the subscriptions then.
    for await (const { id } of stripe.checkout.sessions.list({ ...all, status: 'open' })) {
      await stripe.checkout.sessions.expire(id, undefined, under(id)).catch(async (error) => {
        if (!await isInvalidRequest(error)) throw error
      })
    }
  }
  let changed = 0
  for await (const subscription of stripe.subscriptions.list(all)) {
    const change = changeOf(subscription, ends)
    if (!change) continue
    await make[change](subscription.id)
    changed++
  }
  return changed
}

/** Whether Stripe has a customer: one that somebody removed there has no subscription any more. */
async function isThere(stripe: Stripe, customer: string): Promise<boolean> {
  try {
    return !(await stripe.customers.retrieve(customer)).deleted
  } catch (error) {
    if (await isMissing(error)) return false
    throw error
  }
}
