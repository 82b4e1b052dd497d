import { DomainAnswer, DomainRemovedAnswer, DomainsAnswer } from '../../../shared/contract/domains.ts'
import {
  claimDomain,
  listDomains,
  removeDomain,
  updateDomain,
  verifyDomain,
} from '../../../shared/contract/routes/domains.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'
import { proveName } from './name-proof.ts'

export const domains = createRoutes()
  .openapi(withCaller(claimDomain), async (c) => {
    const { organization_id } = c.req.valid('param')
    const claim = c.req.valid('json')
    const claimed = await c.var.db.rpc('claim_domain', { organization_id, ...claim })
    return c.json(must(claimed, DomainAnswer, claim), 201)
  })
  .openapi(withCaller(listDomains), async (c) => {
    const { organization_id } = c.req.valid('param')
    const { limit, cursor } = c.req.valid('query')
    const listed = await c.var.db.rpc('list_domains', { organization_id, page_limit: limit, page_cursor: cursor })
    return c.json(must(listed, DomainsAnswer), 200)
  })
  .openapi(withCaller(verifyDomain), async (c) => {
    const path = c.req.valid('param')
    const found = must(await c.var.db.rpc('domain_to_verify', path), DomainAnswer)
    if (found.domain.verified_at !== null) return c.json(found, 200)
    const { id, domain: name, record } = found.domain
    const proof = await proveName(c.var.deps, { id, name, record })
    const verified = await c.var.db.rpc('verify_domain', { ...path, proof })
    return c.json(must(verified, DomainAnswer), 200)
  })
  .openapi(withCaller(updateDomain), async (c) => {
    const changes = c.req.valid('json')
    const updated = await c.var.db.rpc('update_domain', { ...c.req.valid('param'), ...changes })
    return c.json(must(updated, DomainAnswer, changes), 200)
  })
  .openapi(withCaller(removeDomain), async (c) => {
    const removed = await c.var.db.rpc('remove_domain', c.req.valid('param'))
    return c.json(must(removed, DomainRemovedAnswer), 200)
  })
