import { OpenAPIHono } from '@hono/zod-openapi'
import { routes } from './routes/index.ts'

const description =
  `Organizations for Dial Smart: roles, invitations, switching, and rows that Postgres itself keeps apart.

A request acts in exactly one organization: the one in \`x-organization-id\`, else the active one of the session. Refusals
are \`application/problem+json\` (RFC 9457) with a \`code\`. What belongs to somebody else's organization is not there: 404.
A POST that changes something takes \`Idempotency-Key\`, which makes a retry safe.`

/** The OpenAPI 3.1 document of all functions. */
export function createOpenApiDocument() {
  const app = new OpenAPIHono()
  const { openAPIRegistry } = app
  openAPIRegistry.registerComponent('securitySchemes', 'accessToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token of a signed-in person, as supabase-js sends it.',
  })
  openAPIRegistry.registerComponent('securitySchemes', 'publishableKey', {
    type: 'apiKey',
    in: 'header',
    name: 'apikey',
    description: "The project's publishable key.",
  })
  for (const route of Object.values(routes)) openAPIRegistry.registerPath(route)
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Dial Smart organizations',
      version: '0.1.0',
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/functions/v1', description: 'Below the URL of the project.' }],
  })
}
