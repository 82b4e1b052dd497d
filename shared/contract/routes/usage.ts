import { createRoute } from '@hono/zod-openapi'
import { OrganizationPath } from '../organizations.ts'
import { OwnedUsageAnswer, UsageAnswer, UsagePage, UsageQuery } from '../usage.ts'
import { answer, callerProblems, organizationHeader, refusals, signedIn } from './parts.ts'

const common = { tags: ['usage'], security: signedIn, parameters: [organizationHeader] }

export const listUsage = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/usage',
  operationId: 'listUsage',
  summary: "Read the usage of all of one's organizations",
  description:
    'Anyone signed in: what each organization that one owns used in some days of its own time zone, oldest ' +
    'organization first, and all of them together. At most 366 days; without days, the last 30. Who is a member of two ' +
    'organizations is two members.',
  request: { query: UsagePage },
  responses: {
    200: answer('A page of organizations, and the totals of all.', OwnedUsageAnswer),
    ...refusals(...callerProblems, 'validation_failed'),
  },
})

export const getUsage = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/usage',
  operationId: 'getUsage',
  summary: 'Read the usage of an organization',
  description: 'Members, also while the organization is suspended. By day or by month of the time zone that the ' +
    'organization has now: at most 366 days or 36 months; without days, the last 30 or 12. Besides, what is left of the ' +
    'limits of its plan.',
  request: { params: OrganizationPath, query: UsageQuery },
  responses: {
    200: answer('What was used.', UsageAnswer),
    ...refusals(...callerProblems, 'not_found', 'validation_failed'),
  },
})
