import { PlanPreviewAnswer } from '../../../shared/contract/plan-preview.ts'
import { previewPlan } from '../../../shared/contract/routes/plan-preview.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const planPreview = createRoutes()
  .openapi(withCaller(previewPlan), async (c) => {
    const preview = await c.var.db.rpc('preview_plan', c.req.valid('param'))
    return c.json(must(preview, PlanPreviewAnswer), 200)
  })
