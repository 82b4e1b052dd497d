import { z } from 'zod'
import { Email, Name, Notes, PhoneNumber, Timezone } from './values.ts'

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
