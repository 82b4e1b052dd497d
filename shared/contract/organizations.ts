import { z } from 'zod'
import { NextCursor, Page } from './page.ts'
import { StatusCause, SubscriptionStatus, SubscriptionTier } from './plans.ts'
import { OrganizationRole } from './role.ts'
import { Slug } from './slug.ts'
import { Email, JsonObject, Name, PhoneNumber, SmallObject, TimeOfDay, Timestamp, Timezone, Uuid } from './values.ts'

/** A path that names an organization. */
export const OrganizationPath = z.strictObject({ organization_id: Uuid })
export type OrganizationPath = z.infer<typeof OrganizationPath>

const Limit = z.int().nullable().meta({ description: 'Null: what the plan gives.' })

/** An organization as one of its members reads it; `role` is the reader's. */
export const Organization = z.object({
  id: Uuid,
  name: z.string(),
  slug: z.string(),
  settings: JsonObject,
  subscription_tier: SubscriptionTier,
  subscription_status: SubscriptionStatus,
  status_changed_at: Timestamp,
  status_cause: StatusCause,
  trial_ends_at: Timestamp.nullable(),
  max_users: Limit,
  max_campaigns: Limit,
  max_phone_numbers: Limit,
  monthly_call_limit: Limit,
  owner_email: z.string().nullable(),
  contact_phone: z.string().nullable(),
  timezone: z.string(),
  calling_hours_start: z.string().nullable().meta({
    description:
      'From when new campaigns call, in `timezone`, as `09:00:00`; null, as the end is then: 9 to 17 in New York.',
  }),
  calling_hours_end: z.string().nullable(),
  default_caller_id: z.string().nullable().meta({
    description: 'The number that new campaigns show, while it is not released.',
  }),
  metadata: JsonObject,
  created_at: Timestamp,
  updated_at: Timestamp,
  deleted_at: Timestamp.nullable(),
  role: OrganizationRole,
}).meta({ id: 'Organization' })
export type Organization = z.infer<typeof Organization>

/** What founding an organization takes. Without a slug, one is made from the name. */
export const CreateOrganization = z.strictObject({
  name: Name,
  slug: Slug.optional(),
  timezone: Timezone.optional(),
  contact_phone: PhoneNumber.optional(),
  settings: SmallObject.optional(),
}).meta({ id: 'CreateOrganization' })
export type CreateOrganization = z.infer<typeof CreateOrganization>

/** When new campaigns call, in the organization's time zone, and which number they show. */
const callingDefaults = {
  calling_hours_start: TimeOfDay.nullable(),
  calling_hours_end: TimeOfDay.nullable(),
  default_caller_id: z.string().trim().min(1, 'Must not be empty.').max(32, 'Must have at most 32 characters.')
    .nullable()
    .meta({ description: 'One of the organization’s phone numbers, written as it is there, that is not released.' }),
}
const atTheEnd = { path: ['calling_hours_end'] }

/** What a form for them takes. */
export const CallingDefaults = z.strictObject(callingDefaults)
  .refine((hours) => (hours.calling_hours_start === null) === (hours.calling_hours_end === null), {
    ...atTheEnd,
    message: 'A start has an end, and an end has a start.',
  })
  .refine(endsAfterItStarts, { ...atTheEnd, message: 'Must be after the start.' })
export type CallingDefaults = z.infer<typeof CallingDefaults>

/** Whether calling hours that are given end after they start. */
export function endsAfterItStarts(
  hours: { calling_hours_start?: string | null; calling_hours_end?: string | null },
): boolean {
  const { calling_hours_start: start, calling_hours_end: end } = hours
  return !start || !end || start.padEnd(8, ':00') < end.padEnd(8, ':00')
}

/** What an admin can change about an organization: any of these, at least one. */
export const UpdateOrganization = z.strictObject({
  name: Name.optional(),
  slug: Slug.optional(),
  timezone: Timezone.optional(),
  contact_phone: PhoneNumber.nullable().optional(),
  owner_email: Email.nullable().optional(),
  calling_hours_start: callingDefaults.calling_hours_start.optional(),
  calling_hours_end: callingDefaults.calling_hours_end.optional(),
  default_caller_id: callingDefaults.default_caller_id.optional(),
  settings: SmallObject.optional(),
}).refine(endsAfterItStarts, { ...atTheEnd, message: 'Must be after the start.' }).refine(
  (changes) => Object.keys(changes).length > 0,
  {
    message: 'Nothing to change.',
    // A body with an unknown field already has its error.
    when: ({ issues }) => issues.length === 0,
  },
).meta({ id: 'UpdateOrganization', minProperties: 1 })
export type UpdateOrganization = z.infer<typeof UpdateOrganization>

/** How to list one's organizations. */
export const OrganizationPage = Page.extend({
  include_deleted: z.enum(['true', 'false']).optional().meta({
    description: 'true: also the deleted organizations that the caller can restore.',
  }),
})
export type OrganizationPage = z.infer<typeof OrganizationPage>

export const OrganizationAnswer = z.object({ organization: Organization }).meta({ id: 'OrganizationAnswer' })
export type OrganizationAnswer = z.infer<typeof OrganizationAnswer>

export const OrganizationsAnswer = z.object({ organizations: z.array(Organization), next_cursor: NextCursor })
  .meta({ id: 'OrganizationsAnswer' })
export type OrganizationsAnswer = z.infer<typeof OrganizationsAnswer>
