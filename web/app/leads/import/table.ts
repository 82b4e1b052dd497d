import Papa from 'papaparse'
import { fromSafeCell } from '../../../../shared/safe-cell.ts'

/** What stands between columns. */
export const delimiters = { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab', '|': 'Vertical bar' } as const
export type Delimiter = keyof typeof delimiters

/** The delimiter of a choice in a form; undefined for every other text. */
export const toDelimiter = (text: string): Delimiter | undefined =>
  Object.keys(delimiters).find((known): known is Delimiter => known === text)

/** A row as it is in the file. The first row has the number 1, as spreadsheets count. */
export interface Row {
  number: number
  cells: string[]
}

export interface Table {
  delimiter: Delimiter
  rows: Row[]
  /** Rows whose quotation marks do not fit together: what follows may have been taken for one cell. */
  torn: number[]
}

function guessDelimiter(text: string): Delimiter {
  const { meta } = Papa.parse<string[]>(text, {
    delimitersToGuess: Object.keys(delimiters),
    preview: 20,
    // They would count as rows of one column.
    skipEmptyLines: 'greedy',
  })
  return toDelimiter(meta.delimiter) ?? ','
}

/** Reads CSV. Without a delimiter, the one is taken that makes columns of the first rows. */
export function readTable(text: string, delimiter?: Delimiter): Table {
  const separator = delimiter ?? guessDelimiter(text)
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: separator })
  return {
    delimiter: separator,
    rows: data
      .map((cells, n) => ({ number: n + 1, cells: cells.map((cell) => fromSafeCell(cell.trim())) }))
      .filter(({ cells }) => cells.some((cell) => cell !== '')),
    torn: errors.filter(({ type }) => type === 'Quotes').map(({ row }) => (row ?? 0) + 1),
  }
}
