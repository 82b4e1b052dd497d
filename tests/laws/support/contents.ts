import type postgres from 'postgres'
import { type ProtectedTable, protectedTables } from '../../../shared/roles.ts'

/** A row as JSON has it. */
export type Row = Record<string, unknown>
/** The rows of every protected table. */
export type Contents = Record<string, Row[]>

/** What only phase 2 has, besides organization_id. */
const added: Partial<Record<ProtectedTable, string>> = { campaigns: 'caller_id' }

/** Every row of every protected table by id, without the columns that only phase 2 has. */
export async function contentsOf(database: postgres.Sql): Promise<Contents> {
  const contents: Contents = {}
  for (const table of protectedTables) {
    const others = ['organization_id', added[table] ?? '']
    const rows = await database`select to_jsonb(t) - ${others}::text[] as row from ${database(table)} as t order by id`
    contents[table] = rows.map(({ row }) => row)
  }
  return contents
}

/** Runs a transaction as a signed-in person, or as the secret key for nobody. */
export const actingAs = (
  database: postgres.Sql,
  user: string | undefined,
  work: (tx: postgres.TransactionSql) => Promise<unknown>,
) =>
  database.begin(async (tx) => {
    await tx`select set_config('request.jwt.claims', ${user ? JSON.stringify({ sub: user }) : ''}, true),
      set_config('role', ${user ? 'authenticated' : 'service_role'}, true)`
    return await work(tx)
  })
