import { createRoute } from '@hono/zod-openapi'
import { CreateLeadField, LeadFieldAnswer, LeadFieldPath, LeadFieldsAnswer, UpdateLeadField } from '../lead-fields.ts'
import { OrganizationPath } from '../organizations.ts'
import {
  answer,
  bodyProblems,
  callerProblems,
  idempotencyKeyHeader,
  idempotencyProblems,
  json,
  keptAnswer,
  organizationHeader,
  refusals,
  signedIn,
} from './parts.ts'

const common = { tags: ['lead fields'], security: signedIn, parameters: [organizationHeader] }
const changing = { ...common, parameters: [organizationHeader, idempotencyKeyHeader] }
const adminProblems = ['not_found', 'forbidden', 'organization_suspended'] as const

export const listLeadFields = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/lead-fields',
  operationId: 'listLeadFields',
  summary: 'List the fields that leads have',
  description: 'Members. All of them, at most 50, in their order.',
  request: { params: OrganizationPath },
  responses: {
    200: answer('The fields.', LeadFieldsAnswer),
    ...refusals(...callerProblems, 'not_found', 'validation_failed'),
  },
})

export const createLeadField = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/lead-fields',
  operationId: 'createLeadField',
  summary: 'Add a field that leads have',
  description:
    'Admins and above. From now on, what is written to `custom_fields` of leads has to fit the fields; leads that ' +
    'are there stay as they are. `conflict`: the key is taken, or there are 50 fields.',
  request: { params: OrganizationPath, body: json(CreateLeadField) },
  responses: {
    201: keptAnswer('The field.', LeadFieldAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...bodyProblems, ...adminProblems, 'conflict'),
  },
})

export const updateLeadField = createRoute({
  ...common,
  method: 'patch',
  path: '/organizations/{organization_id}/lead-fields/{field_id}',
  operationId: 'updateLeadField',
  summary: 'Change a field that leads have',
  description: 'Admins and above. Key and type stay. Values that are there are not asked again until they are changed.',
  request: { params: LeadFieldPath, body: json(UpdateLeadField) },
  responses: {
    200: answer('The field after the change.', LeadFieldAnswer),
    ...refusals(...callerProblems, ...bodyProblems, ...adminProblems),
  },
})

export const removeLeadField = createRoute({
  ...common,
  method: 'delete',
  path: '/organizations/{organization_id}/lead-fields/{field_id}',
  operationId: 'removeLeadField',
  summary: 'Remove a field that leads have',
  description: 'Admins and above. Leads keep their values of it, which can stay or go but not change.',
  request: { params: LeadFieldPath },
  responses: {
    200: answer('The field as it was.', LeadFieldAnswer),
    ...refusals(...callerProblems, ...adminProblems, 'validation_failed'),
  },
})
