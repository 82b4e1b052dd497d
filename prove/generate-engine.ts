import type postgres from 'postgres'
import { Engine } from './engine.ts'
import { storedEngine } from './stored-engine.ts'

/** What prove/engine.json should hold, given a database with all migrations. */
export async function engineFile(sql: postgres.Sql): Promise<string> {
  const engine = await sql.begin('read only', async (tx) => {
    const [{ version }] = await tx`select tenancy.version() as version` as [{ version: string }]
    return Engine.parse({ version, ...await storedEngine(tx) })
  })
  return `${JSON.stringify(engine, null, 2)}\n`
}
