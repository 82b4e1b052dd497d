import { z } from 'zod'
import { NextCursor, Page } from './page.ts'
import { JsonObject, Timestamp, Uuid } from './values.ts'

/** One change of an organization, its people, plan or settings. */
export const AuditEntry = z.object({
  id: Uuid,
  position: z.int().meta({ description: 'Counts the entries of the organization from 1, without gaps.' }),
  occurred_at: Timestamp,
  actor_type: z.enum(['user', 'service', 'system']).meta({
    description: 'user: a signed-in person. service: the secret key. system: the database owner, Auth or a schedule.',
  }),
  actor_id: Uuid.nullable(),
  actor_email: z.string().nullable().meta({ description: 'As it was at that time.' }),
  on_behalf_of: Uuid.nullable().meta({ description: 'In whose name a service or the system acted.' }),
  action: z.string().meta({ description: 'What happened, such as member.role_changed.' }),
  object_type: z.string(),
  object_id: Uuid,
  before: JsonObject.nullable().meta({ description: 'Of what changed, what it was. Never a secret.' }),
  after: JsonObject.nullable().meta({ description: 'Of what changed, what it is.' }),
  request_id: z.string().nullable(),
  address: z.string().nullable().meta({ description: 'The IP address of the client, where it is known.' }),
  hash: z.string().meta({ description: 'SHA-256 of the entry and of the hash before it, in hexadecimal.' }),
}).meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

const filters = {
  action: z.string().regex(/^[a-z_]{1,50}\.[a-z_]{1,50}$/, 'Not an action such as member.role_changed.').optional(),
  actor_id: Uuid.optional(),
  object_type: z.string().regex(/^[a-z_]{1,50}$/, 'Not a type such as member.').optional(),
  object_id: Uuid.optional(),
  from: Timestamp.optional().meta({ description: 'The first moment; ISO 8601 with an offset.' }),
  to: Timestamp.optional().meta({ description: 'The first moment that is too late.' }),
}
/** Which entries: those that fit all of these. */
export type AuditFilter = z.infer<z.ZodObject<typeof filters>>

/** How to list an audit log. */
export const AuditPage = Page.extend(filters)
export type AuditPage = z.infer<typeof AuditPage>

/** What an export takes: the form, and the same filters as the list. */
export const ExportAudit = z.strictObject({ format: z.enum(['csv', 'jsonl']), ...filters }).meta({ id: 'ExportAudit' })
export type ExportAudit = z.infer<typeof ExportAudit>

export const AuditAnswer = z.object({ entries: z.array(AuditEntry), next_cursor: NextCursor })
  .meta({ id: 'AuditAnswer' })
export type AuditAnswer = z.infer<typeof AuditAnswer>

export const AuditVerificationAnswer = z.object({
  ok: z.boolean(),
  entries: z.int().meta({ description: 'How many there are.' }),
  faults: z.array(z.object({ position: z.int(), fault: z.string() })).meta({
    description: 'Where the log is not as it was written; at most the first 100.',
  }),
  head: z.object({ position: z.int(), hash: z.string() }).nullable().meta({
    description: 'The last entry. Keep it elsewhere: a later log that lacks it has been replaced.',
  }),
}).meta({ id: 'AuditVerificationAnswer' })
export type AuditVerificationAnswer = z.infer<typeof AuditVerificationAnswer>
