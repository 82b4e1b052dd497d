import { createMiddleware } from 'hono/factory'
import { signClientAddress } from './client-address.ts'
import { createDataApi, type OnBehalfOf } from './data-api.ts'
import type { CallerEnv, DataEnv } from './env.ts'
import { Problem } from './problem.ts'
import type { Claims } from './token.ts'

/** The signed-in person who makes the request. */
export interface Caller {
  id: string
  email?: string
  sessionId?: string
  token: string
}

const bearer = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Lets in only a signed-in person, and gives the handler the Data API on that person's behalf. */
export const requireCaller = createMiddleware<CallerEnv>(async (c, next) => {
  const { deps, requestId, logged } = c.var
  const token = bearer.exec(c.req.header('authorization') ?? '')?.[1]
  if (!token) throw new Problem('unauthenticated')
  const claims = await deps.verifyToken(token).catch(refuseToken)
  const caller: Caller = {
    id: claims.sub,
    email: claims.email,
    sessionId: claims.session_id,
    token,
  }
  logged.caller_id = caller.id
  const organizationId = toOrganizationId(
    c.req.header('x-organization-id'),
    c.req.param('organization_id'),
  )
  const named = c.req.param('organization_id') ?? ''
  logged.organization_id = uuid.test(named) ? named : organizationId
  c.set('caller', caller)
  const clientAddress = signClientAddress(deps, requestId, c.req.header('x-forwarded-for'))
  const onBehalfOf: OnBehalfOf = { requestId, token, organizationId, clientAddress }
  c.set('onBehalfOf', onBehalfOf)
  c.set('db', createDataApi(deps, onBehalfOf))
  await next()
})

/** Lets in whoever has the publishable key of the project, signed in or not. */
export const requirePublishableKey = createMiddleware<DataEnv>(
  async (c, next) => {
    const { deps, requestId } = c.var
    if (!deps.publishableKeys.includes(c.req.header('apikey') ?? '')) {
      throw new Problem('unauthenticated')
    }
    const clientAddress = signClientAddress(deps, requestId, c.req.header('x-forwarded-for'))
    c.set('db', createDataApi(deps, { requestId, clientAddress }))
    await next()
  },
)

function refuseToken(cause: unknown): Promise<Claims> {
  throw new Problem('unauthenticated', {
    cause,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}

function toOrganizationId(
  header: string | undefined,
  path: string | undefined,
): string | undefined {
  if (header === undefined) return undefined
  if (!uuid.test(header)) {
    throw new Problem('invalid_header', {
      detail: 'x-organization-id must be one uuid.',
    })
  }
  const organizationId = header.toLowerCase()
  if (
    path !== undefined && uuid.test(path) &&
    path.toLowerCase() !== organizationId
  ) {
    throw new Problem('invalid_header', {
      detail: 'x-organization-id names another organization than the path does.',
    })
  }
  return organizationId
}
