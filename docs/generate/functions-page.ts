import { code, generatedFrom, page, table } from './markdown.ts'
import type { Document, Operation } from './openapi.ts'
import { toNotes, toSection, toType } from './schema-text.ts'

interface Route {
  title: string
  operation: Operation
}

const methods = ['get', 'post', 'put', 'patch', 'delete']
/** In the order in which people need them; what is not listed comes first, to be noticed. */
const tags = [
  'organizations',
  'members',
  'invitations',
  'domains',
  'lead fields',
  'branding',
  'joining',
  'audit',
  'active organization',
  'records',
  'health',
]
const byTagOrder = (a: Route, b: Route): number => tags.indexOf(a.operation.tags[0]) - tags.indexOf(b.operation.tags[0])

/** What every route can answer with, said once. */
const always = ['internal', 'unavailable']

/** docs/reference/functions.md: every route, and every object that goes in or comes out. */
export function functionsPage({ paths, components }: Document): string {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    methods.flatMap((method): Route[] => {
      const operation = operations[method]
      return operation ? [{ title: `${method.toUpperCase()} ${path}`, operation }] : []
    })
  )
  routes.sort(byTagOrder)
  const byTag = Map.groupBy(routes, ({ operation }) => operation.tags[0])
  return page([
    '# Functions',
    generatedFrom('shared/contract/routes'),
    'Paths are below `/functions/v1` of the project. Bodies are JSON with the column names of the tables. The headers ' +
    'are in [headers.md](headers.md), the codes in [problems.md](problems.md), the matrix of the tables in ' +
    `[roles.md](roles.md); [openapi.json](openapi.json) is the same as OpenAPI 3.1. Every route can also answer ${
      always.map(code).join(' and ')
    }.`,
    table(['route', 'who', 'what'], routes.map(toRow)),
    ...[...byTag].flatMap(([tag, routes]) => [`## ${capitalized(tag)}`, ...routes.flatMap(toRouteSection)]),
    '## Schemas',
    ...Object.entries(components.schemas).flatMap(([name, schema]) => toSection(name, schema)),
  ])
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** The anchor that a heading gets. */
const toAnchor = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-')

/** Each description begins with who may. */
const toWho = (description: string): string => description.split(/[.:]/, 1)[0] ?? ''

const toRow = ({ title, operation }: Route): string[] => [
  `[${code(title)}](#${toAnchor(title)})`,
  toWho(operation.description),
  operation.summary,
]

const toRouteSection = ({ title, operation }: Route): string[] => [
  `### ${title}`,
  `${operation.summary} (${code(operation.operationId)}). ${operation.description}`,
  [...operation.parameters.filter((parameter) => parameter.in !== 'header').map(toParameter), ...toBody(operation)]
    .join('\n'),
  toAnswers(operation),
]

function toParameter({ name, required, description, schema }: Operation['parameters'][number]): string {
  const notes = toNotes(schema, description)
  return `- ${code(name)}${required ? '' : ', optional'}: ${toType(schema)}${notes && `; ${notes}`}`
}

const toBody = ({ requestBody }: Operation): string[] =>
  Object.entries(requestBody?.content ?? {}).map(([, { schema }]) => `- body: ${toType(schema)}`)

function toAnswers({ responses }: Operation): string {
  const answers = Object.entries(responses).map(([status, { description, content }]) => {
    if (!content) return `- ${status}: ${description}`
    const schema = content['application/json']?.schema
    if (schema) return `- ${status} ${toType(schema)}: ${description}`
    if (status < '300') return `- ${status} ${Object.keys(content).map(code).join(' or ')}: ${description}`
    const codes = [...description.matchAll(/^`(\w+)`:/gm)].map(([, name]) => name ?? '')
    const rare = codes.filter((name) => !always.includes(name))
    return rare.length > 0 ? `- ${status} ${rare.map(code).join(', ')}` : ''
  })
  return answers.filter(Boolean).join('\n')
}
