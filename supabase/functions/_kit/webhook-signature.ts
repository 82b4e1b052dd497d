import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import type { LogEntry } from './log.ts'
import { Problem } from './problem.ts'

const one = String.raw`v1,whsec_[A-Za-z0-9+/=]{32,88}`

/** The secrets of an auth hook as Auth has them: `v1,whsec_…`, several joined by `|` while they are rotated. */
export const HookSecrets = z.string().regex(new RegExp(`^${one}(\\|${one})*$`)).transform((text) => text.split('|'))

/**
 * What a Standard Webhooks request says, once its signature and its time (five minutes either way) are right. Anything
 * else is refused with the same answer; which check failed is for the log alone.
 */
export function requireSignature(
  secrets: string[],
  text: string,
  headers: Headers,
  logged: Partial<LogEntry>,
): unknown {
  let reason = 'no secret is configured'
  for (const secret of secrets) {
    try {
      return new Webhook(secret.replace('v1,', '')).verify(text, Object.fromEntries(headers))
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  logged.cause = `webhook-signature: ${reason}`
  throw new Problem('unauthenticated')
}
