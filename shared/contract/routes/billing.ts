import { createRoute } from '@hono/zod-openapi'
import { BillingPageAnswer, OpenPortal, StartCheckout } from '../billing.ts'
import { OrganizationPath } from '../organizations.ts'
import { PlansAnswer } from '../plans.ts'
import {
  answer,
  bodyProblems,
  callerProblems,
  json,
  organizationHeader,
  publishableKey,
  refusals,
  signedIn,
} from './parts.ts'

// A page of Stripe's buys nothing by itself, and a repeated request gets another one: there is nothing to keep for a retry.
const common = { tags: ['billing'], security: signedIn, parameters: [organizationHeader] }
const ownerProblems = [
  ...callerProblems,
  ...bodyProblems,
  'not_found',
  'forbidden',
  'organization_suspended',
  'conflict',
  'rate_limited',
] as const

export const listPlans = createRoute({
  tags: ['billing'],
  security: publishableKey,
  method: 'get',
  path: '/billing/plans',
  operationId: 'listPlans',
  summary: 'List the plans',
  description: 'Whoever has the publishable key, also where nothing can be bought. Smallest first.',
  responses: {
    200: answer('The plans there are.', PlansAnswer),
    ...refusals('unauthenticated'),
  },
})

export const startCheckout = createRoute({
  ...common,
  method: 'post',
  path: '/billing/{organization_id}/checkout',
  operationId: 'startCheckout',
  summary: 'Buy a plan',
  description:
    'Owners, also of a suspended or cancelled organization. The plan changes when Stripe tells of the subscription, not ' +
    'when the browser comes back. A newer checkout ends the one before. `conflict`: the organization has a ' +
    'subscription; change it in the customer portal. `validation_failed`: no such plan is for sale, or a URL is not on an ' +
    'allowed origin. `unavailable`: Stripe does not answer, or billing is not set up here.',
  request: { params: OrganizationPath, body: json(StartCheckout) },
  responses: {
    201: answer('The checkout page.', BillingPageAnswer),
    ...refusals(...ownerProblems),
  },
})

export const openPortal = createRoute({
  ...common,
  method: 'post',
  path: '/billing/{organization_id}/portal',
  operationId: 'openPortal',
  summary: 'Open the customer portal',
  description:
    'Owners, also of a suspended or cancelled organization. There they change plan and payment, cancel, and find their ' +
    'invoices. `conflict`: nothing has been bought yet.',
  request: { params: OrganizationPath, body: json(OpenPortal) },
  responses: {
    201: answer('The portal page.', BillingPageAnswer),
    ...refusals(...ownerProblems),
  },
})
