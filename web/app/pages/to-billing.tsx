import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { can } from '../../../shared/roles.ts'
import { Name } from '../../components/ui/text.tsx'
import { useOwnOrganizations } from './own-organizations.tsx'
import { Page } from './page.tsx'

const route = getRouteApi('/signed-in/billing')

/** Where people come back to whose checkout named no organization: to the one that they were in, if they pay for it. */
export function ToBilling() {
  const search = route.useSearch()
  const own = useOwnOrganizations('Billing')
  if (own.instead) return own.instead
  const owned = own.organizations.filter(({ role }) => can(role, 'startCheckout'))
  const last = owned.length === 1 ? owned[0] : owned.find(({ id }) => id === own.lastId)
  if (last) return <Navigate to='/o/$slug/billing' params={{ slug: last.slug }} search={search} replace />
  if (owned.length === 0) {
    return (
      <Page title='Billing' lead='Owners buy and pay plans, and you own no organization.'>
        <Link to='/' className='ds-button ds-button-primary'>Go to your organizations</Link>
      </Page>
    )
  }
  return (
    <Page title='Billing' lead='Of which organization?'>
      <ul className='ds-cards'>
        {owned.map(({ id, slug, name }) => (
          <li key={id} className='ds-card-row'>
            <Link to='/o/$slug/billing' params={{ slug }} search={search}>
              <Name>{name}</Name>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  )
}
