import { type ComponentProps, type ReactNode, useId } from 'react'

interface Labelled {
  label: string
  hint?: ReactNode
  error?: string
  /** Keeps the label for screen readers alone. */
  hideLabel?: boolean
}

const ids = (id: string, hint: ReactNode, error: string | undefined) =>
  [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined

function Around({ id, label, hint, error, hideLabel, children }: Labelled & { id: string; children: ReactNode }) {
  return (
    <div className='ds-field'>
      <label htmlFor={id} className={hideLabel ? 'ds-unseen' : 'ds-label'}>{label}</label>
      {children}
      {hint && <p id={`${id}-hint`} className='ds-hint'>{hint}</p>}
      {error && <p id={`${id}-error`} className='ds-error'>{error}</p>}
    </div>
  )
}

/** A line of text to fill in. */
export function TextField({ label, hint, error, hideLabel, ...input }: Labelled & ComponentProps<'input'>) {
  const id = useId()
  return (
    <Around {...{ id, label, hint, error, hideLabel }}>
      <input
        dir='auto'
        {...input}
        id={id}
        className='ds-input'
        aria-invalid={error ? true : undefined}
        aria-describedby={ids(id, hint, error)}
      />
    </Around>
  )
}

/** One of a few choices. */
export function SelectField(
  { label, hint, error, hideLabel, children, ...select }: Labelled & ComponentProps<'select'>,
) {
  const id = useId()
  return (
    <Around {...{ id, label, hint, error, hideLabel }}>
      <select
        {...select}
        id={id}
        className='ds-input ds-select'
        aria-invalid={error ? true : undefined}
        aria-describedby={ids(id, hint, error)}
      >
        {children}
      </select>
    </Around>
  )
}
