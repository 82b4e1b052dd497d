import type Stripe from 'stripe'
import { z } from 'zod'
import type { CallerEnv } from '../_kit/env.ts'
import { must } from '../_kit/must.ts'
import { Problem } from '../_kit/problem.ts'
import { askStripe, isFaultSaidAgain, isInvalidRequest, type OpenStripe } from '../_kit/stripe.ts'

/** What the database says to begin a checkout with. */
export const CheckoutStart = z.object({ price_id: z.string(), customer_id: z.string().nullable() })

/** What the database says to open the portal with. */
export const PortalStart = z.object({ customer_id: z.string() })

// Whatever blocks a second subscription; those that failed at once or are over do not.
const open: Stripe.Subscription.Status[] = ['active', 'trialing', 'past_due', 'paused', 'unpaid']

/**
 * Builds what serves one request: Stripe, and the functions' word to the database. Raises `unavailable` where either is
 * not set up.
 */
export async function createDesk(
  openStripe: OpenStripe | undefined,
  { deps: { sign }, db }: Pick<CallerEnv['Variables'], 'deps' | 'db'>,
) {
  if (!openStripe || !sign) {
    throw new Problem('unavailable', {
      detail: 'Payments are not set up here.',
      cause: new Error(`${openStripe ? 'FUNCTIONS_SECRET' : 'STRIPE_SECRET_KEY'} is missing.`),
    })
  }
  const stripe = await openStripe()

  /** Signs what is asked, so that the database tells Stripe's ids to nobody but the functions. */
  const prove = (...said: string[]): string => {
    const time = String(Math.floor(Date.now() / 1000))
    return `${time}.${sign([...said, time].join('\n'))}`
  }

  /**
   * Makes a customer at Stripe. However often this is tried, and by how many at once, Stripe makes one: key and values are
   * the organization's alone. Where a try failed at Stripe, which would say so again for a day, the next one has a key of
   * its own.
   */
  const createCustomer = async (organization_id: string, attempt = 1): Promise<Stripe.Customer> => {
    const idempotencyKey = `customer-of-${organization_id}${attempt === 1 ? '' : `-${attempt}`}`
    try {
      return await stripe.customers.create({ metadata: { organization_id } }, { idempotencyKey })
    } catch (error) {
      if (attempt < 10 && await isFaultSaidAgain(error)) return await createCustomer(organization_id, attempt + 1)
      throw error
    }
  }

  /** The customer of an organization that has none. Whoever links it first decides. */
  const makeCustomer = async (organization_id: string): Promise<string> => {
    const { id, livemode } = await askStripe(() => createCustomer(organization_id))
    const proof = prove('billing-customer', organization_id, id, String(livemode))
    const linked = await db.rpc('link_customer', { organization_id, customer_id: id, livemode, proof })
    return must(linked, PortalStart).customer_id
  }

  /**
   * Asks Stripe itself, because its events may still be on their way: no second subscription is bought, and no two
   * checkouts are open. Raises `conflict`.
   */
  const requireNothingBought = async (customer: string): Promise<void> => {
    const [subscriptions, checkouts] = await askStripe(() =>
      Promise.all([
        stripe.subscriptions.list({ customer, limit: 100 }),
        stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 }),
      ])
    )
    if (subscriptions.data.some(({ status }) => open.includes(status))) throw bought()
    await askStripe(() =>
      Promise.all(checkouts.data.map(async ({ id }) => {
        try {
          await stripe.checkout.sessions.expire(id)
        } catch (error) {
          // It was completed, or ended, in this very moment.
          if (await isInvalidRequest(error)) {
            throw bought('Another checkout for this organization ended just now; try again.')
          }
          throw error
        }
      }))
    )
  }

  return { stripe, prove, makeCustomer, requireNothingBought, requireUrl }
}

const bought = (
  detail = 'This organization has a subscription: change its plan or how it is paid in the customer portal.',
): Problem => new Problem('conflict', { detail })

function requireUrl(url: string | null): string {
  if (url === null) throw new Problem('internal', { cause: new Error('Stripe made a page without a URL.') })
  return url
}
