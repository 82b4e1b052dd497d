import { type ComponentProps, useId } from 'react'
import { TextField } from './fields.tsx'

const timezones = Intl.supportedValuesOf('timeZone')

/** A time zone, typed or chosen from those that there are. */
export function TimezoneField(input: ComponentProps<typeof TextField>) {
  const id = useId()
  return (
    <>
      <TextField list={id} autoComplete='off' {...input} />
      <datalist id={id}>{timezones.map((zone) => <option key={zone} value={zone} />)}</datalist>
    </>
  )
}
