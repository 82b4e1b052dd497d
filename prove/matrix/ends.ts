import type { TableStage } from './stage.ts'
import { ourRow } from './statements.ts'
import { insertInto, literal, name, type Scene } from './tries.ts'

/** Rows belong to a company that exists, and go with it; authors go, and their rows stay. */
export function endsOf(stage: TableStage): Scene[] {
  const { table, users, acme, authored, ours } = stage
  const rows = `from public.${name(table)} where id = ${literal(stage.ourId)}`
  return [
    {
      setup: [insertInto(table, ourRow(stage, 'member'))],
      tries: [
        {
          name: `${table}: a row when its company goes`,
          statement: `delete from public.organizations where id = ${literal(acme)}`,
          probe: `select case when exists (select ${rows}) then 'left' else 'gone' end
            || case when exists (select from public.${name(table)} where id = ${literal(stage.theirId)}) then ''
              else ', and another company''s row with it' end`,
          expected: ['gone'],
        },
        ...(authored
          ? [{
            name: `${table}: a row when its author's account goes`,
            statement: `delete from auth.users where id = ${literal(users.member)}`,
            probe: `select coalesce(min(case when organization_id = ${literal(acme)} and user_id is null
              then 'stays, without an author' else 'is another''s' end), 'goes') ${rows}`,
            expected: ['stays, without an author'],
          }]
          : []),
      ],
    },
    {
      setup: [],
      tries: [{
        name: `${table}: a row of a company that there is not, by the database owner`,
        statement: insertInto(table, { ...ours, id: stage.newId, organization_id: crypto.randomUUID() }),
        probe: `select 'accepted'`,
        expected: ['23503'],
      }],
    },
  ]
}
