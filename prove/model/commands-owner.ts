import type { Commands } from './commands.ts'
import type { Dice } from './dice.ts'
import type { Run } from './run.ts'
import { type Handle, people, type Person } from './world.ts'

const toCount = (body: unknown) => Number(body)

/** What the database owner does past the entry points, and what happens by time. The rules of the tables hold all the same. */
export const ownerCommands: Commands = {
  'a member is added': {
    weight: 3,
    decide: ({ oracle, names, system }, dice) => {
      const organization = dice.organization()
      const person = dice.person()
      const role = dice.role()
      return {
        text: `${person} is added to ${organization} as ${role}`,
        expected: () => oracle.addMember(organization, person, role),
        actual: () =>
          system.own((tx) =>
            tx`insert into organization_users ${
              tx({ organization_id: names.id(organization), user_id: names.id(person), role })
            }`
          ),
        toValue: toCount,
      }
    },
  },
  'a role changes': {
    weight: 5,
    decide: ({ oracle, names, system }, dice) => {
      const { organization, person } = membershipOf({ oracle }, dice)
      const role = dice.role()
      return {
        text: `${person} becomes ${role} of ${organization}`,
        expected: () => oracle.changeMember(organization, person, { role }),
        actual: () =>
          system.own((tx) =>
            tx`update organization_users set role = ${role}
              where organization_id = ${names.id(organization)} and user_id = ${names.id(person)}`
          ),
        toValue: toCount,
      }
    },
  },
  'a member is removed or leaves': {
    weight: 3,
    decide: ({ oracle, names, system }, dice) => {
      const { organization, person } = membershipOf({ oracle }, dice)
      return {
        text: `${person} leaves ${organization}`,
        expected: () => oracle.removeMember(organization, person),
        actual: () =>
          system.own((tx) =>
            tx`delete from organization_users
              where organization_id = ${names.id(organization)} and user_id = ${names.id(person)}`
          ),
        toValue: toCount,
      }
    },
  },
  'a member is suspended or reactivated': {
    weight: 5,
    decide: ({ oracle, names, system }, dice) => {
      const { organization, person } = membershipOf({ oracle }, dice)
      const suspended = !dice.chance(40)
      return {
        text: `${person} is ${suspended ? 'suspended' : 'reactivated'} at ${organization}`,
        expected: () => oracle.changeMember(organization, person, { suspended }),
        actual: () =>
          system.own((tx) =>
            tx`update organization_users set suspended_at = ${suspended ? new Date() : null}
              where organization_id = ${names.id(organization)} and user_id = ${names.id(person)}`
          ),
        toValue: toCount,
      }
    },
  },
  'an organization changes its status': {
    weight: 3,
    decide: ({ oracle, names, system }, dice) => {
      const organization = dice.organization()
      const status = dice.of(['active', 'suspended', 'active', 'cancelled', 'past_due', 'trial'] as const)
      return {
        text: `${organization} is ${status} from now on`,
        expected: () => oracle.setStatus(organization, status),
        actual: () =>
          system.own((tx) =>
            tx`update organizations set subscription_status = ${status} where id = ${names.id(organization)}`
          ),
        toValue: toCount,
      }
    },
  },
  'thirty days pass': {
    weight: 1,
    decide: ({ oracle, names, system }, dice) => {
      const organization = dice.organization()
      const one = oracle.organizations.get(organization)
      return {
        text: `thirty days pass since ${organization} was deleted`,
        expected: () => one?.deleted === 'restorable' ? oracle.setOn(organization, { deleted: 'for good' }) : 0,
        actual: () =>
          system.own((tx) =>
            tx`update organizations set deleted_at = now() - interval '30 days 1 minute'
              where id = ${names.id(organization)} and deleted_at > now() - interval '30 days'`
          ),
        toValue: toCount,
      }
    },
  },
  'an invitation runs out': {
    weight: 1,
    decide: ({ oracle, names, system }, dice) => {
      const invitation = dice.invitation()
      const one = oracle.invitations.get(invitation)
      return {
        text: `${invitation} runs out`,
        expected: () => one?.status === 'pending' ? oracle.expire(one) : 0,
        actual: () =>
          system.own((tx) =>
            tx`update organization_invitations set expires_at = now() - interval '1 minute'
              where id = ${names.id(invitation)} and expires_at > now()
                and num_nonnulls(accepted_at, declined_at, revoked_at) = 0`
          ),
        toValue: toCount,
      }
    },
  },
}

/** A membership there is, now and then one that is not, and often that of somebody who stands for an invitation. */
export function membershipOf({ oracle }: Pick<Run, 'oracle'>, dice: Dice): { organization: Handle; person: Person } {
  const pending = [...oracle.invitations.values()].filter(({ status }) => status === 'pending')
  if (pending.length > 0 && dice.chance(25)) {
    const { organization, host } = dice.of(pending)
    return { organization, person: host }
  }
  const organization = dice.organization()
  const members = [...oracle.members.get(organization)?.keys() ?? []]
  return { organization, person: members.length > 0 && !dice.chance(8) ? dice.of(members) : dice.of(people) }
}
