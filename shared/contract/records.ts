import { z } from 'zod'
import { protectedTables } from '../roles.ts'
import { JsonObject } from './values.ts'

/** A table that belongs to organizations. */
export const RecordsPath = z.strictObject({ table: z.enum(protectedTables) })
export type RecordsPath = z.infer<typeof RecordsPath>

/** One row: the table's own column names and JSON values. The database checks and stamps it. */
export const NewRecord = z.record(z.string(), z.unknown()).meta({ id: 'NewRecord' })
export type NewRecord = z.infer<typeof NewRecord>

/** How many rows one request can bring. */
export const maxRecords = 1000

/** One row, or up to 1,000 that are stored together or not at all. */
export const CreateRecords = z.union(
  [z.array(NewRecord).min(1).max(maxRecords), NewRecord],
  'Must be one object, or an array of them.',
).meta({
  id: 'CreateRecords',
})
export type CreateRecords = z.infer<typeof CreateRecords>

export const RecordsAnswer = z.object({
  records: z.array(JsonObject).meta({ description: 'The rows as stored, in the order they came.' }),
  count: z.int(),
}).meta({ id: 'RecordsAnswer' })
export type RecordsAnswer = z.infer<typeof RecordsAnswer>
