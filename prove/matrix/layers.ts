import { type TableAccess, tableAccess } from '../../shared/roles.ts'
import { allows, isFor } from './expected.ts'
import type { TableStage } from './stage.ts'
import { asActor, joinGlobex, ourRow } from './statements.ts'
import { assignments, insertInto, name, type Scene } from './tries.ts'

// What stands behind what refuses first. It is switched off for that, so this is for a database that nobody else uses.

// A table whose deferred checks are still to come can't be altered.
const checked = 'set constraints all immediate'

/** Behind refuse_move the policies keep a row in its company too, and a member's rows with the member. */
function behindRefuseMove(stage: TableStage): Scene[] {
  const { table, users, acme, globex, authored } = stage
  const { update }: TableAccess = tableAccess[table]
  if (!isFor(update)) return []
  // Without a filter, so that no select policy looks at the new row.
  const change = (values: Record<string, string>) => `update public.${name(table)} set ${assignments(values)}`
  const probe = `select 'accepted'`
  const open = `alter table public.${name(table)} disable trigger refuse_move`
  const ofMember = authored && update.own !== undefined && !allows(update, 'member', false)
  return [
    {
      setup: [checked, open, joinGlobex(stage), insertInto(table, ourRow(stage, 'owner'))],
      tries: [{
        name: `${table}: a change of company by the owner of both companies, without refuse_move`,
        ...asActor(stage, 'owner', acme),
        statement: change({ organization_id: globex }),
        probe,
        expected: ['42501'],
      }],
    },
    {
      setup: [checked, open, insertInto(table, ourRow(stage, 'member'))],
      tries: ofMember
        ? [{
          name: `${table}: a change of author by the member who is it, without refuse_move`,
          ...asActor(stage, 'member'),
          statement: change({ user_id: users.admin }),
          probe,
          expected: ['42501'],
        }]
        : [],
    },
  ]
}

/** Behind the keys to its parents a row needs a company that exists, by itself. */
function behindParents({ table, ours, newId }: TableStage, keys: string[]): Scene {
  return {
    setup: [checked, ...keys.map((key) => `alter table public.${name(table)} drop constraint if exists ${name(key)}`)],
    tries: [{
      name: `${table}: a row of a company that there is not, by the database owner, without its parents' keys`,
      statement: insertInto(table, { ...ours, id: newId, organization_id: crypto.randomUUID() }),
      probe: `select 'accepted'`,
      expected: ['23503'],
    }],
  }
}

/** The scenes behind the first refusals of a table; `keys` are the names of its keys to protected tables. */
export const layersOf = (stage: TableStage, keys: string[]): Scene[] => [
  ...behindRefuseMove(stage),
  behindParents(stage, keys),
]
