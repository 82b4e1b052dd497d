import Papa from 'papaparse'
import { toSafeCell } from '../../../../shared/safe-cell.ts'
import type { RowProblem } from './check.ts'
import type { Row } from './table.ts'

/** The column in which a file of failed rows says what is wrong with each. */
export const problemColumn = 'problem'

/** The rows that were not imported, as they were, with the reason: a file to mend and choose again. */
export function writeFailedRows(header: string[] | undefined, rows: Row[], problems: RowProblem[]): string {
  const problemOf = new Map(problems.map(({ row, problem }) => [row, problem]))
  const failed = rows.filter(({ number }) => problemOf.has(number))
  const width = failed.reduce((widest, { cells }) => Math.max(widest, cells.length), header?.length ?? 0)
  const pad = (cells: string[]) => Array.from({ length: width }, (_, n) => cells[n] ?? '')
  const lines = failed.map(({ number, cells }) => [...pad(cells), problemOf.get(number) ?? ''])
  const all = header ? [[...pad(header), problemColumn], ...lines] : lines
  // Spreadsheets take it for UTF-8 only with a mark in front.
  return `\ufeff${Papa.unparse(all.map((cells) => cells.map(toSafeCell)))}\r\n`
}
