import fc from 'fast-check'
import type { Schema } from './schema.ts'
import { organizationId, textFor, weighted } from './values.ts'

const operatorsByType: Record<string, string[]> = {
  uuid: ['eq', 'eq', 'eq', 'neq', 'neq', 'in', 'in', 'is', 'gt', 'lt', 'like'],
  text: ['eq', 'neq', 'in', 'is', 'like', 'ilike', 'match', 'gt', 'fts', 'isdistinct'],
  bool: ['eq', 'is', 'neq'],
  _text: ['cs', 'cd', 'ov', 'is'],
  jsonb: ['cs', 'is', 'eq'],
}
const others = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'is']

/** A text for a query; what stands in braces stays. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/%7B([\w%]+?)%7D/g, (_, name: string) => `{${decodeURIComponent(name)}}`)

/** One condition, as `["status", "not.eq.new"]`. */
function condition(schema: Schema, table: string): fc.Arbitrary<[string, string]> {
  const columns = schema.tables[table] ?? []
  const near = columns.filter(({ name }) => ['id', 'organization_id', 'user_id', 'created_at'].includes(name))
  return weighted([2, fc.constantFrom(...columns)], [
    near.length > 0 ? 3 : 0,
    fc.constantFrom(...near, ...columns.slice(0, 1)),
  ])
    .chain((column) =>
      fc.tuple(
        fc.constantFrom(...(operatorsByType[column.type] ?? others)),
        textFor(schema, table, column),
        textFor(schema, table, column),
        weighted([5, fc.constant('')], [1, fc.constant('not.')]),
        weighted([12, fc.constant('')], [1, fc.constant('->>a')]),
      ).map(([operator, value, other, not, path]): [string, string] => {
        const operand = operator === 'in'
          ? `(${value},${other})`
          : operator === 'is'
          ? 'null'
          : operator.endsWith('like')
          ? `*${value}*`
          : value
        return [column.name + (column.type === 'jsonb' ? path : ''), `${not}${operator}.${operand}`]
      })
    )
}

/** Filters of a query: plain ones and groups. `prefix` is the embedded table they are about. */
export function filters(schema: Schema, table: string, most = 2, prefix = ''): fc.Arbitrary<string[]> {
  const plain = condition(schema, table).map(([column, test]) => `${prefix}${column}=${encode(test)}`)
  const group = fc.tuple(
    fc.constantFrom('or', 'and', 'not.or'),
    fc.array(condition(schema, table), { minLength: 2, maxLength: 3 }),
  ).map(([name, conditions]) =>
    `${prefix}${name}=(${conditions.map(([column, test]) => encode(`${column}.${test}`)).join(',')})`
  )
  return fc.array(weighted([5, plain], [1, group]), { maxLength: most })
}

interface Embedded {
  select: string
  filters: string[]
}

/** An embedded table with its own filters. */
function embed(schema: Schema, table: string, depth: number): fc.Arbitrary<Embedded> {
  const keys = schema.foreignKeys.filter(({ child, parent }) => child === table || parent === table)
  if (keys.length === 0) return fc.constant({ select: 'organizations(*)', filters: [] })
  return fc.constantFrom(...keys).chain(({ name, child, parent }) => {
    const up = child === table
    const other = up ? parent : child
    const none = fc.constant<Embedded>({ select: '', filters: [] })
    const inner = depth > 0 ? weighted([3, none], [1, embed(schema, other, depth - 1)]) : none
    return fc.tuple(
      weighted([3, fc.constant(`!${name}`)], [1, fc.constant('')]),
      fc.constantFrom('', '', '!inner', '!left'),
      weighted([8, fc.constant('')], [1, fc.constant(up ? '...' : '')], [1, fc.constant('near:')]),
      inner,
      filters(schema, other, 1, ''),
      weighted(
        [6, fc.constant('*')],
        [2, fc.constantFrom(...(schema.tables[other] ?? []).map(({ name }) => name))],
        [1, fc.constantFrom('count()', '')],
      ),
    ).map(([hint, join, before, nested, conditions, columns]) => {
      const called = before === 'near:' ? 'near' : other
      return {
        select: `${before}${other}${hint}${join}(${columns}${nested.select && `,${nested.select}`})`,
        filters: [...conditions, ...nested.filters].map((filter) => `${called}.${filter}`),
      }
    })
  })
}

/** `select=` with columns, casts and embedded tables, and the filters that go with it. */
export function selection(schema: Schema, table: string): fc.Arbitrary<string[]> {
  const columns = (schema.tables[table] ?? []).map(({ name, type }) => ({ name, type }))
  const column = fc.tuple(
    fc.constantFrom(...columns),
    fc.constantFrom('', '', '', '', '::text', '::int', 'alias:', '->a'),
  )
    .map(([{ name, type }, how]) => {
      if (how === 'alias:') return `a_${name}:${name}`
      if (how === '->a') return type === 'jsonb' ? `${name}->a` : name
      // A cast that fails names the value of one row, and of which is the plan's choice (allowed-differences.ts).
      return how === '::int' && !/^(int|numeric|bool)/.test(type) ? name : name + how
    })
  const list = weighted(
    [12, fc.constant('*')],
    [8, fc.array(column, { minLength: 1, maxLength: 4 }).map((all) => [...new Set(['id', ...all])].join(','))],
    [1, fc.constantFrom('count()', 'id.count()', '*,nothing', 'id,', '')],
  )
  return fc.tuple(list, fc.array(embed(schema, table, 1), { maxLength: 1 })).map(([chosen, embeds]) => [
    `select=${[chosen, ...embeds.map(({ select }) => select)].join(',')}`,
    ...embeds.flatMap(({ filters }) => filters),
  ])
}

/** The header that says in which organization a request acts; mostly absent. */
export const organizationHeader: fc.Arbitrary<Record<string, string>> = weighted<Record<string, string>>(
  [14, fc.constant({})],
  [4, organizationId.map((id) => ({ 'x-organization-id': id }))],
  [1, fc.constantFrom('x', '{org:globex},{org:acme}', "' or 1=1").map((text) => ({ 'x-organization-id': text }))],
)

/** A sequence of columns after which no two rows are equal, in the same order in both worlds. */
export function totalOrder({ tables }: Schema, table: string): string {
  const names = (tables[table] ?? []).map(({ name }) => name)
  const keys = ['created_at', 'joined_at', 'occurred_at', 'id', 'user_id', 'organization_id'].filter((name) =>
    names.includes(name)
  )
  return keys.map((name) => name === 'created_at' ? 'created_at.desc' : name).join(',')
}
