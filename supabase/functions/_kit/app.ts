import { OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { withCrossOrigin } from './cross-origin.ts'
import type { Deps } from './deps.ts'
import type { AppEnv } from './env.ts'
import { drainBody, refuseLargeBody } from './json-body.ts'
import { withLog } from './log.ts'
import { Problem } from './problem.ts'
import { withRequestId } from './request-id.ts'
import { withSecurityHeaders } from './security-headers.ts'
import { refuseInvalid } from './validation.ts'

/** Builds an empty set of routes that refuses with our problems. */
export const createRoutes = () => new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid })

/**
 * Builds the app of one function: everything but its routes. It names no runtime, so a test can call `app.request()`.
 *
 * @example
 * const app = createApp('records', resolveDeps(Deno.env.toObject())).route('/', records)
 * export default { fetch: app.fetch }
 */
export function createApp(name: string, deps: Deps) {
  const app = new OpenAPIHono<AppEnv>({ strict: false })
  app.use(async (c, next) => {
    c.set('deps', deps)
    c.set('logged', {})
    await next()
  })
  app.use(
    withRequestId,
    withLog(name, deps.log),
    withSecurityHeaders,
    withCrossOrigin(deps.allowedOrigins),
    drainBody,
    refuseLargeBody,
  )
  app.notFound(() => {
    throw new Problem('not_found')
  })
  app.onError((error, c) => toProblem(error).toResponse(c.var.requestId))
  return app
}

function toProblem(error: Error): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException && error.status === 415) {
    return new Problem('unsupported_media_type')
  }
  return new Problem('internal', { cause: error })
}
