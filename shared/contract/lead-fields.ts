import { z } from 'zod'
import { OrganizationPath } from './organizations.ts'
import { Name, Timestamp, Uuid } from './values.ts'

/** A path that names a field of leads. */
export const LeadFieldPath = OrganizationPath.extend({ field_id: Uuid })
export type LeadFieldPath = z.infer<typeof LeadFieldPath>

/** How many fields an organization can have. */
export const maxLeadFields = 50

/** What a field of leads holds. */
export const LeadFieldType = z.enum(['text', 'number', 'boolean', 'date', 'choice', 'email', 'url']).meta({
  id: 'LeadFieldType',
})
export type LeadFieldType = z.infer<typeof LeadFieldType>

/** What can be chosen: 1 to 100 texts, none twice. */
const Options = z.array(Name)
  .min(1, 'Must have at least one option.')
  .max(100, 'Must have at most 100 options.')
  .refine((options) => new Set(options).size === options.length, 'Must not have an option twice.')

const Position = z.int().min(1, 'Positions count from 1.').max(1000).meta({
  description: 'Its place among the fields, from 1; the others make room.',
})

/** What adding a field takes. Without a position it is the last. */
export const CreateLeadField = z.strictObject({
  key: z.string().trim().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Must be a word of a-z, 0-9 and _, such as budget.'),
  label: Name,
  type: LeadFieldType,
  required: z.boolean().optional(),
  options: Options.optional().meta({ description: 'What can be chosen; for the type choice, and for no other.' }),
  position: Position.optional(),
}).refine(({ type, options }) => (type === 'choice') === (options !== undefined), {
  message: 'A choice has options, and no other type has.',
  path: ['options'],
}).meta({ id: 'CreateLeadField' })
export type CreateLeadField = z.infer<typeof CreateLeadField>

/** What can be changed about a field: any of these, at least one. */
export const UpdateLeadField = z.strictObject({
  label: Name.optional(),
  required: z.boolean().optional(),
  options: Options.optional(),
  position: Position.optional(),
}).refine((changes) => Object.keys(changes).length > 0, {
  message: 'Nothing to change.',
  // A body with an unknown field already has its error.
  when: ({ issues }) => issues.length === 0,
}).meta({ id: 'UpdateLeadField', minProperties: 1 })
export type UpdateLeadField = z.infer<typeof UpdateLeadField>

/** A field that an organization has its leads have. Values are in `custom_fields` of leads, under `key`. */
export const LeadField = z.object({
  id: Uuid,
  organization_id: Uuid,
  key: z.string(),
  label: z.string(),
  type: LeadFieldType,
  required: z.boolean().meta({ description: 'Of leads that come, and where the value is changed.' }),
  options: z.array(z.string()).nullable(),
  position: z.int(),
  created_at: Timestamp,
}).meta({ id: 'LeadField' })
export type LeadField = z.infer<typeof LeadField>

export const LeadFieldAnswer = z.object({ field: LeadField }).meta({ id: 'LeadFieldAnswer' })
export type LeadFieldAnswer = z.infer<typeof LeadFieldAnswer>

export const LeadFieldsAnswer = z.object({ fields: z.array(LeadField) }).meta({ id: 'LeadFieldsAnswer' })
export type LeadFieldsAnswer = z.infer<typeof LeadFieldsAnswer>
