import type { Commands, Decide } from './commands.ts'
import { describe } from './commands-organizations.ts'
import { membershipOf } from './commands-owner.ts'
import type { Dice } from './dice.ts'
import type { Run } from './run.ts'
import { membersOf, toChangedMember, toMember, toOrganization } from './values.ts'
import type { Caller, Handle, Person, Value } from './world.ts'

/** What people do with members, by the entry points. */
export const memberCommands: Commands = {
  'changes a role': {
    weight: 6,
    decide: (run, dice) => {
      const { caller, organization, person, args } = choose(run, dice)
      const role = dice.role()
      return {
        text: `${describe(caller)} makes ${person} ${role} of ${organization}`,
        expected: () => run.oracle.changeRole(caller, organization, person, role),
        actual: () => run.call(caller, 'change_member', { ...args, role }),
        toValue: (body) => toChangedMember(run, body),
      }
    },
  },
  'removes a member': about(
    4,
    'removes',
    'remove_member',
    (run, ...who) => run.oracle.remove(...who),
    (run, body) => toChangedMember(run, body),
  ),
  'suspends a member': about(
    4,
    'suspends',
    'suspend_member',
    (run, ...who) => run.oracle.suspend(...who),
    (run, body) => toChangedMember(run, body),
  ),
  'reactivates a member': about(
    4,
    'reactivates',
    'reactivate_member',
    (run, ...who) => run.oracle.reactivate(...who),
    (run, body) => toMember(run, membersOf(body).member),
  ),
  'transfers ownership': about(
    3,
    'hands the organization to',
    'transfer_ownership',
    (run, ...who) => run.oracle.transfer(...who),
    (run, body) => toOrganization(run, membersOf(body).organization),
  ),
}

/** A command about one member. */
function about(
  weight: number,
  verb: string,
  name: string,
  rule: (run: Run, caller: Caller, organization: Handle, person: Person) => Value,
  toValue: (run: Run, body: unknown) => Value,
): { weight: number; decide: Decide } {
  return {
    weight,
    decide: (run, dice) => {
      const { caller, organization, person, args } = choose(run, dice)
      return {
        text: `${describe(caller)} ${verb} ${person} of ${organization}`,
        expected: () => rule(run, caller, organization, person),
        actual: () => run.call(caller, name, args),
        toValue: (body) => toValue(run, body),
      }
    },
  }
}

/** A member, and mostly somebody who has a say there; now and then the member alone. */
function choose(run: Run, dice: Dice) {
  const { organization, person } = membershipOf(run, dice)
  const hosts = [...run.oracle.members.get(organization) ?? []].filter(([, { role }]) =>
    role === 'owner' || role === 'admin'
  )
  const caller: Caller = dice.chance(12)
    ? { person, device: 0 }
    : hosts.length > 0 && dice.chance(70)
    ? { person: dice.of(hosts)[0], device: 0 }
    : dice.caller()
  return {
    caller,
    organization,
    person,
    args: { organization_id: run.names.id(organization), user_id: run.names.id(person) },
  }
}
