import type { Route } from './routes.ts'

const client = Deno.createHttpClient({ poolMaxIdlePerHost: 64, poolIdleTimeout: 10_000, http2: false })

/**
 * Passes a request on to the part that answers it. The answer streams; the request's body is read first, because Deno
 * 2.1.4 now and then drops a kept connection on which a body is streamed to it.
 */
export async function forward(
  request: Request,
  { upstream, path, authorization, addCors }: Extract<Route, { kind: 'forward' }>,
  address: string,
): Promise<Response> {
  if (!upstream) return Response.json({ message: 'This part is still starting' }, { status: 503 })
  const { host: _ours, ...headers } = Object.fromEntries(request.headers)
  headers['x-forwarded-for'] = address
  // Compressed once, on the way out, for clients that ask for it.
  headers['accept-encoding'] = 'identity'
  if (authorization !== undefined) {
    delete headers.apikey
    if (authorization === null) delete headers.authorization
    else headers.authorization = authorization
  }
  try {
    const response = await fetch(upstream + path, {
      method: request.method,
      headers,
      body: request.body && await request.arrayBuffer(),
      redirect: 'manual',
      client,
    })
    return addCors ? withCors(response) : response
  } catch (error) {
    console.warn(`${request.method} ${path.split('?')[0]}: ${error instanceof Error ? error.message : error}`)
    return Response.json({ message: 'An invalid response was received from the upstream server' }, { status: 502 })
  }
}

function withCors(response: Response): Response {
  const headers = new Headers(response.headers)
  headers.set('access-control-allow-origin', '*')
  headers.set('access-control-expose-headers', '*')
  return new Response(response.body, { status: response.status, headers })
}
