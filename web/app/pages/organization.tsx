import { getRouteApi, Link, Navigate, Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Organization } from '../../../shared/contract/organizations.ts'
import { can } from '../../../shared/roles.ts'
import { OrganizationsProvider, OrganizationSwitcher, statusWords, useOrganizations } from '../../components/index.ts'
import { Loading, Problem } from '../../components/ui/states.tsx'
import { AccountMenu } from '../account-menu.tsx'
import { Logo, OrganizationBrand, useBrand } from '../branding.tsx'
import { useSession } from '../session.tsx'
import { NotFound } from './not-found.tsx'
import { Page } from './page.tsx'

const route = getRouteApi('/signed-in/o/$slug')

/** Everything below `/o/:slug`: this tab is in that organization, and stays there whatever other tabs do. */
export function OrganizationPages() {
  const { slug } = route.useParams()
  const { client, person } = useSession()
  const { organizations, data, error, refetch } = useOrganizations()
  const current = organizations.find((organization) => organization.slug === slug)
  // What this tab showed last under this address: it may have been renamed, or be closed to the person now.
  const seen = useRef<{ slug: string; id: string; name: string }>(undefined)
  useEffect(() => {
    if (current) seen.current = { slug, id: current.id, name: current.name }
  }, [current, slug])

  // The next tab, or device, opens where one was last.
  const id = current?.id
  useEffect(() => {
    if (id !== undefined) void client.activeOrganization.set(id)
  }, [client, id])

  if (data === undefined) {
    return error
      ? (
        <Page title='Your organizations'>
          <Problem text={error.detail} onRetry={() => void refetch()} />
        </Page>
      )
      : (
        <main className='page'>
          <Loading />
        </main>
      )
  }
  if (!current) {
    const before = seen.current?.slug === slug ? seen.current : undefined
    if (!before) return <NotFound />
    const renamed = organizations.find((organization) => organization.id === before.id)
    return renamed
      ? <Navigate to='/o/$slug/organization/$section' params={{ slug: renamed.slug, section: 'general' }} replace />
      : <Gone name={before.name} />
  }
  return (
    <OrganizationsProvider key={current.id} client={client} person={person} organizationId={current.id}>
      <OrganizationBrand slug={current.slug}>
        <Shell organization={current} />
      </OrganizationBrand>
    </OrganizationsProvider>
  )
}

/** The membership has ended while the tab was open. */
function Gone({ name }: { name: string }) {
  return (
    <Page title='You are no longer here'>
      <p role='status'>
        You don’t belong to <bdi>{name}</bdi>{' '}
        any more, or it was deleted. Nothing that you see elsewhere is changed by it. To come back, ask one of its
        admins.
      </p>
      <Link to='/' className='ds-button ds-button-primary'>Go to your organizations</Link>
    </Page>
  )
}

function Shell({ organization }: { organization: Organization }) {
  const navigate = useNavigate()
  const { slug } = organization
  const { product } = useBrand()
  return (
    <>
      <a className='skip' href='#content'>Skip to the content</a>
      <header className='bar'>
        <Link to='/o/$slug' params={{ slug }} className='home' aria-label={product}>
          <Logo wordless />
        </Link>
        <OrganizationSwitcher
          organizationId={organization.id}
          onSelect={(chosen) => void navigate({ to: '/o/$slug', params: { slug: chosen.slug } })}
          onCreate={() => void navigate({ to: '/start' })}
        />
        <nav className='nav' aria-label='Main'>
          <Link to='/o/$slug/overview' params={{ slug }}>Overview</Link>
          <Link to='/o/$slug/leads' params={{ slug }}>Leads</Link>
          <Link to='/o/$slug/campaigns' params={{ slug }}>Campaigns</Link>
          <Link to='/o/$slug/organization' params={{ slug }}>Organization</Link>
          {can(organization.role, 'startCheckout') && <Link to='/o/$slug/billing' params={{ slug }}>Billing</Link>}
        </nav>
        <AccountMenu />
      </header>
      <main className='content' id='content' tabIndex={-1}>
        <StateBanner organization={organization} />
        <Outlet />
      </main>
    </>
  )
}

/** What is possible in an organization that is not paid for, or was stopped. */
function StateBanner({ organization }: { organization: Organization }) {
  const { slug, role, subscription_status } = organization
  if (subscription_status === 'trial' || subscription_status === 'active') return null
  const { title, tone, since, advice } = statusWords(organization)
  return (
    <div className={`banner banner-${tone}`} role='note'>
      <p>
        <strong>{title}.</strong> {since} {advice}
      </p>
      {can(role, 'startCheckout') && <Link to='/o/$slug/billing' params={{ slug }}>Go to billing</Link>}
    </div>
  )
}
