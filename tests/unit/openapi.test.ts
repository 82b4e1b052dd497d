import { beforeAll, describe, expect, it } from 'vitest'
import { createOpenApiDocument } from '../../shared/contract/openapi.ts'
import { routes } from '../../shared/contract/routes/index.ts'
import { problemCodes } from '../../shared/problems.ts'
import { createFunctions } from './support/functions.ts'

const document = createOpenApiDocument()
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
    const operation = item[method]
    return operation ? [{ name: `${method} ${path}`, path, operation }] : []
  })
)

const honours = ({ parameters = [] }: (typeof operations)[number]['operation']): boolean =>
  parameters.some((parameter) => 'name' in parameter && parameter.name === 'idempotency-key')

describe('the document', () => {
  let served: unknown
  beforeAll(async () => {
    const response = await createFunctions().send('/openapi')
    expect(response.headers.get('content-type')).toBe('application/json')
    served = await response.json()
  })

  it('is what the function serves', () => expect(served).toEqual(JSON.parse(JSON.stringify(document))))

  it('is OpenAPI 3.1 and has every route once', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(operations).toHaveLength(Object.keys(routes).length)
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids)).toEqual(new Set(Object.keys(routes)))
  })

  it('refers only to what it has', () => {
    const components: Record<string, object> = { ...document.components }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)]
    expect(references.length).toBeGreaterThan(50)
    for (const [, kind = '', name = ''] of references) expect(Object.keys(components[kind] ?? {})).toContain(name)
  })

  it('lists every code of the registry', () => {
    expect(document.components?.schemas?.Problem).toMatchObject({ properties: { code: { enum: problemCodes } } })
  })

  it.each(operations)('$name says who may, what it takes and how it refuses', ({ path, operation }) => {
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/)
    expect(operation.description).toMatch(/\.$/)
    expect(operation.security).toBeDefined()
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = (operation.parameters ?? []).flatMap((parameter) =>
      'in' in parameter && parameter.in === 'path' ? [parameter.name] : []
    )
    expect(declared).toEqual(inPath)
    const statuses = Object.keys(operation.responses ?? {})
    const isEither = operation.operationId === 'joinOrganization'
    expect(statuses.filter((status) => status < '300')).toHaveLength(isEither ? 2 : 1)
    expect(statuses).toEqual(expect.arrayContaining(['500', '503', ...(operation.security?.length ? ['401'] : [])]))
    if (operation.requestBody) expect(statuses).toEqual(expect.arrayContaining(['400', '413', '415', '422']))
    for (const status of statuses.filter((status) => status >= '400')) {
      expect(operation.responses?.[status].content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      })
    }
  })

  // What a POST of a signed-in person reads, for want of a method with a body, and what leads to a page of Stripe's and
  // buys nothing: nothing to repeat, nothing to keep.
  const readingPosts = ['exportAudit', 'startCheckout', 'openPortal']
  const posts = operations.filter(({ name, operation }) =>
    name.startsWith('post ') && operation.security?.some((one) => 'accessToken' in one)
  )

  it.each(posts)('$name makes a retry safe, or only reads', ({ operation }) => {
    const reads = readingPosts.includes(operation.operationId ?? '')
    expect(honours(operation)).toBe(!reads)
  })

  it.each(operations)('$name says what an idempotency key does there, or takes none', ({ operation }) => {
    const { responses = {} } = operation
    const says = (status: string, word: string) => JSON.stringify(responses[status] ?? '').includes(word)
    const success = Object.keys(responses).find((status) => status < '300') ?? ''
    const parts = [
      says('409', '`idempotency_in_progress`'),
      says('422', '`idempotency_key_reused`'),
      says(success, 'idempotent-replayed'),
    ]
    expect(parts).toEqual(parts.map(() => honours(operation)))
  })
})
