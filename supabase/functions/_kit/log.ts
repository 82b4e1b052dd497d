import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { AppEnv, CallerEnv } from './env.ts'
import { Problem } from './problem.ts'

/** One request, as the log tells it. No tokens, no addresses, no bodies, no query strings. */
export interface LogEntry {
  time: string
  level: 'info' | 'warn' | 'error'
  function: string
  method: string
  route: string
  status: number
  ms: number
  request_id: string
  caller_id?: string
  organization_id?: string
  problem?: string
  cause?: string
  mail?: 'sent' | 'failed'
}

/** Writes an entry somewhere. */
export type Log = (entry: LogEntry) => void

/** Logs to the console, which is what the platform collects: one JSON object a line. */
export const logToConsole: Log = (entry) => console.log(JSON.stringify(entry))

/** Says once, when a function starts, what it goes without. */
export const warnAtStart = (message: string): void => console.warn(JSON.stringify({ level: 'warn', message }))

/** Writes one line for each request, when its answer is known. */
export const withLog = (functionName: string, log: Log): MiddlewareHandler<AppEnv> => async (c, next) => {
  const start = performance.now()
  await next()
  const { status } = c.res
  log({
    time: new Date().toISOString(),
    level: status >= 500 ? 'error' : status >= 400 || c.var.logged.cause ? 'warn' : 'info',
    function: functionName,
    method: c.req.method,
    route: toRoute(c),
    status,
    ms: Math.round((performance.now() - start) * 10) / 10,
    request_id: c.var.requestId,
    ...c.var.logged,
    problem: c.error &&
      (c.error instanceof Problem ? c.error.code : 'internal'),
    cause: c.var.logged.cause ??
      (status >= 500 ? toCause(c.error) : undefined),
  })
}

/** Writes one more line for a request whose answer broke off after it had begun. */
export function logBrokenAnswer(c: Context<CallerEnv>, error: unknown): void {
  c.var.deps.log({
    time: new Date().toISOString(),
    level: 'error',
    function: c.req.path.split('/')[1] ?? '',
    method: c.req.method,
    route: toRoute(c),
    status: c.res.status,
    ms: 0,
    request_id: c.var.requestId,
    ...c.var.logged,
    problem: error instanceof Problem ? error.code : 'internal',
    cause: `The answer broke off: ${toCause(error)}`,
  })
}

function toRoute(c: Context): string {
  const route = routePath(c, -1)
  return route.includes('*') ? 'none' : route
}

/** What broke, for the log: without anything that looks like an address or a token. */
export function toCause(error: unknown): string {
  const cause = error instanceof Problem ? error.cause : error
  const text = cause instanceof Error ? cause.stack ?? cause.message : JSON.stringify(cause) ?? 'unknown'
  return text
    .replace(/[^\s"'<>(/]+@[^\s"'<>/]+\.[^\s"'<>)/]+/g, '[address]')
    .replace(/[\w-]{16,}\.[\w-]{16,}\.[\w-]+/g, '[token]')
}
