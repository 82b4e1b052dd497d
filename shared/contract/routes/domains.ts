import { createRoute } from '@hono/zod-openapi'
import { ClaimDomain, DomainAnswer, DomainPath, DomainRemovedAnswer, DomainsAnswer, UpdateDomain } from '../domains.ts'
import { OrganizationPath } from '../organizations.ts'
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

const common = { tags: ['domains'], security: signedIn, parameters: [organizationHeader] }
const changing = { ...common, parameters: [organizationHeader, idempotencyKeyHeader] }
const adminProblems = ['not_found', 'forbidden', 'organization_suspended'] as const

export const claimDomain = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/domains',
  operationId: 'claimDomain',
  summary: 'Claim an e-mail domain',
  description:
    'Admins and above. The answer says which DNS record proves the claim. Public mail domains are refused; ' +
    '`conflict`: the organization has claimed it already.',
  request: { params: OrganizationPath, body: json(ClaimDomain) },
  responses: {
    201: keptAnswer('The claim; it lets nobody join until it is verified.', DomainAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...bodyProblems, ...adminProblems, 'conflict'),
  },
})

export const listDomains = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/domains',
  operationId: 'listDomains',
  summary: 'List the e-mail domains of an organization',
  description: 'Admins and above.',
  request: { params: OrganizationPath, query: Page },
  responses: {
    200: answer('A page of domains.', DomainsAnswer),
    ...refusals(...callerProblems, 'not_found', 'forbidden', 'validation_failed'),
  },
})

export const verifyDomain = createRoute({
  ...changing,
  method: 'post',
  path: '/organizations/{organization_id}/domains/{domain_id}/verify',
  operationId: 'verifyDomain',
  summary: 'Verify an e-mail domain',
  description:
    'Admins and above. Looks for the record in the DNS. `conflict`: it is not there, or another organization ' +
    'has verified the domain, which stays theirs until they remove it. A verified domain stays verified.',
  request: { params: DomainPath },
  responses: {
    200: keptAnswer('The domain, verified.', DomainAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...adminProblems, 'conflict', 'validation_failed'),
  },
})

export const updateDomain = createRoute({
  ...common,
  method: 'patch',
  path: '/organizations/{organization_id}/domains/{domain_id}',
  operationId: 'updateDomain',
  summary: 'Change how people of a domain join',
  description: 'Admins and above. Requests that are pending stay pending.',
  request: { params: DomainPath, body: json(UpdateDomain) },
  responses: {
    200: answer('The domain after the change.', DomainAnswer),
    ...refusals(...callerProblems, ...bodyProblems, ...adminProblems),
  },
})

export const removeDomain = createRoute({
  ...common,
  method: 'delete',
  path: '/organizations/{organization_id}/domains/{domain_id}',
  operationId: 'removeDomain',
  summary: 'Give an e-mail domain up',
  description: 'Admins and above. Nobody joins by it any more, and others can verify it; members stay.',
  request: { params: DomainPath },
  responses: {
    200: answer('The domain as it was, and how many pending requests ended with it.', DomainRemovedAnswer),
    ...refusals(...callerProblems, ...adminProblems, 'validation_failed'),
  },
})
