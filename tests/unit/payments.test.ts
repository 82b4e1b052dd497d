import { afterEach, expect, it, vi } from 'vitest'
import { resolveStripe } from '../../supabase/functions/_kit/stripe.ts'
import { resolveStripeWebhookSecret } from '../../supabase/functions/stripe-webhook/stripe-webhook.ts'

// What functions of payments say of their environment.

afterEach(() => vi.restoreAllMocks())

it.each([
  ['STRIPE_SECRET_KEY', 'sk_test_0123456789', resolveStripe],
  ['STRIPE_WEBHOOK_SECRET', 'whsec_0123456789abcdefghij', resolveStripeWebhookSecret],
])('without %s they say so at the start, by its name', (name, value, resolve) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  for (const environment of [{}, { [name]: '' }]) {
    expect(resolve(environment)).toBeUndefined()
    expect(warn.mock.calls.flat().join()).toContain(name)
    warn.mockClear()
  }
  expect(resolve({ [name]: value })).toBeDefined()
  expect(warn).not.toHaveBeenCalled()
  expect(() => resolve({ [name]: 'pk_live' })).toThrow(name)
})
