import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { AcceptInvitation, useInvitationPreview } from '../../components/index.ts'
import { useNotify } from '../../components/ui/notices.tsx'
import { BrandProvider, Logo } from '../branding.tsx'
import { forgetToken, takeToken } from '../pending-invitation.ts'
import { useSession } from '../session.tsx'
import { NotFound } from './not-found.tsx'
import { Support, useTitle } from './page.tsx'

/** Where the links of invitations lead: `/invitations/accept#token=…`. */
export function Accept() {
  const [token] = useState(takeToken)
  const { data, isLoading } = useInvitationPreview(token)
  if (token === null) return <NotFound />
  return (
    <BrandProvider branding={data?.organization.branding} pending={isLoading}>
      <Invitation token={token} />
    </BrandProvider>
  )
}

function Invitation({ token }: { token: string }) {
  const { signOut } = useSession()
  const navigate = useNavigate()
  const notify = useNotify()
  useTitle('Invitation')
  return (
    <main className='page'>
      <p className='brand'>
        <Logo />
      </p>
      <div className='panel'>
        <AcceptInvitation
          token={token}
          signIn={
            <>
              <p className='ds-soft'>Sign in with the address that was invited, or create an account with it.</p>
              <div className='ds-actions'>
                <Link to='/sign-in' className='ds-button ds-button-plain'>Sign in</Link>
                <Link to='/sign-up' className='ds-button ds-button-primary'>Create an account</Link>
              </div>
            </>
          }
          onAccepted={({ slug, name }) => {
            forgetToken()
            notify(`Welcome to ${name}.`)
            void navigate({ to: '/o/$slug', params: { slug } })
          }}
          onDeclined={() => {
            forgetToken()
            notify('The invitation was declined.')
            void navigate({ to: '/' })
          }}
          onSignOut={() => void signOut()}
        />
        <p className='aside'>
          <Link to='/' onClick={forgetToken}>Not now</Link>
        </p>
      </div>
      <Support />
    </main>
  )
}
