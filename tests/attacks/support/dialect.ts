import { expect, inject } from 'vitest'
import type { Answer } from '../../functions/support/http.ts'

// Two programs serve `/rest/v1`: PostgREST, and lite's Data API where npm has no PostgREST for the platform. The laws
// are the same; how each says no differs here and there, and all of that is here.

type Refusal = readonly [status: number, code: string | undefined]

/** Which of the two is asked. */
export const dataApi = inject('dataApi')

/** What this Data API says in one of two ways. */
export const says = <Value>(ways: { postgrest: Value; lite: Value }): Value => ways[dataApi]

/** To a call of a function that is a trigger. */
export const triggerFunction = says<Refusal>({ postgrest: [404, 'PGRST202'], lite: [400, '42804'] })

/** To a row without any column, which lite can't write down. */
export const emptyRow = (refusal: Refusal): Refusal => says({ postgrest: refusal, lite: [400, '42601'] })

/** To bytes that are no UTF-8: PostgREST 12 breaks before it asks the database, lite looks for U+FFFD. */
export const notUtf8 = says({ postgrest: 500, lite: 200 })

/**
 * Whether an answer admits that something broke. Lite does so, with code SUP, at a quote without its end and at NUL in a
 * name, which PostgREST calls nonsense; nothing comes of either.
 */
export const isFailure = ({ status, body }: Answer): boolean =>
  status >= 500 && says({ postgrest: true, lite: Object(body).code !== 'SUP' })

/** The status and the code of an answer, to compare with a refusal. */
export const outcome = ({ status, body }: Answer): [number, unknown] => [status, Object(body).code]

/** The status of an answer, and the problem that the database named. */
export const hint = ({ status, body }: Answer): [number, unknown] => [status, Object(body).hint]

/**
 * Expects that an answer says no, whatever its words: no success, no failure of ours, no row, and no word of the
 * engine's.
 */
export function expectRefusal(answer: Answer, what = ''): void {
  expect(answer.status, `${what} ${answer.text}`).toBeGreaterThanOrEqual(400)
  expect(answer.status, `${what} ${answer.text}`).toBeLessThan(500)
  expect(Array.isArray(answer.body), what).toBe(false)
  expect(answer.text, what).not.toMatch(/tenancy\./)
}

/** Expects that nothing of what is listed is in an answer, but for the header that repeats the address. */
export function expectNothingOf(secrets: readonly string[], answer: Answer, what = ''): void {
  const headers = [...answer.headers].filter(([name]) => name !== 'content-location')
  const said = answer.text + JSON.stringify(headers)
  expect(secrets.filter((secret) => said.includes(secret)), what).toEqual([])
}
