import { type ProtectedTable, type TableAccess, tableAccess } from '../../shared/roles.ts'
import type { ProblemCode } from '../../shared/problems.ts'
import { samples } from '../../tests/database/support/rows.ts'
import { expect, isClosed, isRole } from './expected.ts'

/** Everybody who can ask for a row of Acme: four roles, and those who have none there. */
export const actors = [
  'owner',
  'admin',
  'manager',
  'member',
  'suspended',
  'removed',
  'stranger',
  'nowhere',
  'anonymous',
  'service',
] as const

/** Who asks; `stranger` owns Globex, `nowhere` is signed in and belongs to no organization. */
export type Actor = (typeof actors)[number]

/** What can be asked of a row. `upsert` is an insert that changes the row where its id exists. */
export type Command = 'select' | 'insert' | 'update' | 'delete' | 'upsert'

/**
 * The row a command is about. `own` was written by the actor (an insert: says nothing of its author), `other` by
 * somebody else of the company (an insert: claims somebody else as author), `foreign` is the other company's (an
 * insert: claims that company). `new` is an id that an upsert finds nowhere.
 */
export type Whose = 'own' | 'other' | 'foreign' | 'new'

/** What comes of a command: what happened to the row, the code of a raised problem, or the state of another refusal. */
export type Answer = 'shown' | 'hidden' | 'created' | 'changed' | 'deleted' | 'untouched' | '42501' | ProblemCode

/** One cell of the matrix. */
export interface Cell {
  table: ProtectedTable
  command: Command
  actor: Actor
  whose: Whose
  /** The request names Acme by its header; without one it acts where the actor's memberships say. */
  header: boolean
  /** An update or delete without a filter, which no select policy stands in front of. */
  blind: boolean
  expected: Answer[]
  /** Nobody of the actor's kind is granted the command: it is refused before any row is looked at. */
  closed: boolean
}

/** A cell without its answer. */
export type Question = Omit<Cell, 'table' | 'expected' | 'closed'>

const shapes: [Command, Whose, boolean][] = [
  ['select', 'own', false],
  ['select', 'other', false],
  ['select', 'foreign', false],
  ['insert', 'own', false],
  ['insert', 'other', false],
  ['insert', 'foreign', false],
  ['update', 'own', false],
  ['update', 'own', true],
  ['update', 'other', false],
  ['update', 'other', true],
  ['update', 'foreign', false],
  ['delete', 'own', false],
  ['delete', 'own', true],
  ['delete', 'other', false],
  ['delete', 'other', true],
  ['delete', 'foreign', false],
  ['upsert', 'new', false],
  ['upsert', 'own', false],
  ['upsert', 'other', false],
  ['upsert', 'foreign', false],
]

/** Whether a cell exists: a secret key acts where it is told and passes every filter; nobody anonymous writes rows. */
function exists({ command, actor, whose, header, blind }: Question, authored: boolean): boolean {
  if (whose === 'own' && !authored && command !== 'insert') return false
  if (whose === 'other' && !authored && command === 'insert') return false
  if (actor === 'anonymous') return !header && (whose !== 'own' || command === 'insert')
  if (actor === 'service') return header && !blind && (command === 'insert' ? whose === 'own' : whose !== 'own')
  // Of a company that is not Acme only its owner's row is on stage.
  if (actor === 'stranger') return whose !== 'other' && !(whose === 'new' && !header)
  // For those with one organization the header changes nothing.
  return !(isRole(actor) && header)
}

/** The cells of a table, expected answers and all, as `tableAccess` has them. */
export function cellsOf(table: ProtectedTable): Cell[] {
  const access: TableAccess = tableAccess[table]
  const authored = !samples[table].authorless
  return actors.flatMap((actor) =>
    [false, true].flatMap((header) =>
      shapes.map(([command, whose, blind]): Question => ({ command, actor, whose, header, blind }))
    )
  )
    .filter((question) => exists(question, authored))
    .map((question) => {
      const closed = isClosed(access, question)
      return { table, ...question, closed, expected: closed ? ['42501'] : expect(access, question, authored) }
    })
}

/** A cell in words, for whoever reads what is wrong. */
export function nameOf({ table, command, actor, whose, header, blind }: Cell): string {
  const row = command === 'insert'
    ? { own: 'a row', other: "a row in somebody else's name", foreign: 'a row for the other company', new: '' }[whose]
    : { own: 'an own row', other: "somebody else's row", foreign: "the other company's row", new: 'a new row' }[whose]
  return `${table}: ${command} of ${row}${blind ? ', without a filter,' : ''} by ${actor}${
    header ? ' who asks for Acme' : ''
  }`
}
