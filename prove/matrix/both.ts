import { type TableAccess, tableAccess } from '../../shared/roles.ts'
import { samples } from '../../tests/database/support/rows.ts'
import { isFor } from './expected.ts'
import type { TableStage } from './stage.ts'
import { asActor, joinGlobex, ourRow } from './statements.ts'
import { assignments, insertInto, literal, name, type Scene } from './tries.ts'

/** Somebody who owns both companies is in one of them at a time. */
export function bothOf(stage: TableStage): Scene {
  const { table, users, acme, globex, theirs, theirId, authored } = stage
  const access: TableAccess = tableAccess[table]
  const seen = isFor(access.read)
  const all = `public.${name(table)}`
  const who = 'by the owner of both companies'
  const select = `select coalesce(string_agg(case id when ${literal(stage.ourId)} then 'Acme' when ${
    literal(theirId)
  } then 'Globex'
    else 'another' end, ' and '), 'neither') from ${all}`
  const changed = Object.entries(samples[table].change).map(([column, value]) => `${name(column)} = ${literal(value)}`)
  const author: Record<string, string> = authored ? { user_id: users.owner } : {}
  const write = (at: string, organization: string | undefined, expected: string) => [
    {
      name: `${table}: update without a filter ${who}, at ${at}`,
      ...asActor(stage, 'owner', organization),
      statement: `update ${all} set ${assignments(samples[table].change)}`,
      probe: `select coalesce(string_agg(case id when ${
        literal(stage.ourId)
      } then 'Acme' else 'Globex' end, ' and '), 'neither')
        from ${all} where id in (${literal(stage.ourId)}, ${literal(theirId)}) and ${changed.join(' and ')}`,
      expected: [isFor(access.update) ? expected : '42501'],
    },
    {
      name: `${table}: delete without a filter ${who}, at ${at}`,
      ...asActor(stage, 'owner', organization),
      statement: `delete from ${all}`,
      probe: `select string_agg(case id when ${literal(stage.ourId)} then 'Acme' else 'Globex' end, ' and ')
        from unnest(array[${literal(stage.ourId)}, ${literal(theirId)}]::uuid[]) as id
        where id not in (select t.id from ${all} as t)`,
      expected: [isFor(access.delete) ? expected : '42501'],
    },
  ]
  return {
    setup: [
      joinGlobex(stage),
      `delete from ${all} where id = ${literal(theirId)}`,
      insertInto(table, { ...theirs, id: theirId, organization_id: globex, ...author }),
      insertInto(table, ourRow(stage, 'owner')),
    ],
    tries: [
      ...([['Acme', acme], ['Globex', globex], ['neither', undefined]] as const).map(([at, organization]) => ({
        name: `${table}: select ${who}, at ${at}`,
        ...asActor(stage, 'owner', organization),
        statement: select,
        expected: [seen ? at : '42501'],
      })),
      ...write('Acme', acme, 'Acme'),
      ...write('Globex', globex, 'Globex'),
    ],
  }
}
