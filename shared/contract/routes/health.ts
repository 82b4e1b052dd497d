import { createRoute, z } from '@hono/zod-openapi'
import { HealthAnswer } from '../health.ts'
import { answer, anyone, refusals } from './parts.ts'

export const live = createRoute({
  method: 'get',
  path: '/health/live',
  operationId: 'live',
  tags: ['health'],
  summary: 'Whether functions run',
  description: 'Anyone. Needs no database.',
  security: anyone,
  responses: { 200: answer('They do.', HealthAnswer), ...refusals() },
})

export const ready = createRoute({
  method: 'get',
  path: '/health/ready',
  operationId: 'ready',
  tags: ['health'],
  summary: 'Whether requests can be served',
  description: 'Anyone. Asks the database through the Data API, as every other route does.',
  security: anyone,
  responses: { 200: answer('They can.', HealthAnswer), ...refusals() },
})

export const openApi = createRoute({
  method: 'get',
  path: '/openapi',
  operationId: 'openApi',
  tags: ['health'],
  summary: 'This document',
  description: 'Anyone. OpenAPI 3.1, made from the schemas that check the requests.',
  security: anyone,
  responses: { 200: answer('OpenAPI 3.1.', z.record(z.string(), z.unknown())), ...refusals() },
})
