import type { ProtectedTable } from '../../shared/roles.ts'
import { insertRow, rowFor, samples } from '../../tests/database/support/rows.ts'
import type { Commands } from './commands.ts'
import { describe } from './commands-organizations.ts'
import type { Dice } from './dice.ts'
import type { Stamps } from './rows.ts'
import type { Run } from './run.ts'
import { listOf, toRow } from './values.ts'
import type { Caller, Handle } from './world.ts'

/** Rows of the protected tables. */
export const rowCommands: Commands = {
  'a row is there already': {
    weight: 8,
    decide: ({ oracle, rows, names, system, newHandle }, dice) => {
      const table = dice.table()
      const organization = dice.of([...oracle.organizations.keys()])
      const members = [...oracle.members.get(organization)?.keys() ?? []]
      const author = members.length > 0 ? dice.of(members) : dice.person()
      const row = newHandle('row')
      const stamps = { organization_id: names.id(organization), user_id: names.id(author) }
      return {
        text: `${organization} has a ${row} of ${author} in ${table}`,
        expected: () => rows.stock(row, table, organization, author),
        actual: () =>
          system.own(async (tx) => {
            names.bind(row, await insertRow(tx, table, stamps))
            return await tx`select 1`
          }),
        toValue: Number,
      }
    },
  },
  'inserts': {
    weight: 12,
    decide: async (run, dice) => {
      const { rows, names, send, newHandle } = run
      const caller = dice.callerWithHeader(dice.organization())
      const table = dice.table()
      const claims = dice.chance(25) ? claimsOf(run, dice, caller, table) : {}
      const links = dice.chance(40) ? linkIn(run, dice, table) : {}
      const row = newHandle('row')
      const fields = await fieldsOf(run, caller, table, links)
      return {
        text: `${describe(caller)} inserts ${row} into ${table}${claimed(claims)}${named(links)}`,
        expected: () => rows.insert(caller, row, { table, claims, links }),
        actual: () => send(caller, { does: 'insert', table, row: { ...fields, ...stampsOf(run, claims) } }),
        toValue: (body) => {
          names.bind(row, listOf(body)[0]?.id)
          return toRow(run, table, listOf(body)[0])
        },
      }
    },
  },
  'upserts': {
    weight: 5,
    decide: async (run, dice) => {
      const { rows, names, send, newHandle } = run
      const there = dice.row()
      const caller = dice.callerWithHeader(there.organization)
      const isNew = there.handle === 'nowhere' || dice.chance(30)
      const row = isNew ? newHandle('row') : there.handle
      const { table } = there
      if (isNew) names.bind(row, crypto.randomUUID())
      const fields = { ...await fieldsOf(run, caller, table, {}), ...samples[table].change, id: names.id(row) }
      return {
        text: `${describe(caller)} upserts ${row} into ${table}`,
        expected: () => rows.upsert(caller, row, table),
        actual: () => send(caller, { does: 'upsert', table, row: fields }),
        toValue: (body) => toRow(run, table, listOf(body)[0]),
      }
    },
  },
  'updates a row': {
    weight: 8,
    decide: (run, dice) => {
      const { rows, names, send } = run
      const { handle, table, organization } = dice.row()
      const caller = dice.callerWithHeader(organization)
      const links = dice.chance(30) ? linkIn(run, dice, table) : {}
      const change = Object.keys(links).length > 0 ? idsOf(run, links) : samples[table].change
      return {
        text: `${describe(caller)} updates ${handle} of ${table}${named(links)}`,
        expected: () => rows.update(caller, handle, table, links),
        actual: () => send(caller, { does: 'update', table, id: names.id(handle), change }),
        toValue: (body) => listOf(body).map((one) => toRow(run, table, one)),
      }
    },
  },
  'moves a row': {
    weight: 5,
    decide: (run, dice) => {
      const { rows, names, send, system } = run
      const { handle, table, organization } = dice.row()
      const caller = dice.callerWithHeader(organization)
      const to = system.facts[table].hasAuthor && dice.chance(50)
        ? { author: dice.person() }
        : { organization: dice.organization() }
      const change = stampsOf(run, to)
      return {
        text: `${describe(caller)} moves ${handle} of ${table} to ${Object.values(to).join()}`,
        expected: () => rows.move(caller, handle, table, to),
        actual: () => send(caller, { does: 'update', table, id: names.id(handle), change }),
        toValue: (body) => listOf(body).map((one) => toRow(run, table, one)),
      }
    },
  },
  'deletes a row': {
    weight: 5,
    decide: (run, dice) => {
      const { rows, names, send } = run
      const { handle, table, organization } = dice.row()
      const caller = dice.callerWithHeader(organization)
      return {
        text: `${describe(caller)} deletes ${handle} of ${table}`,
        expected: () => rows.delete(caller, handle, table),
        actual: () => send(caller, { does: 'delete', table, id: names.id(handle) }),
        toValue: (body) => listOf(body).map((one) => toRow(run, table, one)),
      }
    },
  },
  'reads rows': {
    weight: 6,
    decide: (run, dice) => {
      const { rows, names, send } = run
      const one = dice.chance(50) ? dice.row() : undefined
      const caller = dice.callerWithHeader(one?.organization)
      const table = one?.table ?? dice.table()
      return {
        text: `${describe(caller)} reads ${one ? `${one.handle} of ` : ''}${table}`,
        expected: () => rows.read(caller, table, one?.handle),
        actual: () => send(caller, { does: 'read', table, id: one && names.id(one.handle) }),
        // Parents that were made along with a row have no name.
        toValue: (body) => listOf(body).filter(({ id }) => names.knows(id)).map((row) => toRow(run, table, row)),
      }
    },
  },
}

/** A column that names a row of some organization, or one that isn't there. */
function linkIn({ system, tables }: Run, dice: Dice, table: ProtectedTable): Record<string, Handle> {
  const references = Object.entries(system.facts[table].references).filter(([, { parent }]) => tables.includes(parent))
  if (references.length === 0) return {}
  const [column, { parent }] = dice.of(references)
  return { [column]: dice.row(parent).handle }
}

const idsOf = ({ names }: Run, links: Record<string, Handle>): Record<string, string> =>
  Object.fromEntries(Object.entries(links).map(([column, handle]) => [column, names.id(handle)]))

/** An organization or an author that a client claims a new row for; often another organization of the caller's own. */
function claimsOf({ oracle, system }: Run, dice: Dice, { person }: Caller, table: ProtectedTable): Stamps {
  if (system.facts[table].hasAuthor && dice.chance(40)) return { author: dice.person() }
  const own = oracle.organizationsOf(person)
  return { organization: own.length > 0 && dice.chance(60) ? dice.of(own) : dice.organization() }
}

const stampsOf = ({ names }: Run, { organization, author }: Stamps): Record<string, string> => ({
  ...(organization && { organization_id: names.id(organization) }),
  ...(author && { user_id: names.id(author) }),
})

const claimed = (claims: Stamps): string => Object.values(claims).map((claim) => ` claiming ${claim}`).join('')

const named = (links: Record<string, Handle>): string =>
  Object.entries(links).map(([column, handle]) => ` with ${column} = ${handle}`).join('')

/** What a new row says; its parents are made where it will be. */
async function fieldsOf(run: Run, caller: Caller, table: ProtectedTable, links: Record<string, Handle>) {
  const { oracle, names, system } = run
  const organizations = [...oracle.organizations.keys()]
  const current = organizations.find((one) => one === caller.header) ??
    oracle.currentOrganization({ ...caller, header: undefined }) ?? organizations[0]!
  return { ...await rowFor(system.owner, table, names.id(current)), ...idsOf(run, links) }
}
