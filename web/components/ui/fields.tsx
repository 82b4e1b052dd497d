import { type ComponentProps, type ReactNode, useId, useRef } from 'react'
import { Button } from './button.tsx'

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

/** Some lines of text to fill in. */
export function TextArea({ label, hint, error, hideLabel, ...area }: Labelled & ComponentProps<'textarea'>) {
  const id = useId()
  return (
    <Around {...{ id, label, hint, error, hideLabel }}>
      <textarea
        dir='auto'
        {...area}
        id={id}
        className='ds-input ds-lines'
        aria-invalid={error ? true : undefined}
        aria-describedby={ids(id, hint, error)}
      />
    </Around>
  )
}

/** A button that lets somebody choose a file; the same one can be chosen again. */
export function FileButton({ label, accept, busy = false, onChoose }: {
  label: string
  accept: string
  busy?: boolean
  onChoose: (file: File) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button busy={busy} onClick={() => input.current?.click()}>{label}</Button>
      <input
        ref={input}
        type='file'
        hidden
        accept={accept}
        onChange={({ target }) => {
          const [file] = target.files ?? []
          target.value = ''
          if (file) onChoose(file)
        }}
      />
    </>
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
