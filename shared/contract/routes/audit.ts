import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { AuditAnswer, AuditPage, AuditVerificationAnswer, ExportAudit } from '../audit.ts'
import { OrganizationPath } from '../organizations.ts'
import { answer, bodyProblems, callerProblems, file, json, organizationHeader, refusals, signedIn } from './parts.ts'

const common = { tags: ['audit'], security: signedIn, parameters: [organizationHeader] }
const readProblems = [...callerProblems, 'not_found', 'forbidden', 'validation_failed'] as const

export const listAudit = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/audit',
  operationId: 'listAudit',
  summary: 'List who changed what',
  description:
    'Admins and above, also while the organization is suspended. Newest first; entries that come meanwhile ' +
    'do not move a page.',
  request: { params: OrganizationPath, query: AuditPage },
  responses: { 200: answer('A page of entries.', AuditAnswer), ...refusals(...readProblems) },
})

export const exportAudit = createRoute({
  ...common,
  method: 'post',
  path: '/organizations/{organization_id}/audit/export',
  operationId: 'exportAudit',
  summary: 'Export the audit log',
  description: 'Admins and above. All entries that fit, oldest first, as a file: CSV that no spreadsheet takes for ' +
    'formulas, or one JSON object a line. An export that fails halfway ends in a broken connection, never in a file ' +
    'that looks complete. It changes nothing.',
  request: { params: OrganizationPath, body: json(ExportAudit) },
  responses: {
    200: file('The entries.', { 'text/csv': { schema: z.string() }, 'application/jsonl': { schema: z.string() } }),
    ...refusals(...bodyProblems, ...readProblems),
  },
})

export const verifyAudit = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/audit/verification',
  operationId: 'verifyAudit',
  summary: 'Verify the audit log',
  description:
    'Admins and above. Follows the chain of hashes from the first entry to the last, and finds whatever was ' +
    'edited, removed, added or put in another order.',
  request: { params: OrganizationPath },
  responses: { 200: answer('Whether it is as it was written.', AuditVerificationAnswer), ...refusals(...readProblems) },
})
