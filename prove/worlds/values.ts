import fc from 'fast-check'
import { people } from './company.ts'
import type { Column, Schema } from './schema.ts'

/** Picks among arbitraries by weight. */
export const weighted = <Value>(...choices: [number, fc.Arbitrary<Value>][]): fc.Arbitrary<Value> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

const one = <Value extends string>(...values: Value[]): fc.Arbitrary<string> => fc.constantFrom(...values)

/** Ids of organizations: one's own, somebody else's, nobody's. */
export const organizationId = weighted(
  [5, one('{org:acme}')],
  [2, one('{org:second}', '{made:organizations:0}', '{made:organizations:1}')],
  [3, one('{org:globex}', '{org:hooli}')],
  [1, one('{random:0}')],
)

/** Ids of people. */
export const userId = weighted(
  [4, one(...people.map((person) => `{user:${person}}`))],
  [3, one('{user:bob}', '{user:bea}')],
  [1, one('{random:1}')],
)

/** Addresses of people, of invited ones, and new ones. */
export const address = weighted(
  [3, one('{address:lone}', '{address:removed}', '{address:member}', '{address:double}')],
  [2, one('{address:bob}', '{address:bea}', '{address:guest}')],
  [3, fc.nat(5).map((n) => `{address:new:${n}}`)],
)

/** Tokens of invitations that earlier requests made, and one that is nobody's. */
export const token = weighted([5, fc.nat(3).map((n) => `{token:${n}}`)], [1, one('{token:unknown}')])

/** Ids of rows of a table. */
export function rowId(table: string): fc.Arbitrary<string> {
  if (table === 'organizations') return organizationId
  if (table === 'profiles') return userId
  return weighted(
    [4, one(`{own:${table}}`)],
    [4, fc.nat(5).map((n) => `{made:${table}:${n}}`)],
    [4, one(`{foreign:${table}}`)],
    [1, one(`{second:${table}}`)],
    [1, fc.nat(3).map((n) => `{random:${n}}`)],
  )
}

/** Ids that a column can hold: of the table that it refers to, of organizations, of people. */
export function idFor({ foreignKeys }: Schema, table: string, column: string): fc.Arbitrary<string> {
  if (column === 'organization_id') return organizationId
  if (column === 'id') return rowId(table)
  const key = foreignKeys.find((key) => key.child === table && key.column === column)
  return key ? rowId(key.parent) : userId
}

const words = ['new', 'changed', 'Spring', '+15550100', 'google', '(', '5', "O'Neil", 'Ünï']

/** A value that a column may be compared with, as filters write it; some are of the wrong type. */
export function textFor(schema: Schema, table: string, { name, type }: Column): fc.Arbitrary<string> {
  const right = (): fc.Arbitrary<string> => {
    switch (type) {
      case 'uuid':
        return idFor(schema, table, name)
      case 'bool':
        return one('true', 'false')
      case 'timestamptz':
        return one('2024-01-01T00:00:00Z', '2024-04-12T00:00:00Z', '2024-06-01T00:00:00Z')
      case 'int4':
      case 'int8':
      case 'numeric':
        return one('0', '1', '7', '-3', '5000')
      case 'time':
        return one('09:00', '12:30')
      case 'organization_role':
        return one('owner', 'member')
      case '_text':
        return one('{}', '{a,b}')
      case 'jsonb':
        return one('{}', '[]', '5')
      default:
        return weighted([6, one(...words)], [1, address])
    }
  }
  return weighted([19, right()], [1, one('nonsense')])
}

/** A value that a column may be given in a JSON body, mostly of the right type. */
export function valueFor(schema: Schema, table: string, column: Column): fc.Arbitrary<unknown> {
  const { name, type } = column
  const right = (): fc.Arbitrary<unknown> => {
    switch (type) {
      case 'uuid':
        return idFor(schema, table, name)
      case 'bool':
        return fc.boolean()
      case 'int4':
      case 'int8':
      case 'numeric':
        return fc.constantFrom(1, 7, 0, -1)
      case 'jsonb':
        return fc.constantFrom({ a: '5' }, { a: 'x' }, [], {})
      case '_text':
        return fc.constantFrom(['a', 'b'], [])
      case 'timestamptz':
      case 'time':
        return textFor(schema, table, column)
      default:
        return weighted<unknown>([8, one(...words)], [1, fc.constant(null)])
    }
  }
  return weighted<unknown>([24, right()], [1, fc.constant('nonsense')])
}
