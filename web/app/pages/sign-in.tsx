import { isAuthApiError } from '@supabase/supabase-js'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import { Email } from '../../../shared/contract/values.ts'
import { Button } from '../../components/ui/button.tsx'
import { TextField } from '../../components/ui/fields.tsx'
import { useSchemaForm } from '../../components/ui/form.ts'
import { Note, Problem } from '../../components/ui/states.tsx'
import { toProblem } from '../auth-problem.ts'
import { failedLink } from '../failed-link.ts'
import { useSession } from '../session.tsx'
import { Page } from './page.tsx'
import { SignedOut } from './signed-out.tsx'

const route = getRouteApi('/sign-in')

/** By password, or by a code that comes by mail. */
export function SignIn() {
  const [way, setWay] = useState<'password' | 'code'>('password')
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
        {way === 'password' ? <ByPassword /> : <ByCode />}
        <p className='aside'>
          {way === 'password'
            ? <Button look='quiet' onClick={() => setWay('code')}>Sign in with a code by mail instead</Button>
            : <Button look='quiet' onClick={() => setWay('password')}>Sign in with a password instead</Button>}
        </p>
      </Page>
    </SignedOut>
  )
}

const Password = z.strictObject({ email: Email, password: z.string().min(1, 'Must not be empty.') })

function ByPassword() {
  const { supabase } = useSession()
  const [unconfirmed, setUnconfirmed] = useState<string>()
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(Password, {
    defaultValues: { email: '', password: '' },
  })
  const submit = onSubmit(async (values) => {
    setUnconfirmed(undefined)
    const { error } = await supabase.auth.signInWithPassword(values)
    if (isAuthApiError(error) && error.code === 'email_not_confirmed') setUnconfirmed(values.email)
    if (error) throw toProblem(error)
  })
  return (
    <form className='ds-stack' onSubmit={submit} noValidate>
      <TextField label='E-mail address' type='email' autoComplete='username' {...field('email')} />
      <TextField label='Password' type='password' autoComplete='current-password' {...field('password')} />
      {problem && <Problem text={problem} />}
      {unconfirmed && <SendAgain email={unconfirmed} />}
      <Button type='submit' look='primary' className='wide' busy={isSubmitting}>Sign in</Button>
    </form>
  )
}

function SendAgain({ email }: { email: string }) {
  const { supabase } = useSession()
  const [said, setSaid] = useState('')
  const send = async () => {
    const { error } = await supabase.auth.resend({ type: 'signup', email })
    setSaid(error ? toProblem(error).detail : 'The mail is on its way.')
  }
  return (
    <p role='status'>
      {said || <Button onClick={() => void send()}>Send the confirmation mail again</Button>}
    </p>
  )
}

const Address = z.strictObject({ email: Email })
const Code = z.strictObject({ token: z.string().trim().regex(/^\d{6,8}$/, 'The code has six digits.') })

function ByCode() {
  const { supabase } = useSession()
  const [email, setEmail] = useState<string>()
  const address = useSchemaForm(Address, { defaultValues: { email: '' } })
  const code = useSchemaForm(Code, { defaultValues: { token: '' } })

  const sendCode = address.onSubmit(async (values) => {
    const { error } = await supabase.auth.signInWithOtp({ ...values, options: { shouldCreateUser: false } })
    // Whether there is such an account is nobody's business.
    if (error && error.code !== 'otp_disabled' && error.code !== 'user_not_found') throw toProblem(error)
    setEmail(values.email)
  })
  const useCode = code.onSubmit(async ({ token }) => {
    // `email` would be the same; the local Auth knows this name alone.
    const { error } = await supabase.auth.verifyOtp({ email: email ?? '', token, type: 'magiclink' })
    if (error) throw toProblem(error)
  })

  if (email === undefined) {
    return (
      <form className='ds-stack' onSubmit={sendCode} noValidate>
        <TextField label='E-mail address' type='email' autoComplete='username' {...address.field('email')} />
        {address.problem && <Problem text={address.problem} />}
        <Button type='submit' look='primary' className='wide' busy={address.isSubmitting}>Send me a code</Button>
      </form>
    )
  }
  return (
    <form className='ds-stack' onSubmit={useCode} noValidate>
      <p role='status'>
        If <bdi>{email}</bdi> has an account, a code is on its way.
      </p>
      <TextField label='Code' inputMode='numeric' autoComplete='one-time-code' {...code.field('token')} />
      {code.problem && <Problem text={code.problem} />}
      <Button type='submit' look='primary' className='wide' busy={code.isSubmitting}>Sign in</Button>
      <Button look='quiet' onClick={() => setEmail(undefined)}>Use another address</Button>
    </form>
  )
}
