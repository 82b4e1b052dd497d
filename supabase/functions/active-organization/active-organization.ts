import { ActiveOrganizationAnswer } from '../../../shared/contract/active-organization.ts'
import {
  clearActiveOrganization,
  getActiveOrganization,
  setActiveOrganization,
} from '../../../shared/contract/routes/active-organization.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const activeOrganization = createRoutes()
  .openapi(withCaller(getActiveOrganization), async (c) => {
    const active = await c.var.db.rpc('active_organization')
    return c.json(must(active, ActiveOrganizationAnswer), 200)
  })
  .openapi(withCaller(setActiveOrganization), async (c) => {
    const active = await c.var.db.rpc(
      'set_active_organization',
      c.req.valid('json'),
    )
    return c.json(must(active, ActiveOrganizationAnswer), 200)
  })
  .openapi(withCaller(clearActiveOrganization), async (c) => {
    const active = await c.var.db.rpc('clear_active_organization')
    return c.json(must(active, ActiveOrganizationAnswer), 200)
  })
