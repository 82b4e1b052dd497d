import { LeadFieldAnswer, LeadFieldsAnswer } from '../../../shared/contract/lead-fields.ts'
import {
  createLeadField,
  listLeadFields,
  removeLeadField,
  updateLeadField,
} from '../../../shared/contract/routes/lead-fields.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const leadFields = createRoutes()
  .openapi(withCaller(listLeadFields), async (c) => {
    const listed = await c.var.db.rpc('list_lead_fields', c.req.valid('param'))
    return c.json(must(listed, LeadFieldsAnswer), 200)
  })
  .openapi(withCaller(createLeadField), async (c) => {
    const field = c.req.valid('json')
    const created = await c.var.db.rpc('create_lead_field', { ...c.req.valid('param'), ...field })
    return c.json(must(created, LeadFieldAnswer, field), 201)
  })
  .openapi(withCaller(updateLeadField), async (c) => {
    const changes = c.req.valid('json')
    const updated = await c.var.db.rpc('update_lead_field', { ...c.req.valid('param'), ...changes })
    return c.json(must(updated, LeadFieldAnswer, changes), 200)
  })
  .openapi(withCaller(removeLeadField), async (c) => {
    const removed = await c.var.db.rpc('remove_lead_field', c.req.valid('param'))
    return c.json(must(removed, LeadFieldAnswer), 200)
  })
