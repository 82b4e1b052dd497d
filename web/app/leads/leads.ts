import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { type OrganizationsClient, ProblemError } from '../../../shared/client/index.ts'
import { NewLead } from '../../../shared/contract/leads.ts'
import { LeadSearch } from '../../../shared/contract/records.ts'
import type { Database } from '../../../shared/database.types.ts'
import { keys, need } from '../../components/query.ts'

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
const pageSize = 50

/** Where a page ends: the next one has what is older. */
export interface Cursor {
  created_at: string
  id: string
}

/** One page of an organization's leads, newest first. The organization is the request's, so no filter names it. */
export async function readLeads(
  supabase: SupabaseClient<Database>,
  organizationId: string,
  after: Cursor | undefined,
  signal: AbortSignal,
) {
  const all = supabase.from('leads').select(columns).setHeader('x-organization-id', organizationId)
  const older = after
    ? all.or(`created_at.lt."${after.created_at}",and(created_at.eq."${after.created_at}",id.lt.${after.id})`)
    : all
  const { data, error, status } = await older
    .order('created_at', { ascending: false })
    .order('id', { ascending: false })
    .limit(pageSize)
    .abortSignal(signal)
  if (error) {
    throw new ProblemError(status === 0 ? 'unavailable' : status === 401 ? 'unauthenticated' : 'internal', {
      status,
      ...(status === 0 && { detail: 'No answer came.' }),
      cause: error,
    })
  }
  const last = data.at(-1)
  return { leads: data, next_cursor: data.length === pageSize && last ? last : null }
}

export type LeadsPage = Awaited<ReturnType<typeof readLeads>>

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
