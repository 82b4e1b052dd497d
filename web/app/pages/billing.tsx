import { getRouteApi } from '@tanstack/react-router'
import { Billing, useCan } from '../../components/index.ts'
import { NothingHere } from './not-found.tsx'
import { useTitle } from './page.tsx'

const route = getRouteApi('/signed-in/o/$slug/billing')

/** Where owners buy a plan, and come back to from paying for it. To everybody else there is no such page. */
export function BillingOfOrganization() {
  const { slug } = route.useParams()
  const { checkout, tier } = route.useSearch()
  const mayPay = useCan('startCheckout')
  if (!mayPay) return <NothingHere />
  return <OwnersBilling slug={slug} checkout={checkout && { ended: checkout, tier }} />
}

function OwnersBilling({ slug, checkout }: { slug: string; checkout: Parameters<typeof Billing>[0]['checkout'] }) {
  useTitle('Billing')
  return (
    <>
      <header className='ds-section-head'>
        <div>
          <h1>Billing</h1>
          <p className='ds-section-text'>Plans, payment and invoices; for owners.</p>
        </div>
      </header>
      {/* In development the pages have an origin of their own, to which nobody is sent back. */}
      <Billing
        returnUrl={import.meta.env.PROD ? `${location.origin}/o/${slug}/billing` : undefined}
        checkout={checkout}
      />
    </>
  )
}
