import { toPointer } from './validation.ts'

// Postgres says which column or value it refused, not in which row. What was sent tells the row, where only one fits.

interface Row {
  path: PropertyKey[]
  values: Record<string, unknown>
}

const toRows = (sent: unknown): Row[] =>
  Array.isArray(sent)
    ? sent.flatMap((values, index) => isRow(values) ? [{ path: [index], values }] : [])
    : isRow(sent)
    ? [{ path: [], values: sent }]
    : []

const isRow = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Where the database points, in what was sent: it does not know of a row that comes alone that it came in an array. */
export const intoOnlyRow = (sent: unknown, pointer: string): string =>
  Array.isArray(sent) && sent.length === 1 ? toPointer([0]) + pointer : pointer

/** Points to a column: in the first row that has it, or in the first that lacks a value for it. */
export function findColumn(
  sent: unknown,
  column: string | undefined,
  state: 'present' | 'missing',
): string {
  if (column === undefined) return ''
  const row = toRows(sent).find(({ values }) =>
    state === 'present' ? Object.hasOwn(values, column) : (values[column] ?? null) === null
  )
  return row ? toPointer([...row.path, column]) : ''
}

/** Points to the value that Postgres quotes: the first one sent that reads the same. */
export function findValue(sent: unknown, text: string | undefined): string {
  if (text === undefined) return ''
  for (const { path, values } of toRows(sent)) {
    const column = Object.keys(values).find((key) => String(values[key]) === text)
    if (column !== undefined) return toPointer([...path, column])
  }
  return ''
}

/** Points to the column that a check named `<table>_<column>_<rule>` is about; only one row can't be mistaken. */
export function findConstraint(
  sent: unknown,
  constraint: string | undefined,
): string {
  const [row, ...others] = toRows(sent)
  if (!row || others.length > 0 || constraint === undefined) return ''
  const column = Object.keys(row.values)
    .filter((key) => `_${constraint}`.includes(`_${key}_`))
    .sort((a, b) => b.length - a.length)[0]
  return column === undefined ? toPointer(row.path) : toPointer([...row.path, column])
}
