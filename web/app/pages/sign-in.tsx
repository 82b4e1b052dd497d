import { getRouteApi, Link } from '@tanstack/react-router'
import { Note, Problem } from '../../components/ui/states.tsx'
import { failedLink } from '../failed-link.ts'
import { useSession } from '../session.tsx'
import { SignInForm } from '../sign-in-form.tsx'
import { Page } from './page.tsx'
import { SignedOut } from './signed-out.tsx'

const route = getRouteApi('/sign-in')

/** By password, or by a code that comes by mail. */
export function SignIn() {
  const { next } = route.useSearch()
  const { hasEnded } = useSession()
  return (
    <SignedOut next={next}>
      <Page
        title='Sign in'
        lead={
          <>
            New here? <Link to='/sign-up' search={{ next }}>Create an account</Link>
          </>
        }
      >
        {failedLink && <Problem text={failedLink} />}
        {hasEnded && (
          <div role='status'>
            <Note>You are signed out.{next !== undefined && ' Sign in again, and you go on where you were.'}</Note>
          </div>
        )}
        <SignInForm />
      </Page>
    </SignedOut>
  )
}
