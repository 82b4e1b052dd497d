import { createRoute } from '@hono/zod-openapi'
import { CreateRecords, LeadsAnswer, LeadSearch, RecordsAnswer, RecordsPath } from '../records.ts'
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

export const createRecords = createRoute({
  method: 'post',
  path: '/records/{table}',
  operationId: 'createRecords',
  tags: ['records'],
  summary: 'Store rows, stamped with the organization',
  description: 'By the access matrix of the table. One row or up to 1,000, all or nothing; the database stamps ' +
    '`organization_id` and `user_id`. Rows may differ in their keys: what a row leaves out gets its default.',
  security: signedIn,
  parameters: [organizationHeader, idempotencyKeyHeader],
  request: { params: RecordsPath, body: json(CreateRecords) },
  responses: {
    201: keptAnswer('The rows as stored.', RecordsAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      ...bodyProblems,
      'organization_required',
      'not_found',
      'forbidden',
      'organization_suspended',
      'conflict',
    ),
  },
})

export const searchLeads = createRoute({
  method: 'get',
  path: '/records/leads/search',
  operationId: 'searchLeads',
  tags: ['records'],
  summary: 'Look leads up',
  description:
    'Members. Leads that have every word of `q` somewhere in a name, the company, the e-mail or the number, ' +
    'whatever the case, the accents and the punctuation of numbers; a word of two characters or one counts where ' +
    'another begins with it. Leads that have the words whole come first, then those in which words begin so, then ' +
    'the others; of each the newest first.',
  security: signedIn,
  parameters: [organizationHeader],
  request: { query: LeadSearch },
  responses: {
    200: answer('A page of leads.', LeadsAnswer),
    ...refusals(...callerProblems, 'organization_required', 'not_found', 'forbidden', 'validation_failed'),
  },
})
