import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useOrganizations } from '../../components/index.ts'
import { keys, need } from '../../components/query.ts'
import { Loading, Problem } from '../../components/ui/states.tsx'
import { useSession } from '../session.tsx'
import { Page } from './page.tsx'

/** One's organizations and the one that was used last; or, while they are not there, what to show instead. */
type OwnOrganizations =
  | { instead: ReactElement }
  | { instead?: undefined; organizations: ReturnType<typeof useOrganizations>['organizations']; lastId?: string | null }

/** What pages without an organization in their address lead on by. */
export function useOwnOrganizations(title: string): OwnOrganizations {
  const { client, person } = useSession()
  const { organizations, data, error, refetch } = useOrganizations()
  const active = useQuery({
    queryKey: [...keys.active, person?.id],
    queryFn: () => need(client.activeOrganization.get()),
    gcTime: 0,
  })
  if (error && data === undefined) {
    return {
      instead: (
        <Page title={title}>
          <Problem text={error.detail} onRetry={() => void refetch()} />
        </Page>
      ),
    }
  }
  if (data === undefined || active.isPending) {
    return {
      instead: (
        <main className='page'>
          <Loading label='Looking for your organizations' />
        </main>
      ),
    }
  }
  return { organizations, lastId: active.data?.organization_id }
}
