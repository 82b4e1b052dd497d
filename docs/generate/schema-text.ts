import { code, table } from './markdown.ts'
import type { Schema } from './openapi.ts'

const nameOf = (ref: string): string => ref.split('/').at(-1) ?? ref

/** What kind of value a schema asks for, in words. */
export function toType(schema: Schema): string {
  if (schema.$ref) return `[${nameOf(schema.$ref)}](#${nameOf(schema.$ref).toLowerCase()})`
  if (schema.anyOf) return schema.anyOf.map(toType).join(', or ')
  if (schema.allOf) return toTypeOfAll(schema.allOf)
  const types = [schema.type ?? 'any'].flat()
  const nullable = types.includes('null') ? ' or null' : ''
  if (schema.enum) return `one of ${schema.enum.map(code).join(', ')}${nullable}`
  if (schema.items) return `array of ${toType(schema.items)}${nullable}`
  const type = types.filter((name) => name !== 'null').join(' or ')
  return `${type}${schema.format ? ` (${schema.format})` : ''}${nullable}`
}

function toTypeOfAll(schemas: Schema[]): string {
  const named = schemas.filter(({ $ref }) => $ref)
  const nullable = schemas.some(({ type }) => [type].flat().includes('null'))
  return named.map(toType).join(' and ') + (nullable ? ' or null' : '')
}

function toRange(min: number | undefined, max: number | undefined, unit: string): string {
  if (min === undefined && max === undefined) return ''
  if (min === undefined) return `at most ${max}${unit}`
  return max === undefined ? `at least ${min}${unit}` : `${min} to ${max}${unit}`
}

/** What else a schema says about a value. */
export function toNotes(schema: Schema, description = schema.description): string {
  return [
    toRange(schema.minLength, schema.maxLength, ' characters'),
    toRange(schema.minimum, schema.maximum, ''),
    toRange(schema.minItems, schema.maxItems, ' entries'),
    schema.pattern && `matches ${code(schema.pattern)}`,
    schema.default !== undefined && `default ${code(JSON.stringify(schema.default))}`,
    description,
  ].filter(Boolean).join('; ')
}

const isOpen = ({ additionalProperties }: Schema): boolean =>
  additionalProperties !== undefined && additionalProperties !== false

/** The section of a named schema. */
export function toSection(name: string, schema: Schema): string[] {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) {
    const anything = schema.type === 'object' ? 'object with any fields' : toType(schema)
    const notes = toNotes({ ...schema, ...schema.anyOf?.find(({ items }) => items) }, schema.description)
    return [`### ${name}`, [anything, notes].filter(Boolean).join('; ') + '.']
  }
  const fields = properties.map(([field, value]) => [
    code(field) + (schema.required.includes(field) ? '' : ', optional'),
    toType(value),
    toNotes(value),
  ])
  return [
    `### ${name}`,
    schema.minProperties ? `At least ${schema.minProperties} of:` : '',
    table(['field', 'type', ''], fields),
    isOpen(schema) ? 'Further fields depend on the case.' : '',
  ]
}
