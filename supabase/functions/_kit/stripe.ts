import Stripe from 'stripe'
import { z } from 'zod'
import { isPrivate, parseEnvironment } from './deps.ts'
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

/** Builds the official client, in the API version that it was made for. */
export function createStripe({ secretKey, url = 'https://api.stripe.com', fetch }: StripeOptions): Stripe {
  const { protocol, hostname, port } = new URL(url)
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(fetch),
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    port: port || (protocol === 'http:' ? 80 : 443),
    timeout: 10_000,
    maxNetworkRetries: 1,
    telemetry: false,
  })
}

/** Stripe as the environment has it: STRIPE_SECRET_KEY, and STRIPE_URL for a stand-in. None without a key. */
export function resolveStripe(environment: Record<string, string | undefined>): Stripe | undefined {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_URL: url } = parseEnvironment(Environment, environment)
  return secretKey === undefined ? undefined : createStripe({ secretKey, url })
}

/** Whether a key is for customers who pay, and not for trying things out. */
export const isLiveKey = (secretKey = ''): boolean => /^[sr]k_live_/.test(secretKey)

const { StripeConnectionError, StripeError, StripeInvalidRequestError, StripeRateLimitError } = Stripe.errors

/**
 * What Stripe answers. An outage is `unavailable`; what it refuses for good, such as a key or a price that it does not
 * know, is ours to mend: `internal`, with its words in the log.
 */
export async function askStripe<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    if (!(cause instanceof StripeError)) throw cause
    throw isPassing(cause)
      ? new Problem('unavailable', { detail: 'Payments can’t be reached at the moment; nothing was bought.', cause })
      : new Problem('internal', { cause })
  }
}

const isPassing = (error: Stripe.errors.StripeError): boolean =>
  error instanceof StripeConnectionError || error instanceof StripeRateLimitError ||
  // 409: the same request is under way already.
  error.statusCode !== undefined && (error.statusCode >= 500 || error.statusCode === 409)

/**
 * Whether Stripe only says again how it failed before: for a day it answers an idempotency key alike, by a fault of its
 * own too. See https://docs.stripe.com/api/idempotent_requests.
 */
export const isFaultSaidAgain = (error: unknown): boolean =>
  error instanceof StripeError && (error.statusCode ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'

/** Whether Stripe refused a request for what it asks. */
export const isInvalidRequest = (error: unknown): boolean => error instanceof StripeInvalidRequestError

/** Whether Stripe does not have what a request is about. */
export const isMissing = (error: unknown): boolean =>
  isInvalidRequest(error) && Object(error).code === 'resource_missing'
