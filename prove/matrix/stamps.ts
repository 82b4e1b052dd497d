import { samples } from '../../tests/database/support/rows.ts'
import type { TableStage } from './stage.ts'
import { asActor, creatorOf } from './statements.ts'
import { insertInto, literal, name, type Scene, type Try } from './tries.ts'

const accepted = `select 'accepted'`

/** What a new row may say of its company and author, and what is stamped where it says nothing. */
export function stampsOf(stage: TableStage): Scene {
  const { table, users, acme, globex, authored, ours } = stage
  const creator = creatorOf(table)
  const claim = (what: string, values: Record<string, string | null>, ...expected: string[]): Try => ({
    name: `${table}: a new row of the ${creator} that claims ${what}`,
    ...asActor(stage, creator, acme),
    statement: insertInto(table, { ...ours, id: stage.newId, ...values }),
    probe: accepted,
    expected,
  })
  const claims = creator === 'service' ? [] : [
    claim('the other company', { organization_id: globex }, '42501'),
    { ...claim('a company that there is not', { organization_id: crypto.randomUUID() }, '42501'), likePrevious: true },
    claim('no company', { organization_id: null }, '42501', '23502'),
    claim('its own company', { organization_id: acme }, 'accepted'),
    ...(authored
      ? [
        claim('nobody as author', { user_id: null }, '42501'),
        claim('its own author', { user_id: users[creator] }, 'accepted'),
      ]
      : []),
  ]
  // A row that names no company takes its parent's, where it has one.
  const parents = Object.keys(samples[table].parents ?? {})
  const placed = parents.length > 0
  const nowhere = Object.fromEntries(parents.map((column) => [column, crypto.randomUUID()]))
  const orphan: Try = {
    name: `${table}: a new row of the secret key that names neither company nor a parent that there is`,
    ...asActor(stage, 'service'),
    statement: insertInto(table, { ...ours, ...nowhere, id: stage.newId }),
    probe: accepted,
    expected: ['23502'],
  }
  const unnamed: Try = {
    name: `${table}: a new row of the secret key that names no company`,
    ...asActor(stage, 'service'),
    statement: insertInto(table, { ...ours, id: stage.newId }),
    probe: `select case when organization_id = ${literal(acme)} then 'the company of its parents' else 'another' end
      from public.${name(table)} where id = ${literal(stage.newId)}`,
    expected: [placed ? 'the company of its parents' : '23502'],
  }
  return { setup: [], tries: [...claims, unnamed, orphan] }
}
