import { createContext, type ReactNode, use, useEffect, useMemo } from 'react'
import type { Branding } from '../../shared/contract/branding.ts'
import { Domain } from '../../shared/contract/values.ts'
import { BrandMark, paintBrand, useBranding } from '../components/index.ts'

interface Look {
  branding: Branding
  /** How many are around: the innermost paints the page. */
  depth: number
  /** Nobody knows yet: better nothing than the brand of somebody else. */
  pending: boolean
}

const Context = createContext<Look>({ branding: {}, depth: 0, pending: false })

/** Who paints the page, by depth. */
const painters = new Map<number, Branding>()

function repaint(): void {
  const innermost = Math.max(0, ...painters.keys())
  paintBrand(document.documentElement, painters.get(innermost))
}

/** Everything in here wears a brand; one that has nothing to wear looks as what is around it. */
export function BrandProvider(
  { branding = {}, pending = false, children }: { branding?: Branding; pending?: boolean; children: ReactNode },
) {
  const outer = use(Context)
  const depth = outer.depth + 1
  const worn = Object.keys(branding).length > 0 ? branding : outer.branding
  useEffect(() => {
    painters.set(depth, worn)
    repaint()
    return () => {
      painters.delete(depth)
      repaint()
    }
  }, [depth, worn])
  const value = useMemo<Look>(() => ({ branding: worn, depth, pending }), [worn, depth, pending])
  return <Context value={value}>{children}</Context>
}

// Not where the stack runs on one's own machine: addresses and single names are nobody's host.
const host = location.hostname
const isHost = Domain.safeParse(host).success

/** The brand of the host that the dashboard is served under. */
export function HostBrand({ children }: { children: ReactNode }) {
  const { data, isLoading } = useBranding({ host }, { enabled: isHost })
  return <BrandProvider branding={data} pending={isLoading}>{children}</BrandProvider>
}

/** The brand of one organization. */
export function OrganizationBrand({ slug, children }: { slug: string; children: ReactNode }) {
  const { data, isLoading } = useBranding({ slug })
  return <BrandProvider branding={data} pending={isLoading}>{children}</BrandProvider>
}

/** What the product is called here, how it looks, and whom to ask for help. */
export function useBrand() {
  const { branding, pending } = use(Context)
  const { product_name, logo_url, support_email } = branding
  return {
    product: product_name ?? 'Dial Smart',
    logoUrl: logo_url,
    supportEmail: support_email,
    isOwn: product_name !== undefined || logo_url !== undefined,
    pending,
  }
}

/** The logo of the product, as it is here. `wordless` leaves its name out where the logo says enough. */
export function Logo({ wordless = false }: { wordless?: boolean }) {
  const { product, logoUrl, isOwn, pending } = useBrand()
  if (pending) return <span className='logo-space' />
  if (isOwn) return <BrandMark name={product} logoUrl={logoUrl} />
  return (
    <>
      <img className='logo' src='/favicon.svg' alt='' width='28' height='28' />
      {!wordless && product}
    </>
  )
}
