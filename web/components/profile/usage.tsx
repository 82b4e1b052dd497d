import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import type { Organization } from '../../../shared/contract/organizations.ts'
import type { Usage as Counts, UsageAnswer } from '../../../shared/contract/usage.ts'
import { useUsage } from '../hooks.ts'
import { SelectField, TextField } from '../ui/fields.tsx'
import { Loading, Problem, Section } from '../ui/states.tsx'
import { daysBefore, type Span, spans, toChange, todayIn, toPeriod, toQuery, toSpan } from '../usage-days.ts'

// The chart library comes when somebody looks at it.
const UsageChart = lazy(() => import('./usage-chart.tsx'))

type Measure = keyof Counts

const measures: Record<Measure, string> = {
  calls: 'Calls',
  answered_calls: 'Answered calls',
  call_minutes: 'Minutes',
  texts: 'Texts sent',
  leads_added: 'Leads added',
  active_members: 'Active members',
}
const isMeasure = (name: string): name is Measure => Object.hasOwn(measures, name)
const names = Object.keys(measures).filter(isMeasure)

/** What the organization used, by day or month, and how that compares with the time before. */
export function Usage({ organization: { timezone } }: { organization: Organization }) {
  const [measure, setMeasure] = useState<Measure>('calls')
  const [span, setSpan] = useState<Span>('30')
  const [own, setOwn] = useState<{ from: string; to: string; by: 'day' | 'month' }>(() => {
    const to = todayIn(timezone)
    return { from: daysBefore(to, 29), to, by: 'day' }
  })
  const query = useUsage({ ...(span === 'own' ? own : toQuery(span, timezone)), compare: true })
  return (
    <Section title='Usage' text={`What was used, in days of ${timezone}.`}>
      <div className='ds-filter'>
        <SelectField label='Show' value={span} onChange={({ target }) => setSpan(toSpan(target.value) ?? '30')}>
          {Object.entries(spans).map(([name, title]) => <option key={name} value={name}>{title}</option>)}
        </SelectField>
        {span === 'own' && (
          <>
            <TextField
              label='From'
              type='date'
              value={own.from}
              max={own.to}
              onChange={({ target }) => target.value && setOwn({ ...own, from: target.value })}
            />
            <TextField
              label='To'
              type='date'
              value={own.to}
              onChange={({ target }) => target.value && setOwn({ ...own, to: target.value })}
            />
            <SelectField
              label='By'
              value={own.by}
              onChange={({ target }) => setOwn({ ...own, by: target.value === 'month' ? 'month' : 'day' })}
            >
              <option value='day'>Day</option>
              <option value='month'>Month</option>
            </SelectField>
          </>
        )}
      </div>
      {query.error
        ? (
          <Problem
            text={query.error.errors[0]?.message ?? query.error.detail}
            onRetry={query.error.code === 'validation_failed' ? undefined : () => void query.refetch()}
          />
        )
        : query.data
        ? <Shown usage={query.data.usage} measure={measure} onMeasure={setMeasure} />
        : <Loading lines={4} />}
    </Section>
  )
}

/** Room for a chart, which is drawn once somebody has come to where it is. */
function WhenSeen({ children }: { children: ReactNode }) {
  const room = useRef<HTMLDivElement>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (!room.current) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    observer.observe(room.current)
    return () => observer.disconnect()
  }, [])
  return <div ref={room} className='ds-chart'>{isSeen && children}</div>
}

const toNumber = (value: number): string => value.toLocaleString(undefined, { maximumFractionDigits: 1 })

function Shown({ usage, measure, onMeasure }: {
  usage: UsageAnswer['usage']
  measure: Measure
  onMeasure: (measure: Measure) => void
}) {
  const { totals, previous, periods, by, from, to } = usage
  const title = measures[measure]
  return (
    <>
      <fieldset className='ds-stats'>
        <legend className='ds-unseen'>What the chart shows</legend>
        {names.map((name) => {
          const change = previous && toChange(totals[name], previous.totals[name])
          return (
            <label key={name} className='ds-stat'>
              <input
                type='radio'
                name='measure'
                value={name}
                checked={name === measure}
                onChange={() => onMeasure(name)}
              />
              <span className='ds-label'>{measures[name]}</span>
              <span className='ds-stat-number'>{toNumber(totals[name])}</span>
              <span className='ds-hint'>
                {change ?? (previous ? 'none before' : '')}
              </span>
            </label>
          )
        })}
      </fieldset>
      <figure className='ds-figure'>
        <figcaption className='ds-soft'>
          {title} by {by}, {toPeriod(from, 'day')} to {toPeriod(to, 'day')}
          {previous && `; compared with ${toPeriod(previous.from, 'day')} to ${toPeriod(previous.to, 'day')}`}
        </figcaption>
        <WhenSeen>
          <Suspense fallback={<Loading lines={3} label='Drawing the chart' />}>
            <UsageChart
              title={`${title} by ${by}`}
              by={by}
              values={periods.map((period) => ({ start: period.start, value: period[measure] }))}
            />
          </Suspense>
        </WhenSeen>
      </figure>
      <details className='ds-details'>
        <summary>Show as a table</summary>
        <div className='ds-scroll' tabIndex={0} role='region' aria-label='Usage as a table'>
          <table className='ds-table ds-table-wide'>
            <thead>
              <tr>
                <th scope='col'>{by === 'day' ? 'Day' : 'Month'}</th>
                {names.map((name) => <th key={name} scope='col'>{measures[name]}</th>)}
              </tr>
            </thead>
            <tbody>
              {periods.map((period) => (
                <tr key={period.start}>
                  <td>{toPeriod(period.start, by)}</td>
                  {names.map((name) => (
                    <td key={name} data-label={measures[name]}>
                      <span className='ds-number'>{toNumber(period[name])}</span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  )
}
