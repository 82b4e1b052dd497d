import { z } from 'zod'

/** What the database says about the bucket that a request found empty; times are whole seconds. */
const EmptyBucket = z.object({
  policy: z.string().regex(/^[a-z0-9_]+$/),
  limit: z.int().positive(),
  window: z.int().positive(),
  remaining: z.int().nonnegative(),
  retry_after: z.int().positive(),
})

/**
 * The members of a `rate_limited` refusal as the header fields of draft-ietf-httpapi-ratelimit-headers-10; none for
 * other refusals. There, `t` is when the next of the quota is available, which is what Retry-After says too.
 *
 * @example
 * // ratelimit-policy: "failed_attempts_per_user";q=20;w=60
 * // ratelimit: "failed_attempts_per_user";r=0;t=3
 */
export function toLimitHeaders(members: Record<string, unknown>): Record<string, string> {
  const bucket = EmptyBucket.safeParse(members)
  if (!bucket.success) return {}
  const { policy, limit, window, remaining, retry_after } = bucket.data
  return {
    'ratelimit-policy': `"${policy}";q=${limit};w=${window}`,
    'ratelimit': `"${policy}";r=${remaining};t=${retry_after}`,
  }
}
