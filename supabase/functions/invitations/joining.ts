import { JoinableOrganizationsAnswer, JoinAnswer } from '../../../shared/contract/joining.ts'
import { joinOrganization, listJoinableOrganizations } from '../../../shared/contract/routes/joining.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const joining = createRoutes()
  .openapi(withCaller(listJoinableOrganizations), async (c) => {
    const listed = await c.var.db.rpc('joinable_organizations')
    return c.json(must(listed, JoinableOrganizationsAnswer), 200)
  })
  .openapi(withCaller(joinOrganization), async (c) => {
    const joined = must(await c.var.db.rpc('join_organization', c.req.valid('json')), JoinAnswer)
    return 'request' in joined ? c.json(joined, 202) : c.json(joined, 200)
  })
