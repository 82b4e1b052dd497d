import { getUsage, listUsage } from '../../../shared/contract/routes/usage.ts'
import { OwnedUsageAnswer, UsageAnswer } from '../../../shared/contract/usage.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const usage = createRoutes()
  .openapi(withCaller(listUsage), async (c) => {
    const { from, to, limit, cursor } = c.req.valid('query')
    const listed = await c.var.db.rpc('list_usage', {
      first_day: from,
      last_day: to,
      page_limit: limit,
      page_cursor: cursor,
    })
    return c.json(must(listed, OwnedUsageAnswer), 200)
  })
  .openapi(withCaller(getUsage), async (c) => {
    const { organization_id } = c.req.valid('param')
    const { from, to, by, compare } = c.req.valid('query')
    const read = await c.var.db.rpc('get_usage', {
      organization_id,
      first_day: from,
      last_day: to,
      unit: by,
      compare: compare === 'true',
    })
    return c.json(must(read, UsageAnswer), 200)
  })
