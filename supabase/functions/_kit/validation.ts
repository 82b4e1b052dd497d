import type { z } from 'zod'
import type { InvalidValue } from '../../../shared/problems.ts'
import { Problem } from './problem.ts'

/** The RFC 6901 JSON Pointer of a path; the empty one is the whole document. */
export const toPointer = (path: PropertyKey[]): string =>
  path.map((part) => '/' + String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('')

/** What zod found, one entry for each value that is not acceptable. */
export const toProblemErrors = (
  issues: z.core.$ZodIssue[],
  base: PropertyKey[] = [],
): InvalidValue[] =>
  issues.flatMap((issue): InvalidValue[] => {
    const path = [...base, ...issue.path]
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: toPointer([...path, key]),
        code: issue.code,
        message: 'Unknown field.',
      }))
    }
    if (issue.code === 'invalid_union') {
      // The alternative that was meant is the one whose outermost type fits.
      const meant = issue.errors.find((errors) => !errors.some((e) => e.code === 'invalid_type' && e.path.length === 0))
      if (meant) return toProblemErrors(meant, path)
    }
    return [{
      pointer: toPointer(path),
      code: issue.code,
      message: issue.message,
    }]
  })

/** For OpenAPIHono: what a schema refuses is `validation_failed`. */
export function refuseInvalid(result: { success: true } | { success: false; error: z.core.$ZodError }): void {
  if (!result.success) throw toInvalid(result.error)
}

/** A value as the schema has it. Raises `validation_failed`. */
export function requireValid<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw toInvalid(result.error)
}

const toInvalid = ({ issues }: z.core.$ZodError) =>
  new Problem('validation_failed', { errors: toProblemErrors(issues) })
