import type { CampaignStatus } from '../../../shared/contract/campaigns.ts'

/** What a campaign's states are called. */
export const statusTitles: Record<CampaignStatus, string> = {
  draft: 'Draft',
  active: 'Active',
  paused: 'Paused',
  completed: 'Completed',
  archived: 'Archived',
}

/** How they look. */
export const statusTones: Record<CampaignStatus, 'calm' | 'good' | 'warn'> = {
  draft: 'calm',
  active: 'good',
  paused: 'warn',
  completed: 'calm',
  archived: 'calm',
}
