import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import { Email, Name } from '../../../shared/contract/values.ts'
import { Button } from '../../components/ui/button.tsx'
import { TextField } from '../../components/ui/fields.tsx'
import { useSchemaForm } from '../../components/ui/form.ts'
import { Problem } from '../../components/ui/states.tsx'
import { toProblem } from '../auth-problem.ts'
import { useSession } from '../session.tsx'
import { Page } from './page.tsx'
import { SignedOut } from './signed-out.tsx'

const route = getRouteApi('/sign-up')

const NewAccount = z.strictObject({
  full_name: Name,
  email: Email,
  password: z.string().min(8, 'Must have at least 8 characters.').max(72, 'Must have at most 72 characters.'),
})

/** Makes an account; the address is confirmed by a mail. */
export function SignUp() {
  const { supabase } = useSession()
  const { next } = route.useSearch()
  const [sentTo, setSentTo] = useState<string>()
  const { field, onSubmit, isSubmitting, problem } = useSchemaForm(NewAccount, {
    defaultValues: { full_name: '', email: '', password: '' },
    fieldOf: {},
  })
  const submit = onSubmit(async ({ full_name, email, password }) => {
    const { data, error } = await supabase.auth.signUp({
      email,
      password,
      options: { data: { full_name }, emailRedirectTo: `${location.origin}/` },
    })
    if (error) throw toProblem(error)
    if (!data.session) setSentTo(email)
  })

  if (sentTo !== undefined) {
    return (
      <SignedOut next={next}>
        <Page title='Look into your mail'>
          <p role='status'>
            We have sent a link to <bdi>{sentTo}</bdi>. Open it to confirm your address; it brings you back here.
          </p>
          <p className='aside'>
            <Link to='/sign-in' search={{ next }}>Back to signing in</Link>
          </p>
        </Page>
      </SignedOut>
    )
  }
  return (
    <SignedOut next={next}>
      <Page
        title='Create an account'
        lead={
          <>
            You have one? <Link to='/sign-in' search={{ next }}>Sign in</Link>
          </>
        }
      >
        <form className='ds-stack' onSubmit={submit} noValidate>
          <TextField
            label='Your name'
            hint='Colleagues see it in the list of members.'
            autoComplete='name'
            {...field('full_name')}
          />
          <TextField label='E-mail address' type='email' autoComplete='username' {...field('email')} />
          <TextField
            label='Password'
            type='password'
            hint='At least 8 characters.'
            autoComplete='new-password'
            {...field('password')}
          />
          {problem && <Problem text={problem} />}
          <Button type='submit' look='primary' className='wide' busy={isSubmitting}>Create account</Button>
        </form>
      </Page>
    </SignedOut>
  )
}
