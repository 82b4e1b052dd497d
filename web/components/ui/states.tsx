import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { AlertIcon } from './icons.tsx'

/** Something went wrong: what, and what to do about it. */
export function Problem({ text, onRetry }: { text: string; onRetry?: () => void }) {
  return (
    <div className='ds-problem' role='alert'>
      <AlertIcon />
      <p>{text}</p>
      {onRetry && <Button look='quiet' onClick={onRetry}>Try again</Button>}
    </div>
  )
}

/** Something worth knowing. */
export function Note({ children }: { children: ReactNode }) {
  return <div className='ds-note'>{children}</div>
}

/** What a list shows that has nothing. */
export function Empty({ icon, title, text, children }: {
  icon: ReactNode
  title: string
  text: ReactNode
  children?: ReactNode
}) {
  return (
    <div className='ds-empty'>
      <span className='ds-empty-icon'>{icon}</span>
      <p className='ds-empty-title'>{title}</p>
      <p className='ds-empty-text'>{text}</p>
      {children}
    </div>
  )
}

/** What stands where something will be. */
export function Loading({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div className='ds-loading' role='status'>
      <span className='ds-unseen'>{label}</span>
      {Array.from({ length: lines }, (_, n) => <span key={n} className='ds-bone' />)}
    </div>
  )
}

/** A word about a thing's state. */
export function Badge({ tone = 'calm', children }: { tone?: 'calm' | 'good' | 'warn' | 'bad'; children: ReactNode }) {
  return <span className={`ds-badge ds-badge-${tone}`}>{children}</span>
}

/** A part of a page, under a heading. */
export function Section({ title, text, actions, children }: {
  title: string
  text?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  return (
    <section className='ds-section'>
      <header className='ds-section-head'>
        <div>
          <h2 className='ds-section-title'>{title}</h2>
          {text && <p className='ds-section-text'>{text}</p>}
        </div>
        {actions && <div className='ds-section-actions'>{actions}</div>}
      </header>
      {children}
    </section>
  )
}

interface ListState {
  isPending: boolean
  error: { detail: string } | null
  hasNextPage: boolean
  isFetchingNextPage: boolean
  refetch: () => unknown
  fetchNextPage: () => unknown
}

/** A list in whichever state it is: on its way, refused, empty, or there, with more to come or not. */
export function List<Entry>({ query, entries, empty, children }: {
  query: ListState
  entries: Entry[] | undefined
  empty: ReactNode
  children: (entries: Entry[]) => ReactNode
}) {
  if (entries === undefined) {
    return query.error
      ? <Problem text={query.error.detail} onRetry={() => void query.refetch()} />
      : <Loading lines={4} />
  }
  if (entries.length === 0) return empty
  return (
    <>
      {children(entries)}
      {query.error && <Problem text={query.error.detail} onRetry={() => void query.refetch()} />}
      {query.hasNextPage && (
        <div className='ds-more'>
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Show more</Button>
        </div>
      )}
    </>
  )
}
