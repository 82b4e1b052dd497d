import type { SupabaseClient } from '@supabase/supabase-js'
import { ProblemError } from '../../../shared/client/index.ts'
import type { CampaignStatus, ChangedCampaign } from '../../../shared/contract/campaigns.ts'
import type { Database } from '../../../shared/database.types.ts'
import { keys } from '../../components/query.ts'
import { toRefusal } from '../data-api.ts'
import { type Cursor, readNewest } from '../rows.ts'

/** Where everything read of an organization's campaigns is kept. */
export const campaignsKey = (organizationId: string): string[] => [...keys.organization(organizationId), 'campaigns']

/** Which campaigns: those with all of the words in their name, and of one status where that is given. */
export interface CampaignFilter {
  words: string[]
  status?: CampaignStatus
}

/** What to look for of what was typed. */
export const toWords = (typed: string): string[] => typed.split(/\s+/).filter(Boolean)

/** A pattern of SQL for what has a word in it, whatever characters that is made of. */
export const toPattern = (word: string): string => `%${word.replace(/[\\%_]/g, '\\$&')}%`

const columns =
  'id, user_id, name, description, status, calling_hours_start, calling_hours_end, timezone, caller_id, created_at'

/** One page of an organization's campaigns, newest first. The organization is the request's, so no filter names it. */
export function readCampaigns(
  supabase: SupabaseClient<Database>,
  organizationId: string,
  { words, status }: CampaignFilter,
  after: Cursor | undefined,
  signal: AbortSignal,
) {
  let request = supabase.from('campaigns').select(columns).setHeader('x-organization-id', organizationId)
  if (status) request = request.eq('status', status)
  for (const word of words) request = request.ilike('name', toPattern(word))
  return readNewest(request, after, signal)
}

export type Campaign = Awaited<ReturnType<typeof readCampaigns>>['rows'][number]

/** Changes a campaign. */
export async function updateCampaign(
  supabase: SupabaseClient<Database>,
  organizationId: string,
  id: string,
  changes: Partial<ChangedCampaign>,
): Promise<void> {
  const { data, error, status } = await supabase.from('campaigns')
    .update(changes)
    .eq('id', id)
    .select('id')
    .setHeader('x-organization-id', organizationId)
  if (error) throw toRefusal(error, status)
  // The Data API changes what the person may change, and refuses nothing where that is no row.
  if (data.length === 0) {
    throw new ProblemError('not_found', {
      status: 404,
      detail: 'Nothing was changed: the campaign is gone, or it is not yours to change any more.',
    })
  }
}
