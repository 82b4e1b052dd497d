import { CreateRecords, LeadsAnswer } from '../../../shared/contract/records.ts'
import { createRecords, searchLeads } from '../../../shared/contract/routes/records.ts'
import { isProtectedTable } from '../../../shared/roles.ts'
import { createRoutes } from '../_kit/app.ts'
import { requireCaller } from '../_kit/caller.ts'
import type { StoredRows } from '../_kit/data-api.ts'
import { withCaller } from '../_kit/door.ts'
import { withIdempotencyKey } from '../_kit/idempotency.ts'
import { readJson } from '../_kit/json-body.ts'
import { must } from '../_kit/must.ts'
import { Problem } from '../_kit/problem.ts'
import { requireValid } from '../_kit/validation.ts'

const utf8 = new TextEncoder()

export const records = createRoutes()
  .openapi(withCaller(searchLeads), async (c) => {
    const { q, limit, cursor } = c.req.valid('query')
    const found = await c.var.db.rpc('search_leads', { query: q, page_limit: limit, page_cursor: cursor })
    return c.json(must(found, LeadsAnswer), 200)
  })

// Not `.openapi(…)`: the answer is the Data API's own text, unparsed, and what is no table of ours is not there.
const path = createRecords.getRoutingPath()
records.post(path, requireCaller, readJson, withIdempotencyKey(createRecords), async (c) => {
  const table = c.req.param('table')
  if (!isProtectedTable(table)) throw new Problem('not_found')
  const sent = requireValid(CreateRecords, await c.req.json())
  const stored = await c.var.db.insert(table, sent, c.var.bodyText)
  return c.body(toAnswer(stored), 201, { 'content-type': 'application/json' })
})

/** A `RecordsAnswer`, around JSON that stays as it is. */
function toAnswer({ json, count }: StoredRows): Uint8Array<ArrayBuffer> {
  const [before, after] = [utf8.encode('{"records":'), utf8.encode(`,"count":${count}}`)]
  const answer = new Uint8Array(before.length + json.length + after.length)
  answer.set(before)
  answer.set(json, before.length)
  answer.set(after, before.length + json.length)
  return answer
}
