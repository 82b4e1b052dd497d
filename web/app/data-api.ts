import type { PostgrestError } from '@supabase/supabase-js'
import { ProblemError } from '../../shared/client/index.ts'
import { toProblemCode } from '../../shared/client/problem-error.ts'
import { isProblemCode, problems } from '../../shared/problems.ts'
import { toSignIn } from '../components/query.ts'

/** A refusal of the Data API, as functions say it. */
export function toRefusal(cause: PostgrestError, status: number): ProblemError {
  const { code, hint, message } = cause
  // What the database refuses on purpose says why; what Postgres says by itself names tables.
  if (isProblemCode(hint) && code === `PT${problems[hint].status}`) {
    return new ProblemError(hint, { status, detail: message, cause })
  }
  if (status === 0) return new ProblemError('unavailable', { status, detail: 'No answer came.', cause })
  const refusal = new ProblemError(toProblemCode(status), { status, cause })
  return refusal.code === 'unauthenticated' ? toSignIn(refusal) : refusal
}
