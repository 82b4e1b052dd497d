import { type ProtectedTable, protectedTables } from '../../../shared/roles.ts'
import { sql } from '../../database/support/database.ts'
import { oneOfEachKind } from '../../database/support/rows.ts'
import { people, type Person, type Stage } from '../../functions/support/cast.ts'
import type { Route } from '../../functions/support/routes.ts'
import { algorithms } from '../../functions/support/tokens.ts'
import { says } from './dialect.ts'
import { rowsOf } from '../../functions/support/world.ts'

/**
 * Every protected table, each with one of the ways to sign; between them the tables have both. Lite's Data API, slow as it
 * is, knows no table from another: with it there is one of each kind.
 */
export const tablesInTurn = says({ postgrest: protectedTables, lite: oneOfEachKind }).map((table, n) => ({
  table,
  algorithm: algorithms[n % algorithms.length] ?? 'ES256',
}))

/** Every route; with lite's Data API behind them one of each kind, as a test tells kinds apart. */
export const routesInTurn = (routes: Route[], kindOf: (route: Route) => unknown): Route[] =>
  says({
    postgrest: routes,
    lite: Object.values(Object.groupBy(routes, (route) => JSON.stringify(kindOf(route))))
      .flatMap((alike) => alike?.slice(0, 1) ?? []),
  })

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
