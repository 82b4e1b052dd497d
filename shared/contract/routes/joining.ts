import { createRoute } from '@hono/zod-openapi'
import {
  JoinableOrganizationsAnswer,
  JoinedAnswer,
  JoinOrganization,
  JoinRequestAnswer,
  JoinRequestedAnswer,
  JoinRequestPage,
  JoinRequestPath,
  JoinRequestsAnswer,
} from '../joining.ts'
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

const common = { tags: ['joining'], security: signedIn, parameters: [organizationHeader] }
const changing = { ...common, parameters: [organizationHeader, idempotencyKeyHeader] }
const adminProblems = ['not_found', 'forbidden', 'organization_suspended'] as const

export const listJoinableOrganizations = createRoute({
  ...common,
  method: 'get',
  path: '/invitations/organizations',
  operationId: 'listJoinableOrganizations',
  summary: 'List the organizations that one may join',
  description: 'Anyone signed in: the organization that has verified the domain of one’s own verified e-mail address.',
  responses: {
    200: answer('All of them; none for most people.', JoinableOrganizationsAnswer),
    ...refusals(...callerProblems),
  },
})

export const joinOrganization = createRoute({
  ...changing,
  method: 'post',
  path: '/invitations/join',
  operationId: 'joinOrganization',
  summary: 'Join an organization by its e-mail domain',
  description:
    'Whoever has a verified e-mail address at a verified domain of the organization; to everybody else it is ' +
    'not there. Joins as member at once, or asks the admins. `conflict`: they refused less than seven days ago.',
  request: { body: json(JoinOrganization) },
  responses: {
    200: keptAnswer('The organization that the caller belongs to now.', JoinedAnswer),
    202: keptAnswer('The request; an admin decides.', JoinRequestedAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      ...bodyProblems,
      'not_found',
      'already_member',
      'conflict',
      'quota_exceeded',
    ),
  },
})

export const listJoinRequests = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/join-requests',
  operationId: 'listJoinRequests',
  summary: 'List the requests to join an organization',
  description: 'Admins and above. The pending ones, those of another `status`, or all.',
  request: { params: OrganizationPath, query: JoinRequestPage },
  responses: {
    200: answer('A page of requests.', JoinRequestsAnswer),
    ...refusals(...callerProblems, 'not_found', 'forbidden', 'validation_failed'),
  },
})

export const approveJoinRequest = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/join-requests/{request_id}/approve',
  operationId: 'approveJoinRequest',
  summary: 'Let somebody in who asked',
  description:
    'Admins and above. The person becomes a member. `conflict`: the request is decided already, or the person ' +
    'has no verified address at a domain of the organization any more.',
  request: { params: JoinRequestPath },
  responses: {
    200: keptAnswer('The request, approved.', JoinRequestAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      ...adminProblems,
      'conflict',
      'quota_exceeded',
      'validation_failed',
    ),
  },
})

export const refuseJoinRequest = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/join-requests/{request_id}/refuse',
  operationId: 'refuseJoinRequest',
  summary: 'Refuse somebody who asked to join',
  description: 'Admins and above. The person can ask again after seven days. `conflict`: it is decided already.',
  request: { params: JoinRequestPath },
  responses: {
    200: keptAnswer('The request, refused.', JoinRequestAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...adminProblems, 'conflict', 'validation_failed'),
  },
})
