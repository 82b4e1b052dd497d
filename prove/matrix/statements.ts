import { type ProtectedTable, type Role, type TableAccess, tableAccess } from '../../shared/roles.ts'
import { samples } from '../../tests/database/support/rows.ts'
import { type Actor, type Cell, nameOf } from './cells.ts'
import { isPerson, type Person, type TableStage } from './stage.ts'
import { assignments, insertInto, literal, name, type Scene, type Try } from './tries.ts'

/** How the Data API tells the database who asks, and where. */
export function asActor(
  stage: TableStage,
  actor: Actor,
  organization?: string,
): Pick<Try, 'role' | 'claims' | 'headers'> {
  const role = actor === 'anonymous' ? 'anon' : actor === 'service' ? 'service_role' : 'authenticated'
  return {
    role,
    claims: isPerson(actor) ? { role, sub: stage.users[actor] } : { role },
    headers: organization === undefined ? undefined : { 'x-organization-id': organization },
  }
}

/** The values of Acme's row, as somebody's work. */
export const ourRow = (stage: TableStage, author: Person | null): Record<string, string | null> => ({
  ...stage.ours,
  id: stage.ourId,
  organization_id: stage.acme,
  ...(stage.authored && { user_id: author && stage.users[author] }),
})

/** The weakest who may create a row of a table; where nobody may, the secret key does. */
export function creatorOf(table: ProtectedTable): Role | 'service' {
  const { create }: TableAccess = tableAccess[table]
  return create.any === 'nobody' ? 'service' : create.any
}

/** Makes Acme's owner an owner of Globex too. */
export const joinGlobex = ({ users, globex }: TableStage): string =>
  insertInto('organization_users', { organization_id: globex, user_id: users.owner, role: 'owner' })

/** As somebody else's row counts one that the owner wrote; for the owner, one of the member's. */
export const otherThan = (actor: Actor): Person => actor === 'owner' ? 'member' : 'owner'

/** The id of the row that a cell is about. */
export function targetOf({ command, actor, whose }: Cell, { ourId, newId, theirId }: TableStage): string {
  if (command === 'insert' || whose === 'new') return newId
  const atGlobex = actor === 'stranger' ? whose === 'own' : whose === 'foreign'
  return atGlobex ? theirId : ourId
}

/** What an insert of a cell says. */
export function rowOf({ command, actor, whose }: Cell, stage: TableStage): Record<string, string> {
  const { ours, theirs, users, acme, globex } = stage
  const away = actor === 'stranger'
  if (command === 'insert') {
    if (whose === 'own') return away ? theirs : ours
    if (whose === 'other') return { ...ours, user_id: users[otherThan(actor)] }
    return away ? { ...ours, organization_id: acme } : { ...theirs, organization_id: globex }
  }
  // What the row itself says, whosever it is.
  const atGlobex = away ? whose === 'own' : whose === 'foreign'
  return { ...(atGlobex ? theirs : ours), ...samples[stage.table].change }
}

function statementOf(cell: Cell, stage: TableStage): string {
  const { command, actor, whose, blind } = cell
  const table = `public.${name(stage.table)}`
  const { change } = samples[stage.table]
  const target = literal(targetOf(cell, stage))
  const filter = blind ? '' : ` where id = ${target}`
  switch (command) {
    case 'select': {
      // All that there is to see, and not only whether the row is among it.
      const scope = actor === 'service' || whose === 'foreign' ? filter : ''
      return `select coalesce(string_agg(distinct case when id = ${target} then 'shown' else 'with others' end, ' '), 'hidden')
        from ${table}${scope}`
    }
    case 'update':
      return `update ${table} set ${assignments(change)}${filter}`
    case 'delete':
      return `delete from ${table}${filter}`
    case 'insert':
      return insertInto(stage.table, { ...rowOf(cell, stage), id: stage.newId })
    case 'upsert': {
      const row = { id: targetOf(cell, stage), ...rowOf(cell, stage) }
      const columns = Object.keys(row).map((column) => `${name(column)} = excluded.${name(column)}`)
      return `${insertInto(stage.table, row)} on conflict (id) do update set ${columns.join(', ')}`
    }
  }
}

/** Whether a row says what `change` says. */
const isChanged = (alias: string, change: Record<string, string>): string =>
  Object.entries(change).map(([column, value]) => `${alias}.${name(column)} = ${literal(value)}`).join(' and ')

function probeOf(cell: Cell, stage: TableStage): string | undefined {
  const { command, actor } = cell
  if (command === 'select') return undefined
  const table = `public.${name(stage.table)}`
  const target = targetOf(cell, stage)
  const { change } = samples[stage.table]
  if (target === stage.newId) {
    const home = actor === 'stranger' ? stage.globex : stage.acme
    const author = isPerson(actor) ? literal(stage.users[actor]) : 'null'
    const stamped = stage.authored ? ` and user_id is not distinct from ${author}` : ''
    return `select coalesce(min(case when organization_id = ${literal(home)}${stamped} then 'created'
      else 'created with wrong stamps' end), 'untouched') from ${table} where id = ${literal(stage.newId)}`
  }
  const bystander = target === stage.ourId ? stage.theirId : stage.ourId
  return `select case when t.id is null then 'deleted' when ${
    isChanged('t', change)
  } then 'changed' else 'untouched' end
      || case when b.id is null then ', another company''s row deleted'
        when ${isChanged('b', change)} then ', another company''s row changed' else '' end
    from (select 1) as one
    left join ${table} as t on t.id = ${literal(target)}
    left join ${table} as b on b.id = ${literal(bystander)}`
}

/** Whose row of Acme a cell needs on stage, if any. */
export const sceneOf = ({ command, actor, whose }: Cell): Person | 'none' => {
  if (command === 'insert' || whose === 'new') return 'none'
  return whose === 'own' && isPerson(actor) && actor !== 'stranger' ? actor : otherThan(actor)
}

/** The scenes of cells: one for each author of Acme's row, and one without rows for what is added. */
export function scenesOf(cells: Cell[], stage: TableStage): Scene[] {
  const byAuthor = Map.groupBy(cells, sceneOf)
  return [...byAuthor].map(([author, cells]) => ({
    setup: author === 'none'
      ? [`delete from public.${name(stage.table)} where id = ${literal(stage.theirId)}`]
      : [insertInto(stage.table, ourRow(stage, author))],
    tries: cells.map((cell): Try => ({
      name: nameOf(cell),
      ...asActor(stage, cell.actor, cell.header ? stage.acme : undefined),
      statement: statementOf(cell, stage),
      probe: probeOf(cell, stage),
      expected: cell.expected,
      says: cell.closed ? `permission denied for table ${stage.table}` : undefined,
    })),
  }))
}
