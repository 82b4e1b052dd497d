import { problemCodes, problems, problemType } from '../../shared/problems.ts'
import { code, generatedFrom, page, table } from './markdown.ts'

const example = {
  type: problemType('slug_taken'),
  title: problems.slug_taken.title,
  status: problems.slug_taken.status,
  detail: problems.slug_taken.when,
  code: 'slug_taken',
  instance: '6f1d2c1e-5a0b-4f4e-9d57-2f0c7a6f4b11',
}

/** docs/reference/problems.md: every refusal there is. */
export const problemsPage = (): string =>
  page([
    '# Problems',
    generatedFrom('shared/problems.ts'),
    'Every refusal of a function is `application/problem+json` (RFC 9457). Programs look at `code`; `title` and `detail` ' +
    'are for people and may change. `instance` is the id of the request, as in the header `x-request-id`.',
    '```json\n' + JSON.stringify(example, null, 2) + '\n```',
    '`validation_failed` also carries `errors`: a list of `{ pointer, code, message }`, where `pointer` is a JSON Pointer ' +
    '(RFC 6901) to the value in the request.',
    'The Data API answers what the database raises with one of these codes in its own form: the same HTTP status, `code` ' +
    'is `PT` and the status, `hint` is the code of this page. A row that a policy refuses is `42501` there, HTTP 403.',
    table(
      ['code', 'status', 'title', 'when'],
      problemCodes.map((name) => [
        code(name),
        String(problems[name].status),
        problems[name].title,
        problems[name].when,
      ]),
    ),
  ])
