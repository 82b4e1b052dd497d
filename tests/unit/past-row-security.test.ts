import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveSecretKeyPastRowSecurity } from '../../supabase/functions/_kit/data-api-past-row-security.ts'

const folder = join(import.meta.dirname ?? '.', '..', '..', 'supabase', 'functions')
const mentioning = (pattern: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && pattern.test(readFileSync(join(folder, file), 'utf8')))
    .map((file) => file.replaceAll('\\', '/'))
    .sort()

describe('the secret key', () => {
  // Only webhooks: where a person asks, that person's own rights must decide.
  it('is for these files alone', () => {
    expect(mentioning(/data-api-past-row-security/)).toEqual([
      'billing-webhook/billing-webhook.ts',
      'billing-webhook/index.ts',
      'notices/index.ts',
      'notices/notices.ts',
      'signup-webhook/index.ts',
      'signup-webhook/sign-up.ts',
      'stripe-webhook/index.ts',
      'stripe-webhook/stripe-webhook.ts',
    ])
  })

  it('is read in one place', () => {
    expect(mentioning(/SUPABASE_SECRET|SERVICE_ROLE|SUPABASE_DB_URL|sb_secret/)).toEqual([
      '_kit/data-api-past-row-security.ts',
    ])
  })

  it.each([
    ['the default one', { SUPABASE_SECRET_KEYS: '{"other": "sb_secret_b", "default": "sb_secret_a"}' }, 'sb_secret_a'],
    ['any other', { SUPABASE_SECRET_KEYS: '{"other": "sb_secret_b"}' }, 'sb_secret_b'],
    ['the one of older projects', { SUPABASE_SERVICE_ROLE_KEY: 'eyJ' }, 'eyJ'],
  ])('is %s', (_which, environment, key) => expect(resolveSecretKeyPastRowSecurity(environment)).toBe(key))

  it('must be there', () => {
    expect(() => resolveSecretKeyPastRowSecurity({})).toThrow('SUPABASE_SECRET_KEYS')
  })
})
