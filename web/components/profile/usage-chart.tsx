import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { toPeriod } from '../usage-days.ts'

interface Value {
  start: string
  value: number
}

/** Bars of one measure. The colours are those of the page, in either theme. */
export default function UsageChart({ title, by, values }: { title: string; by: 'day' | 'month'; values: Value[] }) {
  return (
    <ResponsiveContainer width='100%' height='100%'>
      <BarChart data={values} title={title} margin={{ top: 8, right: 0, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke='var(--ds-line)' />
        <XAxis
          dataKey='start'
          tickFormatter={(start: string) => toPeriod(start, by, true)}
          tick={{ fill: 'var(--ds-soft)', fontSize: 12 }}
          axisLine={{ stroke: 'var(--ds-line)' }}
          tickLine={false}
          minTickGap={24}
        />
        <YAxis
          width={44}
          allowDecimals={false}
          tickFormatter={(value: number) => value.toLocaleString(undefined, { notation: 'compact' })}
          tick={{ fill: 'var(--ds-soft)', fontSize: 12 }}
          axisLine={false}
          tickLine={false}
        />
        <Tooltip
          cursor={{ fill: 'var(--ds-sunken)' }}
          content={({ active, payload }) => {
            const value: Value | undefined = payload?.[0]?.payload
            return active && value && (
              <div className='ds-chart-tip'>
                <span className='ds-soft'>{toPeriod(value.start, by)}</span>
                <strong>{value.value.toLocaleString()}</strong>
              </div>
            )
          }}
        />
        <Bar dataKey='value' name={title} fill='var(--ds-accent)' radius={[3, 3, 0, 0]} isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}
