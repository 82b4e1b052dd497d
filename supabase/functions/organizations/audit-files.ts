import { stringify } from 'csv-stringify/sync'
import { AuditEntry, type ExportAudit } from '../../../shared/contract/audit.ts'
import { toSafeCell } from '../../../shared/safe-cell.ts'

type Format = ExportAudit['format']
type Write = (entries: AuditEntry[], isFirst: boolean) => string

/** Writes CSV as RFC 4180 has it, with a line of names on top; `before` and `after` are JSON in a cell. */
const writeCsv: Write = (entries, isFirst) =>
  stringify(entries, {
    columns: Object.keys(AuditEntry.shape),
    header: isFirst,
    record_delimiter: 'windows',
    cast: { string: toSafeCell },
  })

/** Writes one JSON object a line. */
const writeJsonLines: Write = (entries) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')

export const writers: Record<Format, Write> = { csv: writeCsv, jsonl: writeJsonLines }

export const fileTypes: Record<Format, string> = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl' }
