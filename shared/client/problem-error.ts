import type { QuotaExceeded } from '../contract/quotas.ts'
import { type InvalidValue, isProblemCode, type ProblemCode, type ProblemDetails, problems } from '../problems.ts'

export interface ProblemErrorInit {
  status: number
  detail?: string
  errors?: InvalidValue[]
  requestId?: string
  details?: ProblemDetails
  cause?: unknown
}

/** Why a request was refused. `status` is 0 when no answer came at all. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly status: number
  /** What happened, for people. */
  readonly detail: string
  /** Which values were not acceptable; empty for other refusals. */
  readonly errors: InvalidValue[]
  /** The id under which the log of the functions has this request. */
  readonly requestId?: string
  /** The whole body, with members such as `limit` and `used`. Absent when something in between answered. */
  readonly details?: ProblemDetails

  constructor(readonly code: ProblemCode, init: ProblemErrorInit) {
    const detail = init.detail ?? problems[code].when
    super(detail, { cause: init.cause })
    this.status = init.status
    this.detail = detail
    this.errors = init.errors ?? []
    this.requestId = init.requestId
    this.details = init.details
  }

  /**
   * What was exceeded; undefined for other refusals.
   *
   * @example
   * if (error.quota) show(`${error.quota.used} of ${error.quota.limit} ${error.quota.quota} are used`)
   */
  get quota(): QuotaExceeded | undefined {
    return this.code === 'quota_exceeded' && isQuotaExceeded(this.details) ? this.details : undefined
  }
}

/** Turns an answer that is no success into an error, whoever gave it: a function, or the platform before it. */
export async function toProblemError(response: Response, cause: unknown): Promise<ProblemError> {
  const { status } = response
  const requestId = response.headers.get('x-request-id') ?? undefined
  const body: unknown = await response.json().catch(() => undefined)
  if (isProblemDetails(body)) {
    return new ProblemError(body.code, {
      status,
      detail: body.detail,
      errors: body.errors,
      requestId,
      details: body,
      cause,
    })
  }
  return new ProblemError(toProblemCode(status), { status, requestId, cause })
}

const isProblemDetails = (body: unknown): body is ProblemDetails =>
  typeof body === 'object' && body !== null && 'code' in body && isProblemCode(body.code) && 'detail' in body

const isQuotaExceeded = (details?: ProblemDetails): details is ProblemDetails & QuotaExceeded =>
  typeof details?.quota === 'string' && typeof details.limit === 'number' && typeof details.used === 'number' &&
  typeof details.requested === 'number' && typeof details.plan === 'string'

const plainCodes: Record<number, ProblemCode> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'rate_limited',
  500: 'internal',
}

/** The code of a refusal of which only the status is known. */
export const toProblemCode = (status: number): ProblemCode =>
  plainCodes[status] ?? (status < 500 ? 'validation_failed' : 'unavailable')
