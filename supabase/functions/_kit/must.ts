import type { z } from 'zod'
import { type DataApiError, toProblem } from './data-api-problem.ts'
import { Problem } from './problem.ts'

/** What a request to the Data API came to. */
export interface DataApiResult {
  data: unknown
  error: DataApiError | null
  status: number
}

/**
 * The answer of the Data API, checked against the schema that the contract promises; a refusal is thrown as a problem.
 * With the rows that were sent, a refusal points into them.
 */
export function must<Schema extends z.ZodType>(
  result: DataApiResult,
  schema: Schema,
  sent?: unknown,
): z.output<Schema> {
  if (result.error) throw toProblem(result.error, result.status, sent)
  const answer = schema.safeParse(result.data)
  if (answer.success) return answer.data
  throw new Problem('internal', {
    cause: new Error(
      `The database's answer breaks the contract: ${answer.error.message}`,
    ),
  })
}
