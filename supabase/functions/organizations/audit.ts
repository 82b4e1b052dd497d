import { AuditAnswer, type AuditFilter, AuditVerificationAnswer } from '../../../shared/contract/audit.ts'
import { exportAudit, listAudit, verifyAudit } from '../../../shared/contract/routes/audit.ts'
import { createRoutes } from '../_kit/app.ts'
import { withCaller } from '../_kit/door.ts'
import { must } from '../_kit/must.ts'
import { streamPages } from '../_kit/stream.ts'

export const audit = createRoutes()
  .openapi(withCaller(listAudit), async (c) => {
    const { organization_id } = c.req.valid('param')
    const { limit, cursor, ...filter } = c.req.valid('query')
    const listed = await c.var.db.rpc('list_audit', {
      organization_id,
      page_limit: limit,
      page_cursor: cursor,
      ...toArguments(filter),
    })
    return c.json(must(listed, AuditAnswer), 200)
  })
  .openapi(withCaller(exportAudit), async (c) => {
    const { organization_id } = c.req.valid('param')
    const { format, ...filter } = c.req.valid('json')
    const read = async (cursor?: string): Promise<AuditAnswer> =>
      must(
        await c.var.db.rpc('export_audit', { organization_id, page_cursor: cursor, ...toArguments(filter) }),
        AuditAnswer,
      )
    // With a library that few requests need.
    const { fileTypes, writers } = await import('./audit-files.ts')
    const write = writers[format]
    const body = await streamPages(c, read, ({ entries }, isFirst) => write(entries, isFirst))
    const day = new Date().toISOString().slice(0, 10)
    return c.body(body, 200, {
      'content-type': fileTypes[format],
      'content-disposition': `attachment; filename="audit-${organization_id}-${day}.${format}"`,
    })
  })
  .openapi(withCaller(verifyAudit), async (c) => {
    const checked = await c.var.db.rpc('check_audit', c.req.valid('param'))
    return c.json(must(checked, AuditVerificationAnswer), 200)
  })

const toArguments = ({ from, to, ...filter }: AuditFilter) => ({ ...filter, occurred_from: from, occurred_to: to })
