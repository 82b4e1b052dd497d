import type { Credentials } from './credentials.ts'
import type { Upstreams } from './instructions.ts'

/** Auth's addresses that people open from a mail or a browser, without a key. */
const keyless = /^\/auth\/v1\/(verify|callback|authorize|health|settings)\b/

const client = Deno.createHttpClient({ poolMaxIdlePerHost: 64, poolIdleTimeout: 10_000, http2: false })

/**
 * Passes a request on to the part that answers it, streaming both ways. Returns `undefined` for a path that is the
 * gateway's own.
 */
export function createForwarder(upstreams: Upstreams, credentials: Credentials) {
  return (request: Request, path: string, address: string): Promise<Response> | undefined => {
    if (path.startsWith('/functions/v1/')) {
      return send(request, upstreams.functions, path.slice('/functions/v1'.length), new Headers(request.headers), address)
    }
    const isRest = path.startsWith('/rest/v1/')
    const isAuth = path.startsWith('/auth/v1/') && !path.startsWith('/auth/v1/.well-known/')
    if (!isRest && !isAuth) return undefined

    if (request.method === 'OPTIONS') return Promise.resolve(preflight(request))
    const headers = new Headers(request.headers)
    if (!keyless.test(path)) {
      const authorization = credentials.authorization(headers, path)
      if (authorization === undefined) return Promise.resolve(noKey(headers))
      if (authorization === null) headers.delete('authorization')
      else headers.set('authorization', authorization)
    }
    headers.delete('apikey')
    if (isRest) return send(request, upstreams.rest, path.slice('/rest/v1'.length), headers, address)
    return send(request, upstreams.auth, path, headers, address).then(withCors)
  }
}

async function send(request: Request, upstream: string | undefined, path: string, headers: Headers, address: string) {
  if (!upstream) return Response.json({ message: 'This part is still starting' }, { status: 503 })
  headers.delete('host')
  headers.set('x-forwarded-for', address)
  // Compressed once, on the way out, for clients that ask for it.
  headers.set('accept-encoding', 'identity')
  try {
    return await fetch(upstream + path, {
      method: request.method,
      headers,
      body: request.body,
      redirect: 'manual',
      client,
    })
  } catch (error) {
    console.warn(`${request.method} ${path.split('?')[0]}: ${error instanceof Error ? error.message : error}`)
    return Response.json({ message: 'An invalid response was received from the upstream server' }, { status: 502 })
  }
}

/** The Data API and the functions do this themselves; the auth server leaves it to its gateway. */
function withCors(response: Response): Response {
  const headers = new Headers(response.headers)
  headers.set('access-control-allow-origin', '*')
  headers.set('access-control-expose-headers', '*')
  return new Response(response.body, { status: response.status, headers })
}

function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS',
      'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '*',
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
