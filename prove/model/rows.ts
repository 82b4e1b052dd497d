import { type Access, isAtLeast, type ProtectedTable, tableAccess } from '../../shared/roles.ts'
import type { Oracle } from './oracle.ts'
import type { TableFacts } from './tables.ts'
import { type Caller, type Handle, type Person, refuse, type Row } from './world.ts'

type Command = 'read' | 'create' | 'update' | 'delete'

const access = (table: ProtectedTable, command: Command): Access => tableAccess[table][command]
const isGranted = (table: ProtectedTable, command: Command): boolean => {
  const { any, own } = access(table, command)
  return any !== 'nobody' || own !== undefined && own !== 'nobody'
}

/** Whose a row is. */
export interface Stamps {
  organization?: Handle
  author?: Person
}

/** What a new row says of itself. */
export interface NewRow {
  table: ProtectedTable
  /** Whose row the client says it is: that is checked and never trusted. */
  claims: Stamps
  links: Record<string, Handle>
}

/** The rows of the protected tables, and who may do what to them: the matrix of shared/roles.ts, applied. */
export class Rows {
  readonly all = new Map<Handle, Row>()

  constructor(readonly oracle: Oracle, readonly facts: Record<ProtectedTable, TableFacts>) {}

  insert(caller: Caller, handle: Handle, { table, claims, links }: NewRow) {
    const organization = this.oracle.organizationToWrite(caller)
    const row: Row = { table, organization, author: this.#authorIn(table, caller.person), changed: false, links }
    if (claims.organization && claims.organization !== organization) refuse('forbidden')
    if (claims.author && claims.author !== caller.person) refuse('forbidden')
    return this.#add(caller, handle, row)
  }

  /** A row that is there is changed and needs the right to change it; somebody else's id can't be taken. */
  upsert(caller: Caller, handle: Handle, table: ProtectedTable) {
    this.oracle.requireHeader(caller.header)
    if (!isGranted(table, 'update')) refuse('forbidden')
    const organization = this.oracle.organizationToWrite(caller)
    const row: Row = { table, organization, author: this.#authorIn(table, caller.person), changed: true, links: {} }
    if (!this.#allows(caller, row, 'create')) refuse('forbidden')
    const there = this.all.get(handle)
    if (!there) return this.#add(caller, handle, row)
    if (!this.#isInReach(caller, organization, there, 'update')) refuse('forbidden')
    there.changed = true
    for (const column of this.facts[table].required) delete there.links[column]
    return this.describe(handle)
  }

  update(caller: Caller, handle: Handle, table: ProtectedTable, links: Record<string, Handle> = {}) {
    const row = this.#toWrite(caller, handle, table, 'update')
    if (!row) return []
    const after = { ...row, changed: row.changed || Object.keys(links).length === 0, links: { ...row.links, ...links } }
    this.#requireFit(after, links, handle)
    this.all.set(handle, after)
    return [this.describe(handle)]
  }

  /** A row never changes its organization or its author. */
  move(caller: Caller, handle: Handle, table: ProtectedTable, to: Stamps) {
    const row = this.#toWrite(caller, handle, table, 'update')
    if (!row) return []
    if (to.organization && to.organization !== row.organization) refuse('forbidden')
    if (to.author && to.author !== row.author) refuse('forbidden')
    return [this.describe(handle)]
  }

  delete(caller: Caller, handle: Handle, table: ProtectedTable) {
    if (!this.#toWrite(caller, handle, table, 'delete')) return []
    const deleted = this.describe(handle)
    this.#remove(handle)
    return [deleted]
  }

  read(caller: Caller, table: ProtectedTable, handle?: Handle) {
    return this.visibleTo(caller, table).filter((one) => handle === undefined || one === handle)
      .map((one) => this.describe(one))
  }

  /** The rows of the current organization that the matrix lets one read. */
  visibleTo(caller: Caller, table: ProtectedTable): Handle[] {
    const organization = this.oracle.currentOrganization(caller)
    return [...this.all].filter(([, row]) => row.table === table && this.#isInReach(caller, organization, row, 'read'))
      .map(([handle]) => handle)
  }

  describe(handle: Handle) {
    const { organization, author, changed, links } = this.all.get(handle)!
    return { row: handle, organization, author, changed, links }
  }

  /** A row that the database owner makes: its keys hold, nothing else is asked. */
  stock(handle: Handle, table: ProtectedTable, organization: Handle, person: Person) {
    const row: Row = { table, organization, author: this.#authorIn(table, person), changed: false, links: {} }
    this.#requireFit(row, {}, handle)
    this.all.set(handle, row)
    return 1
  }

  #authorIn = (table: ProtectedTable, person: Person) => this.facts[table].hasAuthor ? person : undefined

  #add(caller: Caller, handle: Handle, row: Row) {
    if (!this.#allows(caller, row, 'create')) refuse('forbidden')
    this.#requireFit(row, row.links, handle)
    this.all.set(handle, row)
    return this.describe(handle)
  }

  #allows({ person }: Caller, { table, organization, author }: Row, command: Command): boolean {
    const role = this.oracle.roleOf(person, organization)
    const { any, own } = access(table, command)
    return role !== undefined && (
      any !== 'nobody' && isAtLeast(role, any) ||
      own !== undefined && own !== 'nobody' && author === person && isAtLeast(role, own)
    )
  }

  /** Rows of other organizations are not there, and neither is what one may not read. */
  #isInReach(caller: Caller, organization: Handle | undefined, row: Row, command: Command): boolean {
    return row.organization === organization && this.#allows(caller, row, 'read') && this.#allows(caller, row, command)
  }

  #toWrite(caller: Caller, handle: Handle, table: ProtectedTable, command: 'update' | 'delete'): Row | undefined {
    this.oracle.requireHeader(caller.header)
    if (!isGranted(table, command)) refuse('forbidden')
    const organization = this.oracle.organizationToWrite(caller)
    const row = this.all.get(handle)
    return row && this.#isInReach(caller, organization, row, command) ? row : undefined
  }

  /** Unique rules count within one organization, and a row names rows of its own organization only. */
  #requireFit(row: Row, links: Record<string, Handle>, self: Handle): void {
    const { unique, references } = this.facts[row.table]
    const others = [...this.all].filter(([handle, other]) => handle !== self && other.table === row.table)
    const same = (column: string, other: Row) =>
      column === 'user_id'
        ? row.author !== undefined && row.author === other.author
        : row.links[column] !== undefined && row.links[column] === other.links[column]
    const isTaken = others.some(([, other]) =>
      other.organization === row.organization &&
      unique.some((columns) => columns.every((column) => same(column, other)))
    )
    if (isTaken) refuse('conflict')
    for (const [column, target] of Object.entries(links)) {
      const named = this.all.get(target)
      if (named?.organization !== row.organization || named.table !== references[column]?.parent) refuse('conflict')
    }
  }

  /** What names a deleted row goes with it, forgets it, or keeps it there. */
  #remove(handle: Handle): void {
    const gone = new Set([handle])
    const naming = (onDelete: string) =>
      [...this.all].flatMap(([child, { table, links }]) =>
        Object.entries(links)
          .filter(([column, named]) => gone.has(named) && this.facts[table].references[column]?.onDelete === onDelete)
          .map(([column]) => ({ child, links, column }))
      )
    for (let before = 0; before < gone.size;) {
      before = gone.size
      for (const { child } of naming('delete')) gone.add(child)
    }
    if (naming('keep').some(({ child }) => !gone.has(child))) refuse('conflict')
    for (const { links, column } of naming('forget')) delete links[column]
    for (const one of gone) this.all.delete(one)
  }
}
