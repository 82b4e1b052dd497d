import { OrganizationAnswer, OrganizationsAnswer } from '../../../shared/contract/organizations.ts'
import {
  createOrganization,
  deleteOrganization,
  getOrganization,
  listOrganizations,
  restoreOrganization,
  updateOrganization,
} from '../../../shared/contract/routes/organizations.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const organizations = createRoutes()
  .openapi(withCaller(createOrganization), async (c) => {
    const organization = c.req.valid('json')
    const created = await c.var.db.rpc('create_organization', organization)
    return c.json(must(created, OrganizationAnswer, organization), 201)
  })
  .openapi(withCaller(listOrganizations), async (c) => {
    const { limit, cursor, include_deleted } = c.req.valid('query')
    const listed = await c.var.db.rpc('list_organizations', {
      page_limit: limit,
      page_cursor: cursor,
      include_deleted: include_deleted === 'true',
    })
    return c.json(must(listed, OrganizationsAnswer), 200)
  })
  .openapi(withCaller(getOrganization), async (c) => {
    const found = await c.var.db.rpc('get_organization', c.req.valid('param'))
    return c.json(must(found, OrganizationAnswer), 200)
  })
  .openapi(withCaller(updateOrganization), async (c) => {
    const { organization_id } = c.req.valid('param')
    const changes = c.req.valid('json')
    const updated = await c.var.db.rpc('update_organization', {
      organization_id,
      changes,
    })
    return c.json(must(updated, OrganizationAnswer, changes), 200)
  })
  .openapi(withCaller(deleteOrganization), async (c) => {
    const deleted = await c.var.db.rpc(
      'delete_organization',
      c.req.valid('param'),
    )
    return c.json(must(deleted, OrganizationAnswer), 200)
  })
  .openapi(withCaller(restoreOrganization), async (c) => {
    const restored = await c.var.db.rpc(
      'restore_organization',
      c.req.valid('param'),
    )
    return c.json(must(restored, OrganizationAnswer), 200)
  })
