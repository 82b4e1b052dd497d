import { beforeAll, describe, expect, inject, it } from 'vitest'
import { actors, cellsOf } from '../../prove/matrix/cells.ts'
import { checkByDataApi } from '../../prove/matrix/data-api.ts'
import { checkByFunctions } from '../../prove/matrix/functions.ts'
import { type Checked, checkTableBySql } from '../../prove/matrix/sql.ts'
import { type ProtectedTable, protectedTables, tableAccess } from '../../shared/roles.ts'
import { sql } from '../database/support/database.ts'
import { oneOfEachKind } from '../database/support/rows.ts'

// The matrix of shared/roles.ts, cell by cell: every table × command × actor × whose row in SQL; and one table of each kind
// on every other path there is. `npm run prove -- --long` asks all of them everywhere.

it.each(protectedTables)('%s has cells for everybody and everything', (table) => {
  const asked = new Set(cellsOf(table).map(({ actor, command }) => `${actor} ${command}`))
  expect(asked.size).toBe(actors.length * ['select', 'insert', 'update', 'delete', 'upsert'].length)
})

describe.each(protectedTables)('%s', (table) => {
  it('answers SQL as the matrix says, and keeps what the engine promises', async () => {
    const { wrong, cells } = await checkTableBySql(sql, table)
    expect(wrong).toEqual([])
    expect(cells).toBeGreaterThan(cellsOf(table).length)
  })
})

const paths = [
  { path: 'the Data API', check: checkByDataApi, fewest: 120 },
  { path: 'the functions', check: checkByFunctions, fewest: 20 },
]
describe.each(paths)('$path', ({ check, fewest }) => {
  let checked: Map<ProtectedTable, Checked>
  beforeAll(async () => {
    checked = await check(inject('stack'), oneOfEachKind)
  }, 240_000)

  it.each(oneOfEachKind)('answers as the matrix says for %s', (table) => {
    const { wrong, cells } = checked.get(table) ?? { wrong: ['not asked'], cells: 0 }
    expect(wrong).toEqual([])
    expect(cells).toBeGreaterThan(fewest)
  })
})

it('is the matrix that the registry of the database holds', async () => {
  const rows = await sql`
    select table_name, read_role as read, create_role as create, update_role as update, delete_role as delete, own_rows
    from tenancy.protected_tables order by table_name`
  const audience = (value: string | null) => value ?? 'nobody'
  const said = Object.fromEntries(rows.map((r) => [r.table_name, {
    read: { any: audience(r.read), ...(r.own_rows.includes('select') && { own: 'member' }) },
    create: { any: audience(r.create) },
    update: { any: audience(r.update), ...(r.own_rows.includes('update') && { own: 'member' }) },
    delete: { any: audience(r.delete), ...(r.own_rows.includes('delete') && { own: 'member' }) },
  }]))
  expect(said).toEqual(tableAccess)
})
