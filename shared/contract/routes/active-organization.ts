import { createRoute } from '@hono/zod-openapi'
import { ActiveOrganizationAnswer, SetActiveOrganization } from '../active-organization.ts'
import { answer, bodyProblems, callerProblems, json, organizationHeader, refusals, signedIn } from './parts.ts'

const common = {
  tags: ['active organization'],
  path: '/active-organization' as const,
  security: signedIn,
  parameters: [organizationHeader],
}

export const getActiveOrganization = createRoute({
  ...common,
  method: 'get',
  operationId: 'getActiveOrganization',
  summary: 'See where requests act',
  description:
    'Anyone signed in. The header decides; else this session’s choice, else the last choice, else the only membership.',
  responses: {
    200: answer('The organization and the role there; nulls where nothing is active.', ActiveOrganizationAnswer),
    ...refusals(...callerProblems, 'not_found'),
  },
})

export const setActiveOrganization = createRoute({
  ...common,
  method: 'put',
  operationId: 'setActiveOrganization',
  summary: 'Switch to an organization',
  description: 'Members. Holds for this session only, so that two devices can be in two organizations.',
  request: { body: json(SetActiveOrganization) },
  responses: {
    200: answer('The organization and the role there.', ActiveOrganizationAnswer),
    ...refusals(...callerProblems, ...bodyProblems, 'not_found'),
  },
})

export const clearActiveOrganization = createRoute({
  ...common,
  method: 'delete',
  operationId: 'clearActiveOrganization',
  summary: "Forget this session's choice",
  description: 'Anyone signed in. Answers where requests act from now on.',
  responses: {
    200: answer('The organization and the role there; nulls where nothing is active.', ActiveOrganizationAnswer),
    ...refusals(...callerProblems, 'not_found'),
  },
})
