import { OrganizationBrandingAnswer } from '../../../shared/contract/branding.ts'
import { getBranding, updateBranding, verifyHost } from '../../../shared/contract/routes/branding.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'
import { proveName } from './name-proof.ts'

export const branding = createRoutes()
  .openapi(withCaller(getBranding), async (c) => {
    const found = await c.var.db.rpc('get_branding', c.req.valid('param'))
    return c.json(must(found, OrganizationBrandingAnswer), 200)
  })
  .openapi(withCaller(updateBranding), async (c) => {
    const changes = c.req.valid('json')
    const updated = await c.var.db.rpc('update_branding', { ...c.req.valid('param'), changes })
    return c.json(must(updated, OrganizationBrandingAnswer, changes), 200)
  })
  .openapi(withCaller(verifyHost), async (c) => {
    const path = c.req.valid('param')
    const found = must(await c.var.db.rpc('host_to_verify', path), OrganizationBrandingAnswer)
    const { organization_id, host } = found.branding
    if (!host || host.verified_at !== null) return c.json(found, 200)
    const proof = await proveName(c.var.deps, { id: organization_id, name: host.host, record: host.record })
    const verified = await c.var.db.rpc('verify_host', { ...path, proof })
    return c.json(must(verified, OrganizationBrandingAnswer), 200)
  })
