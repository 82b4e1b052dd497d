import { createContext, lazy, type ReactNode, Suspense, use, useCallback, useRef, useState } from 'react'

// Whoever signs in needs no notices yet: what shows them comes later.
const NoticeList = lazy(() => import('./notice-list.tsx'))

/** What is to be said. */
export interface Notice {
  id: number
  text: string
}

const Context = createContext<(text: string) => void>(() => {
  throw new Error('There is no <Notices> around this component.')
})

/** Shows what was done, for a moment, and says it to screen readers. `expected`: soon there will be something to say. */
export function Notices({ expected, children }: { expected: boolean; children: ReactNode }) {
  const [waiting, setWaiting] = useState<Notice[]>([])
  const last = useRef(0)
  const notify = useCallback((text: string) => {
    last.current += 1
    const notice = { id: last.current, text }
    setWaiting((before) => [...before, notice])
  }, [])
  const onShown = useCallback(
    (shown: Notice[]) => setWaiting((before) => before.filter((notice) => !shown.includes(notice))),
    [],
  )
  return (
    <Context value={notify}>
      {children}
      {(expected || waiting.length > 0) && (
        <Suspense>
          <NoticeList waiting={waiting} onShown={onShown} />
        </Suspense>
      )}
    </Context>
  )
}

/** Says what was done: `notify('Invitation sent.')`. */
export const useNotify = (): (text: string) => void => use(Context)
