import { z } from 'zod'
import { send } from './http.ts'
import { stack } from './stack.ts'

const Operation = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  requestBody: z.unknown(),
  parameters: z.array(z.object({ name: z.string() })),
})
const Document = z.object({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.partialRecord(
      z.enum(['get', 'post', 'put', 'patch', 'delete']),
      Operation.partial({ requestBody: true, parameters: true }),
    ),
  ),
})

/** A route as the OpenAPI document describes it. */
export interface Route {
  name: string
  method: string
  path: string
  hasBody: boolean
  /** Whether an idempotency key makes a retry of it safe. */
  takesKey: boolean
  /** Who gets in. */
  door: 'signedIn' | 'publishableKey' | 'anyone'
}

/** Every route there is, as the running functions say it: one that is added tomorrow is covered tomorrow. */
export async function listRoutes(): Promise<Route[]> {
  const { paths } = Document.parse((await send('GET', `${stack('FUNCTIONS_URL')}/openapi`)).body)
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, security, requestBody, parameters = [] }]): Route => ({
      name: operationId,
      method: method.toUpperCase(),
      path,
      hasBody: requestBody !== undefined,
      takesKey: parameters.some(({ name }) => name === 'idempotency-key'),
      door: security.some((one) => 'accessToken' in one)
        ? 'signedIn'
        : security.some((one) => 'publishableKey' in one)
        ? 'publishableKey'
        : 'anyone',
    }))
  )
}
