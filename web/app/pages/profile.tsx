import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { isProfileSection, OrganizationProfile } from '../../components/index.ts'
import { useTitle } from './page.tsx'

const route = getRouteApi('/signed-in/o/$slug/organization/$section')

/** The organization itself: its plan, people, invitations, domains and log. */
export function Profile() {
  const { slug, section } = route.useParams()
  const navigate = useNavigate()
  useTitle('Organization')
  return (
    <>
      <h1 className='ds-unseen'>Organization</h1>
      <OrganizationProfile
        section={isProfileSection(section) ? section : 'general'}
        onSectionChange={(next) =>
          void navigate({ to: '/o/$slug/organization/$section', params: { slug, section: next } })}
        onGone={() => void navigate({ to: '/' })}
        onBilling={() => void navigate({ to: '/o/$slug/billing', params: { slug } })}
      />
    </>
  )
}
