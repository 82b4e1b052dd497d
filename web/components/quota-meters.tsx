import { Meter } from '@base-ui/react/meter'
import type { QuotaState } from '../../shared/contract/quotas.ts'
import { quotaNames, quotaTone, quotaWords } from './quota-words.ts'

const notes = { good: '', warn: 'Nearly used up.', full: 'Used up: the next one is refused.' }

/** What is used of each limit. */
export function QuotaMeters({ quotas, timezone }: { quotas: QuotaState[]; timezone: string }) {
  return (
    <ul className='ds-quotas'>
      {quotaNames.flatMap((name) => quotas.filter(({ quota }) => quota === name)).map((state) => (
        <li key={state.quota} className={`ds-quota ds-quota-${quotaTone(state)}`}>
          <QuotaMeter state={state} timezone={timezone} />
        </li>
      ))}
    </ul>
  )
}

function QuotaMeter({ state, timezone }: { state: QuotaState; timezone: string }) {
  const { quota, limit, used, resets_at } = state
  const { title, hint } = quotaWords[quota]
  const note = limit !== null && used > limit
    ? `${(used - limit).toLocaleString()} over the limit: nothing is taken away, and the next one is refused.`
    : notes[quotaTone(state)]
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: timezone })
  const rest = `${note}${resets_at ? ` Begins anew on ${day.format(new Date(resets_at))}.` : ''}`
  const spoken = limit === null ? '' : `${used.toLocaleString()} of ${limit.toLocaleString()}`
  if (limit === null) {
    return (
      <>
        <div className='ds-quota-head'>
          <span className='ds-label'>{title}</span>
          <span className='ds-number'>{used.toLocaleString()}, no limit</span>
        </div>
        <p className='ds-hint'>{hint}</p>
      </>
    )
  }
  return (
    <Meter.Root value={Math.min(used, limit)} max={Math.max(limit, 1)} getAriaValueText={() => spoken}>
      <div className='ds-quota-head'>
        <Meter.Label className='ds-label'>{title}</Meter.Label>
        <span className='ds-number' aria-hidden='true'>{spoken}</span>
      </div>
      <Meter.Track className='ds-quota-track'>
        <Meter.Indicator className='ds-quota-bar' />
      </Meter.Track>
      <p className='ds-hint'>{hint} {rest.trim()}</p>
    </Meter.Root>
  )
}
