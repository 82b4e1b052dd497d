import { createRoute } from '@hono/zod-openapi'
import { PlanPreviewAnswer, PlanPreviewPath } from '../plan-preview.ts'
import { answer, callerProblems, organizationHeader, refusals, signedIn } from './parts.ts'

export const previewPlan = createRoute({
  method: 'get',
  path: '/organizations/{organization_id}/plan-preview/{tier}',
  operationId: 'previewPlan',
  tags: ['organizations'],
  security: signedIn,
  parameters: [organizationHeader],
  summary: 'Preview a change of plan',
  description:
    'Admins and above: what the organization would have on another plan, and what it uses beyond that. A change of plan ' +
    'removes nothing; what is over stays, and the next one is refused. `validation_failed`: there is no such plan.',
  request: { params: PlanPreviewPath },
  responses: {
    200: answer('What it would be. Nothing is changed.', PlanPreviewAnswer),
    ...refusals(...callerProblems, 'not_found', 'forbidden', 'validation_failed'),
  },
})
