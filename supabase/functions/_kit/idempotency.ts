import { createHash } from 'node:crypto'
import type { RouteConfig } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { idempotencyKeyHeader, takesIdempotencyKey } from '../../../shared/contract/routes/parts.ts'
import { createDataApi } from './data-api.ts'
import type { CallerEnv } from './env.ts'
import { Problem } from './problem.ts'

const visible = /^[\x21-\x7e]+$/
// A string of RFC 9651, as draft-ietf-httpapi-idempotency-key-header has it.
const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/

/** The key that a header `Idempotency-Key` carries, as a quoted string or as it is. Raises `invalid_header`. */
export function toIdempotencyKey(header: string): string {
  const key = header.startsWith('"') ? quoted.exec(header)?.[1]?.replace(/\\(.)/g, '$1') : header
  if (key === undefined || key.length < 16 || key.length > 255 || !visible.test(key)) {
    throw new Problem('invalid_header', {
      detail: 'Idempotency-Key must be one string of 16 to 255 visible ASCII characters, such as a uuid.',
    })
  }
  return key
}

/**
 * Makes a retry safe, on routes whose contract has the header: the Data API is told what the key belongs to, and the
 * database answers a second request with what it stored for the first. Goes after what reads the body.
 */
export const withIdempotencyKey = (route: RouteConfig) =>
  createMiddleware<CallerEnv>(async (c, next) => {
    const header = c.req.header(idempotencyKeyHeader.name)
    if (header === undefined || !takesIdempotencyKey(route)) return await next()
    const { deps, onBehalfOf, bodyText = '' } = c.var
    const key = toIdempotencyKey(header)
    const organizationId = c.req.param('organization_id')?.toLowerCase() ?? onBehalfOf.organizationId
    const fingerprint = createHash('sha256').update(`${c.req.path}\n${organizationId ?? ''}\n${bodyText}`).digest('hex')
    const once = { key, route: `${route.method.toUpperCase()} ${route.path}`, organizationId, fingerprint }
    c.set('db', createDataApi(deps, { ...onBehalfOf, once }))
    await next()
    if (!c.error && c.var.db.isReplay()) c.header('idempotent-replayed', 'true')
  })
