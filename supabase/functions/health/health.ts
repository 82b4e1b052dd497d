import { z } from 'zod'
import { live, ready } from '../../../shared/contract/routes/health.ts'
import { createRoutes } from '../_kit/app.ts'
import { createDataApi } from '../_kit/data-api.ts'
import { must } from '../_kit/must.ts'
import { Problem } from '../_kit/problem.ts'

export const health = createRoutes()
  .openapi(live, (c) => c.json({ status: 'ok' as const }, 200))
  .openapi(ready, async (c) => {
    const { deps, requestId } = c.var
    const answered = await createDataApi(deps, { requestId }).rpc('ready')
    if (answered.error) {
      throw new Problem('unavailable', { cause: answered.error })
    }
    must(answered, z.literal(true))
    return c.json({ status: 'ok' as const }, 200)
  })
