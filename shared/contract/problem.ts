import { z } from 'zod'
import { problemCodes } from '../problems.ts'
import { QuotaExceeded } from './quotas.ts'

/** `ProblemDetails` of shared/problems.ts as a schema, for the OpenAPI document. */
export const ProblemBody = z.looseObject({
  type: z.string().meta({ description: 'A stable URI for this kind of problem.' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'What happened this time, for people.' }),
  code: z.enum(problemCodes).meta({ description: 'What happened, for programs.' }),
  instance: z.string().meta({ description: 'The id of the request, as in x-request-id.' }),
  errors: z.array(z.object({
    pointer: z.string().meta({ description: 'RFC 6901 JSON Pointer to the value, or to the parameter of that name.' }),
    code: z.string(),
    message: z.string(),
  })).optional().meta({ description: 'Only with validation_failed.' }),
  quota: QuotaExceeded.shape.quota.optional().meta({ description: 'Only with quota_exceeded, as what follows.' }),
  limit: QuotaExceeded.shape.limit.optional(),
  used: QuotaExceeded.shape.used.optional(),
  requested: QuotaExceeded.shape.requested.optional(),
  plan: QuotaExceeded.shape.plan.optional(),
  resets_at: QuotaExceeded.shape.resets_at.optional(),
}).meta({ id: 'Problem' })
