import { z } from 'zod'
import { OrganizationCard } from '../../../../shared/contract/invitations.ts'
import { SubscriptionStatus } from '../../../../shared/contract/plans.ts'
import { Quota } from '../../../../shared/contract/quotas.ts'
import { OrganizationRole } from '../../../../shared/contract/role.ts'

const Person = z.object({ full_name: z.string().nullable(), email: z.string().nullable() })

const common = {
  to: z.string(),
  organization: OrganizationCard,
  /** Who did it; null: nobody signed in. */
  actor: Person.nullable(),
}

/** What the database has to say in a mail to one person; its topic is the event's. */
export const Notice = z.discriminatedUnion('topic', [
  z.object({
    ...common,
    topic: z.literal('notice.role_changed'),
    role: OrganizationRole,
    previous_role: OrganizationRole,
  }),
  z.object({ ...common, topic: z.literal('notice.removed') }),
  z.object({ ...common, topic: z.literal('notice.ownership_received') }),
  z.object({ ...common, topic: z.literal('notice.domain_join_request'), requester: Person.nullable() }),
  z.object({
    ...common,
    topic: z.literal('notice.status_changed'),
    status: SubscriptionStatus,
    previous_status: SubscriptionStatus,
  }),
  z.object({
    ...common,
    topic: z.literal('notice.quota_reached'),
    quota: Quota,
    percent: z.union([z.literal(80), z.literal(100)]),
    limit: z.int(),
    used: z.int(),
    resets_at: z.string().nullable(),
  }),
])
export type Notice = z.infer<typeof Notice>

/** The notice of one topic. */
export type NoticeOf<Topic extends Notice['topic']> = Extract<Notice, { topic: Topic }>
