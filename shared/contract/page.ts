import { z } from 'zod'

/** What a list takes: at most how many entries, and where to go on. */
export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).optional().meta({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 50,
    description: 'How many entries at most.',
  }),
  cursor: z.string().min(1).max(200).optional().meta({
    description: 'The next_cursor of the answer before; without it the list starts at its beginning.',
  }),
})
export type Page = z.infer<typeof Page>

/** The cursor of the page that follows; null on the last one. */
export const NextCursor = z.string().nullable().meta({
  description: 'The cursor of the next page; null on the last one.',
})
export type NextCursor = z.infer<typeof NextCursor>
