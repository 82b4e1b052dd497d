import { createOpenApiDocument } from '../../../shared/contract/openapi.ts'
import { openApi } from '../../../shared/contract/routes/health.ts'
import { createRoutes } from '../_kit/app.ts'

let document: ReturnType<typeof createOpenApiDocument> | undefined

export const openapi = createRoutes().openapi(
  openApi,
  (c) => c.json({ ...(document ??= createOpenApiDocument()) }, 200),
)
