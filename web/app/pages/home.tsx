import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useOrganizations } from '../../components/index.ts'
import { keys, need } from '../../components/query.ts'
import { Loading, Problem } from '../../components/ui/states.tsx'
import { pendingToken } from '../pending-invitation.ts'
import { useSession } from '../session.tsx'
import { Page } from './page.tsx'

/** Leads on: to an invitation that waits, to the organization that was used last, or to the first steps. */
export function Home() {
  const { client, person } = useSession()
  const { organizations, data, error, refetch } = useOrganizations()
  const active = useQuery({
    queryKey: [...keys.active, person?.id],
    queryFn: () => need(client.activeOrganization.get()),
    gcTime: 0,
  })

  if (pendingToken() !== null) return <Navigate to='/invitations/accept' replace />
  if (error && data === undefined) {
    return (
      <Page title='Your organizations'>
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
  const last = organizations.find(({ id }) => id === active.data?.organization_id) ?? organizations[0]
  return last ? <Navigate to='/o/$slug' params={{ slug: last.slug }} replace /> : <Navigate to='/start' replace />
}
