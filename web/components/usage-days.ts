import type { UsageRange } from '../../shared/contract/usage.ts'

/** Which days usage is shown of. */
export const spans = {
  '7': '7 days',
  '30': '30 days',
  '90': '90 days',
  year: '12 months',
  own: 'Other days',
} as const
export type Span = keyof typeof spans

/** The span of a choice in a form; undefined for every other word. */
export const toSpan = (name: string): Span | undefined =>
  Object.keys(spans).find((known): known is Span => known === name)

/** Today in a time zone, as `2026-11-01`. */
export const todayIn = (timezone: string, now = new Date()): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  )

/** A day some days before another one. */
export function daysBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - days)
  return date.toISOString().slice(0, 10)
}

/** What to ask for, so that the last day is today at the organization. */
export function toQuery(
  span: Exclude<Span, 'own'>,
  timezone: string,
  now?: Date,
): UsageRange & { by: 'day' | 'month' } {
  if (span === 'year') return { by: 'month' }
  return { by: 'day', from: daysBefore(todayIn(timezone, now), Number(span) - 1) }
}

/** How much more or less something is than before, in words; undefined where there was nothing to compare with. */
export function toChange(now: number, before: number): string | undefined {
  if (now === before) return 'as before'
  if (before === 0) return undefined
  const percent = Math.round((now / before - 1) * 100)
  return percent === 0 ? 'about as before' : `${percent > 0 ? '+' : '−'}${Math.abs(percent).toLocaleString()} %`
}

/** A day or month of the calendar in words; it is the organization's, so no time zone moves it. */
export const toPeriod = (start: string, by: 'day' | 'month', short = false): string =>
  new Intl.DateTimeFormat(undefined, {
    timeZone: 'UTC',
    month: by === 'month' && !short ? 'long' : 'short',
    ...(by === 'day' && { day: 'numeric' }),
    ...((!short || by === 'month') && { year: 'numeric' }),
  }).format(new Date(`${start}T00:00:00Z`))
