import { createRoute } from '@hono/zod-openapi'
import { CreateRecords, RecordsAnswer, RecordsPath } from '../records.ts'
import {
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
