import fc from 'fast-check'
import type { Schema } from './schema.ts'
import { encode, filters, organizationHeader, selection, totalOrder } from './selecting.ts'
import type { Template } from './template.ts'
import { weighted } from './values.ts'

/** A request without who makes it. */
export type Unsigned = Omit<Template, 'actor'>

const counts = weighted(
  [30, fc.constant('')],
  [8, fc.constant('count=exact')],
  [1, fc.constantFrom('count=planned', 'count=estimated', 'COUNT=Planned', 'handling=lenient, count=estimated')],
)

const accepts = weighted<Record<string, string>>(
  [20, fc.constant({})],
  [
    3,
    fc.constantFrom(
      'application/vnd.pgrst.object+json',
      'text/csv',
      'application/vnd.pgrst.array+json;nulls=stripped',
      'application/vnd.pgrst.plan+json',
      'application/geo+json',
      'application/vnd.pgrst.object+json;nulls=stripped',
      'text/plain',
    ).map((accept) => ({ accept })),
  ],
)

/** Which part of a list, if not the whole; a part needs an order that both worlds have. */
interface Window {
  query: string[]
  headers: Record<string, string>
  ordered: boolean
}

/** How much of a list is asked for, and in which order. */
export function windows(schema: Schema, table: string): fc.Arbitrary<Window> {
  const columns = (schema.tables[table] ?? []).filter(({ type }) => type !== 'uuid').map(({ name }) => name)
  const order = fc.tuple(
    fc.constantFrom('', '', ...columns.filter((name) => !/_at$/.test(name))),
    fc.constantFrom('', '.desc', '.desc.nullslast', '.nullsfirst'),
  ).map(([column, how]) => `order=${column && `${column}${how},`}${totalOrder(schema, table)}`)
  const range = fc.tuple(fc.nat(3), fc.nat(3))
  return weighted<Window>(
    [4, fc.constant({ query: [], headers: {}, ordered: false })],
    [1, order.map((query) => ({ query: [query], headers: {}, ordered: true }))],
    [
      1,
      fc.tuple(order, range).map(([query, [limit, offset]]) => ({
        query: [query, `limit=${limit + 1}`, `offset=${offset}`],
        headers: {},
        ordered: true,
      })),
    ],
    [
      1,
      fc.tuple(order, range).map(([query, [from, more]]) => ({
        query: [query],
        headers: { 'range-unit': 'items', range: `${from}-${from + more}` },
        ordered: true,
      })),
    ],
  )
}

/** A GET or HEAD of a table. */
export function reading(schema: Schema, table: string): fc.Arbitrary<Unsigned> {
  return fc.tuple(
    weighted([6, fc.constant('GET')], [1, fc.constant('HEAD')]),
    weighted([1, fc.constant<string[]>([])], [3, selection(schema, table)]),
    filters(schema, table),
    windows(schema, table),
    counts,
    accepts,
    organizationHeader,
    weighted<Record<string, string>>([60, fc.constant({})], [1, fc.constant({ 'accept-profile': 'tenancy' })]),
  ).map(([method, select, conditions, { query, headers, ordered }, count, accept, organization, profile]) => ({
    api: 'rest',
    method,
    path: `/${table}${toQuery([...select, ...conditions, ...query])}`,
    headers: { ...headers, ...accept, ...organization, ...profile, ...(count && { prefer: count }) },
    ordered,
  }))
}

/** Joins the parts of a query. */
export const toQuery = (parts: string[]): string => parts.length === 0 ? '' : `?${parts.join('&')}`

/** Names that are no table of the API, or almost one. */
export const stranger: fc.Arbitrary<Unsigned> = fc.tuple(
  fc.constantFrom('GET', 'POST', 'DELETE', 'PATCH'),
  fc.constantFrom('/', '/lead', '/users', '/invitation_tokens', '/active_organizations', '/pg_class', '/tenancy.leads'),
  fc.constantFrom('', `?select=${encode('*')}`),
).map(([method, path, query]): Unsigned => ({
  api: 'rest',
  method,
  path: path + query,
  headers: method === 'GET' ? {} : { 'content-type': 'application/json' },
  ...(method === 'POST' || method === 'PATCH' ? { body: '{}' } : {}),
  ordered: false,
}))
