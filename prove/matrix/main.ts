import postgres from 'postgres'
import type { Status } from '../../local/state.ts'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { startStack } from '../../tests/stack/start.ts'
import type { Proof } from '../proof.ts'
import { actors } from './cells.ts'
import { checkByDataApi } from './data-api.ts'
import { checkByFunctions } from './functions.ts'
import { type Checked, checkTableBySql } from './sql.ts'

async function checkBySql(status: Status): Promise<Map<ProtectedTable, Checked>> {
  const sql = postgres(status.DB_URL, { max: 1, onnotice: () => {} })
  try {
    const checked = new Map<ProtectedTable, Checked>()
    for (const table of protectedTables) checked.set(table, await checkTableBySql(sql, table))
    return checked
  } finally {
    await sql.end()
  }
}

/** Asks every cell of the matrix on a running stack: by SQL, through the Data API, and through the functions. */
export async function proveMatrix(status: Status): Promise<Proof> {
  const paths = [
    { path: 'SQL', checked: await checkBySql(status) },
    { path: 'the Data API', checked: await checkByDataApi(status) },
    { path: 'the functions', checked: await checkByFunctions(status) },
  ]
  const count = (checked: Map<ProtectedTable, Checked>) =>
    [...checked.values()].reduce((sum, { cells }) => sum + cells, 0)
  return {
    name: 'matrix',
    claim: 'Everybody can do with a row what the access matrix says, and nothing else, whichever way they come.',
    tried: `${protectedTables.length} tables × 5 commands × ${actors.length} actors × whose row it is: ${
      paths.map(({ path, checked }) => `${count(checked)} questions by ${path}`).join(', ')
    }.`,
    findings: paths.flatMap(({ path, checked }) =>
      [...checked].flatMap(([table, { wrong }]) =>
        wrong.map((detail) => ({
          law: 'the_matrix_holds',
          object: `public.${table}`,
          detail: `${detail} (by ${path})`,
          consequence: 'Somebody can do more, or less, with rows than their role says.',
        }))
      )
    ),
  }
}

/** Asks every cell on a throwaway stack. */
export async function proveMatrixByItself({ report }: { report: (line: string) => void }): Promise<Proof> {
  const stack = await startStack({ seed: false })
  try {
    report(`matrix: ${protectedTables.length} tables`)
    return await proveMatrix(stack.status)
  } finally {
    await stack.stop()
  }
}
