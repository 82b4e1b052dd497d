import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { OrganizationSection, useCan } from '../../components/index.ts'
import { useTitle } from './page.tsx'

const route = getRouteApi('/signed-in/o/$slug/overview')

/** How the organization is doing: its people and other limits, its plan, and what was used lately. */
export function Overview() {
  const { slug } = route.useParams()
  const navigate = useNavigate()
  const mayInvite = useCan('createInvitation')
  const section = mayInvite ? 'invitations' : 'members'
  useTitle('Overview')
  return (
    <>
      <header className='ds-section-head'>
        <div>
          <h1>Overview</h1>
          <p className='ds-section-text'>People, plan and calls at a glance.</p>
        </div>
        <div className='ds-section-actions'>
          <Link
            to='/o/$slug/organization/$section'
            params={{ slug, section }}
            className='ds-button ds-button-plain'
          >
            {mayInvite ? 'Invite people' : 'See members'}
          </Link>
        </div>
      </header>
      <OrganizationSection
        section='plan'
        onBilling={() => void navigate({ to: '/o/$slug/billing', params: { slug } })}
      />
      <OrganizationSection section='usage' />
    </>
  )
}
