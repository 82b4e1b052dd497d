import { type ReactNode, useEffect } from 'react'
import { Logo, useBrand } from '../branding.tsx'

/** Says in the window's title, and so in the history, where one is. */
export function useTitle(title: string): void {
  const { product } = useBrand()
  useEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
}

/** A page with one thing on it. */
export function Page({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useTitle(title)
  return (
    <main className='page'>
      <p className='brand'>
        <Logo />
      </p>
      <div className='panel'>
        <h1>{title}</h1>
        {lead && <p className='lead'>{lead}</p>}
        {children}
      </div>
      <Support />
    </main>
  )
}

/** Whom to ask for help, where a brand says so. */
export function Support() {
  const { supportEmail } = useBrand()
  if (supportEmail === undefined) return null
  return (
    <p className='aside'>
      Need help? <a href={`mailto:${encodeURIComponent(supportEmail)}`}>{supportEmail}</a>
    </p>
  )
}
