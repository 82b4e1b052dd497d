import type { RouteConfig } from '@hono/zod-openapi'
import type { ZodType } from 'zod'
import { type ProblemCode, problemMediaType, problems } from '../../problems.ts'
import { ProblemBody } from '../problem.ts'

/** Who gets past the door: `signedIn` a person's access token, `publishableKey` the app's key, `anyone` everybody. */
export const signedIn = [{ accessToken: [] }]
export const publishableKey = [{ publishableKey: [] }]
export const anyone = [] satisfies Record<string, string[]>[]

/** The header that says in which organization a request acts. */
export const organizationHeader = {
  name: 'x-organization-id',
  in: 'header' as const,
  required: false,
  schema: { type: 'string' as const, format: 'uuid' },
  description: 'The organization to act in; without it, the active one of the session.',
}

/** The header that makes a retry safe. A route that lists it among its parameters honours it. */
export const idempotencyKeyHeader = {
  name: 'idempotency-key',
  in: 'header' as const,
  required: false,
  schema: { type: 'string' as const },
  description:
    'A string of your own of 16 to 255 visible ASCII characters, such as a new uuid. For 24 hours, the same ' +
    'request with the same key is answered as it was the first time, and nothing is done again.',
}

/** Whether a route honours an idempotency key. */
export const takesIdempotencyKey = ({ parameters = [] }: RouteConfig): boolean =>
  parameters.includes(idempotencyKeyHeader)

/** What a route that honours an idempotency key can refuse with besides. */
export const idempotencyProblems: ProblemCode[] = ['idempotency_in_progress', 'idempotency_key_reused']

const headers = {
  'x-request-id': { schema: { type: 'string' as const }, description: 'The id of the request, also in the log.' },
}

const limitHeaders = {
  'retry-after': {
    schema: { type: 'integer' as const, minimum: 1 },
    description: 'Seconds until it can be tried again.',
  },
  'ratelimit': {
    schema: { type: 'string' as const, examples: ['"failed_attempts_per_user";r=0;t=3'] },
    description: 'Which limit, what is left of it (`r`), and the seconds until there is more (`t`).',
  },
  'ratelimit-policy': {
    schema: { type: 'string' as const, examples: ['"failed_attempts_per_user";q=20;w=60'] },
    description: 'The limit: how many (`q`) in how many seconds (`w`).',
  },
}

/** A JSON request body. */
export const json = <Schema extends ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
})

/** A JSON answer. */
export const answer = <Schema extends ZodType>(description: string, schema: Schema) => ({
  description,
  headers,
  content: { 'application/json': { schema } },
})

/** A JSON answer that a retry with the same idempotency key gets again. */
export const keptAnswer = <Schema extends ZodType>(description: string, schema: Schema) => ({
  ...answer(description, schema),
  headers: {
    ...headers,
    'idempotent-replayed': {
      schema: { type: 'string' as const, enum: ['true'] },
      description: 'This repeats the answer to an earlier request with the same key.',
    },
  },
})

const always: ProblemCode[] = ['internal', 'unavailable']

/** What every route for signed-in people can refuse with. */
export const callerProblems: ProblemCode[] = ['unauthenticated', 'invalid_header']

/** What every route with a request body can refuse with. */
export const bodyProblems: ProblemCode[] = [
  'malformed_json',
  'payload_too_large',
  'unsupported_media_type',
  'validation_failed',
]

/** The refusals of a route, one response for each status. Typed as an object without keys: handlers throw them. */
export function refusals(...codes: ProblemCode[]): object {
  const byStatus = Map.groupBy(new Set([...codes, ...always]), (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, alike]) => [status, {
      description: alike.map((code) => `\`${code}\`: ${problems[code].when}`).join('\n\n'),
      headers: status === 429 ? { ...headers, ...limitHeaders } : headers,
      content: { [problemMediaType]: { schema: ProblemBody } },
    }]),
  )
}
