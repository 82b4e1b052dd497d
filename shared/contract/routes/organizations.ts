import { createRoute } from '@hono/zod-openapi'
import {
  CreateOrganization,
  OrganizationAnswer,
  OrganizationPage,
  OrganizationPath,
  OrganizationsAnswer,
  UpdateOrganization,
} from '../organizations.ts'
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

const common = { tags: ['organizations'], security: signedIn, parameters: [organizationHeader] }
const changing = { ...common, parameters: [organizationHeader, idempotencyKeyHeader] }

export const createOrganization = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations',
  operationId: 'createOrganization',
  summary: 'Found an organization',
  description: 'Anyone signed in. The caller becomes its owner, and it becomes active in this session.',
  request: { body: json(CreateOrganization) },
  responses: {
    201: keptAnswer('The organization.', OrganizationAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...bodyProblems, 'slug_taken', 'rate_limited'),
  },
})

export const listOrganizations = createRoute({
  ...common,
  method: 'get',
  path: '/organizations',
  operationId: 'listOrganizations',
  summary: "List one's organizations",
  description: 'Anyone signed in: the organizations one belongs to, oldest first, each with one’s role.',
  request: { query: OrganizationPage },
  responses: {
    200: answer('A page of organizations.', OrganizationsAnswer),
    ...refusals(...callerProblems, 'validation_failed'),
  },
})

export const getOrganization = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}',
  operationId: 'getOrganization',
  summary: 'Read an organization',
  description: 'Members. Its owners can read it while it is deleted, too.',
  request: { params: OrganizationPath },
  responses: {
    200: answer('The organization.', OrganizationAnswer),
    ...refusals(...callerProblems, 'not_found', 'validation_failed'),
  },
})

export const updateOrganization = createRoute({
  ...common,
  method: 'patch',
  path: '/organizations/{organization_id}',
  operationId: 'updateOrganization',
  summary: 'Change an organization',
  description: 'Admins and above. Only what the body names changes; `settings` is replaced as a whole.',
  request: { params: OrganizationPath, body: json(UpdateOrganization) },
  responses: {
    200: answer('The organization after the change.', OrganizationAnswer),
    ...refusals(
      ...callerProblems,
      ...bodyProblems,
      'not_found',
      'forbidden',
      'organization_suspended',
      'slug_taken',
      'conflict',
    ),
  },
})

export const deleteOrganization = createRoute({
  ...common,
  method: 'delete',
  path: '/organizations/{organization_id}',
  operationId: 'deleteOrganization',
  summary: 'Delete an organization',
  description:
    'Owners. It is gone for everyone at once; an owner can restore it for 30 days. A subscription ends with what is paid for.',
  request: { params: OrganizationPath },
  responses: {
    200: answer('The organization, with deleted_at.', OrganizationAnswer),
    ...refusals(...callerProblems, 'not_found', 'forbidden', 'validation_failed'),
  },
})

export const restoreOrganization = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/restore',
  operationId: 'restoreOrganization',
  summary: 'Restore a deleted organization',
  description:
    'Owners, within 30 days: it comes back as it was, and its subscription goes on unless it has ended meanwhile. `conflict`: it is not deleted.',
  request: { params: OrganizationPath },
  responses: {
    200: keptAnswer('The organization.', OrganizationAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, 'not_found', 'forbidden', 'conflict', 'validation_failed'),
  },
})
