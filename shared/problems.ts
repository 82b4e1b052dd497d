/**
 * Every refusal of this product, once: the database raises these codes, functions answer them, the client shows them.
 * `when` is the sentence of the reference page, and the `detail` of an answer that has no better one.
 */
export const problems = {
  malformed_json: {
    status: 400,
    title: 'Malformed JSON',
    when: 'The request body is not JSON in UTF-8.',
  },
  invalid_header: {
    status: 400,
    title: 'Invalid header',
    when: 'x-organization-id is not one uuid, or names another organization than the request itself does; or ' +
      'Idempotency-Key is not one string of 16 to 255 visible ASCII characters.',
  },
  organization_required: {
    status: 400,
    title: 'Organization required',
    when: 'The request does not say which organization it acts in, and none is active.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    when: 'The request carries no valid access token of a signed-in person, or no valid key where a key is enough.',
  },
  quota_exceeded: {
    status: 402,
    title: 'Quota exceeded',
    when:
      'It would take more than the plan allows; the answer says of which `quota` (users, campaigns, phone_numbers, ' +
      'calls), with `limit`, `used`, `requested`, `plan`, and when it begins anew (`resets_at`, null: never).',
  },
  forbidden: {
    status: 403,
    title: 'Role not sufficient',
    when: 'The caller belongs to the organization, but their role does not allow this.',
  },
  email_mismatch: {
    status: 403,
    title: 'Other e-mail address',
    when: 'The invitation was sent to another e-mail address than the one of the caller.',
  },
  email_not_verified: {
    status: 403,
    title: 'E-mail address not verified',
    when: 'The caller has not confirmed their e-mail address yet.',
  },
  organization_suspended: {
    status: 403,
    title: 'Organization suspended',
    when:
      'The organization is suspended or cancelled: it can be read, not changed. The answer says which, since when ' +
      'and by what.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    when: 'There is no such thing, or it belongs to an organization that the caller is not in.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    when: 'The change contradicts what is stored: the same value exists already, or what it points to does not.',
  },
  slug_taken: {
    status: 409,
    title: 'Slug taken',
    when: 'Another organization has this slug.',
  },
  already_member: {
    status: 409,
    title: 'Already a member',
    when: 'This person belongs to the organization already.',
  },
  last_owner: {
    status: 409,
    title: 'Last owner',
    when: 'An organization keeps at least one owner: make somebody else an owner first.',
  },
  invitation_pending: {
    status: 409,
    title: 'Invitation pending',
    when: 'This e-mail address has a pending invitation to the organization; resend or revoke it.',
  },
  idempotency_in_progress: {
    status: 409,
    title: 'Request in progress',
    when: 'A request with the same Idempotency-Key is still running; Retry-After says when to ask again.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload too large',
    when: 'The request body is larger than 1 MiB.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    when: 'The request body is not plain application/json: another content type, or compressed.',
  },
  validation_failed: {
    status: 422,
    title: 'Validation failed',
    when: 'The request is well-formed, but a value is not acceptable; `errors` says which and why.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    when: 'The same Idempotency-Key came with a different request before.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    when: 'This was tried too often; Retry-After says when to try again.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    when: 'Something broke on our side; the log has the cause under the id in `instance`.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    when:
      'The database does not answer at the moment; try again after Retry-After. Whether a change was made before the ' +
      'answer got lost is not known: with the same Idempotency-Key a retry is safe.',
  },
} as const satisfies Record<string, { status: number; title: string; when: string }>

/** A code of the registry. */
export type ProblemCode = keyof typeof problems

/** One value that was not acceptable: `pointer` is an RFC 6901 JSON Pointer to it, or to the parameter of that name. */
export interface InvalidValue {
  pointer: string
  code: string
  message: string
}

/** The body of every refusal, `application/problem+json` as RFC 9457 has it. `instance` is the id of the request. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  detail: string
  code: ProblemCode
  instance: string
  errors?: InvalidValue[]
  [member: string]: unknown
}

/** The media type of every refusal. */
export const problemMediaType = 'application/problem+json'

/** Whether a text is a code of the registry. */
export const isProblemCode = (code: unknown): code is ProblemCode =>
  typeof code === 'string' && Object.hasOwn(problems, code)

/** The stable URI that names a problem's type; it identifies and need not be fetched. */
export const problemType = (code: ProblemCode): string => `urn:dial-smart:problem:${code}`

/** All codes, in the order of the reference page. */
export const problemCodes: ProblemCode[] = Object.keys(problems).filter(isProblemCode)
