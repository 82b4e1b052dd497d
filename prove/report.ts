import { join } from 'node:path'
import { type Channel, channels } from './allowed-differences.ts'
import type { Database } from './database.ts'
import type { Check, Law } from './laws.ts'
import type { Finding, Proof } from './proof.ts'
import type { Table } from './tables.ts'
import { toMarkdown } from './markdown.ts'

/** Everything a run of the proof has to say. */
export interface Report {
  title: string
  /** When it was made: ISO 8601, UTC. */
  at: string
  /** Whether every claim held. */
  holds: boolean
  database: Database
  /** The schemas that the API reaches. */
  schemas: string[]
  proofs: Proof[]
  laws: Law[]
  findings: Finding[]
  tables: Table[]
  /** Everything through which one company's answers could depend on another's data. */
  channels: readonly Channel[]
  checks: Check[]
}

/** What was looked at and what came of it, before anything is said about it. */
export type Found = Omit<Report, 'title' | 'at' | 'holds' | 'findings' | 'channels'>

/** Draws up the report: every claim holds when no proof has a finding, whichever it is. */
export function toReport(found: Found): Report {
  const findings = found.proofs.flatMap((proof) => proof.findings)
  return {
    ...found,
    title: 'Proof that organizations are kept apart',
    at: new Date().toISOString(),
    holds: findings.length === 0,
    findings,
    channels,
  }
}

/** Writes a report as Markdown and JSON into a folder, and answers the paths. */
export async function writeReport(report: Report, folder: string): Promise<string[]> {
  const name = `${report.at.replace(/\.\d+Z$/, 'Z').replaceAll(':', '-')}-${report.database.name}`
  const files = [
    [join(folder, `${name}.md`), toMarkdown(report)],
    [join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`],
  ] as const
  await Deno.mkdir(folder, { recursive: true })
  for (const [path, text] of files) await Deno.writeTextFile(path, text)
  return files.map(([path]) => path)
}
