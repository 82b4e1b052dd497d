import { createMiddleware } from 'hono/factory'

const headers = Object.entries({
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
})

/** Answers are nobody's to store, to sniff or to refer to; a route whose answers may be stored says so itself. */
export const withSecurityHeaders = createMiddleware(async (c, next) => {
  await next()
  const storing = c.error ? null : c.res.headers.get('cache-control')
  for (const [name, value] of headers) c.res.headers.set(name, value)
  if (storing !== null) c.res.headers.set('cache-control', storing)
})
