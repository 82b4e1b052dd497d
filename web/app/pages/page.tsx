import { type ReactNode, useEffect } from 'react'

/** Says in the window's title, and so in the history, where one is. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Dial Smart`
  }, [title])
}

/** A page with one thing on it. */
export function Page({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useTitle(title)
  return (
    <main className='page'>
      <p className='brand'>
        <Logo />
        Dial Smart
      </p>
      <div className='panel'>
        <h1>{title}</h1>
        {lead && <p className='lead'>{lead}</p>}
        {children}
      </div>
    </main>
  )
}

export function Logo() {
  return <img className='logo' src='/favicon.svg' alt='' width='28' height='28' />
}
