import postgres from 'postgres'
import type { ProtectedTable } from '../../shared/roles.ts'
import { rolledBack, type Transaction } from '../../tests/database/support/outcome.ts'
import { cellsOf } from './cells.ts'
import { findReferences, scenesOfKey } from './keys.ts'
import { layersOf } from './layers.ts'
import { promisesOf } from './promises.ts'
import { setTableStage } from './stage.ts'
import { scenesOf } from './statements.ts'
import { compare, runScenes } from './tries.ts'

/** What came of a table's cells: how many were asked, and a line for each that was answered wrongly. */
export interface Checked {
  cells: number
  wrong: string[]
}

class Undone extends Error {}

/** How a table is checked. */
export interface Options {
  /** Nobody else uses the database: triggers may be switched off for a moment, to see what stands behind them. */
  alone?: boolean
}

/** Checks a table inside a transaction that is open already, and leaves nothing there. */
export async function checkTable(tx: Transaction, table: ProtectedTable, options: Options = {}): Promise<Checked> {
  const checked: Checked = { cells: 0, wrong: [] }
  await tx.savepoint(async (tx) => {
    const stage = await setTableStage(tx, table)
    const references = await findReferences(tx, stage)
    const [dated] = await tx`select from pg_attribute where attrelid = ${`public.${table}`}::regclass
      and attname = 'updated_at' and not attisdropped`
    const scenes = [
      ...scenesOf(cellsOf(table), stage),
      ...promisesOf(stage, dated !== undefined),
      ...(options.alone ? layersOf(stage, references.map(({ key }) => key)) : []),
      ...references.flatMap((reference) => scenesOfKey(stage, reference)),
    ]
    checked.cells = scenes.flatMap(({ tries }) => tries).length
    checked.wrong = compare(scenes, await runScenes(tx, scenes))
    throw new Undone()
  }).catch((cause) => {
    if (cause instanceof Undone) return
    if (!(cause instanceof postgres.PostgresError)) throw cause
    checked.wrong.push(`${table}: no rows could be put on stage: ${cause.message}`)
  })
  return checked
}

/** Checks a table by SQL, as the roles of the Data API, in a transaction that is rolled back. */
export async function checkTableBySql(sql: postgres.Sql, table: ProtectedTable, options?: Options): Promise<Checked> {
  let checked: Checked = { cells: 0, wrong: [] }
  await rolledBack(sql, async (tx) => {
    checked = await checkTable(tx, table, options)
  })
  return checked
}
