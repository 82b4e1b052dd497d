import type Stripe from 'stripe'
import { z } from 'zod'
import { isPrivate, parseEnvironment } from './deps.ts'
import { warnAtStart } from './log.ts'
import { Problem } from './problem.ts'

const unset = z.literal('').transform(() => undefined)

const Environment = z.object({
  STRIPE_SECRET_KEY: unset.or(z.string().regex(/^(sk|rk)_(test|live)_\w+$/, 'is no secret or restricted key'))
    .optional(),
  STRIPE_URL: unset.or(z.string().refine(isPrivate, 'is neither an https: URL, nor one on this machine')).optional(),
})

/** Where Stripe is, and as whom it is asked. */
export interface StripeOptions {
  secretKey: string
  url?: string
  fetch?: typeof fetch
}

/** Loads the official library. It is large, and most requests ask nothing of Stripe. */
export const loadStripe = async () => (await import('stripe')).default

/** Gives the client, which is made when it is first asked for. */
export type OpenStripe = () => Promise<Stripe>

/** Builds what gives the official client, in the API version that it was made for. */
export function createStripe({ secretKey, url = 'https://api.stripe.com', fetch }: StripeOptions): OpenStripe {
  const { protocol, hostname, port } = new URL(url)
  let client: Stripe | undefined
  return async () => {
    const Stripe = await loadStripe()
    return client ??= new Stripe(secretKey, {
      httpClient: Stripe.createFetchHttpClient(fetch),
      protocol: protocol === 'http:' ? 'http' : 'https',
      host: hostname,
      port: port || (protocol === 'http:' ? 80 : 443),
      timeout: 10_000,
      maxNetworkRetries: 1,
      telemetry: false,
    })
  }
}

/** Stripe as the environment has it: STRIPE_SECRET_KEY, and STRIPE_URL for a stand-in. None without a key. */
export function resolveStripe(environment: Record<string, string | undefined>): OpenStripe | undefined {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_URL: url } = parseEnvironment(Environment, environment)
  if (secretKey !== undefined) return createStripe({ secretKey, url })
  warnAtStart('No STRIPE_SECRET_KEY: nothing can be bought, and no subscription is ended at Stripe.')
  return undefined
}

/** Whether a key is for customers who pay, and not for trying things out. */
export const isLiveKey = (secretKey = ''): boolean => /^[sr]k_live_/.test(secretKey)

/**
 * What Stripe answers. An outage is `unavailable`; what it refuses for good, such as a key or a price that it does not
 * know, is ours to mend: `internal`, with its words in the log.
 */
export async function askStripe<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    const { errors } = await loadStripe()
    if (!(cause instanceof errors.StripeError)) throw cause
    const isPassing = cause instanceof errors.StripeConnectionError || cause instanceof errors.StripeRateLimitError ||
      // 409: the same request is under way already.
      cause.statusCode !== undefined && (cause.statusCode >= 500 || cause.statusCode === 409)
    throw isPassing
      ? new Problem('unavailable', { detail: 'Payments can’t be reached at the moment; nothing was bought.', cause })
      : new Problem('internal', { cause })
  }
}

/**
 * Whether Stripe only says again how it failed before: for a day it answers an idempotency key alike, by a fault of its
 * own too. See https://docs.stripe.com/api/idempotent_requests.
 */
export const isFaultSaidAgain = async (error: unknown): Promise<boolean> =>
  error instanceof (await loadStripe()).errors.StripeError && (error.statusCode ?? 0) >= 500 &&
  error.headers?.['idempotent-replayed'] === 'true'

/** Whether Stripe refused a request for what it asks. */
export const isInvalidRequest = async (error: unknown): Promise<boolean> =>
  error instanceof (await loadStripe()).errors.StripeInvalidRequestError

/** Whether Stripe does not have what a request is about. */
export const isMissing = async (error: unknown): Promise<boolean> =>
  await isInvalidRequest(error) && Object(error).code === 'resource_missing'
