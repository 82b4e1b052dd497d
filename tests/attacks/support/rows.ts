import { type ProtectedTable, protectedTables, tableAccess } from '../../../shared/roles.ts'
import { sql } from '../../database/support/database.ts'
import { samples } from '../../database/support/rows.ts'
import { people, type Person, type Stage } from '../../functions/support/cast.ts'
import { algorithms } from '../../functions/support/tokens.ts'
import { says } from './dialect.ts'
import { rowsOf } from '../../functions/support/world.ts'

/**
 * All of them; with lite's Data API, slow as it is, one of each kind, as a test tells kinds apart: where lite keeps one
 * away, it keeps away its like.
 */
export const ofEachKind = <Item>(items: readonly Item[], kindOf: (item: Item) => unknown): Item[] =>
  says({
    postgrest: [...items],
    lite: Object.values(Object.groupBy(items, (item) => JSON.stringify(kindOf(item))))
      .flatMap((alike) => alike?.slice(0, 1) ?? []),
  })

/**
 * Every protected table. To lite's Data API tables differ by the requests that they take: whether rows have an author,
 * whether they hang on others, whether anybody may change them. Who may is for the policies, which are the same behind it.
 */
export const tablesAsked = ofEachKind(protectedTables, (table) => {
  const { authorless, parents } = samples[table]
  return [authorless, parents !== undefined, tableAccess[table].update.any === 'nobody']
})

/** Those tables, each with one of the ways to sign; between them they have both. */
export const tablesInTurn = tablesAsked.map((table, n) => ({
  table,
  algorithm: algorithms[n % algorithms.length] ?? 'ES256',
}))

/** The ids of an organization's rows, by table. */
export async function idsAt(organization: string): Promise<Record<ProtectedTable, string[]>> {
  const [ids] = await sql.unsafe<Record<ProtectedTable, string[]>[]>(
    `select ${
      protectedTables.map((table) => `array(select id::text from ${table} where organization_id = $1) as ${table}`)
    }`,
    [organization],
  )
  if (!ids) throw new Error('The database did not answer.')
  return ids
}

/** Everything of Globex and of bob that a request of somebody else could show or change. */
export const rowsOfGlobex = ({ users: { bob }, globex, ...cast }: Stage): Promise<Record<string, unknown>> =>
  rowsOf({
    ...cast,
    users: Object.fromEntries(people.map((name) => [name, bob])) as Record<Person, string>,
    acme: globex,
    globex,
  })
