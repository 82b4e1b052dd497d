import { createRoute } from '@hono/zod-openapi'
import {
  MemberAnswer,
  MemberChangedAnswer,
  MemberPath,
  MembersAnswer,
  TransferOwnership,
  UpdateMember,
} from '../members.ts'
import { OrganizationAnswer, OrganizationPath } from '../organizations.ts'
import { Page } from '../page.ts'
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

const common = { tags: ['members'], security: signedIn, parameters: [organizationHeader] }
const changing = { ...common, parameters: [organizationHeader, idempotencyKeyHeader] }
const adminProblems = ['not_found', 'forbidden', 'organization_suspended'] as const

export const listMembers = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/members',
  operationId: 'listMembers',
  summary: 'List the members of an organization',
  description: 'Members. In the order they joined.',
  request: { params: OrganizationPath, query: Page },
  responses: {
    200: answer('A page of members.', MembersAnswer),
    ...refusals(...callerProblems, 'not_found', 'validation_failed'),
  },
})

export const changeMember = createRoute({
  ...common,
  method: 'patch',
  path: '/organizations/{organization_id}/members/{user_id}',
  operationId: 'changeMember',
  summary: 'Change the role of a member',
  description: 'Admins and above. Nobody changes or grants a role above their own, and it holds at once. Pending ' +
    'invitations of somebody who may no longer invite end with it.',
  request: { params: MemberPath, body: json(UpdateMember) },
  responses: {
    200: answer('The member, and what ended.', MemberChangedAnswer),
    ...refusals(...callerProblems, ...bodyProblems, ...adminProblems, 'last_owner'),
  },
})

export const removeMember = createRoute({
  ...common,
  method: 'delete',
  path: '/organizations/{organization_id}/members/{user_id}',
  operationId: 'removeMember',
  summary: 'Remove a member, or leave',
  description:
    'Admins and above, nobody above their own role; oneself: any member. It holds at once; what the person ' +
    'made stays with the organization.',
  request: { params: MemberPath },
  responses: {
    200: answer('Who was a member, and what ended.', MemberChangedAnswer),
    ...refusals(...callerProblems, ...adminProblems, 'last_owner', 'validation_failed'),
  },
})

export const suspendMember = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/members/{user_id}/suspend',
  operationId: 'suspendMember',
  summary: 'Suspend a member',
  description:
    'Admins and above, nobody above their own role. The person is shut out at once, keeps role and place in ' +
    'the list, and takes no seat. `conflict`: nobody suspends themselves.',
  request: { params: MemberPath },
  responses: {
    200: keptAnswer('The member, and what ended.', MemberChangedAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      ...adminProblems,
      'last_owner',
      'conflict',
      'validation_failed',
    ),
  },
})

export const reactivateMember = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/members/{user_id}/reactivate',
  operationId: 'reactivateMember',
  summary: 'Reactivate a suspended member',
  description: 'Admins and above, nobody above their own role. The person has the role from before again.',
  request: { params: MemberPath },
  responses: {
    200: keptAnswer('The member.', MemberAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...adminProblems, 'quota_exceeded', 'validation_failed'),
  },
})

export const transferOwnership = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/transfer-ownership',
  operationId: 'transferOwnership',
  summary: 'Transfer ownership',
  description: 'Owners. An active member becomes owner, and the caller an admin.',
  request: { params: OrganizationPath, body: json(TransferOwnership) },
  responses: {
    200: keptAnswer('The organization; `role` is what the caller is now.', OrganizationAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...bodyProblems, ...adminProblems),
  },
})
