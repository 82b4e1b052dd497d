import { JoinRequestAnswer, JoinRequestsAnswer } from '../../../shared/contract/joining.ts'
import { approveJoinRequest, listJoinRequests, refuseJoinRequest } from '../../../shared/contract/routes/joining.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const joinRequests = createRoutes()
  .openapi(withCaller(listJoinRequests), async (c) => {
    const { organization_id } = c.req.valid('param')
    const { limit, cursor, status } = c.req.valid('query')
    const listed = await c.var.db.rpc('list_join_requests', {
      organization_id,
      page_limit: limit,
      page_cursor: cursor,
      request_status: status,
    })
    return c.json(must(listed, JoinRequestsAnswer), 200)
  })
  .openapi(withCaller(approveJoinRequest), async (c) => {
    const approved = await c.var.db.rpc('approve_join_request', c.req.valid('param'))
    return c.json(must(approved, JoinRequestAnswer), 200)
  })
  .openapi(withCaller(refuseJoinRequest), async (c) => {
    const refused = await c.var.db.rpc('refuse_join_request', c.req.valid('param'))
    return c.json(must(refused, JoinRequestAnswer), 200)
  })
