import { PostgrestError } from '@supabase/supabase-js'
import { describe, expect, it } from 'vitest'
import { ChangedCampaign, NewCampaign } from '../../shared/contract/campaigns.ts'
import { toPattern, toWords } from '../../web/app/campaigns/campaigns.ts'
import { toRefusal } from '../../web/app/data-api.ts'

// What the page of campaigns makes of what is typed, and of what the Data API says.

describe('a campaign that is typed in', () => {
  it('needs a name alone, and says nothing else than what was typed', () => {
    expect(NewCampaign.parse({ name: ' Spring ', status: 'draft' })).toEqual({ name: 'Spring', status: 'draft' })
    expect(NewCampaign.safeParse({ name: ' ', status: 'draft' }).error?.issues[0]?.path).toEqual(['name'])
  })

  it.each([NewCampaign, ChangedCampaign])('ends its calls after it begins them', (schema) => {
    const campaign = { name: 'A', description: 'B', status: 'draft', timezone: 'UTC', caller_id: '+14155550100' }
    const issues = (calling_hours_start: string, calling_hours_end: string) =>
      schema.safeParse({ ...campaign, calling_hours_start, calling_hours_end }).error?.issues.map(({ path }) => path)
    expect(issues('09:00', '17:00')).toBeUndefined()
    expect(issues('17:00', '09:00')).toEqual([['calling_hours_end']])
  })
})

describe('a search', () => {
  it('is for each word by itself, and takes no character for a wildcard', () => {
    expect(toWords('  spring   sale ')).toEqual(['spring', 'sale'])
    expect(toWords(' ')).toEqual([])
    expect(toPattern('50%_\\')).toBe('%50\\%\\_\\\\%')
  })
})

describe('a refusal of the Data API', () => {
  const refusal = (status: number, error: { code: string; message?: string; hint?: string }) => {
    const { code, status: said, detail } = toRefusal(
      new PostgrestError({ message: 'of Postgres', details: '', hint: '', ...error }),
      status,
    )
    return [code, said, detail]
  }
  it('on purpose is in its own words', () => {
    expect(refusal(402, { code: 'PT402', hint: 'quota_exceeded', message: 'Ten are used.' }))
      .toEqual(['quota_exceeded', 402, 'Ten are used.'])
  })

  it('for want of a session says what to do', () => {
    expect(refusal(401, { code: 'PGRST301' })).toEqual([
      'unauthenticated',
      401,
      'Your session had ended. Sign in, and try this again.',
    ])
  })

  it.each([
    ['of a row policy', 403, { code: '42501' }, 'forbidden'],
    ['with a hint of another status', 403, { code: 'PT403', hint: 'not_found' }, 'forbidden'],
    ['of a check', 400, { code: '23514' }, 'validation_failed'],
    ['that is none', 0, { code: '' }, 'unavailable'],
    ['in between', 502, { code: '' }, 'unavailable'],
  ])('%s does not say what Postgres did', (_what, status, error, code) => {
    const [said, ofStatus, detail] = refusal(status, error)
    expect([said, ofStatus]).toEqual([code, status])
    expect(detail).not.toContain('of Postgres')
  })
})
