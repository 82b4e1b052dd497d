import { type InvalidValue, isProblemCode, type ProblemCode, problems } from '../../../shared/problems.ts'
import { findColumn, findConstraint, findValue, intoOnlyRow } from './data-api-pointer.ts'
import { Problem } from './problem.ts'
import { toLimitHeaders } from './rate-limit.ts'

/** The error of a Data API answer. Everything but `code` can be missing when something in between answered. */
export interface DataApiError {
  code?: string | null
  message?: string | null
  details?: string | null
  hint?: string | null
}

// SQLSTATEs and PostgREST's own codes, as anchored patterns; the first match decides.
const causes: [RegExp, ProblemCode][] = [
  [/^PGRST30\d$/, 'unauthenticated'],
  [
    /^(57014|40001|40P01|55P03|25006|08...|53...|57P..|PGRST00[0-3])$/,
    'unavailable',
  ],
  [/^42501$/, 'forbidden'],
  [/^(23503|23505|23P01)$/, 'conflict'],
  [
    /^(23502|23514|428C9|42703|42804|22...|54...|PGRST10[02]|PGRST204)$/,
    'validation_failed',
  ],
]

/** Turns a refusal of the Data API into a problem. What Postgres said itself stays in the log: it names tables and values. */
export function toProblem(
  error: DataApiError,
  status: number,
  sent?: unknown,
): Problem {
  const sqlState = error.code ?? ''
  const cause = { status, code: sqlState, message: error.message }
  if (sqlState.startsWith('PT')) return toRaisedProblem(error, cause, sent)
  if (status === 0 || status === 502 || status === 503 || status === 504) {
    return new Problem('unavailable', { cause })
  }
  const code = causes.find(([pattern]) => pattern.test(sqlState))?.[1] ??
    'internal'
  if (code === 'forbidden' && status === 401) {
    return new Problem('unauthenticated', { cause })
  }
  return new Problem(code, {
    cause,
    errors: code === 'validation_failed' ? [toError(error, sent)] : undefined,
  })
}

/** What the database raised on purpose: `hint` is the code, `details` the further members as JSON. */
function toRaisedProblem(
  { code: sqlState, message, details, hint }: DataApiError,
  cause: unknown,
  sent: unknown,
): Problem {
  const code = hint
  if (!isProblemCode(code) || sqlState !== `PT${problems[code].status}`) {
    return new Problem('internal', { cause })
  }
  const { errors, ...members } = parseMembers(details)
  return new Problem(code, {
    cause,
    // Written for people, and the same for what is missing as for what is somebody else's.
    detail: message ?? undefined,
    members,
    errors: Array.isArray(errors)
      ? errors.map((error) => ({ ...error, pointer: intoOnlyRow(sent, error.pointer) }))
      : undefined,
    headers: {
      ...(typeof members.retry_after === 'number' && { 'retry-after': String(members.retry_after) }),
      ...toLimitHeaders(members),
    },
  })
}

function parseMembers(
  details: string | null | undefined,
): Record<string, unknown> {
  try {
    return Object(JSON.parse(details || '{}'))
  } catch {
    return {}
  }
}

function toError({ code, message }: DataApiError, sent: unknown): InvalidValue {
  const text = message ?? ''
  const column = /column ["']([^"']+)["']/i.exec(text)?.[1] ?? /the '([^']+)' column/.exec(text)?.[1]
  const constraint = /check constraint "([^"]+)"/.exec(text)?.[1]
  switch (code) {
    case '23502':
      return {
        pointer: findColumn(sent, column, 'missing'),
        code: 'required',
        message: 'Must have a value.',
      }
    case '23514':
      return {
        pointer: findConstraint(sent, constraint),
        code: 'refused',
        message: toRule(constraint),
      }
    case '42703':
    case 'PGRST204':
      return {
        pointer: findColumn(sent, column, 'present'),
        code: 'unrecognized_keys',
        message: 'Unknown field.',
      }
    case '428C9':
      return {
        pointer: findColumn(sent, column, 'present'),
        code: 'read_only',
        message: 'The database sets this value.',
      }
    default:
      return {
        pointer: findValue(sent, /(?:: |^value )"(.*)"(?:$| is out of range)/s.exec(text)?.[1]),
        code: 'invalid_value',
        message: 'Not a value of this field.',
      }
  }
}

/** Constraints are named as sentences, so that their name says the rule. */
const toRule = (constraint: string | undefined): string =>
  constraint ? `Breaks the rule: ${constraint.replaceAll('_', ' ')}.` : 'Breaks a rule of the table.'
