import type postgres from 'postgres'
import type { ProtectedTable } from '../../shared/roles.ts'
import type { Transaction } from '../../tests/database/support/outcome.ts'
import type { TableFacts } from './tables.ts'

/** Who sends a request, as their token and headers say it. */
export interface Sender {
  user_id: string
  email: string
  session_id: string
  /** The header x-organization-id, as it is sent. */
  organization?: string
}

/** A request to the system under test: an entry point, or rows of a table. */
export type Request =
  | { does: 'call'; name: string; args: Record<string, unknown> }
  | { does: 'insert' | 'upsert'; table: ProtectedTable; row: Record<string, string> }
  | { does: 'update'; table: ProtectedTable; id: string; change: Record<string, string> }
  | { does: 'delete'; table: ProtectedTable; id: string }
  | { does: 'read'; table: ProtectedTable; id?: string }

/** What the system answered: JSON (of tables, an array of rows), or the code of the refusal. */
export type Reply = { refused: string } | { body: unknown }

/** The real thing, behind one of its doors. */
export interface System {
  name: 'sql' | 'http'
  facts: Record<ProtectedTable, TableFacts>
  /** The database owner's connection. */
  owner: postgres.Sql | Transaction
  send(sender: Sender, request: Request): Promise<Reply>
  /** All rows that somebody sees in some tables, when no header says where to look. */
  look(sender: Sender, tables: string[]): Promise<Record<string, unknown>>
  /** A statement of the database owner; of one that is refused nothing stays. */
  own(statement: (tx: Transaction) => Promise<postgres.RowList<postgres.Row[]>>): Promise<Reply>
}

/** A way to get systems to run commands against. */
export interface Door {
  name: System['name']
  /** Lends a system to one run. */
  open(run: (system: System) => Promise<void>): Promise<void>
}

/** The problem that a state and a hint of the database stand for, as the functions translate them too. */
export function problemOf(state: string, hint: string): string {
  if (state.startsWith('PT')) return hint
  if (state === '42501') return 'forbidden'
  return ['23503', '23505'].includes(state) ? 'conflict' : `state ${state}`
}
