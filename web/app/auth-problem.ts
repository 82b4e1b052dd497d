import type { AuthError } from '@supabase/supabase-js'
import { ProblemError } from '../../shared/client/index.ts'

// What Auth refuses, in words that say what to do.
const words: Record<string, string> = {
  invalid_credentials: 'Address or password is wrong.',
  email_not_confirmed: 'Confirm your e-mail address first: open the link in the mail that we sent you.',
  otp_expired: 'This code is wrong or has run out. Ask for another one.',
  user_already_exists: 'There is an account with this address. Sign in instead.',
  email_exists: 'There is an account with this address. Sign in instead.',
  signup_disabled: 'New accounts can’t be made at the moment.',
  weak_password: 'Choose a longer or less common password.',
  over_email_send_rate_limit: 'Too many mails were asked for. Wait a few minutes.',
  over_request_rate_limit: 'This was tried too often. Wait a few minutes.',
}

/** What Auth refused, as the forms here show problems. */
export function toProblem(error: AuthError): ProblemError {
  const status = error.status ?? 0
  const known = words[error.code ?? '']
  if (status === 0) {
    return new ProblemError('unavailable', { status, detail: 'No answer came. Try again.', cause: error })
  }
  return new ProblemError(status === 429 ? 'rate_limited' : 'validation_failed', {
    status,
    detail: known ?? error.message,
    cause: error,
  })
}
