import { createMiddleware } from 'hono/factory'
import type { AppEnv } from './env.ts'

const preflight = {
  'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE',
  'access-control-allow-headers': [
    'authorization',
    'apikey',
    'content-type',
    'x-client-info',
    'x-organization-id',
    'x-request-id',
    'idempotency-key',
    'x-region',
  ].join(),
  'access-control-max-age': '600',
}

/**
 * Lets web apps of these origins call, and answers preflights before anything else looks at them. Headers are added to
 * the finished answer: hono's own middleware sets some before, then has to wrap the answer's body into a stream, and
 * Deno 2.1 now and then drops a connection after a streamed answer to a request that had a body.
 */
export const withCrossOrigin = (allowedOrigins: string[]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.method === 'OPTIONS') c.res = new Response(null, { status: 204, headers: preflight })
    else await next()
    const { headers } = c.res
    const origin = c.req.header('origin')
    headers.append('vary', 'origin')
    headers.set('access-control-expose-headers', 'x-request-id,retry-after')
    if (origin !== undefined && allowedOrigins.includes(origin)) headers.set('access-control-allow-origin', origin)
  })
