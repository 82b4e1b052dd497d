import { z } from 'zod'
import { endsAfterItStarts } from './organizations.ts'
import { Name, Notes, TimeOfDay, Timezone } from './values.ts'

/** Where a campaign is in its life; those that are archived count towards no limit. */
export const CampaignStatus = z.enum(['draft', 'active', 'paused', 'completed', 'archived'])
export type CampaignStatus = z.infer<typeof CampaignStatus>

const CallerId = z.string().trim().min(1, 'Must not be empty.').max(32, 'Must have at most 32 characters.')

const inOrder = { path: ['calling_hours_end'], message: 'Must be after the start.' }

/**
 * A campaign as people begin one. Hours, time zone and caller id that are not given are what the organization has set. The
 * route for rows takes any columns that the table takes.
 */
export const NewCampaign = z.strictObject({
  name: Name,
  description: Notes.optional(),
  status: CampaignStatus,
  calling_hours_start: TimeOfDay.optional(),
  calling_hours_end: TimeOfDay.optional(),
  timezone: Timezone.optional(),
  caller_id: CallerId.optional(),
}).refine(endsAfterItStarts, inOrder)
export type NewCampaign = z.infer<typeof NewCampaign>

/** A campaign as people change one: without a caller id, its calls show what the carrier shows. */
export const ChangedCampaign = z.strictObject({
  name: Name,
  description: Notes.nullable(),
  status: CampaignStatus,
  calling_hours_start: TimeOfDay,
  calling_hours_end: TimeOfDay,
  timezone: Timezone,
  caller_id: CallerId.nullable(),
}).refine(endsAfterItStarts, inOrder)
export type ChangedCampaign = z.infer<typeof ChangedCampaign>
