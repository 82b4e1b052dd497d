import { describe, expect, it } from 'vitest'
import { isProblemCode, problemCodes, problems, problemType } from '../../shared/problems.ts'

describe('the registry of problems', () => {
  it.each(problemCodes)('%s has an error status, a title and a sentence', (code) => {
    const { status, title, when } = problems[code]
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(title).toMatch(/^[A-Z]/)
    expect(when).toMatch(/\.$/)
    expect(problemType(code)).toBe(`urn:dial-smart:problem:${code}`)
  })

  it.each(
    [
      ['unauthenticated', 401],
      ['forbidden', 403],
      ['email_mismatch', 403],
      ['email_not_verified', 403],
      ['organization_suspended', 403],
      ['not_found', 404],
      ['conflict', 409],
      ['slug_taken', 409],
      ['already_member', 409],
      ['last_owner', 409],
      ['invitation_pending', 409],
      ['idempotency_in_progress', 409],
      ['organization_required', 400],
      ['malformed_json', 400],
      ['invalid_header', 400],
      ['validation_failed', 422],
      ['idempotency_key_reused', 422],
      ['quota_exceeded', 402],
      ['rate_limited', 429],
      ['payload_too_large', 413],
      ['unsupported_media_type', 415],
      ['unavailable', 503],
      ['internal', 500],
    ] as const,
  )('%s is a %i', (code, status) => expect(problems[code].status).toBe(status))

  it('knows no other codes, nor what every object inherits', () => {
    expect(problemCodes).toHaveLength(23)
    expect(isProblemCode('toString')).toBe(false)
    expect(isProblemCode(undefined)).toBe(false)
  })
})
