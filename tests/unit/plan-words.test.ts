import { describe, expect, it } from 'vitest'
import type { Plan } from '../../shared/contract/plans.ts'
import { limitOn, quotaTone } from '../../web/components/quota-words.ts'
import { hasArrived, statusWords } from '../../web/components/status.ts'
import { daysBefore, toChange, todayIn, toPeriod, toQuery } from '../../web/components/usage-days.ts'

// What people read about plans and usage.

describe('a quota', () => {
  it.each([
    [10, 0, 'good'],
    [10, 7, 'good'],
    [10, 8, 'warn'],
    [10, 9, 'warn'],
    [10, 10, 'full'],
    [5, 7, 'full'],
    [0, 0, 'full'],
    [null, 1_000_000, 'good'],
  ])('of %j with %i used is %s', (limit, used, tone) => expect(quotaTone({ limit, used })).toBe(tone))

  it('is the organization’s own before it is the plan’s', () => {
    const plan: Plan = {
      tier: 'basic',
      name: 'Basic',
      max_users: 5,
      max_campaigns: 10,
      max_phone_numbers: 5,
      monthly_call_limit: null,
      features: [],
      for_sale: true,
    }
    const own = { max_users: 40, max_campaigns: null, max_phone_numbers: null, monthly_call_limit: 0 }
    expect(limitOn('users', plan, own)).toBe(40)
    expect(limitOn('campaigns', plan, own)).toBe(10)
    expect(limitOn('calls', plan, own)).toBe(0)
  })
})

describe('the days of usage', () => {
  // In Auckland it is tomorrow already, in Los Angeles still yesterday.
  const now = new Date('2026-03-01T05:00:00Z')

  it('end today at the organization', () => {
    expect(todayIn('Pacific/Auckland', now)).toBe('2026-03-01')
    expect(todayIn('America/Los_Angeles', now)).toBe('2026-02-28')
    expect(toQuery('7', 'America/Los_Angeles', now)).toEqual({ by: 'day', from: '2026-02-22' })
    expect(toQuery('year', 'UTC', now)).toEqual({ by: 'month' })
    expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28')
  })

  it('are those of the calendar, wherever they are read', () => {
    expect(toPeriod('2026-03-01', 'day')).toContain('2026')
    expect(toPeriod('2026-03-01', 'month')).toMatch(/March|2026/)
  })

  it.each([
    [110, 100, '+10 %'],
    [50, 100, '−50 %'],
    [100, 100, 'as before'],
    [0, 0, 'as before'],
    [1001, 1000, 'about as before'],
    [5, 0, undefined],
    [0, 5, '−100 %'],
  ])('%i after %i is %s', (after, before, words) => expect(toChange(after, before)).toBe(words))
})

describe('a status in words', () => {
  const standing = {
    subscription_status: 'active',
    status_changed_at: '2026-11-02T12:00:00Z',
    status_cause: 'schedule',
    trial_ends_at: null,
    role: 'owner',
  } as const
  const adviceOf = (changes: Partial<Parameters<typeof statusWords>[0]>) =>
    statusWords({ ...standing, ...changes }).advice

  it('says since when, and of a trial until when', () => {
    expect(statusWords(standing).since).toBe('Since Nov 2, 2026.')
    const trial = { ...standing, subscription_status: 'trial', trial_ends_at: '2026-12-01T12:00:00Z' } as const
    expect(statusWords(trial).since).toBe('Until Dec 1, 2026.')
  })

  it('tells owners what to do, and others whom to ask', () => {
    for (const subscription_status of ['trial', 'past_due', 'suspended', 'cancelled'] as const) {
      expect(adviceOf({ subscription_status })).not.toMatch(/owner/)
      expect(adviceOf({ subscription_status, role: 'admin' })).toMatch(/owner/)
    }
  })

  it('promises nothing of a payment where an operator stopped it', () => {
    for (const subscription_status of ['suspended', 'cancelled'] as const) {
      expect(adviceOf({ subscription_status, status_cause: 'operator' })).toMatch(/ask them/)
      expect(adviceOf({ subscription_status, status_cause: 'billing' })).not.toMatch(/ask them/)
    }
  })
})

describe('a plan that was bought', () => {
  it.each(
    [
      ['active', 'professional', 'billing', 'professional', true],
      ['active', 'basic', 'operator', 'professional', false],
      ['active', 'professional', 'operator', undefined, true],
      ['trial', 'professional', 'schedule', 'professional', false],
      ['trial', 'professional', 'billing', 'professional', true],
      ['suspended', 'professional', 'billing', 'professional', false],
      ['past_due', 'basic', 'schedule', undefined, false],
    ] as const,
  )('of %s, %s, by %s, is %s there: %s', (subscription_status, subscription_tier, status_cause, tier, there) => {
    expect(hasArrived({ subscription_status, subscription_tier, status_cause }, tier)).toBe(there)
  })
})
