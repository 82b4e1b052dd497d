import { z } from 'zod'
import type { LeadField } from './lead-fields.ts'

// What fits an organization's fields, in the words of the database (tenancy.custom_field_faults), which decides. Browsers say
// the same before anything is sent.

/** One thing that is wrong with the custom fields of a lead; without a key, they are no object at all. */
export interface CustomFieldFault {
  key?: string
  code: 'required' | 'invalid_value' | 'unrecognized_keys'
  message: string
}

const missing = 'Must have a value.'
const maxText = 1000
const email = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/
const url = /^https?:\/\/[!-.0-~]+(\/[!-~]*)?$/

type Definition = Pick<LeadField, 'key' | 'type' | 'required' | 'options'>

/** What is wrong with a value of a field; undefined where it fits. */
function faultOf({ type, required, options }: Definition, value: unknown): string | undefined {
  if (value === undefined || value === null) return required ? missing : undefined
  const text = typeof value === 'string' ? value : undefined
  switch (type) {
    case 'text':
      if (text === undefined) return 'Must be a text.'
      if ([...text].length > maxText) return 'Must have at most 1,000 characters.'
      return required && /^ *$/.test(text) ? missing : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'Must be a number.'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'Must be true or false.'
    case 'date':
      return isDate(text) ? undefined : 'Must be a date such as 2026-01-31.'
    case 'choice':
      return text !== undefined && options?.includes(text) ? undefined : 'Must be one of the options.'
    case 'email':
      return text !== undefined && text.length <= 254 && email.test(text)
        ? undefined
        : 'Must be an e-mail address such as iris@example.com.'
    case 'url':
      return text !== undefined && text.length <= 2000 && url.test(text)
        ? undefined
        : 'Must be a web address such as https://example.com.'
  }
}

// Postgres knows no year 0.
const isDate = (text: string | undefined): boolean => z.iso.date().safeParse(text).success && !text?.startsWith('0000')

/** What is wrong with the custom fields of a new lead, by the fields of its organization. Without any field, nothing is. */
export function customFieldFaults(fields: Definition[], values: unknown): CustomFieldFault[] {
  if (fields.length === 0) return []
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return [{ code: 'invalid_value', message: 'Must be an object.' }]
  }
  const known = new Map(fields.map((field) => [field.key, field]))
  const unknown = Object.keys(values).filter((key) => !known.has(key)).sort()
  return [
    ...unknown.map((key): CustomFieldFault => ({ key, code: 'unrecognized_keys', message: 'Unknown field.' })),
    ...fields.flatMap((field): CustomFieldFault[] => {
      const message = faultOf(field, Object.hasOwn(values, field.key) ? Reflect.get(values, field.key) : undefined)
      return message === undefined
        ? []
        : [{ key: field.key, code: message === missing ? 'required' : 'invalid_value', message }]
    }),
  ]
}

/**
 * The schema of `custom_fields` by an organization's fields.
 *
 * @example
 * const { data } = await client.leadFields.list(acme.id)
 * const CustomFields = toCustomFields(data.fields)
 * CustomFields.safeParse({ budget: 'much' }).error?.issues // [{ path: ['budget'], message: 'Must be a number.', … }]
 */
export const toCustomFields = (fields: Definition[]) =>
  z.record(z.string(), z.unknown(), 'Must be an object.').superRefine((values, context) => {
    for (const { key, message } of customFieldFaults(fields, values)) {
      context.addIssue({ code: 'custom', path: key === undefined ? [] : [key], message })
    }
  })

/** A field's value from how people write it, in a form or a file; what can't be one stays the text that it is. */
export function fromText({ type, options }: Pick<LeadField, 'type' | 'options'>, written: string): unknown {
  const text = written.trim()
  if (text === '') return undefined
  const lower = text.toLowerCase()
  switch (type) {
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text
    case 'boolean':
      return ['true', 'yes', '1'].includes(lower) ? true : ['false', 'no', '0'].includes(lower) ? false : text
    case 'choice':
      return options?.find((option) => option === text) ??
        options?.find((option) => option.toLowerCase() === lower) ?? text
    default:
      return text
  }
}

/** A value as people read it. */
export const toText = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'boolean'
    ? value ? 'Yes' : 'No'
    : typeof value === 'string'
    ? value
    : JSON.stringify(value)
