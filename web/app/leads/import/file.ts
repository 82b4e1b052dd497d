import type { LeadField } from '../../../../shared/contract/lead-fields.ts'
import { type Checked, checkRows, type GoodRow, type RowProblem, toBatches } from './check.ts'
import { guessMapping, looksLikeHeader, type Mapping } from './columns.ts'
import { decode, type Encoding, otherKind } from './decode.ts'
import { writeFailedRows } from './failed-rows.ts'
import { type Delimiter, readTable, type Row } from './table.ts'

/** The largest file that is read: some 100,000 leads. */
export const maxFileBytes = 20 * 1024 * 1024

/** How to read a file, where the guess is wrong. */
export interface Reading {
  encoding?: Encoding
  delimiter?: Delimiter
  hasHeader?: boolean
}

/** A file as it was read. */
export interface Opened extends Required<Reading> {
  /** The names of the columns, or “Column 1” where the file has none. */
  titles: string[]
  mapping: Mapping
  /** How many rows there are below the names. */
  count: number
  sample: Row[]
  torn: number[]
}

/** How to import what was read. */
export interface Choices {
  mapping: Mapping
  countryCode: string
  keepDuplicates: boolean
}

/** What would be imported, and what not. */
export interface Summary {
  good: number
  bad: number
  duplicates: number
  /** How many requests it takes. */
  batches: number
  /** The first of each, to be looked at. */
  problems: RowProblem[]
}

/** Where an import ended: the request it came to, and why that was not stored. */
export interface Left {
  refused: RowProblem[]
  next: number
  settled: number[]
  reason: string
}

const shownRows = 5
const shownProblems = 50

/** Why a file can't be imported, for people. */
export class FileProblem extends Error {
  override name = 'FileProblem'
}

/** Reads one file for an organization with these fields: what it is made of, which rows are good, and the rows of each request. */
export function createFile(bytes: Uint8Array, fields: LeadField[] = []) {
  let header: string[] | undefined
  let rows: Row[] = []
  let batches: GoodRow[][] = []
  let left: RowProblem[] = []
  let last: { choices: string; summary: Summary } | undefined

  const open = (reading: Reading = {}): Opened => {
    if (bytes.length === 0) throw new FileProblem('The file is empty.')
    const problem = otherKind(bytes)
    if (problem) throw new FileProblem(problem)
    const { encoding, text } = decode(bytes, reading.encoding)
    const table = readTable(text, reading.delimiter)
    last = undefined
    const [first] = table.rows
    if (!first) throw new FileProblem('There is nothing in the file.')
    const hasHeader = reading.hasHeader ?? looksLikeHeader(first.cells)
    header = hasHeader ? first.cells : undefined
    rows = hasHeader ? table.rows.slice(1) : table.rows
    const titles = first.cells.map((cell, n) => hasHeader && cell !== '' ? cell : `Column ${n + 1}`)
    return {
      encoding,
      delimiter: table.delimiter,
      hasHeader,
      titles,
      mapping: hasHeader ? guessMapping(first.cells, fields) : guessFromCells(first.cells),
      count: rows.length,
      sample: rows.slice(0, shownRows),
      torn: table.torn,
    }
  }

  const check = (choices: Choices): Summary => {
    // Asked again when the import begins: that its rows are those of these choices and no others.
    const said = JSON.stringify(choices)
    if (last?.choices === said) return last.summary
    const { mapping, ...options } = choices
    const { good, bad, duplicates }: Checked = checkRows(rows, mapping, { ...options, fields })
    batches = toBatches(good)
    left = [...bad, ...(options.keepDuplicates ? [] : duplicates)].sort((a, b) => a.row - b.row)
    const summary = {
      good: good.length,
      bad: bad.length,
      duplicates: duplicates.length,
      batches: batches.length,
      problems: left.slice(0, shownProblems),
    }
    last = { choices: said, summary }
    return summary
  }

  const batch = (n: number): GoodRow[] => batches[n] ?? []

  /** The rows that are not there now: left out before, refused, or never sent. */
  const failedRows = ({ refused, next, settled, reason }: Left): string => {
    const isSettled = new Set(settled)
    const last = batch(next).filter(({ row }) => !isSettled.has(row)).map(({ row }) => ({ row, problem: reason }))
    const later = batches.slice(next + 1).flat().map(({ row }) => ({ row, problem: 'Not sent.' }))
    return writeFailedRows(header, rows, [...left, ...refused, ...last, ...later])
  }

  return { open, check, batch, failedRows }
}

/** Without names, the number is the one thing that can be told by its looks. */
function guessFromCells(cells: string[]): Mapping {
  const isNumber = (cell: string) => /^[+(]?[\d\s().\-/]{7,}$/.test(cell)
  const phone = cells.findIndex(isNumber)
  const email = cells.findIndex((cell) => /^\S+@\S+\.\S+$/.test(cell))
  return cells.map((_, n) => n === phone ? 'phone_number' : n === email ? 'email' : null)
}
