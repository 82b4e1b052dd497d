import { expect } from 'vitest'
import { type ProblemCode, problemMediaType, problems, problemType } from '../../../shared/problems.ts'
import type { Answer } from './http.ts'

/** What a test expects of an answer: the status of a success, or the code of a refusal. */
export type Expected = number | ProblemCode

/** Expects a refusal of this code, whole: status, media type, members, and the id of the request. */
export function expectProblem(answer: Answer, code: ProblemCode, what = ''): void {
  const { status, title } = problems[code]
  expect(answer.body, what).toMatchObject({
    type: problemType(code),
    title,
    status,
    code,
    detail: expect.stringMatching(/\S/),
    instance: answer.headers.get('x-request-id'),
  })
  expect(answer.status, what).toBe(status)
  expect(answer.headers.get('content-type'), what).toBe(problemMediaType)
}

/** Expects a success of this status, or a refusal of this code. */
export function expectAnswer(answer: Answer, expected: Expected, what = ''): void {
  if (typeof expected === 'string') return expectProblem(answer, expected, what)
  expect(answer.status, `${what} ${answer.text}`).toBe(expected)
}

/** The answer without what differs between any two requests. */
export const withoutInstance = (answer: Answer) => ({ ...Object(answer.body), instance: undefined })

/** The code of a refusal. */
export const codeOf = (answer: Answer): unknown => Object(answer.body).code

/** Where `errors` of a refusal point. */
export const pointersOf = (answer: Answer): string[] =>
  (Object(answer.body).errors ?? []).map((error: { pointer: string }) => error.pointer)
