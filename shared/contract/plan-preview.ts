import { z } from 'zod'
import { OrganizationPath } from './organizations.ts'
import { SubscriptionTier } from './plans.ts'
import { Quota } from './quotas.ts'
import { Uuid } from './values.ts'

/** A path that names an organization and a plan. */
export const PlanPreviewPath = OrganizationPath.extend({
  tier: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Is not the tier of a plan.').meta({
    description: 'The tier of the plan, such as `professional`.',
  }),
})
export type PlanPreviewPath = z.infer<typeof PlanPreviewPath>

/** What an organization would have on a plan. */
export const PlanPreview = z.object({
  organization_id: Uuid,
  from: SubscriptionTier.meta({ description: 'The plan that it has.' }),
  to: SubscriptionTier.meta({ description: 'The plan that this is about; it may be the same.' }),
  quotas: z.array(z.object({
    quota: Quota,
    limit: z.int().nullable().meta({
      description: 'What it would be: of the plan, or the organization’s own. Null: no limit.',
    }),
    used: z.int(),
    over_by: z.int().meta({
      description:
        'How much of what is used is over the limit. It stays; the next one is refused with `quota_exceeded`.',
    }),
  })),
  features: z.object({ gained: z.array(z.string()), lost: z.array(z.string()) }),
}).meta({ id: 'PlanPreview' })
export type PlanPreview = z.infer<typeof PlanPreview>

export const PlanPreviewAnswer = z.object({ preview: PlanPreview }).meta({ id: 'PlanPreviewAnswer' })
export type PlanPreviewAnswer = z.infer<typeof PlanPreviewAnswer>
