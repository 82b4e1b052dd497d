import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { can } from '../../../shared/roles.ts'
import { useOrganizations } from '../../components/index.ts'
import { keys, need } from '../../components/query.ts'
import { Loading, Problem } from '../../components/ui/states.tsx'
import { Name } from '../../components/ui/text.tsx'
import { useSession } from '../session.tsx'
import { Page } from './page.tsx'

const route = getRouteApi('/signed-in/billing')

/** Where people come back to whose checkout named no organization: to the one that they were in, if they pay for it. */
export function ToBilling() {
  const search = route.useSearch()
  const { client, person } = useSession()
  const { organizations, data, error, refetch } = useOrganizations()
  const active = useQuery({
    queryKey: [...keys.active, person?.id],
    queryFn: () => need(client.activeOrganization.get()),
    gcTime: 0,
  })
  const owned = organizations.filter(({ role }) => can(role, 'startCheckout'))
  if (error && data === undefined) {
    return (
      <Page title='Billing'>
        <Problem text={error.detail} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (data === undefined || active.isPending) {
    return (
      <main className='page'>
        <Loading label='Looking for your organizations' />
      </main>
    )
  }
  const last = owned.length === 1 ? owned[0] : owned.find(({ id }) => id === active.data?.organization_id)
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
