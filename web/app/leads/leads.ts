import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { OrganizationsClient } from '../../../shared/client/index.ts'
import { NewLead } from '../../../shared/contract/leads.ts'
import { LeadSearch } from '../../../shared/contract/records.ts'
import type { Database } from '../../../shared/database.types.ts'
import { keys, need } from '../../components/query.ts'
import { type Cursor, pageSize, readNewest } from '../rows.ts'

/** What a lead takes that is typed in by hand. */
export const TypedLead = NewLead.pick({
  phone_number: true,
  first_name: true,
  last_name: true,
  company: true,
  email: true,
})

/** Where everything read of an organization's leads is kept. */
export const leadsKey = (organizationId: string): string[] => [...keys.organization(organizationId), 'leads']

const columns = 'id, user_id, phone_number, first_name, last_name, company, email, status, custom_fields, created_at'

/** One page of an organization's leads, newest first. The organization is the request's, so no filter names it. */
export const readLeads = (
  supabase: SupabaseClient<Database>,
  organizationId: string,
  after: Cursor | undefined,
  signal: AbortSignal,
) => readNewest(supabase.from('leads').select(columns).setHeader('x-organization-id', organizationId), after, signal)

const Text = z.string().nullable()

/** What the page shows of a lead that was found; the answer has all columns. */
const FoundLead = z.object({
  id: z.string(),
  phone_number: z.string(),
  first_name: Text,
  last_name: Text,
  company: Text,
  email: Text,
  status: z.string(),
  custom_fields: z.unknown(),
  created_at: z.string(),
})
export type FoundLead = z.infer<typeof FoundLead>

/** One page of the leads in which words were found, the best first. */
export async function searchLeads(client: OrganizationsClient, words: string, cursor: string | undefined) {
  const { leads, next_cursor } = await need(client.records.searchLeads(words, { limit: pageSize, cursor }))
  return { leads: leads.map((lead) => FoundLead.parse(lead)), next_cursor }
}

export type FoundLeadsPage = Awaited<ReturnType<typeof searchLeads>>

/** What to look for of what was typed; undefined while that is too little to look for. */
export const toWords = (typed: string): string | undefined => {
  const { data } = LeadSearch.shape.q.safeParse(typed)
  return data
}
