import postgres from 'postgres'
import type { Status } from '../../local/state.ts'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { samples } from '../../tests/database/support/rows.ts'
import { type Answer, type Cell, cellsOf, nameOf } from './cells.ts'
import { giveTokens, inParallel, judge, type Send, type Told } from './people.ts'
import type { Checked } from './sql.ts'
import { clearStage, setTableStage, type TableStage } from './stage.ts'
import { ourRow, rowOf, sceneOf, targetOf } from './statements.ts'

/** Asks one cell. */
type Ask = (cell: Cell, id: string) => Promise<Told>

const loud: readonly Answer[] = ['created', 'changed', 'deleted']
const isLoud = ({ expected }: Cell): boolean => expected.some((answer) => loud.includes(answer))

function asking(status: Status, stage: TableStage, send: Send): Ask {
  return (cell, id) => {
    const { actor, command, header } = cell
    const url = `${status.REST_URL}/${stage.table}`
    const organization = header ? stage.acme : undefined
    const prefer = 'return=representation'
    const filtered = `${url}?id=eq.${id}`
    switch (command) {
      case 'select':
        return send({ actor, organization, method: 'GET', url: `${filtered}&select=*` })
      case 'update':
        return send({ actor, organization, prefer, method: 'PATCH', url: filtered, json: samples[stage.table].change })
      case 'delete':
        return send({ actor, organization, prefer, method: 'DELETE', url: filtered })
      case 'insert':
        return send({ actor, organization, prefer, method: 'POST', url, json: { ...rowOf(cell, stage), id } })
      case 'upsert': {
        const merge = `${prefer},resolution=merge-duplicates`
        return send({ actor, organization, prefer: merge, method: 'POST', url, json: { ...rowOf(cell, stage), id } })
      }
    }
  }
}

/** What an answer says of the row that a cell is about. */
function answerOf({ command, whose }: Cell, { status, body, code }: Told, id: string): string {
  if (status >= 300) return code
  if (!Array.isArray(body)) return `a body that is no list, with status ${status}`
  if (body.length === 0) return command === 'select' ? 'hidden' : 'untouched'
  if (body.length > 1 || Object(body[0]).id !== id) return 'an answer with other rows'
  if (command === 'upsert') return whose === 'new' ? 'created' : 'changed'
  return { select: 'shown', insert: 'created', update: 'changed', delete: 'deleted' }[command]
}

/** Asks cells of which a company's row is the stage, and sees that what was refused left it as it was. */
async function checkScene(sql: postgres.Sql, stage: TableStage, cells: Cell[], ask: Ask): Promise<string[]> {
  const { table, ourId, theirId } = stage
  const author = cells[0] === undefined ? 'none' : sceneOf(cells[0])
  const rowsNow = async () => {
    const rows = await sql`select to_jsonb(t)::text as row from ${sql(table)} as t
      where id in (${ourId}, ${theirId}) order by id`
    return rows.map(({ row }) => String(row)).join('\n')
  }
  const putOurs = () =>
    author === 'none' ? Promise.resolve() : sql`insert into ${sql(table)} ${sql(ourRow(stage, author))}`
  const tell = async (cell: Cell, id: string) => {
    const told = await ask(cell, id)
    return judge(cell, answerOf(cell, told, id), told)
  }

  await putOurs()
  const before = await rowsNow()
  const quiet = cells.filter((cell) => !isLoud(cell))
  const wrong = (await Promise.all(quiet.map((cell) => tell(cell, targetOf(cell, stage))))).flat()
  if (await rowsNow() !== before) wrong.push(`${table}: a refused request changed a row (${author})`)

  for (const cell of cells.filter(isLoud)) {
    const id = cell.whose === 'new' || cell.command === 'insert' ? crypto.randomUUID() : targetOf(cell, stage)
    wrong.push(...await tell(cell, id))
    if (cell.expected.includes('created')) {
      const [made] = await sql`delete from ${sql(table)} where id = ${id} returning to_jsonb(${sql(table)}) as row`
      const home = cell.actor === 'stranger' ? stage.globex : stage.acme
      const owner = cell.actor === 'service' ? null : Reflect.get(stage.users, cell.actor)
      const { organization_id, user_id } = Object(made?.row)
      if (organization_id !== home || stage.authored && user_id !== owner) {
        wrong.push(`${nameOf(cell)}: was stored with wrong stamps, or not at all`)
      }
    }
    if (cell.expected.includes('deleted') && id === ourId) await putOurs()
    if (cell.expected.includes('deleted') && id === theirId) await putTheirs(sql, stage)
  }
  await sql`delete from ${sql(table)} where id = ${ourId}`
  return wrong
}

const putTheirs = (sql: postgres.Sql, { table, theirs, theirId, globex, users, authored }: TableStage) => {
  const row = { ...theirs, id: theirId, organization_id: globex }
  return sql`insert into ${sql(table)} ${sql(authored ? { ...row, user_id: users.stranger } : row)}`
}

async function checkTable(sql: postgres.Sql, status: Status, table: ProtectedTable): Promise<Checked> {
  const stage = await sql.begin((tx) => setTableStage(tx, table))
  try {
    const ask = asking(status, stage, await giveTokens(status, stage))
    // A request without a filter says nothing that SQL does not.
    const cells = cellsOf(table).filter(({ blind }) => !blind)
    const { none = [], ...authors } = Object.groupBy(cells, sceneOf)
    const wrong: string[] = []
    for (const scene of Object.values(authors)) wrong.push(...await checkScene(sql, stage, scene, ask))
    // What is added may need the place of the other company's row.
    await sql`delete from ${sql(table)} where id = ${stage.theirId}`
    wrong.push(...await checkScene(sql, stage, none, ask))
    return { cells: cells.length, wrong }
  } finally {
    await clearStage(sql, stage)
  }
}

/** Checks tables through the Data API of a running stack, with rows of their own that are taken away again. */
export async function checkByDataApi(
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
