import { cors } from 'hono/cors'

/** Lets web apps of these origins call, and answers preflights before anything else looks at them. */
export const withCrossOrigin = (allowedOrigins: string[]) =>
  cors({
    origin: (origin) => allowedOrigins.includes(origin) ? origin : null,
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: [
      'authorization',
      'apikey',
      'content-type',
      'x-client-info',
      'x-organization-id',
      'x-request-id',
      'idempotency-key',
      'x-region',
    ],
    exposeHeaders: ['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy', 'idempotent-replayed'],
    maxAge: 600,
  })
