import { createRoute } from '@hono/zod-openapi'
import { BrandingAnswer, BrandingQuery, OrganizationBrandingAnswer, UpdateBranding } from '../branding.ts'
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

const common = { tags: ['branding'], security: signedIn, parameters: [organizationHeader] }
const adminProblems = ['not_found', 'forbidden', 'organization_suspended'] as const

const found = answer('The branding; empty where there is none.', BrandingAnswer)
const cacheHeaders = {
  'cache-control': { schema: { type: 'string' as const }, description: 'Anybody may keep it for a minute.' },
  'etag': { schema: { type: 'string' as const }, description: 'To send as If-None-Match next time.' },
}

export const findBranding = createRoute({
  tags: ['branding'],
  security: publishableKey,
  method: 'get',
  path: '/branding',
  operationId: 'findBranding',
  summary: 'See how the product looks under a host',
  description:
    'Whoever has the publishable key, by `host` or by `slug`. An unknown organization, a deleted, suspended or cancelled ' +
    'one, one without branding and a host that is not proven look alike: `branding` is empty, and the product looks as ' +
    'it is.',
  request: { query: BrandingQuery },
  responses: {
    200: { ...found, headers: { ...found.headers, ...cacheHeaders } },
    304: { description: 'As it was: the `etag` is the one that the request names.', headers: cacheHeaders },
    ...refusals('unauthenticated', 'validation_failed'),
  },
})

export const getBranding = createRoute({
  ...common,
  method: 'get',
  path: '/organizations/{organization_id}/branding',
  operationId: 'getBranding',
  summary: 'Read the branding of an organization',
  description: 'Admins and above: with its host, and the DNS record that proves it.',
  request: { params: OrganizationPath },
  responses: {
    200: answer('The branding.', OrganizationBrandingAnswer),
    ...refusals(...callerProblems, 'not_found', 'forbidden', 'validation_failed'),
  },
})

export const updateBranding = createRoute({
  ...common,
  method: 'patch',
  path: '/organizations/{organization_id}/branding',
  operationId: 'updateBranding',
  summary: 'Change the branding of an organization',
  description:
    'Admins and above. Only what the body names changes; null is as the product is. Colors must be readable in their ' +
    'theme. Another `host` has to be verified anew, and the one before is free at once.',
  request: { params: OrganizationPath, body: json(UpdateBranding) },
  responses: {
    200: answer('The branding after the change.', OrganizationBrandingAnswer),
    ...refusals(...callerProblems, ...bodyProblems, ...adminProblems),
  },
})

export const verifyHost = createRoute({
  ...common,
  parameters: [organizationHeader, idempotencyKeyHeader],
  method: 'post',
  path: '/organizations/{organization_id}/branding/verify',
  operationId: 'verifyHost',
  summary: 'Verify the host of an organization',
  description:
    'Admins and above. Looks for the record in the DNS. `conflict`: it is not there, no host is set, or another ' +
    'organization has verified the host, which stays theirs until they give it up or are deleted.',
  request: { params: OrganizationPath },
  responses: {
    200: keptAnswer('The branding, with the host verified.', OrganizationBrandingAnswer),
    ...refusals(...callerProblems, ...idempotencyProblems, ...adminProblems, 'conflict', 'validation_failed'),
  },
})
