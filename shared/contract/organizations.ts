import { z } from 'zod'
import { NextCursor, Page } from './page.ts'
import { StatusCause, SubscriptionStatus, SubscriptionTier } from './plans.ts'
import { OrganizationRole } from './role.ts'
import { Slug } from './slug.ts'
import { Email, JsonObject, Name, PhoneNumber, SmallObject, Timestamp, Timezone, Uuid } from './values.ts'

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

/** What an admin can change about an organization: any of these, at least one. */
export const UpdateOrganization = z.strictObject({
  name: Name.optional(),
  slug: Slug.optional(),
  timezone: Timezone.optional(),
  contact_phone: PhoneNumber.nullable().optional(),
  owner_email: Email.nullable().optional(),
  settings: SmallObject.optional(),
}).refine((changes) => Object.keys(changes).length > 0, {
  message: 'Nothing to change.',
  // A body with an unknown field already has its error.
  when: ({ issues }) => issues.length === 0,
}).meta({ id: 'UpdateOrganization', minProperties: 1 })
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
