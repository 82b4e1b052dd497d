import type { SupabaseClient } from '@supabase/supabase-js'
import { ProblemError, toProblemError } from './problem-error.ts'

/** The part of a supabase-js client that is needed: whoever is signed in there makes the requests. */
export interface Supabase {
  functions: Pick<SupabaseClient['functions'], 'invoke'>
  /** For uploads alone. */
  storage?: Pick<SupabaseClient['storage'], 'from'>
}

/** As supabase-js answers: either data or an error, never a throw. */
export type Result<Data> = { data: Data; error: null } | { data: null; error: ProblemError }

/** What every method takes that makes something. */
export interface RetryOptions {
  /**
   * A string of your own, 16 to 255 visible ASCII characters, such as `crypto.randomUUID()`. Sent again with the same
   * values within 24 hours, the request is answered as it was the first time, and nothing is done twice.
   */
  idempotencyKey?: string
}

export interface RequestOptions extends RetryOptions {
  body?: object
  /** Query parameters; what is undefined is left out. */
  query?: Record<string, string | number | boolean | undefined>
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Makes one request to a function. */
export type Request = <Data>(method: Method, path: string, options?: RequestOptions) => Promise<Result<Data>>

/** Builds requests that act in one organization, or in the active one of the session. */
export const createRequest = (supabase: Supabase, organizationId?: string): Request => {
  return async <Data>(
    method: Method,
    path: string,
    { body, query, idempotencyKey }: RequestOptions = {},
  ): Promise<Result<Data>> => {
    const { data, error, response } = await supabase.functions.invoke<Data>(path + toQuery(query), {
      method,
      headers: {
        ...(organizationId !== undefined && { 'x-organization-id': organizationId }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      body,
    })
    if (error === null && data !== null) return { data, error: null }
    if (response && !response.ok) return { data: null, error: await toProblemError(response, error) }
    return {
      data: null,
      error: new ProblemError('unavailable', { status: 0, detail: 'No answer came.', cause: error }),
    }
  }
}

function toQuery(query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => value === undefined ? [] : [[name, String(value)]])
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

/** A part of a path, whatever its characters. */
export const segment = (text: string): string => encodeURIComponent(text)
