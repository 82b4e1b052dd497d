import { type ProtectedTable, type Role, roles } from '../../shared/roles.ts'
import type { Run } from './run.ts'
import { type Caller, type Handle, malformed, nowhere, people, type Person } from './world.ts'

/** One command of a run: what to do, and the numbers that decide about everything else. */
export interface Command {
  does: string
  dice: number[]
}

/** How many numbers a command carries, each from 0 to 99. */
export const diceOfCommand = 12

/** Chooses among what there is at this moment, by the numbers of a command. */
export class Dice {
  #at = 0

  constructor(readonly run: Run, readonly numbers: number[]) {}

  /** True in so many of a hundred cases; the simplest numbers say no. */
  chance = (percent: number): boolean => this.#roll() >= 100 - percent

  of = <Item>(items: readonly Item[]): Item => items[this.#roll() % items.length]!

  person = (): Person => this.of(people)
  role = (): Role => this.of([...roles].reverse())
  table = (): ProtectedTable => this.of(this.run.tables)
  organization = (): Handle => this.#known([...this.run.oracle.organizations.keys()])

  /** Mostly one that still waits, where one does. */
  invitation(): Handle {
    const all = [...this.run.oracle.invitations]
    const pending = all.filter(([, { status }]) => status === 'pending')
    return this.#known((pending.length > 0 && this.chance(70) ? pending : all).map(([handle]) => handle))
  }

  caller = (): Caller => ({ person: this.person(), device: this.of([0, 0, 1]) })

  /**
   * Somebody who may say in a header where to act; the header can be foreign, random or malformed. Mostly somebody of
   * the organization that it is about: others are refused for one and the same reason.
   */
  callerWithHeader(near: Handle = nowhere): Caller {
    const members = [...this.run.oracle.members.get(near)?.keys() ?? []]
    if (members.length > 0 && this.chance(55)) {
      return { person: this.of(members), device: 0, header: this.chance(50) ? near : undefined }
    }
    const caller = this.caller()
    if (!this.chance(40)) return caller
    const own = this.run.oracle.organizationsOf(caller.person)
    const header = this.chance(60) && own.length > 0 ? this.of(own) : this.chance(10) ? malformed : this.organization()
    return { ...caller, header }
  }

  /** A row of one of the run's tables, rarely one that isn't there. */
  row(of?: ProtectedTable): { handle: Handle; table: ProtectedTable; organization?: Handle } {
    const rows = [...this.run.rows.all].filter(([, { table }]) => of === undefined || table === of)
    const handle = this.#known(rows.map(([handle]) => handle))
    const { table = of ?? this.table(), organization } = this.run.rows.all.get(handle) ?? {}
    return { handle, table, organization }
  }

  #roll = (): number => this.numbers[this.#at++ % this.numbers.length]!

  #known(handles: Handle[]): Handle {
    return handles.length === 0 || this.chance(6) ? nowhere : this.of(handles)
  }
}
