import postgres from 'postgres'
import type { Status } from '../../local/state.ts'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { type Cell, cellsOf } from './cells.ts'
import { giveTokens, inParallel, judge } from './people.ts'
import type { Checked } from './sql.ts'
import { clearStage, setTableStage } from './stage.ts'
import { rowOf } from './statements.ts'

// Functions act as the person who calls: a secret key is nobody here, and they say themselves what the state means.
const toFunctions = (cell: Cell): Cell => ({
  ...cell,
  expected: cell.actor === 'anonymous' || cell.actor === 'service'
    ? ['unauthenticated']
    : cell.expected.map((answer) => answer === '42501' ? 'forbidden' : answer),
})

async function checkTable(sql: postgres.Sql, status: Status, table: ProtectedTable): Promise<Checked> {
  const stage = await sql.begin((tx) => setTableStage(tx, table))
  try {
    const send = await giveTokens(status, stage)
    const url = `${status.FUNCTIONS_URL}/records/${table}`
    const companies = [stage.acme, stage.globex]
    const cells = cellsOf(table).filter(({ command }) => command === 'insert').map(toFunctions)
    const wrong: string[] = []
    // What is added may need the place of the row before it.
    await sql`delete from ${sql(table)} where organization_id in ${sql(companies)}`
    for (const cell of cells) {
      const organization = cell.header ? stage.acme : undefined
      const told = await send({ actor: cell.actor, organization, method: 'POST', url, json: rowOf(cell, stage) })
      wrong.push(...judge(cell, told.status === 201 ? 'created' : told.code, told))

      const stored = await sql`delete from ${sql(table)} where organization_id in ${sql(companies)}
        returning to_jsonb(${sql(table)}) as row`
      const home = cell.actor === 'stranger' ? stage.globex : stage.acme
      const right = stored.every(({ row }) =>
        row.organization_id === home && (!stage.authored || row.user_id === Reflect.get(stage.users, cell.actor))
      )
      if (!right || stored.length !== (cell.expected.includes('created') ? 1 : 0)) {
        wrong.push(`${table}: insert by ${cell.actor} through functions stored ${stored.length} rows, or wrong stamps`)
      }
    }
    return { cells: cells.length, wrong }
  } finally {
    await clearStage(sql, stage)
  }
}

/** Checks through the functions of a running stack who may store rows, with rows that are taken away again. */
export async function checkByFunctions(
  status: Status,
  tables: readonly ProtectedTable[] = protectedTables,
): Promise<Map<ProtectedTable, Checked>> {
  const sql = postgres(status.DB_URL, { max: 6, onnotice: () => {} })
  try {
    const checked = await inParallel(tables, 6, (table) => checkTable(sql, status, table))
    return new Map(tables.map((table, at) => [table, checked[at] ?? { cells: 0, wrong: [] }]))
  } finally {
    await sql.end()
  }
}
