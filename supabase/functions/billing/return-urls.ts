import type { Deps } from '../_kit/deps.ts'
import { Problem } from '../_kit/problem.ts'
import { toPointer } from '../_kit/validation.ts'

/** Refuses to have Stripe send people anywhere but to where the app may live: `validation_failed`, pointing at each. */
export function requireAllowedOrigins(
  { allowedOrigins }: Pick<Deps, 'allowedOrigins'>,
  urls: Record<string, string | undefined>,
): void {
  const errors = Object.entries(urls)
    .filter(([, url]) => url !== undefined && !allowedOrigins.includes(new URL(url).origin))
    .map(([name]) => ({
      pointer: toPointer([name]),
      code: 'origin_not_allowed',
      message: 'Is not on an origin of the app.',
    }))
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}
