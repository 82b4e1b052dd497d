import fc from 'fast-check'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { functionRoutes, routines } from './calling.ts'
import { reading, stranger, type Unsigned } from './reading.ts'
import { neighbours, type Schema } from './schema.ts'
import type { Actor, Template } from './template.ts'
import { weighted } from './values.ts'
import { changing, inserting } from './writing.ts'

/** What is run in both worlds: a company with rows in these tables, and what its people ask. */
export interface Sequence {
  tables: string[]
  /** The company's subscription_status. */
  status: string
  requests: Template[]
}

/** How many requests a sequence has at least. */
export const fewest = 30
const most = 36
const near = 6

const actor: fc.Arbitrary<Actor> = weighted<Actor>(
  [6, fc.constant('owner')],
  [4, fc.constant('admin')],
  [3, fc.constant('manager')],
  [4, fc.constant('member')],
  [3, fc.constant('double')],
  [2, fc.constant('lone')],
  [1, fc.constantFrom('suspended', 'removed', 'anon')],
  [1, fc.constantFrom('anon', 'forger')],
)

/** Random sequences around some tables, by default around each; when one fails, requests it doesn't need are left out. */
export function sequences(schema: Schema, about: readonly ProtectedTable[] = protectedTables): fc.Arbitrary<Sequence> {
  const known = new Set<string>(protectedTables)
  const spanning = [
    'organizations',
    'organization_users',
    'profiles',
    'organization_invitations',
    'organization_domains',
    'lead_fields',
    'organization_branding',
  ]
  const rest = Object.keys(schema.tables).filter((table) => !known.has(table) && !spanning.includes(table))
  const routine = routines(schema.routines)
  const reads = new Map(Object.keys(schema.tables).map((table) => [table, reading(schema, table)]))
  const writes = new Map(Object.keys(schema.tables).map((table) => [table, inserting(schema, table)]))
  const changes = new Map(Object.keys(schema.tables).map((table) => [table, changing(schema, table)]))

  const around = (root: string): fc.Arbitrary<Sequence> => {
    const tables = neighbours(schema, root, known, near)
    const from = (all: Map<string, fc.Arbitrary<Unsigned>>, share = 1) => {
      const of = (names: string[]) => fc.oneof(...names.flatMap((name) => all.get(name) ?? []))
      return weighted([9 * share, of(tables)], [2, of(spanning)], [1, of([...rest, ...spanning.slice(0, 1)])])
    }
    const request = fc.tuple(
      actor,
      weighted<Unsigned>(
        [11, from(reads)],
        [9, from(writes, 4)],
        [6, from(changes, 3)],
        [5, routine],
        [5, functionRoutes(tables)],
        [1, stranger],
      ),
    ).map(([actor, request]): Template => ({ actor, ...request }))
    // Zero leaves a request out, and is where shrinking leads; it is hardly ever drawn.
    const wanted = fc.noBias(fc.integer({ min: 0, max: 100_000 })).map((n) => n > 0)
    return fc.record({
      status: weighted([12, fc.constant('trial')], [1, fc.constant('suspended')]),
      requests: fc.array(fc.tuple(wanted, request), { minLength: fewest, maxLength: most, size: 'max' }),
    }).map(({ status, requests }) => ({
      tables,
      status,
      requests: requests.flatMap(([wanted, request]) => wanted ? [request] : []),
    }))
  }
  return fc.oneof(...about.map(around))
}
