import type { Credentials } from './credentials.ts'
import type { Upstreams } from './instructions.ts'

/** Where a request goes, and with which credentials. */
export type Route =
  | { kind: 'own' }
  | { kind: 'answer'; response: Response }
  | {
    kind: 'forward'
    upstream: string | undefined
    path: string
    /** Absent: the request's own. `null`: none. */
    authorization?: string | null
    /** The auth server leaves CORS to its gateway; the others do it themselves. */
    addCors?: boolean
  }

/** Auth's addresses that people open from a mail or a browser, without a key. */
const keyless = /^\/auth\/v1\/(verify|callback|authorize|health|settings)\b/

export function createRouter(upstreams: Upstreams, credentials: Credentials) {
  return (method: string, path: string, headers: Headers): Route => {
    if (path.startsWith('/functions/v1/')) {
      return { kind: 'forward', upstream: upstreams.functions, path: path.slice('/functions/v1'.length) }
    }
    const isRest = path.startsWith('/rest/v1/')
    const isAuth = path.startsWith('/auth/v1/') && !path.startsWith('/auth/v1/.well-known/')
    if (!isRest && !isAuth) return { kind: 'own' }

    // PostgREST breaks the connection.
    if (/^[^?]*%00/.test(path)) return { kind: 'answer', response: new Response(null, { status: 400 }) }
    if (method === 'OPTIONS') return { kind: 'answer', response: preflight(headers) }
    let authorization: string | null | undefined
    if (!keyless.test(path)) {
      authorization = credentials.authorization(headers, path)
      if (authorization === undefined) return { kind: 'answer', response: noKey(headers) }
    }
    if (isAuth) return { kind: 'forward', upstream: upstreams.auth, path, authorization, addCors: true }
    // The Data API would take a key in the query for a filter.
    const rest = (upstreams.restPrefix ?? '') + path.slice('/rest/v1'.length).replace(/([?&])apikey=[^&]*&?/, '$1')
    const reads = method === 'GET' || method === 'HEAD'
    return { kind: 'forward', upstream: reads && upstreams.replica || upstreams.rest, path: rest, authorization }
  }
}

function preflight(headers: Headers): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS',
      'access-control-allow-headers': headers.get('access-control-request-headers') ?? '*',
      'access-control-max-age': '3600',
    },
  })
}

function noKey(headers: Headers): Response {
  const message = headers.has('apikey') ? 'Invalid API key' : 'No API key found in request'
  const hint = headers.has('apikey')
    ? 'Double check your Supabase `anon` or `service_role` API key.'
    : 'No `apikey` request header or url param was found.'
  return Response.json({ message, hint }, { status: 401, headers: { 'access-control-allow-origin': '*' } })
}
