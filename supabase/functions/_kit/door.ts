import type { RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { requireCaller, requirePublishableKey } from './caller.ts'
import type { AppEnv, CallerEnv, DataEnv } from './env.ts'
import { withIdempotencyKey } from './idempotency.ts'
import { readJson } from './json-body.ts'

// First who, then what: nobody makes us read a body before we know whom we read it for.

/** A route for signed-in people; one whose contract has the header Idempotency-Key honours it. */
export function withCaller<Route extends RouteConfig>(route: Route) {
  const middleware: [MiddlewareHandler<CallerEnv>, MiddlewareHandler<AppEnv>, MiddlewareHandler<CallerEnv>] = [
    requireCaller,
    readBody(route),
    withIdempotencyKey(route),
  ]
  return { ...route, middleware }
}

/** A route for whoever has the publishable key. */
export function withPublishableKey<Route extends RouteConfig>(route: Route) {
  const middleware: [MiddlewareHandler<DataEnv>, MiddlewareHandler<AppEnv>] = [requirePublishableKey, readBody(route)]
  return { ...route, middleware }
}

const goOn: MiddlewareHandler<AppEnv> = (_c, next) => next()
const readBody = (route: RouteConfig): MiddlewareHandler<AppEnv> => route.request?.body ? readJson : goOn
