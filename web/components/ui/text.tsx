import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { useNotify } from './notices.tsx'

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A date, with the time of day behind it. */
export function When({ at, exact = false }: { at: string; exact?: boolean }) {
  const date = new Date(at)
  return <time dateTime={at} title={moment.format(date)}>{(exact ? moment : day).format(date)}</time>
}

/** What people named; written from right to left or left to right, as it is. */
export function Name({ children }: { children: string }) {
  return <bdi className='ds-name' title={children}>{children}</bdi>
}

/** The first letters of a name in a circle, or in a square for an organization. */
export function Avatar({ name, square = false }: { name: string; square?: boolean }) {
  const firsts = name.split(/\s+/).flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? [])
  // Letters of scripts that join them, as Arabic does, stand beside each other here.
  const letters = [...new Set([0, firsts.length - 1])].flatMap((at) => firsts[at] ?? []).join('\u200c').toUpperCase()
  return <span className={square ? 'ds-avatar ds-avatar-square' : 'ds-avatar'} aria-hidden='true'>{letters}</span>
}

/** Something to pass on: shown in full, and copied with one press. */
export function Copy({ label, text }: { label: string; text: string }) {
  const notify = useNotify()
  const [manual, setManual] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      notify('Copied.')
    } catch {
      // No access to the clipboard: the text is selected, to be copied by hand.
      setManual(true)
    }
  }
  return (
    <div className='ds-copy'>
      <input
        className='ds-input ds-mono'
        aria-label={label}
        readOnly
        value={text}
        onFocus={({ target }) => target.select()}
      />
      <Button onClick={() => void copy()} aria-label={`Copy ${label}`}>{manual ? 'Select and copy' : 'Copy'}</Button>
    </div>
  )
}

/** Label and value, one below the other. */
export function Facts({ facts }: { facts: [label: string, value: ReactNode][] }) {
  return (
    <dl className='ds-facts'>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
