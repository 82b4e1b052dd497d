import { describe, expect, it } from 'vitest'
import { resolveDeps } from '../../supabase/functions/_kit/deps.ts'
import { environment } from './support/environment.ts'
import { jwtSecret, publishableKey } from './support/functions.ts'

describe('the environment', () => {
  it('is read once and tidied', () => {
    const deps = resolveDeps(environment)
    expect(deps.supabaseUrl).toBe('https://project.supabase.test')
    expect(deps.publishableKeys).toEqual([publishableKey, 'sb_publishable_mobile'])
    expect(deps.siteUrl).toBe('https://app.test')
    expect(deps.allowedOrigins).toEqual(['https://app.test'])
  })

  it('can name the origins, and can have the older keys', () => {
    const { SUPABASE_PUBLISHABLE_KEYS: _new, SUPABASE_JWKS: _set, ...older } = environment
    const deps = resolveDeps({
      ...older,
      SUPABASE_ANON_KEY: 'anon',
      JWT_SECRET: jwtSecret,
      ALLOWED_ORIGINS: 'https://app.test, https://admin.test/',
    })
    expect(deps.publishableKeys).toEqual(['anon'])
    expect(deps.allowedOrigins).toEqual(['https://app.test', 'https://admin.test'])
  })

  it.each(Object.keys(environment))('without %s stops the start, and says so', (name) => {
    expect(() => resolveDeps({ ...environment, [name]: undefined })).toThrow(name)
  })

  it.each([
    ['SUPABASE_URL', 'project'],
    ['SUPABASE_PUBLISHABLE_KEYS', 'sb_publishable_plain'],
    ['SUPABASE_PUBLISHABLE_KEYS', '{}'],
    ['SUPABASE_JWKS', '{"keys":'],
    ['SUPABASE_JWKS', '{"keys":[]}'],
    ['JWT_SECRET', 'short'],
    ['ALLOWED_ORIGINS', 'null'],
  ])('with %s = %s stops the start, and keeps the value to itself', (name, value) => {
    const start = () => resolveDeps({ ...environment, [name]: value })
    expect(start).toThrow(name)
    expect(start).not.toThrow(/sb_publishable/)
  })
})
