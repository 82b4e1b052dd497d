import fc from 'fast-check'
import { type ProtectedTable, protectedTables } from '../../shared/roles.ts'
import { commands } from './commands.ts'
import { type Command, diceOfCommand } from './dice.ts'
import type { Script } from './play.ts'
import type { System } from './system.ts'

const longest = 50

const command: fc.Arbitrary<Command> = fc.record({
  does: fc.oneof(...Object.entries(commands).map(([does, { weight }]) => ({ arbitrary: fc.constant(does), weight }))),
  // A story gets shorter by leaving commands out: trying other numbers as well would take minutes.
  dice: fc.noShrink(fc.array(fc.nat(99), { minLength: diceOfCommand, maxLength: diceOfCommand })),
})

/** Random scripts: some 25 commands about one of these tables, the tables its rows name, and one more. */
export const scripts = (facts: System['facts'], about: ProtectedTable[]): fc.Arbitrary<Script> =>
  fc.record({
    tables: fc.tuple(fc.constantFrom(...about), fc.constantFrom(...protectedTables)).map(([table, other]) => [
      ...new Set([table, ...Object.values(facts[table].references).map(({ parent }) => parent), other]),
    ]),
    commands: fc.array(command, { maxLength: longest, size: 'max' }),
  })
