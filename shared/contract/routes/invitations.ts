import { createRoute } from '@hono/zod-openapi'
import {
  CreateInvitation,
  CreateInvitationLink,
  InvitationAcceptedAnswer,
  InvitationAnswer,
  InvitationDeclinedAnswer,
  InvitationLinkAnswer,
  InvitationPage,
  InvitationPath,
  InvitationPreviewAnswer,
  InvitationsAnswer,
  InvitationSentAnswer,
  InvitationToken,
  ReceivedInvitationPath,
  ReceivedInvitationsAnswer,
} from '../invitations.ts'
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
  publishableKey,
  refusals,
  signedIn,
} from './parts.ts'

const common = { tags: ['invitations'], security: signedIn, parameters: [organizationHeader] }
const changing = { ...common, parameters: [organizationHeader, idempotencyKeyHeader] }
const adminProblems = ['not_found', 'forbidden', 'organization_suspended'] as const
const recipientProblems = ['not_found', 'email_mismatch', 'email_not_verified', 'rate_limited'] as const

export const createInvitation = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/invitations',
  operationId: 'createInvitation',
  summary: 'Invite somebody',
  description: 'Admins and above. Sends a mail with a link; the answer shows the token this once.',
  request: { params: OrganizationPath, body: json(CreateInvitation) },
  responses: {
    201: keptAnswer('The invitation; it stands even where `mail` is `failed`.', InvitationSentAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      ...bodyProblems,
      ...adminProblems,
      'already_member',
      'invitation_pending',
      'quota_exceeded',
      'rate_limited',
    ),
  },
})

export const createInvitationLink = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/invitation-links',
  operationId: 'createInvitationLink',
  summary: 'Make an invitation link',
  description:
    'Admins and above. Whoever has the link and a verified address joins as member, until it ends, is used ' +
    'up or revoked. It is listed and revoked like other invitations; the answer shows the token this once.',
  request: { params: OrganizationPath, body: json(CreateInvitationLink) },
  responses: {
    201: keptAnswer('The link.', InvitationLinkAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...bodyProblems, ...adminProblems, 'rate_limited'),
  },
})

export const listInvitations = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/invitations',
  operationId: 'listInvitations',
  summary: 'List the invitations of an organization',
  description: 'Admins and above. The pending ones, those of another `status`, or all.',
  request: { params: OrganizationPath, query: InvitationPage },
  responses: {
    200: answer('A page of invitations.', InvitationsAnswer),
    ...refusals(...callerProblems, 'not_found', 'forbidden', 'validation_failed'),
  },
})

export const revokeInvitation = createRoute({
  ...common,
  method: 'delete',
  path: '/organizations/{organization_id}/invitations/{invitation_id}',
  operationId: 'revokeInvitation',
  summary: 'Revoke an invitation',
  description: 'Admins and above. Its link stops working at once.',
  request: { params: InvitationPath },
  responses: {
    200: answer('The invitation, revoked.', InvitationAnswer),
    ...refusals(...callerProblems, ...adminProblems, 'conflict', 'validation_failed'),
  },
})

export const resendInvitation = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/invitations/{invitation_id}/resend',
  operationId: 'resendInvitation',
  summary: 'Send an invitation again',
  description: 'Admins and above. A new link replaces the old one, which stops working.',
  request: { params: InvitationPath },
  responses: {
    201: keptAnswer('The invitation with its new link.', InvitationSentAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      ...adminProblems,
      'conflict',
      'validation_failed',
      'rate_limited',
    ),
  },
})

export const previewInvitation = createRoute({
  ...common,
  method: 'post',
  path: '/invitations/preview',
  operationId: 'previewInvitation',
  summary: 'See what an invitation is for',
  description: 'Anyone with the publishable key and the token. Unknown, used, revoked and expired tokens look alike.',
  security: publishableKey,
  parameters: [],
  request: { body: json(InvitationToken) },
  responses: {
    200: answer('Which organization, as what, for whom.', InvitationPreviewAnswer),
    ...refusals('unauthenticated', ...bodyProblems, 'not_found', 'rate_limited'),
  },
})

export const acceptInvitation = createRoute({
  ...changing,
  method: 'post',
  path: '/invitations/accept',
  operationId: 'acceptInvitation',
  summary: 'Accept an invitation',
  description: 'The invited person: signed in, with the invited e-mail address, verified.',
  request: { body: json(InvitationToken) },
  responses: {
    200: keptAnswer('The organization that the caller belongs to now.', InvitationAcceptedAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      ...bodyProblems,
      ...recipientProblems,
      'organization_suspended',
      'already_member',
      'quota_exceeded',
      'conflict',
    ),
  },
})

export const declineInvitation = createRoute({
  ...changing,
  method: 'post',
  path: '/invitations/decline',
  operationId: 'declineInvitation',
  summary: 'Decline an invitation',
  description:
    'The invited person: signed in, with the invited e-mail address, verified. `conflict`: a link needs no answer.',
  request: { body: json(InvitationToken) },
  responses: {
    200: keptAnswer('What was declined.', InvitationDeclinedAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...bodyProblems, ...recipientProblems, 'conflict'),
  },
})

export const listReceivedInvitations = createRoute({
  ...common,
  method: 'get',
  path: '/invitations',
  operationId: 'listReceivedInvitations',
  summary: 'List the invitations one has received',
  description: 'Anyone signed in: the pending invitations to one’s verified e-mail address.',
  responses: {
    200: answer('All of them.', ReceivedInvitationsAnswer),
    ...refusals(...callerProblems, 'email_not_verified'),
  },
})

export const acceptReceivedInvitation = createRoute({
  ...changing,
  method: 'post',
  path: '/invitations/{invitation_id}/accept',
  operationId: 'acceptReceivedInvitation',
  summary: 'Accept an invitation that one has received',
  description: 'Anyone signed in with a verified e-mail address: one of the invitations that `GET /invitations` lists.',
  request: { params: ReceivedInvitationPath },
  responses: {
    200: keptAnswer('The organization that the caller belongs to now.', InvitationAcceptedAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      'validation_failed',
      'not_found',
      'email_not_verified',
      'organization_suspended',
      'already_member',
      'quota_exceeded',
      'conflict',
    ),
  },
})

export const declineReceivedInvitation = createRoute({
  ...changing,
  method: 'post',
  path: '/invitations/{invitation_id}/decline',
  operationId: 'declineReceivedInvitation',
  summary: 'Decline an invitation that one has received',
  description: 'Anyone signed in with a verified e-mail address: one of the invitations that `GET /invitations` lists.',
  request: { params: ReceivedInvitationPath },
  responses: {
    200: keptAnswer('What was declined.', InvitationDeclinedAnswer),
    ...refusals(
      ...callerProblems,
      ...idempotencyProblems,
      'validation_failed',
      'not_found',
      'email_not_verified',
    ),
  },
})
