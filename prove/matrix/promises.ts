import { samples } from '../../tests/database/support/rows.ts'
import { bothOf } from './both.ts'
import { endsOf } from './ends.ts'
import type { TableStage } from './stage.ts'
import { stampsOf } from './stamps.ts'
import { asActor, joinGlobex, ourRow } from './statements.ts'
import { assignments, insertInto, literal, name, type Scene, type Try } from './tries.ts'

// What the engine promises every row besides who may touch it.

const accepted = `select 'accepted'`

/** Nobody moves a row to another id, company or author; not even the database owner. */
function movesOf(stage: TableStage): Scene[] {
  const { table, users, acme, globex, authored } = stage
  const moves: [string, Record<string, string | null>][] = [
    ['company', { organization_id: globex }],
    ['id', { id: stage.newId }],
    ...(authored ? [['author', { user_id: users.admin }]] satisfies [string, Record<string, string>][] : []),
  ]
  const toNobody: [string, Record<string, null>][] = authored ? [['author, to nobody,', { user_id: null }]] : []
  const move = (values: Record<string, string | null>) =>
    `update public.${name(table)} set ${assignments(values)} where id = ${literal(stage.ourId)}`
  const tried = (by: string, [what, values]: [string, Record<string, string | null>], who: Partial<Try> = {}): Try => ({
    name: `${table}: a change of ${what} by ${by}`,
    ...who,
    statement: move(values),
    probe: accepted,
    expected: ['42501'],
  })
  const scenes: Scene[] = [{
    setup: [joinGlobex(stage), insertInto(table, ourRow(stage, 'owner'))],
    tries: [...moves, ...toNobody].flatMap((one) => [
      tried('the database owner', one),
      tried('the owner of both companies', one, asActor(stage, 'owner', acme)),
    ]),
  }]
  if (authored) {
    const orphan = moves.map((one) => tried('the database owner, of a row whose author is gone,', one))
    scenes.push({ setup: [insertInto(table, ourRow(stage, null))], tries: orphan })
  }
  return scenes
}

/** A row says when it was changed, in tables that have a column for it. */
const changeOf = ({ table, ...stage }: TableStage): Scene => ({
  setup: [insertInto(table, { ...ourRow({ table, ...stage }, 'member'), updated_at: '2020-01-01' })],
  tries: [{
    name: `${table}: updated_at after a change`,
    statement: `update public.${name(table)} set ${assignments(samples[table].change)} where id = ${
      literal(stage.ourId)
    }`,
    probe: `select case when updated_at > '2020-01-01' then 'moved' else 'as before' end
      from public.${name(table)} where id = ${literal(stage.ourId)}`,
    expected: ['moved'],
  }],
})

/** Nobody who comes through the Data API empties a table. */
const truncateOf = (stage: TableStage): Scene => ({
  setup: [],
  tries: (['anonymous', 'owner', 'service'] as const).map((actor) => ({
    name: `${stage.table}: truncate by ${actor}`,
    ...asActor(stage, actor),
    statement: `truncate public.${name(stage.table)}`,
    probe: accepted,
    expected: ['42501'],
  })),
})

/** The scenes of what the engine promises a table's rows. */
export const promisesOf = (stage: TableStage, hasUpdatedAt: boolean): Scene[] => [
  stampsOf(stage),
  ...movesOf(stage),
  ...endsOf(stage),
  ...(hasUpdatedAt ? [changeOf(stage)] : []),
  truncateOf(stage),
  bothOf(stage),
]
