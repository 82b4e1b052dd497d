import { customFieldFaults, fromText } from '../../../../shared/contract/custom-fields.ts'
import type { LeadField } from '../../../../shared/contract/lead-fields.ts'
import { NewLead } from '../../../../shared/contract/leads.ts'
import { maxRecords } from '../../../../shared/contract/records.ts'
import { customTarget, type Mapping, type Target, targetsOf } from './columns.ts'
import type { Row } from './table.ts'

/** Why a row is not imported. */
export interface RowProblem {
  row: number
  problem: string
}

/** A row that can be imported. */
export interface GoodRow {
  row: number
  lead: NewLead & { custom_fields?: Record<string, unknown> }
}

export interface Checked {
  good: GoodRow[]
  bad: RowProblem[]
  duplicates: RowProblem[]
}

/** A number as people write it, without what is only there to be read: spaces, brackets, and 00 for the plus. */
export const toPhoneNumber = (text: string, countryCode = ''): string => {
  const bare = text.replace(/[\s().\-/\u2010-\u2015\u00a0\u202f]/g, '').replace(/^00(?=[1-9])/, '+')
  if (countryCode === '' || !/^\d+$/.test(bare)) return bare
  // Within a country a 0 stands before the number, or the country's own code without its plus.
  if (countryCode === '+1') return bare.length === 11 && bare.startsWith('1') ? `+${bare}` : `+1${bare}`
  return countryCode + bare.replace(/^0/, '')
}

/** Says what the words of a schema are about. */
const toSentence = (title: string, value: string, message: string): string => {
  const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value
  return `${title}${shown ? ` “${shown}”` : ''}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

/**
 * Sorts rows by whether they can be imported: well formed as the form for one lead has it, with
 * custom fields that fit those of the organization, and, unless `keepDuplicates`,
 * with a number that no earlier row of the file has.
 */
export function checkRows(
  rows: Row[],
  mapping: Mapping,
  { countryCode, keepDuplicates = false, fields = [] }: {
    countryCode?: string
    keepDuplicates?: boolean
    fields?: LeadField[]
  } = {},
): Checked {
  const checked: Checked = { good: [], bad: [], duplicates: [] }
  const firstWith = new Map<string, number>()
  const titles = new Map<string, string>(targetsOf(fields).map(({ target, title }) => [target, title]))
  for (const { number, cells } of rows) {
    if (cells.length > mapping.length && cells.slice(mapping.length).some(Boolean)) {
      checked.bad.push({ row: number, problem: `Row: has ${cells.length} columns, where there are ${mapping.length}.` })
      continue
    }
    const cellOf = (target: string) => cells[mapping.findIndex((mapped) => mapped === target)] ?? ''
    const say = (target: string, message: string) =>
      toSentence(titles.get(target) ?? 'Row', titles.has(target) ? cellOf(target) : '', message)
    const values: Partial<Record<Target, string>> = {}
    mapping.forEach((target, n) => {
      const cell = cells[n]
      if (target && cell && !target.startsWith('custom_fields.')) {
        values[target] = target === 'phone_number' ? toPhoneNumber(cell, countryCode) : cell
      }
    })
    const custom_fields = Object.fromEntries(
      fields.flatMap((field) => {
        const value = fromText(field, cellOf(customTarget(field)))
        return value === undefined ? [] : [[field.key, value]]
      }),
    )
    const { data, error } = NewLead.safeParse({ phone_number: '', ...values })
    const said = [
      ...error?.issues.map(({ path, message }) => {
        const target = String(path[0])
        return say(target, target === 'phone_number' && cellOf(target) === '' ? 'Must not be empty.' : message)
      }) ?? [],
      ...customFieldFaults(fields, custom_fields).map(({ key, message }) => say(`custom_fields.${key}`, message)),
    ]
    if (!data || said.length > 0) {
      checked.bad.push({ row: number, problem: said.join(' ') })
      continue
    }
    const first = firstWith.get(data.phone_number)
    if (first !== undefined) {
      const problem = `Phone number “${data.phone_number}”: is in row ${first} as well.`
      checked.duplicates.push({ row: number, problem })
      if (!keepDuplicates) continue
    } else firstWith.set(data.phone_number, number)
    const lead = Object.keys(custom_fields).length > 0 ? { ...data, custom_fields } : data
    checked.good.push({ row: number, lead })
  }
  return checked
}

const utf8 = new TextEncoder()
// Less than the megabyte that a request may have.
const maxBytes = 900_000

/** Cuts rows into requests, none of which has too many rows or is too large. */
export function toBatches(rows: GoodRow[]): GoodRow[][] {
  const batches: GoodRow[][] = []
  let batch: GoodRow[] = []
  let size = 0
  for (const row of rows) {
    const bytes = utf8.encode(JSON.stringify(row.lead)).length + 1
    if (batch.length === maxRecords || size + bytes > maxBytes) {
      batches.push(batch)
      batch = []
      size = 0
    }
    batch.push(row)
    size += bytes
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
