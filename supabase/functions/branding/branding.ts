import { createHash } from 'node:crypto'
import { BrandingAnswer } from '../../../shared/contract/branding.ts'
import { findBranding } from '../../../shared/contract/routes/branding.ts'
import { createRoutes } from '../_kit/app.ts'
import { withPublishableKey } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'

export const branding = createRoutes().openapi(withPublishableKey(findBranding), async (c) => {
  const found = must(await c.var.db.rpc('find_branding', c.req.valid('query')), BrandingAnswer)
  const etag = `"${createHash('sha256').update(JSON.stringify(found)).digest('base64url')}"`
  c.header('etag', etag)
  // The same for everybody, and a change should show soon.
  c.header('cache-control', 'public, max-age=60')
  return names(c.req.header('if-none-match'), etag) ? c.body(null, 304) : c.json(found, 200)
})

/** Whether a header If-None-Match names an answer; a proxy that packs answers marks their tags as weak. */
const names = (header: string | undefined, etag: string): boolean =>
  header !== undefined && header.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')))
