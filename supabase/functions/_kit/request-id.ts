import { createMiddleware } from 'hono/factory'
import type { AppEnv } from './env.ts'

const wellFormed = /^[A-Za-z0-9._-]{8,64}$/

/** Gives every request an id: the caller's own where it is well-formed. Every answer carries it. */
export const withRequestId = createMiddleware<AppEnv>(async (c, next) => {
  const given = c.req.header('x-request-id') ?? ''
  const id = wellFormed.test(given) ? given : crypto.randomUUID()
  c.set('requestId', id)
  await next()
  c.res.headers.set('x-request-id', id)
})
