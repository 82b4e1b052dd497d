import { useNavigate } from '@tanstack/react-router'
import {
  CreateOrganization,
  DeletedOrganizations,
  InvitationList,
  useOrganizations,
  useReceived,
} from '../../components/index.ts'
import { AccountMenu } from '../account-menu.tsx'
import { Logo } from '../branding.tsx'
import { useTitle } from './page.tsx'

/** For who is in no organization yet, or wants another one. */
export function Start() {
  const navigate = useNavigate()
  const { organizations } = useOrganizations()
  const { received, joinable } = useReceived()
  const waiting = (received.data?.invitations.length ?? 0) + (joinable.data?.organizations.length ?? 0)
  const isFirst = organizations.length === 0
  useTitle('Create an organization')
  const go = ({ slug }: { slug: string }) => void navigate({ to: '/o/$slug', params: { slug } })
  return (
    <>
      <header className='bar'>
        <span className='brand'>
          <Logo />
        </span>
        <AccountMenu />
      </header>
      <main className='page page-start'>
        <InvitationList onJoined={go} />
        <div className='panel'>
          <h1>{isFirst ? 'Create your organization' : 'Create an organization'}</h1>
          <p className='lead'>
            {isFirst && waiting === 0
              ? 'It holds your leads and campaigns, and the colleagues whom you invite.'
              : 'It is apart from all others: its own people, leads and campaigns.'}
          </p>
          <CreateOrganization onCreated={go} onCancel={isFirst ? undefined : () => void navigate({ to: '/' })} />
        </div>
        <DeletedOrganizations onRestored={go} />
      </main>
    </>
  )
}
