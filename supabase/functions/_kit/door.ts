import type { RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { requireCaller, requirePublishableKey } from './caller.ts'
import type { AppEnv, CallerEnv, DataEnv } from './env.ts'
import { readJson } from './json-body.ts'

/** A route for signed-in people. */
export const withCaller = <Route extends RouteConfig>(route: Route) => withDoor<Route, CallerEnv>(route, requireCaller)

/** A route for whoever has the publishable key. */
export const withPublishableKey = <Route extends RouteConfig>(route: Route) =>
  withDoor<Route, DataEnv>(route, requirePublishableKey)

const goOn: MiddlewareHandler<AppEnv> = (_c, next) => next()

// First who, then what: nobody makes us read a body before we know whom we read it for.
function withDoor<Route extends RouteConfig, Env extends AppEnv>(route: Route, door: MiddlewareHandler<Env>) {
  const middleware: [MiddlewareHandler<Env>, MiddlewareHandler<AppEnv>] = [door, route.request?.body ? readJson : goOn]
  return { ...route, middleware }
}
