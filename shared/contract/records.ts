import { z } from 'zod'
import { protectedTables } from '../roles.ts'
import { NextCursor, Page } from './page.ts'
import { JsonObject } from './values.ts'

/** A table that belongs to organizations. */
export const RecordsPath = z.strictObject({ table: z.enum(protectedTables) })
export type RecordsPath = z.infer<typeof RecordsPath>

/** One row: the table's own column names and JSON values. The database checks and stamps it. */
export const NewRecord = z.looseObject({}).meta({ id: 'NewRecord' })
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

/** What to look leads up by, and which page of what is found. */
export const LeadSearch = Page.extend({
  q: z.string().trim()
    .min(2, 'Must have at least two characters.')
    .refine((text) => [...text].length <= 100, 'Must have at most 100 characters.')
    .refine((text) => !text.includes('\0'), 'Must not contain NUL.')
    .meta({
      minLength: 2,
      maxLength: 100,
      description: 'Any parts of names, company, e-mail or number; every word of it has to be found.',
    }),
})
export type LeadSearch = z.infer<typeof LeadSearch>

export const LeadsAnswer = z.object({
  leads: z.array(JsonObject).meta({ description: 'Whole words first, then beginnings of words; of each the newest.' }),
  next_cursor: NextCursor,
}).meta({ id: 'LeadsAnswer' })
export type LeadsAnswer = z.infer<typeof LeadsAnswer>
