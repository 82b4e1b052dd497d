import type { ContentfulStatusCode } from 'hono/utils/http-status'
import {
  type InvalidValue,
  type ProblemCode,
  type ProblemDetails,
  problemMediaType,
  problems,
  problemType,
} from '../../../shared/problems.ts'

const mostErrors = 100

export interface ProblemOptions {
  /** What happened this time, for people; the registry's sentence without it. */
  detail?: string
  errors?: InvalidValue[]
  /** Members beyond those of RFC 9457, such as `limit` and `used`. */
  members?: Record<string, unknown>
  headers?: Record<string, string>
  /** What broke underneath. It goes to the log and never to the client. */
  cause?: unknown
}

/** A refusal on its way to the client. Throw it anywhere below `createApp`. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: ContentfulStatusCode

  constructor(
    readonly code: ProblemCode,
    readonly options: ProblemOptions = {},
  ) {
    super(options.detail ?? problems[code].when, { cause: options.cause })
    this.status = problems[code].status
  }

  /** The body, as RFC 9457 has it; `instance` is the id of the request. */
  toDetails(instance: string): ProblemDetails {
    const { errors, members } = this.options
    return {
      ...members,
      type: problemType(this.code),
      title: problems[this.code].title,
      status: this.status,
      detail: this.message,
      code: this.code,
      instance,
      ...(errors && { errors: errors.slice(0, mostErrors) }),
    }
  }

  toResponse(instance: string): Response {
    return new Response(JSON.stringify(this.toDetails(instance)), {
      status: this.status,
      headers: {
        'content-type': problemMediaType,
        ...usualHeaders[this.status],
        ...this.options.headers,
      },
    })
  }
}

const usualHeaders: Record<number, Record<string, string>> = {
  401: { 'www-authenticate': 'Bearer' },
  503: { 'retry-after': '5' },
}
