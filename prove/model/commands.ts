import type { Dice } from './dice.ts'
import { organizationCommands } from './commands-organizations.ts'
import { invitationCommands } from './commands-invitations.ts'
import { memberCommands } from './commands-members.ts'
import { ownerCommands } from './commands-owner.ts'
import { rowCommands } from './commands-rows.ts'
import type { Run } from './run.ts'
import type { Reply } from './system.ts'
import type { Value } from './world.ts'

/** A command that is decided: what it says, what the model answers, and how to ask the system. */
export interface Step {
  text: string
  expected: () => Value
  actual: () => Promise<Reply>
  /** What the system's answer says in the words of the model. */
  toValue: (body: unknown) => Value
}

/** Decides a command by the state of the moment. */
export type Decide = (run: Run, dice: Dice) => Step | Promise<Step>

/** Commands by name, with how often they come. */
export type Commands = Record<string, { weight: number; decide: Decide }>

/** Everything that can happen in a run. */
export const commands: Commands = {
  ...organizationCommands,
  ...memberCommands,
  ...invitationCommands,
  ...ownerCommands,
  ...rowCommands,
}
