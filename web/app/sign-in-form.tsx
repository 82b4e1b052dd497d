import { isAuthApiError } from '@supabase/supabase-js'
import { useEffect, useState } from 'react'
import { z } from 'zod'
import { Email } from '../../shared/contract/values.ts'
import { Button } from '../components/ui/button.tsx'
import { TextField } from '../components/ui/fields.tsx'
import { useSchemaForm } from '../components/ui/form.ts'
import { Problem } from '../components/ui/states.tsx'
import { toProblem } from './auth-problem.ts'
import { useSession } from './session.tsx'

/** Whose address is filled in already. */
interface Known {
  email?: string
}

/** Signs somebody in by their password, or by a code that comes by mail. */
export function SignInForm({ email }: Known) {
  const [way, setWay] = useState<'password' | 'code'>('password')
  return (
    <>
      {way === 'password' ? <ByPassword email={email} /> : <ByCode email={email} />}
      <p className='aside'>
        {way === 'password'
          ? <Button look='quiet' onClick={() => setWay('code')}>Sign in with a code by mail instead</Button>
          : <Button look='quiet' onClick={() => setWay('password')}>Sign in with a password instead</Button>}
      </p>
    </>
  )
}

const Password = z.strictObject({ email: Email, password: z.string().min(1, 'Must not be empty.') })

function ByPassword({ email = '' }: Known) {
  const { supabase } = useSession()
  const [unconfirmed, setUnconfirmed] = useState<string>()
  const { field, onSubmit, setFocus, isSubmitting, problem } = useSchemaForm(Password, {
    defaultValues: { email, password: '' },
  })
  const isKnown = email !== ''
  useEffect(() => {
    if (isKnown) setFocus('password')
  }, [isKnown, setFocus])
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

function ByCode({ email: known = '' }: Known) {
  const { supabase } = useSession()
  const [email, setEmail] = useState<string>()
  const address = useSchemaForm(Address, { defaultValues: { email: known } })
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
