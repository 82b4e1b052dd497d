import { z } from 'zod'
import { Email, Name, PhoneNumber, Timezone } from './values.ts'

const Notes = z.string().trim()
  .min(1, 'Must not be empty.')
  .refine((text) => [...text].length <= 5000, 'Must have at most 5,000 characters.')
  .refine((text) => !text.includes('\0'), 'Must not contain NUL.')
  .meta({ minLength: 1, maxLength: 5000 })

/**
 * A lead as people bring one in, by hand or in a file: who to call, and what is known of them. The route for rows takes
 * any that the table takes.
 */
export const NewLead = z.strictObject({
  phone_number: PhoneNumber,
  first_name: Name.optional(),
  last_name: Name.optional(),
  email: Email.optional(),
  company: Name.optional(),
  address: Name.optional(),
  city: Name.optional(),
  state: Name.optional(),
  zip_code: Name.optional(),
  timezone: Timezone.optional(),
  lead_source: Name.optional(),
  notes: Notes.optional(),
})
export type NewLead = z.infer<typeof NewLead>

/** What every organization can know of a lead: columns of its own. */
export type LeadColumn = keyof NewLead
